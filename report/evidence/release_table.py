"""Read the table of releases, `probes/releases.toml`, oldest first.

Whoever adds a release edits it by hand: every fault is refused with the row, the field and
what to do, before anything is read or written by it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Any

from report.errors import TableError

TAGS = ("milestone", "tf1", "tf2", "keras3")
DISTRIBUTIONS = ("tensorflow", "tensorflow-cpu")
FIRST_DAY = date(2015, 11, 9)  # when TensorFlow was first published
_REQUIRED = ("version", "distribution", "python", "cutoff", "tags")
_OPTIONAL = ("beside", "unavailable")
_LISTS = ("tags", "beside")
_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:(a|b|rc)(\d+))?", re.ASCII)
_PYTHON = re.compile(r"3\.\d+", re.ASCII)
_FINAL = "release"  # sorts behind a, b and rc


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


def read(path: Path) -> tuple[Entry, ...]:
    """Read the table of releases, oldest first; raises TableError with what to mend."""
    entries = []
    for number, row in enumerate(_rows(path), start=1):
        name = row.get("version") if isinstance(row, dict) else None
        where = f"row {number} ({name})" if isinstance(name, str) else f"row {number}"
        for fault in _faults(row):
            raise TableError(f"{path}: {where}: {fault}")
        lists = {key: tuple(row.get(key, ())) for key in _LISTS}
        entries.append(Entry(**(row | lists)))
    for before, after in pairwise(entries):
        if before.version == after.version:
            raise TableError(f"{path}: {after.version} is listed twice; remove one row")
        if _order(before.version) > _order(after.version):
            raise TableError(
                f"{path}: {after.version} stands below {before.version}, which is newer; "
                "sort the rows by version, oldest first"
            )
    return tuple(entries)


def _rows(path: Path) -> list[Any]:
    try:
        content = tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        why = f"{error.strerror}; restore the file"
        raise TableError(f"{path}: not a table of releases: {why}") from error
    except (ValueError, RecursionError) as error:
        why = f"not TOML: {error}; mend that place"
        raise TableError(f"{path}: not a table of releases: {why}") from error
    rows = content.get("releases")
    if not isinstance(rows, list) or not rows:
        raise TableError(f"{path}: no rows under `releases`; restore the list of releases")
    return rows


def _order(version: str) -> tuple[int, int, int, str, int]:
    """Return what sorts versions: 2.22.0rc0 stands before 2.22.0."""
    found = _VERSION.fullmatch(version)
    if found is None:  # no row with such a version gets here
        raise ValueError(version)
    major, minor, patch, phase, number = found.groups()
    return int(major), int(minor), int(patch), phase or _FINAL, int(number or 0)


def _faults(row: object) -> Iterator[str]:
    """Yield what is wrong with one row, each time with what to do."""
    if not isinstance(row, dict):
        yield "not a table; write { version = …, … }"
        return
    for key in _REQUIRED:
        if key not in row:
            yield f"{key} is missing; add {_EXAMPLES[key]}"
    for key in row:
        if key not in (*_REQUIRED, *_OPTIONAL):
            yield f"{key} is no field of a release{_instead(key, (*_REQUIRED, *_OPTIONAL))}"
        elif key in _LISTS and not _is_texts(row[key]):
            yield f"{key} is not a list of texts; write {_EXAMPLES[key]}"
        elif key not in _LISTS and not isinstance(row[key], str):
            yield f"{key} is not text; write {_EXAMPLES[key]}"
    yield from _nonsense(row)


def _nonsense(row: dict[str, Any]) -> Iterator[str]:
    if not _VERSION.fullmatch(row["version"]):
        yield f"version {row['version']!r} is none of TensorFlow's; write {_EXAMPLES['version']}"
    if row["distribution"] not in DISTRIBUTIONS:
        name = row["distribution"]
        yield f"distribution {name!r} is not known{_instead(name, DISTRIBUTIONS)}"
    if not _PYTHON.fullmatch(row["python"]):
        yield f"python {row['python']!r} is no minor version; write {_EXAMPLES['python']}"
    if not _is_day(row["cutoff"]):
        yield (
            f"cutoff {row['cutoff']!r} is no day since {FIRST_DAY}; "
            "write the upload of its wheel plus two weeks as year-month-day"
        )
    for tag in row["tags"]:
        if tag not in TAGS:
            yield f"tag {tag!r} selects nothing{_instead(tag, TAGS)}"
    if "unavailable" in row and not row["unavailable"].strip():
        yield "unavailable is empty; write why the release can't be had, or remove the field"


_EXAMPLES = {
    "version": 'version = "2.15.1"',
    "distribution": 'distribution = "tensorflow-cpu"',
    "python": 'python = "3.11"',
    "cutoff": 'cutoff = "2024-03-22"',
    "tags": 'tags = ["tf2"]',
    "beside": 'beside = ["tf-keras==2.15.*"]',
    "unavailable": 'unavailable = "why"',
}


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _is_day(text: str) -> bool:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    return day >= FIRST_DAY and text == day.isoformat()  # 20240322 is a day as well


def _instead(name: str, known: tuple[str, ...]) -> str:
    """Say what may have been meant, or what there is."""
    near = get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; there is {', '.join(known)}"
