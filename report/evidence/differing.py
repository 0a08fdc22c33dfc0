"""Compare two versions of an observation file: which symbols and fields differ.

The comparison works on raw JSON and validates nothing: the symbols that differ are then read by
the strict reader, so that equal ones need not be decoded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from report.evidence import reader

_NOTHING: Mapping[str, Any] = {}
_SYMBOLS = "symbols"
KEPT = 128  # size of the caches, in files: each is asked for several times
_Parts = Mapping[str, msgspec.Raw]


class _Named(msgspec.Struct):
    name: str


def without_equal(content: bytes, other: bytes) -> bytes:
    """Return ``content`` without the symbols that are equal in ``other``.

    The first symbol of each version stays, as an observation without symbols would be refused.
    The content is returned unchanged if its symbols can't be read, or two share a name.
    """
    mine, theirs = _symbols(content), _symbols(other)
    firsts = (next(iter(mine), None), next(iter(theirs), None))
    kept = [raw for name, raw in mine.items() if theirs.get(name) != raw or name in firsts]
    if len(kept) == len(mine):
        return content
    return msgspec.json.encode({**_fields(content), _SYMBOLS: kept})


def parts(before: bytes, after: bytes) -> tuple[str, ...]:
    """Return the names of the fields and kinds of evidence that differ, sorted."""
    fields = set(_unequal(_fields(before), _fields(after)))
    if _SYMBOLS in fields:
        inner = set(_symbol_parts(_symbols(before), _symbols(after)))
        fields = fields - {_SYMBOLS} | inner if inner else fields
    return tuple(sorted(fields))


def _symbol_parts(before: _Parts, after: _Parts) -> Iterator[str]:
    for name in _unequal(before, after):
        if name not in before or name not in after:
            continue
        was, now = (
            msgspec.json.decode(each[name], type=dict[str, Any]) for each in (before, after)
        )
        for key in _unequal(was, now):
            if key == "evidence":
                roles = was.get(key) or _NOTHING, now.get(key) or _NOTHING
                for role in roles[0].keys() | roles[1].keys():
                    yield from _unequal(*(each.get(role, _NOTHING) for each in roles))
            else:
                yield key


def _unequal(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    return [key for key in was.keys() | now.keys() if was.get(key) != now.get(key)]


def is_current(content: bytes) -> bool:
    """Return whether an observation has the current schema and protocol."""
    fields = _fields(content)
    ours = {"schema": reader.SCHEMA, "protocol": reader.PROTOCOL}
    return all(fields.get(key) == msgspec.Raw(str(number).encode()) for key, number in ours.items())


@lru_cache(KEPT)
def _symbols(content: bytes) -> _Parts:
    """Return an observation's symbols by name; empty if unreadable or if two share a name."""
    try:
        listed = msgspec.json.decode(_fields(content)[_SYMBOLS], type=list[msgspec.Raw])
        found = {msgspec.json.decode(raw, type=_Named).name: raw for raw in listed}
    except (KeyError, msgspec.MsgspecError, RecursionError):
        return _NOTHING
    return found if len(found) == len(listed) else _NOTHING


@lru_cache(KEPT)
def _fields(content: bytes) -> _Parts:
    """Return the top-level fields of a file's JSON object; empty if it is not an object."""
    try:
        return msgspec.json.decode(content, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return _NOTHING
