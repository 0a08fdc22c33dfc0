"""Read the table of releases, `probes/releases.toml`.

The rows are linux-x86_64's; a platform that differs has a table of its own below them. Both are
edited by hand, so an error names the row or the platform, the field and what to do.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec

from report.errors import TableError
from report.evidence import platforms
from report.text import short

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


_PLATFORMS_REMEDY = (
    'a platform is [platforms.linux-aarch64] with distribution = "tensorflow", since = "2.10.1" '
    'and, if it lacks some releases, unavailable = { "2.10.1" = "why" }; '
    f"distributions are {', '.join(get_args(Distribution))}"
)


def _is_day(text: str) -> bool:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    return day >= FIRST_DAY and text == day.isoformat()  # fromisoformat() accepts 20240322 too


class _Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of the table, as it is written."""

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


class Entry(_Row, frozen=True, kw_only=True):
    """One release on one platform. ``unavailable`` is the reason why it can't be installed.

    ``cutoff`` is the day as of which its packages are resolved: the upload of its wheel plus two
    weeks. ``beside`` are additional packages to install with it. ``port`` is the platform if it
    has a table below the rows, and None if it uses the rows as they are.
    """

    port: str | None = None


class _Port(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What differs on another platform, which has the releases from ``since`` on.

    ``unavailable`` has the reasons of those that can't be installed there.
    """

    distribution: Distribution
    since: str
    unavailable: dict[str, str] = {}


def read(path: Path, platform: str = platforms.COMMITTED) -> tuple[Entry, ...]:
    """Return the releases of a platform, oldest first; raise TableError if the table is not valid.

    A platform that the table does not list has its rows as they are.
    """
    table = _table(path)
    rows = [_row(path, number, row) for number, row in enumerate(_rows(path, table), start=1)]
    for before, after in pairwise(rows):
        if before.version == after.version:
            raise TableError(f"{path}: {after.version} is listed twice; remove one row")
        if _order(before.version) > _order(after.version):
            raise TableError(
                f"{path}: {after.version} is listed below {before.version}, which is newer; "
                "sort the rows by version, oldest first"
            )
    ports = _ports(path, table, [row.version for row in rows])
    return tuple(_entries(rows, platform, ports.get(platform)))


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        why = f"{error.strerror}; restore the file"
        raise TableError(f"{path}: not a table of releases: {why}") from error
    except (ValueError, RecursionError) as error:
        why = f"not TOML: {error}; mend that place"
        raise TableError(f"{path}: not a table of releases: {why}") from error


def _rows(path: Path, table: dict[str, Any]) -> list[Any]:
    rows = table.get("releases")
    if not isinstance(rows, list) or not rows:
        raise TableError(f"{path}: no rows under `releases`; restore the list of releases")
    return rows


def _row(path: Path, number: int, row: Any) -> _Row:  # noqa: ANN401 - whatever TOML holds
    try:
        return msgspec.convert(row, _Row)
    except msgspec.ValidationError as error:
        name = row.get("version") if isinstance(row, dict) else None
        name = f" ({name})" if isinstance(name, str) else ""
        raise TableError(f"{path}: row {number}{name}: {error}; {_REMEDY}") from error


def _ports(path: Path, table: dict[str, Any], versions: Sequence[str]) -> dict[str, _Port]:
    """Return the tables of other platforms by name; raise TableError if one is not valid."""
    tables = table.get("platforms", {})
    if not isinstance(tables, dict):
        raise TableError(f"{path}: platforms: no table; {_PLATFORMS_REMEDY}")
    found = {}
    for name, fields in tables.items():
        try:
            found[name] = msgspec.convert(fields, _Port)
            fault = _port_fault(name, found[name], versions)
        except msgspec.ValidationError as error:
            fault = str(error)
        if fault:
            raise TableError(f"{path}: platforms.{short(name)}: {fault}; {_PLATFORMS_REMEDY}")
    return found


def _port_fault(name: str, port: _Port, versions: Sequence[str]) -> str | None:
    """Return what is wrong with a platform's name or releases, or None if nothing is."""
    if not platforms.NAME.fullmatch(name):
        return "not the name of a platform, such as linux-aarch64"
    if name == platforms.COMMITTED:
        return "the rows are this platform's; remove its table"
    if port.since not in versions:
        return f"since {port.since!r} is not the version of a row"
    for version, reason in port.unavailable.items():
        if version not in versions[versions.index(port.since) :]:
            return f"unavailable: {version!r} is not the version of a row since {port.since}"
        if not reason.strip():
            return f"unavailable: {version}: {reason!r} is not a reason"
    return None


def _entries(rows: Sequence[_Row], platform: str, port: _Port | None) -> Iterator[Entry]:
    """Yield the rows' releases on a platform; ``port`` is what differs there, if anything does."""
    first = [row.version for row in rows].index(port.since) if port else 0
    for row in rows[first:]:
        fields = msgspec.structs.asdict(row)
        if port:
            reason = port.unavailable.get(row.version, row.unavailable)
            fields |= {"distribution": port.distribution, "unavailable": reason, "port": platform}
        yield Entry(**fields)


def _order(version: str) -> tuple[list[int], bool, int]:
    """Return a version's sort key: 2.9.3 before 2.10.1, and 2.22.0rc0 before 2.22.0."""
    numbers, _, candidate = version.partition("rc")
    return [int(part) for part in numbers.split(".")], not candidate, int(candidate or 0)
