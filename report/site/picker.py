"""The data by which the picker's script compares any two releases, as the page of a pair does.

Whatever differs is written once, and rows refer to it by number. The values of a row in all
releases are a line of such numbers, run-length encoded: a number, then how often it is repeated.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import count, groupby
from typing import TypeVar

import msgspec

from report.evidence import State
from report.matrix import MEASURED, NUMBERS, OWN_SEED, Cell, Index, Kind, Row, kinds
from report.story import Codes, Mark, comparison, marks, numbers, summary, wording
from report.verdict import NO_LAW, UNRECOGNISED, Alike, Degree

Key = TypeVar("Key", bound=Hashable)

NOT_RECORDED = -1
SEEDED = (NUMBERS, OWN_SEED)
CLAIMS = {degree: place for place, each in enumerate(summary.CLAIMS.values()) for degree in each}


def data(index: Index) -> str:
    """Return the JSON for the picker, which is safe inside a script element."""
    picker = Picker(index)
    rows = [list(picker.row(row)) for row in index.compared]
    text = json.dumps(
        {
            "releases": list(index.releases),
            "unseen": [each for each in index.releases if each not in index.seen],
            "reasons": comparison.REASONS,
            "unclear": [place for place, law in enumerate(picker.laws, start=1) if law in NO_LAW],
            "kinds": [kind.title for kind in kinds.fine()],
            "entries": list(map(_mark, (marks.NEW, *map(Codes(MEASURED).of_value, picker.laws)))),
            "gone": _mark(marks.GONE),
            "lines": list(picker.lines),
            "seeds": picker.seeds(),
            "rows": rows,
        },
        separators=(",", ":"),
    )
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _mark(mark: Mark) -> list[str]:
    return [mark.code, mark.text, mark.style]


def _numbered() -> defaultdict[Key, int]:
    """Return a dictionary that numbers its keys in the order in which they are asked for."""
    return defaultdict(count().__next__)


class Picker(msgspec.Struct):
    """The rows of the picker, and what they refer to by number."""

    index: Index
    laws: defaultdict[str, int] = msgspec.field(default_factory=_numbered)
    lines: defaultdict[tuple[int, ...], int] = msgspec.field(default_factory=_numbered)
    texts: defaultdict[tuple[str, int], int] = msgspec.field(default_factory=_numbered)
    tables: defaultdict[tuple[tuple[int, ...], ...], int] = msgspec.field(default_factory=_numbered)
    facts: defaultdict[summary.Facets, int] = msgspec.field(default_factory=_numbered)
    homes: defaultdict[str, int] = msgspec.field(default_factory=_numbered)
    made: dict[tuple[str, tuple[int, ...]], int] = msgspec.field(default_factory=dict)

    def row(self, row: Row) -> Iterator[object]:
        """Yield a row's names, its laws, and its lines of other evidence."""
        yield from (row.symbol.name, row.role, self.index.slug(row.symbol.name))
        yield _lengths(map(self._law, row.cells))
        yield [self._equality(row.values[kind]) for kind in kinds.fine()]
        yield self.homes[wording.home(row.symbol.name)]
        yield self._line(
            self.facts[summary.facets(cell)] if cell.state is State.OBSERVED else NOT_RECORDED
            for cell in row.cells
        )
        for kind in SEEDED:
            yield self._related(row, kind)

    def seeds(self) -> dict[str, object]:
        """Return the texts about what one seed leads to; those about numbers with their claim."""
        words = dict.fromkeys(word for each in self.facts for word in each if word)
        place: dict[str | None, int] = {word: number for number, word in enumerate(words)}
        return {
            "named": wording.NAMED,
            "homes": list(self.homes),
            "titles": [kind.title for kind in SEEDED],
            "claims": list(summary.CLAIMS),
            "incomparable": summary.INCOMPARABLE,
            "equal": summary.SAME,
            "reuse": list(summary.TWICE.items()),
            "elsewhere": summary.ELSEWHERE,
            "same": place.get(Alike.SAME, NOT_RECORDED),
            "facets": summary.FACETS,
            "words": list(words),
            "facts": [[place.get(word, NOT_RECORDED) for word in each] for each in self.facts],
            "texts": list(self.texts),
            "tables": list(self.tables),
        }

    def _line(self, numbers: Iterable[int]) -> int:
        return self.lines[tuple(_lengths(numbers))]

    def _law(self, cell: Cell) -> int:
        """Return the number of a cell's law from 1; 0 if absent, negative if not comparable."""
        if cell.state in comparison.LACKS:
            return -1 - list(comparison.LACKS).index(cell.state)
        if cell.state is State.ABSENT:
            return 0
        return 1 + self.laws[MEASURED.value(cell) or UNRECOGNISED]

    def _equality(self, values: Iterable[Hashable | None]) -> int:
        """Return the line of a row's values of one kind, of which only the equality matters."""
        known: defaultdict[Hashable, int] = _numbered()
        return self._line(NOT_RECORDED if one is None else known[one] for one in values)

    def _related(self, row: Row, kind: Kind) -> tuple[int, int]:
        """Return the line of a row's different draws, and the table of how each two compare."""
        drawn = [
            self.index.drawn(kind, cell) if cell.state is State.OBSERVED else None
            for cell in row.cells
        ]
        first: dict[int, Cell] = {}
        for number, cell in zip(drawn, row.cells, strict=True):
            if number is not None:
                first.setdefault(number, cell)
        return self._equality(drawn), self._table(kind, first)

    def _table(self, kind: Kind, first: Mapping[int, Cell]) -> int:
        """Return the table of different draws, which rows with the same ones share."""
        key = (kind.key, tuple(first))
        if key not in self.made:
            cells = first.values()
            table = tuple(tuple(self._text(kind, was, now) for now in cells) for was in cells)
            self.made[key] = self.tables[table]
        return self.made[key]

    def _text(self, kind: Kind, was: Cell, now: Cell) -> int:
        """Return the number of the text of how two cells compare; 0 if neither has numbers."""
        found = self.index.relation(kind, was, now)
        if found is None or (kind is OWN_SEED and found.degree is Degree.SAME):
            return 0
        return 1 + self.texts[numbers.differ([found], ""), CLAIMS[found.degree]]


def _lengths(numbers: Iterable[int]) -> list[int]:
    """Return numbers run-length encoded: each one, then the number of its repetitions."""
    return [part for number, run in groupby(numbers) for part in (number, len(list(run)))]
