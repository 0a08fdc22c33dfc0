"""The columns of the matrix: the releases, and in which of them something happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from report.evidence import Release, Status
from report.matrix import Index, Kind, Row
from report.story import Mark, wording

COLUMN, QUIET = 25, 7
ROOMY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A release as the head of a column; ``moved`` counts the rows that changed in it."""

    version: str
    label: str
    keras: str | None
    href: str
    moved: int
    quiet: bool
    notes: tuple[Mark, ...]


def heads(
    index: Index, rows: Sequence[Row], kinds: Collection[Kind], root: str
) -> Iterator[Column]:
    """Yield the columns' heads; a quiet one has no change, no failure and no conflict."""
    moved = _moved(index, rows, kinds)
    flagged = {release for row in rows for release in index.flagged_releases(row)}
    releases = index.matrix.releases
    flagged |= {releases[0].version, releases[-1].version, *moved}
    for release in releases:
        version = release.version
        yield Column(
            version=version,
            label=index.label(version),
            keras=index.keras(release),
            href=f"{root}release/{version}.html",
            moved=moved[version],
            quiet=release.status is Status.OBSERVED and version not in flagged,
            notes=wording.notes(index, release),
        )


def _moved(index: Index, rows: Sequence[Row], kinds: Collection[Kind]) -> Counter[str]:
    """Count the rows that changed in each release."""
    count: Counter[str] = Counter()
    for row in rows:
        moves = index.changes_of.get((row.symbol.name, row.role), ())
        count.update({change.after_release for change in moves if change.kind in kinds})
    return count


def majors(releases: Iterable[Release]) -> Iterator[tuple[str, int]]:
    """Name the neighbours that share a major version, and count them."""
    for major, group in groupby(releases, key=lambda release: release.series.split(".")[0]):
        size = len(list(group))
        yield f"TensorFlow {major}.x" if size > ROOMY else f"{major}.x", size
