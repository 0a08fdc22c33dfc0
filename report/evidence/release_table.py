"""The releases: the rows of `probes/releases.toml`, and what became of observing each.

The table is edited by hand: a fault is refused with the row, the field and
what to do, before anything is made of the table.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec

from report.errors import TableError
from report.evidence.confirmed import Confirmed

Distribution = Literal["tensorflow", "tensorflow-cpu"]
Tag = Literal["milestone", "tf1", "tf2", "keras3"]
TAGS: tuple[str, ...] = get_args(Tag)
FIRST_DAY = date(2015, 11, 9)  # when TensorFlow was first published
_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+(rc[0-9]+)?")
_PYTHON = re.compile(r"3\.[0-9]+")
_REMEDY = (
    'a row is { version = "2.15.1", distribution = "tensorflow-cpu", python = "3.11", '
    'cutoff = "2024-03-22", tags = ["tf2"] } and may have beside and unavailable; '
    f"distributions are {', '.join(get_args(Distribution))}; tags are {', '.join(TAGS)}"
)


def _is_day(text: str) -> bool:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    return day >= FIRST_DAY and text == day.isoformat()  # 20240322 is a day as well


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of the table. ``unavailable`` is the reason why the release can't be had.

    ``cutoff`` is the day as of which its packages are chosen: the upload of its wheel plus two
    weeks. ``beside`` are packages that are installed with it.
    """

    version: str
    distribution: Distribution
    python: str
    cutoff: str
    tags: tuple[Tag, ...]
    beside: tuple[str, ...] = ()
    unavailable: str | None = None

    def __post_init__(self) -> None:
        """Refuse a text that its field can't have."""
        for name, fits, what in (
            ("version", _VERSION.fullmatch, "a version of TensorFlow's"),
            ("python", _PYTHON.fullmatch, "a minor version"),
            ("cutoff", _is_day, f"a day since {FIRST_DAY}, the upload of its wheel plus two weeks"),
            ("unavailable", lambda text: text is None or text.strip(), "a reason"),
        ):
            if not fits(getattr(self, name)):
                raise ValueError(f"{name} {getattr(self, name)!r} is not {what}")

    @property
    def series(self) -> str:
        """The minor line: 2.15 of 2.15.1."""
        return self.version.rpartition(".")[0]


class Status(StrEnum):
    """What became of observing a release; ``failed``: its probe was run and failed."""

    OBSERVED = "observed"
    FAILED = "failed"
    UNAVAILABLE = "unavailable"
    NOT_OBSERVED = "not-observed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One row of the table of releases, and what became of observing it.

    ``packages`` are the versions that decide the defaults beside TensorFlow's own
    (numpy, keras, tf_keras). ``cutoff`` is the day as of which they were chosen: the
    upload of the release's wheel plus two weeks. ``lock`` is the sha256 of the list of
    packages that was installed. ``recorded`` is true where the observation was made
    elsewhere and only read here; ``stale`` where it is of an older protocol, and
    ``old_lock`` where the lock that it names is no longer the release's. ``confirmed`` is the
    last measurement in which the very bytes of the observation came out, where one is on record.
    """

    version: str
    series: str
    distribution: str
    python: str
    cutoff: str | None = None
    lock: str | None = None
    status: Status = Status.OBSERVED
    reason: str | None = None
    packages: Mapping[str, str | None] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    recorded: bool = True
    stale: bool = False
    old_lock: bool = False
    confirmed: Confirmed | None = None


def read(path: Path) -> tuple[Entry, ...]:
    """Read the table of releases, oldest first; raises TableError with what to mend."""
    entries = [_entry(path, number, row) for number, row in enumerate(_rows(path), start=1)]
    for before, after in pairwise(entries):
        if before.version == after.version:
            raise TableError(f"{path}: {after.version} is listed twice; remove one row")
        if _order(before.version) > _order(after.version):
            raise TableError(
                f"{path}: {after.version} is listed below {before.version}, which is newer; "
                "sort the rows by version, oldest first"
            )
    return tuple(entries)


def _rows(path: Path) -> list[Any]:
    try:
        rows = tomllib.loads(path.read_bytes().decode("utf-8")).get("releases")
    except OSError as error:
        why = f"{error.strerror}; restore the file"
        raise TableError(f"{path}: not a table of releases: {why}") from error
    except (ValueError, RecursionError) as error:
        why = f"not TOML: {error}; mend that place"
        raise TableError(f"{path}: not a table of releases: {why}") from error
    if not isinstance(rows, list) or not rows:
        raise TableError(f"{path}: no rows under `releases`; restore the list of releases")
    return rows


def _entry(path: Path, number: int, row: Any) -> Entry:  # noqa: ANN401 - whatever TOML holds
    try:
        return msgspec.convert(row, Entry)
    except msgspec.ValidationError as error:
        name = row.get("version") if isinstance(row, dict) else None
        name = f" ({name})" if isinstance(name, str) else ""
        raise TableError(f"{path}: row {number}{name}: {error}; {_REMEDY}") from error


def _order(version: str) -> tuple[list[int], bool, int]:
    """Return what sorts versions: 2.9.3 before 2.10.1, and 2.22.0rc0 before 2.22.0."""
    numbers, _, candidate = version.partition("rc")
    return [int(part) for part in numbers.split(".")], not candidate, int(candidate or 0)
