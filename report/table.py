"""Read the table of releases, `probes/releases.toml`, oldest first."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from report.errors import TableError

if TYPE_CHECKING:
    from pathlib import Path

_LISTS = ("tags", "beside")


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
    """Read the table of releases, oldest first."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["releases"]
        entries = tuple(_entry(row) for row in rows)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise TableError(f"{path}: not a table of releases: {error}") from error
    versions = [entry.version for entry in entries]
    twice = {version for version in versions if versions.count(version) > 1}
    if twice:
        raise TableError(f"{path}: {', '.join(sorted(twice))} is listed twice; remove one row")
    return entries


def _entry(row: dict[str, Any]) -> Entry:
    lists = {key: row.get(key, []) for key in _LISTS}
    texts = {key: value for key, value in row.items() if key not in lists}
    wrong = [key for key, value in texts.items() if not isinstance(value, str)]
    wrong += [key for key, value in lists.items() if not _is_texts(value)]
    if wrong:
        raise TypeError(f"{', '.join(wrong)} of {row.get('version')}: not text")
    return Entry(**(row | {key: tuple(value) for key, value in lists.items()}))


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)
