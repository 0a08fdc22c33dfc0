"""The index of a matrix: the names, runs, changes and addresses that every page needs.

Whatever more than one page shows is decided here, once: the short name of a release, the
address of a symbol's page, the text of a range, the runs of a row.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from report.evidence import Release, State, Status
from report.matrix import history
from report.matrix.kinds import LAW, MEASURED, Kind
from report.matrix.records import Cell, Change, Matrix, Row, Run

_UNSAFE = re.compile(r"[^a-z0-9._]+")
_LONGEST = 80
RowKind = tuple[str, str, Kind]  # a row, by its symbol and role, in one kind


@dataclass(frozen=True, kw_only=True)
class Index:
    """A matrix about to be published, ``built`` at a commit's date or at none.

    ``raw`` names the releases whose observation files are published beside it. ``address`` is
    where: it ends in a slash, and is empty where that is not known.
    """

    matrix: Matrix
    built: str | None = None
    raw: frozenset[str] = frozenset()
    _runs: dict[RowKind, tuple[Run, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _values: dict[RowKind, tuple[str | None, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    address: str = ""

    @cached_property
    def releases(self) -> Mapping[str, Release]:
        """Every release by its version, oldest first."""
        return {release.version: release for release in self.matrix.releases}

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Every version's place in the table of releases."""
        return {version: index for index, version in enumerate(self.releases)}

    @cached_property
    def compared(self) -> tuple[Row, ...]:
        """The rows of defaults: all but the pins."""
        return tuple(row for row in self.matrix.rows if not row.pinned)

    @cached_property
    def layers(self) -> tuple[Row, ...]:
        """The rows of the main matrix: layers and variables."""
        return tuple(row for row in self.compared if not row.standalone)

    @cached_property
    def pins(self) -> tuple[Row, ...]:
        """The layers that were given an initializer: proofs, not defaults."""
        return tuple(row for row in self.matrix.rows if row.pinned)

    @cached_property
    def initializers(self) -> tuple[Row, ...]:
        """The rows of the initializers' own matrix."""
        return tuple(row for row in self.matrix.rows if row.standalone)

    @cached_property
    def rows(self) -> Mapping[tuple[str, str], Row]:
        """Every row by its symbol and role."""
        return {row.key: row for row in self.matrix.rows}

    @cached_property
    def named(self) -> Mapping[str, tuple[Row, ...]]:
        """The rows of every symbol, by its name."""
        found = groupby(self.matrix.rows, key=lambda row: row.symbol.name)
        return {name: tuple(rows) for name, rows in found}

    def cell(self, row: Row, version: str) -> Cell:
        """Return the cell of one row in one release."""
        return row.cells[self.place[version]]

    def runs(self, row: Row, kind: Kind) -> tuple[Run, ...]:
        """Return the runs of one row in one kind."""
        key = (*row.key, kind)
        if key not in self._runs:
            self._runs[key] = history.runs(row.cells, kind)
        return self._runs[key]

    def values(self, row: Row, kind: Kind) -> tuple[str | None, ...]:
        """Return the value of one row and kind in each release of the table."""
        key = (*row.key, kind)
        if key not in self._values:
            runs = self.runs(row, kind)
            self._values[key] = tuple(run.value for run in runs for _ in run.cells)
        return self._values[key]

    @cached_property
    def _labels(self) -> Mapping[str, str]:
        known = Counter(release.series for release in self.matrix.releases)
        return {
            release.version: release.series
            if known[release.series] == 1
            and release.version.removeprefix(f"{release.series}.").isdigit()
            else release.version
            for release in self.matrix.releases
        }

    @cached_property
    def changes_of(self) -> Mapping[tuple[str, str], tuple[Change, ...]]:
        """The changes of every row that has any, by its symbol and role."""
        found: dict[tuple[str, str], list[Change]] = {}
        for change in self.matrix.changes:
            found.setdefault(change.key, []).append(change)
        return {row: tuple(changes) for row, changes in found.items()}

    def label(self, version: str) -> str:
        """Return the short name of a release: its series, or all of it where that misleads."""
        return self._labels[version]

    def span(self, first: str, last: str) -> str:
        """Return a range of releases, both ends included and named."""
        ends = (self.label(first), self.label(last))
        return ends[0] if first == last else " – ".join(ends)  # noqa: RUF001

    @cached_property
    def _slugs(self) -> Mapping[str, str]:
        plain = {row.symbol.name: _slug(row.symbol.name) for row in self.matrix.rows}
        taken = Counter(plain.values())
        return {
            name: slug
            if taken[slug] == 1 and len(slug) <= _LONGEST
            else f"{slug[:_LONGEST]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
            for name, slug in plain.items()
        }

    def slug(self, symbol: str) -> str:
        """Return a symbol's id, the same in file names and fragments."""
        return self._slugs[symbol]

    def page(self, symbol: str) -> str:
        """Return the address of a symbol's page, from the site's root."""
        return f"symbol/{self.slug(symbol)}.html"

    def anchor(self, cell: Cell) -> str:
        """Return the address of a cell, from the site's root."""
        return f"{self.page(cell.symbol)}#{cell.role}-{cell.release}"

    def edge(self, change: Change) -> str:
        """Return the address of a change: its edge among the lanes of the symbol's page."""
        return f"{self.page(change.symbol)}#{_edge(change)}"

    def edges(self, row: Row, kind: Kind) -> Mapping[str, str]:
        """Return the ids of a row's changes in one lane, by the release they are drawn at.

        Appearing and disappearing are drawn in the lane of what was measured.
        """
        kinds = LAW if kind is MEASURED else (kind,)
        moves = self.changes_of.get(row.key, ())
        return {move.after_release: _edge(move) for move in moves if move.kind in kinds}

    def keras(self, release: Release) -> str | None:
        """Name the Keras that a release brings, where it is a package of its own.

        A nightly's date is left to the release's own page: no column has room for it.
        """
        number, dev, _ = (release.packages.get("keras") or "").partition(".dev")
        return f"Keras {number}{dev}" if number else None

    @cached_property
    def observed(self) -> tuple[Release, ...]:
        """The releases with an observation."""
        return tuple(each for each in self.matrix.releases if each.status is Status.OBSERVED)

    @cached_property
    def seen(self) -> frozenset[str]:
        """The versions of the releases with an observation."""
        return frozenset(release.version for release in self.observed)

    @cached_property
    def mixed(self) -> bool:
        """Whether some observations were made here and some elsewhere."""
        return len({release.recorded for release in self.observed}) > 1


def _edge(change: Change) -> str:
    return f"{change.role}-{change.kind.key}-{change.after_release}"


def present(cells: Iterable[Cell]) -> list[Cell]:
    """List the cells in which the symbol was there and was looked at."""
    return [cell for cell in cells if cell.state is State.OBSERVED]


def _slug(name: str) -> str:
    """Make an id that file systems without letter case can tell apart too."""
    slug = _UNSAFE.sub("-", name.lower()).strip("-.") or "symbol"
    return slug if name == name.lower() else f"{slug}-class"
