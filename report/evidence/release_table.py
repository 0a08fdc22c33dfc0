"""Read the table of releases, `probes/releases.toml`, and describe the status of each.

The table is edited by hand, so an error in it names the row, the field and what to do.
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
FIRST_DAY = date(2015, 11, 9)  # the day TensorFlow was first published
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
    return day >= FIRST_DAY and text == day.isoformat()  # fromisoformat() accepts 20240322 too


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of the table. ``unavailable`` is the reason why the release can't be installed.

    ``cutoff`` is the day as of which its packages are resolved: the upload of its wheel plus two
    weeks. ``beside`` are additional packages to install with it.
    """

    version: str
    distribution: Distribution
    python: str
    cutoff: str
    tags: tuple[Tag, ...]
    beside: tuple[str, ...] = ()
    unavailable: str | None = None

    def __post_init__(self) -> None:
        """Raise ValueError if a field's text is not valid."""
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
        """The series: 2.15 for 2.15.1."""
        return self.version.rpartition(".")[0]


class Status(StrEnum):
    """The status of a release's observation; ``FAILED`` means that its probe ran and failed."""

    OBSERVED = "observed"
    FAILED = "failed"
    UNAVAILABLE = "unavailable"
    NOT_OBSERVED = "not-observed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One row of the table of releases, with the status of its observation.

    ``packages`` are the versions of the other packages that affect the defaults (numpy, keras,
    tf_keras). ``cutoff`` is the day as of which they were resolved: the upload of the release's
    wheel plus two weeks. ``lock`` is the SHA-256 of the lock file that was installed.
    ``recorded`` is true if the observation was made elsewhere; ``stale`` if its protocol is
    older; ``old_lock`` if its lock is no longer the release's. ``confirmed`` is the last
    measurement that reproduced the observation exactly, if one is on record.
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

    @property
    def installed(self) -> tuple[str, ...]:
        """The installed ones of ``packages`` as text, such as "numpy 1.16.4"."""
        return tuple(f"{name} {version}" for name, version in self.packages.items() if version)


def read(path: Path) -> tuple[Entry, ...]:
    """Return the table of releases, oldest first; raise TableError if it is not valid."""
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
    """Return a version's sort key: 2.9.3 before 2.10.1, and 2.22.0rc0 before 2.22.0."""
    numbers, _, candidate = version.partition("rc")
    return [int(part) for part in numbers.split(".")], not candidate, int(candidate or 0)
