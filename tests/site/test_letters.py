"""Test checkouts in paths with any characters, with any locale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tests.support import fake, small

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

LETTERS = "Größe 測試"
# Paths are bytes then: 3.7 and newer would take UTF-8 by themselves.
C_LOCALE = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}


def test_nox_measures_a_release_in_any_locale(tmp_path: Path) -> None:
    checkout = small.checkout(tmp_path / LETTERS, **C_LOCALE)
    done = checkout.run(small.ONE)
    assert done.returncode == 0, done.stdout
    assert checkout.observed(small.ONE)["release"]["version"] == small.ONE


def test_a_numpy_in_any_path_is_found_in_any_locale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / LETTERS / "numpy"
    place.parent.mkdir()
    place.symlink_to(np.__path__[0])
    monkeypatch.setattr(np, "__file__", str(place / "__init__.py"))
    environment = fake.Environment(tmp_path / "environment")
    done = environment.run(tmp_path / f"{fake.VERSION}.json", env=C_LOCALE)
    assert done.returncode == 0, done.stderr
