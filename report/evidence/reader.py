"""Read observation files strictly: accept them as evidence, or refuse them with a reason."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
from msgspec.structs import replace

from report import places
from report.errors import ObservationError
from report.evidence import decode, platforms
from report.evidence.consistency import contradictions
from report.evidence.records import Observation
from report.evidence.release_table import Entry
from report.text import one_line

LARGEST = 8_000_000  # bytes; an observation has about 400,000
DEEPEST = 32  # levels of nesting; an observation has 11
WHOLE = 2**53  # JSON parsers disagree about integers from here on
WIDEST = 2.0**128  # float32, and everything computed from weights, is smaller
# The schema shared with the probes; it has the numbers of the schema and the protocol.
CONTRACT = json.loads(places.CONTRACT.read_text("utf-8"))
SCHEMA, PROTOCOL = (CONTRACT["properties"][name]["const"] for name in ("schema", "protocol"))
_LONGEST = 200  # characters of a library's error message
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """The accepted observations of a folder by version, and the problems with other files.

    ``files`` has the bytes of the accepted observations of the current schema and protocol.
    """

    observations: dict[str, Observation] = msgspec.field(default_factory=dict)
    files: dict[str, bytes] = msgspec.field(default_factory=dict)
    problems: dict[str, str] = msgspec.field(default_factory=dict)


# The network of an observation that was made without it.
_LEFT_OUT = {"state": "failed", "reason": "not asked for", "networks": []}
# Accepted observations by version and bytes: as JSON, and as a record.
Accepted = dict[tuple[str, bytes], tuple[dict[str, Any], Observation]]


def observations(
    folder: Path,
    entries: tuple[Entry, ...],
    accepted: Accepted | None = None,
    *,
    network: bool = True,
) -> Stored:
    """Read every observation in ``folder``, which is named after its platform.

    A file that can't be read, or does not match its release's row in the table, becomes a
    problem, whose key is the name of the file without its suffix. ``accepted`` is filled, and
    files that it holds already are not parsed again. ``network`` is false if the network may have
    been left out.
    """
    paths, problems = platforms.files(folder)
    found = Stored(problems=problems)
    known = {entry.version: entry for entry in entries}
    for path in paths:
        try:
            if path.stem not in known:
                raise _refusal(path, "no release of this name in releases.toml", _ADD)
            content = _content(path)
            data, observed = (accepted or {}).get((path.stem, content)) or _accepted(
                path, content, path.stem, network=network
            )
            if accepted is not None:
                accepted[path.stem, content] = data, observed
            for sentence in _misplaced(data, folder.name, known[path.stem]):
                raise _refusal(path, sentence)
            found.observations[path.stem] = observed
            if not observed.older:
                found.files[path.stem] = content
        except ObservationError as error:
            found.problems[path.stem] = str(error)
    return found


def _misplaced(data: dict[str, Any], platform: str, entry: Entry) -> Iterator[str]:
    """Yield each difference between an observation and its folder's platform or table row."""
    if data["platform"].lower() != platform.lower():
        yield f"platform: holds an observation of {data['platform']}"
    for key, row in (("distribution", entry.distribution), ("python", entry.python)):
        if data["release"][key] != row:
            yield f"release/{key}: {data['release'][key]}, where the table's row has {row}"


def is_current(content: bytes) -> bool:
    """Return whether a file has this schema's and protocol's numbers, if it is refused or not."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return False
    numbers = (data.get("schema"), data.get("protocol")) if isinstance(data, dict) else ()
    return numbers == (SCHEMA, PROTOCOL)


def observation(path: Path, version: str) -> dict[str, Any]:
    """Return the JSON of one observation; raise ObservationError if it is not of ``version``."""
    return _accepted(path, _content(path), version)[0]


def _accepted(
    path: Path, content: bytes, version: str, *, network: bool = True
) -> tuple[dict[str, Any], Observation]:
    """Return an observation as JSON and as a record; an older one's record has few fields."""
    data = _json(path, content)
    if not network and data.get("status") == "observed" and data.get("tutorial", "") is None:
        data |= {"tutorial": _LEFT_OUT}
    usual = not _ESCAPED_SURROGATE.search(content) and _USUAL.is_valid(data)
    older = not usual and _is_older(path, data)
    inside = data["release"]["version"]
    if inside != version:
        raise _refusal(path, f"release/version: holds an observation of {inside}")
    if older:
        return data, replace(decode.envelope(data), older=True)
    try:
        accepted = decode.observation(data)
    except msgspec.ValidationError as error:  # a JSON schema accepts 12.0 as an integer
        raise _refusal(path, str(error)) from error
    for sentence in contradictions(accepted):
        raise _refusal(path, sentence)
    return data, accepted


