"""Read the table of releases and the observations, strictly: evidence or a clear refusal."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from report.errors import ObservationError, TableError

SCHEMA = 1
PROTOCOL = 1
_LONGEST = 200  # characters of somebody else's message
LARGEST = 8_000_000  # bytes; an observation has about 300,000
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of ``releases.toml``. ``unavailable`` is the reason why it can't be had."""

    version: str
    distribution: str
    python: str
    cutoff: str
    tags: tuple[str, ...]
    beside: tuple[str, ...] = ()
    unavailable: str | None = None

    @property
    def series(self) -> str:
        """The minor line: 2.15 of 2.15.1."""
        return ".".join(self.version.split(".")[:2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a folder of observations holds: by version, or the problem with a file."""

    observations: dict[str, dict[str, Any]] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def table(path: Path) -> tuple[Entry, ...]:
    """Read the table of releases, oldest first."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["releases"]
        entries = tuple(_entry(row) for row in rows)
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise TableError(f"{path}: not a table of releases: {error}") from error
    versions = [entry.version for entry in entries]
    twice = {version for version in versions if versions.count(version) > 1}
    if twice:
        raise TableError(f"{path}: {', '.join(sorted(twice))} is listed twice; remove one row")
    return entries


def _entry(row: dict[str, Any]) -> Entry:
    lists = {key: tuple(row.get(key, ())) for key in ("tags", "beside")}
    return Entry(**(row | lists))


def observations(folder: Path, entries: tuple[Entry, ...]) -> Evidence:
    """Read every observation in ``folder``; what can't be read becomes a problem.

    A problem belongs to the release that the file's name promises, or to the file's
    name where no release of the table has it.
    """
    found = Evidence()
    known = {entry.version for entry in entries}
    for path in sorted(folder.glob("*.json")):
        if path.stem not in known:
            found.problems[path.stem] = (
                f"{path.name}: no release of this name in releases.toml; "
                "add its row or remove the file"
            )
            continue
        try:
            found.observations[path.stem] = observation(path, path.stem)
        except ObservationError as error:
            found.problems[path.stem] = str(error)
    return found


def observation(path: Path, version: str) -> dict[str, Any]:
    """Read one observation and refuse what is not evidence about ``version``."""
    data = _json(path)
    for key, ours in (("schema", SCHEMA), ("protocol", PROTOCOL)):
        _check_number(path, data, key, ours)
    errors = sorted(_validator().iter_errors(data), key=lambda error: list(error.instance_path))
    if errors:
        place = "/".join(str(step) for step in errors[0].instance_path) or "the file"
        raise ObservationError(f"{path.name}: {place}: {_brief(errors[0].message)}; {_AGAIN}")
    inside = data["release"]["version"]
    if inside != version:
        raise ObservationError(f"{path.name}: holds an observation of {inside}; {_AGAIN}")
    return data


_AGAIN = 'measure it again with nox -s "probe(…)" -- --force'


def _json(path: Path) -> dict[str, Any]:
    if path.is_symlink():
        raise ObservationError(f"{path.name}: a symbolic link; put the file itself there")
    size = path.stat().st_size
    if size > LARGEST:
        raise ObservationError(f"{path.name}: {size:,} bytes, more than {LARGEST:,}; {_AGAIN}")
    try:
        data = json.loads(
            path.read_text(encoding="utf-8"),
            parse_constant=_no_constant,
            object_pairs_hook=_no_duplicates,
        )
    except (ValueError, RecursionError) as error:
        raise ObservationError(f"{path.name}: not JSON: {_brief(str(error))}; {_AGAIN}") from error
    if not isinstance(data, dict):
        raise ObservationError(f"{path.name}: not an object; {_AGAIN}")
    return data


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number that evidence can hold")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    if len(set(keys)) < len(keys):
        raise ValueError(f"the key {max(keys, key=keys.count)!r} stands twice")
    return dict(pairs)


def _check_number(path: Path, data: dict[str, Any], key: str, ours: int) -> None:
    theirs = data.get(key)
    if not isinstance(theirs, int) or isinstance(theirs, bool):
        raise ObservationError(f"{path.name}: {key}: missing or not a whole number; {_AGAIN}")
    if theirs > ours:
        raise ObservationError(
            f"{path.name}: {key} {theirs} is newer than {ours}, which this report reads; "
            "update the checkout"
        )
    if key == "schema" and theirs < ours:
        raise ObservationError(f"{path.name}: {key} {theirs} is older than {ours}; {_AGAIN}")


def _brief(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    schema = (Path(__file__).parent / "schema" / "observation.schema.json").read_text("utf-8")
    return jsonschema_rs.Draft202012Validator(json.loads(schema))
