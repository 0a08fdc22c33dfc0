"""The index of a matrix: look up rows, runs, changes, labels and URLs for the pages.

Whatever more than one page shows is computed here: the short name of a release, the URL of a
symbol's page, the text of a range, the runs of a row.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial, wraps
from itertools import groupby
from typing import Concatenate, ParamSpec, TypeVar, cast

from report.evidence import Release, State, Status
from report.matrix.across import Across
from report.matrix.kinds import LAW, MEASURED, NUMBERS, Kind
from report.matrix.records import Cell, Change, Matrix, Row
from report.verdict import Relation

_UNSAFE = re.compile(r"[^a-z0-9._]+")
_LONGEST = 80
Made = TypeVar("Made")
P = ParamSpec("P")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Index:
    """A matrix to be published.

    ``built`` is the date of the commit, or None. ``address`` is the site's URL with a final slash;
    empty if unknown. ``across`` are the comparisons with other platforms that have observations.
    """

    matrix: Matrix
    built: str | None = None
    address: str = ""
    across: tuple[Across, ...] = ()
    _draws: dict[tuple[object, str | None], int] = field(default_factory=dict, init=False)
    _made: dict[Hashable, object] = field(default_factory=dict, init=False)

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what ``make`` returns; it is called once for each key, as pages share results."""
        if key not in self._made:
            self._made[key] = make()
        return cast("Made", self._made[key])

    @cached_property
    def releases(self) -> Mapping[str, Release]:
        """The releases by version, oldest first."""
        return {release.version: release for release in self.matrix.releases}

    @cached_property
    def place(self) -> Mapping[str, int]:
        """The position of each version in the table of releases."""
        return {version: index for index, version in enumerate(self.releases)}

    @cached_property
    def compared(self) -> tuple[Row, ...]:
        """The rows of defaults: all except the pins."""
        return tuple(row for row in self.matrix.rows if not row.pinned)

    @cached_property
    def layers(self) -> tuple[Row, ...]:
        """The rows of the main matrix: layers and variables."""
        return tuple(row for row in self.compared if not row.standalone)

    @cached_property
    def pins(self) -> tuple[Row, ...]:
        """The rows of layers that were given an initializer."""
        return tuple(row for row in self.matrix.rows if row.pinned)

    @cached_property
    def initializers(self) -> tuple[Row, ...]:
        """The rows of the initializers' matrix."""
        return tuple(row for row in self.matrix.rows if row.standalone)

    @cached_property
    def rows(self) -> Mapping[tuple[str, str], Row]:
        """The rows by symbol and role."""
        return {row.key: row for row in self.matrix.rows}

    @cached_property
    def named(self) -> Mapping[str, tuple[Row, ...]]:
        """The rows of each symbol, by its name."""
        found = groupby(self.matrix.rows, key=lambda row: row.symbol.name)
        return {name: tuple(rows) for name, rows in found}

    def cell(self, row: Row, version: str) -> Cell:
        """Return a row's cell in one release."""
        return row.cells[self.place[version]]

    def ends(self, change: Change) -> tuple[Cell, Cell]:
        """Return the cells before and after a change."""
        row = self.rows[change.key]
        return self.cell(row, change.before_release), self.cell(row, change.after_release)

    def drawn(self, kind: Kind, cell: Cell) -> int:
        """Return a number that is equal for two cells with equal draws, of one kind, and laws."""
        evidence, law = cell.evidence, cell.law
        draws = evidence.numbers if kind is NUMBERS else evidence.own_seed
        # by the object's id first, as symbols share the evidence of an observation
        return self.once(
            (id(draws), law), lambda: self._draws.setdefault((draws, law), len(self._draws))
        )

    def relation(self, kind: Kind, before: Cell, after: Cell) -> Relation | None:
        """Return how the numbers of two cells of one row compare, as ``Kind.relate`` does."""
        draws = (self.drawn(kind, before), self.drawn(kind, after))
        return self.once(("relation", kind, *draws), lambda: kind.relate(before, after))

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
        """The changes of each row that has any, by symbol and role."""
        found: dict[tuple[str, str], list[Change]] = {}
        for change in self.matrix.changes:
            found.setdefault(change.key, []).append(change)
        return {row: tuple(changes) for row, changes in found.items()}

    def label(self, version: str) -> str:
        """Return the short name of a release: its series, or the version if that is ambiguous."""
        return self._labels[version]

    def span(self, first: str, last: str) -> str:
        """Return the text of a range of releases: its inclusive ends by their short names."""
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
        """Return a symbol's id for file names and URL fragments."""
        return self._slugs[symbol]

    def page(self, symbol: str) -> str:
        """Return the URL of a symbol's page, relative to the site's root."""
        return f"symbol/{self.slug(symbol)}.html"

    def anchor(self, cell: Cell) -> str:
        """Return the URL of a cell on its symbol's page, relative to the site's root."""
        return f"{self.page(cell.symbol)}#{cell.role}-{cell.release}"

    def edge(self, change: Change) -> str:
        """Return the URL of a change on its symbol's page, relative to the site's root."""
        return f"{self.page(change.symbol)}#{_edge(change)}"

    def edges(self, row: Row, kind: Kind) -> Mapping[str, str]:
        """Return the ids of a row's changes in one lane, by the release at which they are drawn.

        Appearing and disappearing are drawn in the lane of the measured law.
        """
        kinds = LAW if kind is MEASURED else (kind,)
        moves = self.changes_of.get(row.key, ())
        return {move.after_release: _edge(move) for move in moves if move.kind in kinds}

    def keras(self, release: Release) -> str | None:
        """Return the Keras version installed with a release; None if it is not a separate package.

        The date of a nightly is left out, as columns have no room for it.
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
        """Whether some observations were made on this machine and some elsewhere."""
        return len({release.recorded for release in self.observed}) > 1


def once(make: Callable[Concatenate[Index, P], Made]) -> Callable[Concatenate[Index, P], Made]:
    """Let a function of an index be called once for each value of its other arguments."""

    @wraps(make)
    def shared(index: Index, /, *args: P.args, **kwargs: P.kwargs) -> Made:
        key = (make, *args, *kwargs.items())
        return index.once(key, partial(make, index, *args, **kwargs))

    return shared


def _edge(change: Change) -> str:
    return f"{change.role}-{change.kind.key}-{change.after_release}"


def present(cells: Iterable[Cell]) -> list[Cell]:
    """Return the cells that were observed."""
    return [cell for cell in cells if cell.state is State.OBSERVED]


def _slug(name: str) -> str:
    """Return an id that is unique on case-insensitive file systems too: GRU is ``gru-class``."""
    slug = _UNSAFE.sub("-", name.lower()).strip("-.") or "symbol"
    return slug if name == name.lower() else f"{slug}-class"