_ADD = "add its row or remove the file"


def _refusal(path: Path, what: str, then: str = "") -> ObservationError:
    """Return an error whose message is one printable line: file, field, and what to do next."""
    command = platforms.measuring(path.stem, path.parent.name, again=True)
    then = then or f"measure it again with {command}"
    half = _LONGEST // 2
    brief = what if len(what) <= _LONGEST else f"{what[:half]}…{what[-half:]}"
    return ObservationError(one_line(f"{path.name}: {brief}; {then}"))


def _json(path: Path, content: bytes) -> dict[str, Any]:
    """Return a file's JSON object; refuse duplicate keys."""
    try:
        data = json.loads(content.decode("utf-8"), object_pairs_hook=_no_duplicates)
    except (ValueError, RecursionError) as error:
        raise _refusal(path, f"not JSON: {error}") from error
    if not isinstance(data, dict):
        raise _refusal(path, "not an object")
    return data


def _content(path: Path) -> bytes:
    """Return the bytes of a file; refuse links, other non-regular files and large ones."""
    try:
        if path.is_symlink():
            raise _refusal(path, "a symbolic link", "put the file itself there")
        if not path.is_file():
            raise _refusal(path, "not a file", "see what is there")
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise _refusal(path, f"cannot be read: {error.strerror}", "see what is there") from error
    if len(content) > LARGEST:
        raise _refusal(path, f"more than {LARGEST:,} bytes")
    return content


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        key, _ = Counter(key for key, _ in pairs).most_common(1)[0]
        raise ValueError(f"the key {key!r} is there twice")
    return found


def _flaw(value: object, depth: int = 0) -> str | None:
    """Return the first value that is valid JSON but no evidence, as "/a/0: why", or None."""
    if isinstance(value, str):
        return ": half a surrogate pair is not text" if _SURROGATE.search(value) else None
    if isinstance(value, int | float):
        limit = WHOLE if isinstance(value, int) else WIDEST
        fine = -limit < value < limit
        return None if fine else f": {value} is not a number that evidence can hold"
    if isinstance(value, dict):
        inner: list[tuple[object, object]] = [*((key, key) for key in value), *value.items()]
    else:
        inner = list(enumerate(value)) if isinstance(value, list) else []
    if inner and depth == DEEPEST:
        return f": nested deeper than {DEEPEST} levels"
    for step, item in inner:
        if flaw := _flaw(item, depth + 1):
            return f"/{step}{flaw}"
    return None


def _is_older(path: Path, data: dict[str, Any]) -> bool:
    """Return whether an observation is of an older schema or protocol; refuse what is no evidence.

    This is slower than ``_USUAL``, but names the place.
    """
    if flaw := _flaw(data):
        raise _refusal(path, flaw.removeprefix("/"))
    older = False
    for key, ours in (("schema", SCHEMA), ("protocol", PROTOCOL)):
        theirs = data.get(key)
        if not isinstance(theirs, int) or isinstance(theirs, bool):
            raise _refusal(path, f"{key}: missing or not a whole number")
        if theirs > ours:
            newer = f"{key} {theirs} is newer than {ours}, which this report reads"
            raise _refusal(path, newer, "update the checkout")
        older = older or theirs < ours
    try:
        (_ENVELOPE if older else _WHOLE).validate(data)
    except jsonschema_rs.ValidationError as error:
        place = "/".join(map(str, error.instance_path)) or "the file"
        raise _refusal(path, f"{place}: {error.message}") from error
    return older


def _moderate() -> dict[str, Any]:
    """Return definitions of values with moderate numbers, by how deep they are nested."""
    limits = {"minimum": 1 - WHOLE, "maximum": WHOLE - 1}
    levels = {str(DEEPEST): {"type": ["null", "boolean", "number", "string"], **limits}}
    for depth in range(DEEPEST):
        inner = {"$ref": f"#/$defs/{depth + 1}"}
        levels[str(depth)] = {"items": inner, "additionalProperties": inner, **limits}
    return levels


_KEPT = ("platform", "release", "packages")  # fields that are the same in every protocol
_WHOLE = jsonschema_rs.Draft202012Validator(CONTRACT)
_ENVELOPE = jsonschema_rs.Draft202012Validator(
    {
        "properties": {key: CONTRACT["properties"][key] for key in _KEPT},
        "required": _KEPT,
        "$defs": CONTRACT["$defs"],
    }
)
# The usual observation: current, with moderate numbers and no deep nesting.
_USUAL = jsonschema_rs.Draft202012Validator(
    {**CONTRACT, "$ref": "#/$defs/0", "$defs": {**CONTRACT["$defs"], **_moderate()}}
)
