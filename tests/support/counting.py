"""Count the calls of a function, for tests of how much work is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    import pytest


def counted(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> list[object]:
    """Return a list of the first arguments of a module's function, one for each call from now."""
    calls: list[object] = []
    function = getattr(module, name)

    def counting(first: object, *rest: object, **named: object) -> object:
        calls.append(first)
        return function(first, *rest, **named)

    monkeypatch.setattr(module, name, counting)
    return calls
