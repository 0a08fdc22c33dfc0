"""Compare two accepted versions of an observation, field by field, whatever the fields are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

ORDER = "order of symbols"
WHOLE = "cell"  # stands for all fields of a cell
_DISTRIBUTION = 4  # its place in a frame of a call path
Data = Mapping[str, Any]
_Known = Mapping[tuple[str, str], set[str]]
_Path = list[list[Any]] | None
# Fields that may differ: whether two values of one, which are not equal, count as no difference.
Alike = Mapping[str, Callable[[Any, Any], bool]]


def _always(_was: object, _now: object) -> bool:
    return True


def _not_asked(was: Data | None, now: Data | None) -> bool:
    """Return whether one of two observations left the network out."""
    return was is None or now is None


def _same_path(was: _Path, now: _Path) -> bool:
    """Return whether two call paths are equal but for the names of their distributions."""
    return was is not None and now is not None and _unnamed(was) == _unnamed(now)


def _unnamed(path: list[list[Any]]) -> list[list[Any]]:
    """Return a call path with whether a frame has a distribution in place of its name."""
    place = _DISTRIBUTION
    return [[*frame[:place], frame[place] is None, *frame[place + 1 :]] for frame in path]


# Of one platform: the releases are compared by these fields.
ON_ONE_PLATFORM: Alike = dict.fromkeys(("packages", "reason", "status"), _always)
# Of two machines of one platform: the network may have been left out.
ON_TWO_MACHINES: Alike = {"tutorial": _not_asked}
# Of two platforms: distribution and lock differ by nature, and version and Python are the row's.
ON_TWO_PLATFORMS: Alike = {
    **ON_TWO_MACHINES,
    "platform": _always,
    "release": _always,
    "call_path": _same_path,
}


def fields(was: Data, now: Data, known: _Known, alike: Alike = ON_ONE_PLATFORM) -> Counter[str]:
    """Return the fields that differ in two observations of one release, less those in ``known``.

    A field of a symbol has the number of cells that it differs in, a field of the observation 0.
    ``known`` has fields by symbol and role. There is none if the two are the same JSON, written
    differently, or if one of them failed: then the whole release differs.
    """
    if was["status"] != now["status"]:
        return Counter()
    found = Counter(dict.fromkeys(_unequal(was, now, alike) - {"symbols"}, 0))
    old, new = _symbols(was), _symbols(now)
    if [name for name in old if name in new] != [name for name in new if name in old]:
        found[ORDER] = 0
    for name in old:
        if name in new and old[name] != new[name]:
            found.update(_in_symbol(old[name], new[name], known, alike))
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


def _in_symbol(was: Data, now: Data, known: _Known, alike: Alike) -> Iterator[str]:
    """Yield each field in which a symbol differs, once for each cell."""
    same_roles = set(was["roles"]) == set(now["roles"])  # otherwise a whole cell differs
    common = _unequal(was, now, {}) - ({"evidence"} if same_roles else {"evidence", "roles"})
    for role in sorted({*was["roles"]} & {*now["roles"]}):
        less = known.get((was["name"], role), set())
        if WHOLE not in less:
            old, new = (each.get("evidence", {}).get(role, {}) for each in (was, now))
            yield from (common | _unequal(old, new, alike)) - less


def _unequal(was: Data, now: Data, alike: Alike) -> set[str]:
    return {
        key
        for key in was.keys() | now.keys()
        if (old := was.get(key)) != (new := now.get(key))
        and not (key in alike and alike[key](old, new))
    }
