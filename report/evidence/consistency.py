"""What a schema can't say: that an observation agrees with itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from report.evidence import bounds


def contradictions(data: dict[str, Any]) -> Iterator[str]:
    """Yield each place where a valid observation contradicts itself: "symbols/0/roles: why"."""
    names = Counter(symbol["name"] for symbol in data["symbols"])
    yield from (f"symbols: {name} stands twice" for name in names if names[name] > 1)
    for index, symbol in enumerate(data["symbols"]):
        for flaw in _of_symbol(symbol):
            yield f"symbols/{index}/{flaw}"


def _of_symbol(symbol: dict[str, Any]) -> Iterator[str]:
    roles, evidence = symbol["roles"], symbol.get("evidence", {})
    if flaw := _misnamed(symbol):
        yield flaw
    if len(set(roles)) < len(roles):
        yield "roles: one stands twice"
    if symbol["state"] == "observed" and set(roles) != set(evidence):
        yield f"evidence: not of the roles {', '.join(roles)}"
    for role in evidence:
        measured = evidence[role]["measured"]
        first, second = (one["shape"] for one in measured)
        if first == second:
            yield f"evidence/{role}/measured: both are of the shape {first}"
        for number, one in enumerate(measured):
            for flaw in bounds.flaws(one):
                yield f"evidence/{role}/measured/{number}/{flaw}"


def _misnamed(symbol: dict[str, Any]) -> str | None:
    """Return how a symbol's name is not that of its path and arguments; None where it is.

    Rows of all releases are joined by that name: another path under it would be another question.
    """
    path, bracket, given = symbol["name"].partition("(")
    if path != symbol["path"]:
        return f"path: {symbol['path']}, of a symbol named {symbol['name']}"
    texts = [(f"{key}={value!r}", f"{key}={value}()") for key, value in symbol["arguments"].items()]
    known = all(any(text in given for text in each) for each in texts)
    if bool(bracket) != bool(texts) or not known:
        return f"arguments: {symbol['arguments']}, of a symbol named {symbol['name']}"
    return None
