"""Compare two accepted versions of an observation, field by field, whatever the fields are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

ORDER = "order of symbols"
WHOLE = "cell"  # stands for all fields of a cell
_SHOWN = {"packages", "reason", "status"}  # the fields by which releases are compared
Data = Mapping[str, Any]
_Known = Mapping[tuple[str, str], set[str]]


def fields(was: Data, now: Data, known: _Known) -> Counter[str]:
    """Return the fields that differ in two observations of one release, less those in ``known``.

    A field of a symbol has the number of cells that it differs in, a field of the observation 0.
    ``known`` has fields by symbol and role. There is none if the two are the same JSON, written
    differently, or if one of them failed: then the whole release differs.
    """
    if was["status"] != now["status"]:
        return Counter()
    found = Counter(dict.fromkeys(_unequal(was, now) - _SHOWN - {"symbols"}, 0))
    old, new = _symbols(was), _symbols(now)
    if [name for name in old if name in new] != [name for name in new if name in old]:
        found[ORDER] = 0
    for name in old:
        if name in new and old[name] != new[name]:
            found.update(_in_symbol(old[name], new[name], known))
    return found


def _symbols(data: Data) -> dict[str, Data]:
    """Return the symbols of an observation by name, each with its own evidence."""
    found: dict[str, Data] = {}
    for symbol in data["symbols"]:
        own = dict(symbol)
        if other := own.pop("same_as", None):
            own["evidence"] = found[other]["evidence"]
        found[symbol["name"]] = own
    return found


def _in_symbol(was: Data, now: Data, known: _Known) -> Iterator[str]:
    """Yield each field in which a symbol differs, once for each cell."""
    same_roles = set(was["roles"]) == set(now["roles"])  # otherwise a whole cell differs
    common = _unequal(was, now) - ({"evidence"} if same_roles else {"evidence", "roles"})
    for role in sorted({*was["roles"]} & {*now["roles"]}):
        less = known.get((was["name"], role), set())
        if WHOLE not in less:
            old, new = (each.get("evidence", {}).get(role, {}) for each in (was, now))
            yield from (common | _unequal(old, new)) - less


def _unequal(was: Data, now: Data) -> set[str]:
    return {key for key in was.keys() | now.keys() if was.get(key) != now.get(key)}
