"""The data by which the picker's script says of any two releases what a pair's page says.

A row's cells are numbered by what they drew, and a table has the text for each two of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

import msgspec

from report.evidence import State
from report.matrix import NUMBERS, OWN_SEED, Cell, Index, Kind, Row
from report.story import numbers, summary, wording
from report.verdict import Alike, Degree

NOT_RECORDED = -1
Lines = dict[tuple[int, ...], int]
CLAIMS = {degree: place for place, each in enumerate(summary.CLAIMS.values()) for degree in each}


def lengths(codes: Sequence[int]) -> list[int]:
    """Return the codes run-length encoded: each code, then the number of its repetitions."""
    return [part for code, run in groupby(codes) for part in (code, len(list(run)))]


class Seeds(msgspec.Struct):
    """What one seed leads to in each cell; collects the texts, tables and facts that occur.

    ``lines`` are the run-length encoded rows of the page, shared by rows that are equal.
    """

    index: Index
    lines: Lines
    texts: dict[tuple[str, int], int] = msgspec.field(default_factory=dict)
    tables: dict[tuple[tuple[int, ...], ...], int] = msgspec.field(default_factory=dict)
    made: dict[tuple[str, tuple[int, ...]], int] = msgspec.field(default_factory=dict)
    facts: dict[summary.Facets, int] = msgspec.field(default_factory=dict)
    homes: dict[str, int] = msgspec.field(default_factory=dict)

    def of_row(self, row: Row) -> list[object]:
        """Return a row's home, its facts, and its line and table in each kind with numbers."""
        home = wording.home(row.symbol.name)
        facts = [
            self.facts.setdefault(summary.facets(cell), len(self.facts))
            if cell.state is State.OBSERVED
            else NOT_RECORDED
            for cell in row.cells
        ]
        return [
            self.homes.setdefault(home, len(self.homes)),
            self._line(facts),
            *([*self._related(row, kind)] for kind in (NUMBERS, OWN_SEED)),
        ]

    def words(self) -> dict[str, object]:
        """Return the texts to which rows refer; those about numbers with their claim."""
        words = list(dict.fromkeys(word for each in self.facts for word in each if word))
        return {
            "named": wording.NAMED,
            "homes": list(self.homes),
            "titles": [kind.title for kind in (NUMBERS, OWN_SEED)],
            "claims": list(summary.CLAIMS),
            "equal": summary.SAME,
            "reuse": [summary.EQUAL, summary.APART],
            "again": summary.AGAIN,
            "same": words.index(Alike.SAME) if Alike.SAME in words else NOT_RECORDED,
            "facets": summary.FACETS,
            "words": words,
            "facts": [
                [words.index(word) if word else NOT_RECORDED for word in each]
                for each in self.facts
            ],
            "texts": list(self.texts),
            "tables": list(self.tables),
        }

    def _line(self, codes: Sequence[int]) -> int:
        return self.lines.setdefault(tuple(lengths(codes)), len(self.lines))

    def _related(self, row: Row, kind: Kind) -> tuple[int, int]:
        """Return the line of a row's different draws, and the table of how each two compare."""
        first: dict[int, Cell] = {}
        codes = []
        for cell in row.cells:
            if cell.state is not State.OBSERVED:
                codes.append(NOT_RECORDED)
                continue
            drawn = self.index.drawn(kind, cell)
            first.setdefault(drawn, cell)
            codes.append(list(first).index(drawn))
        return self._line(codes), self._table(kind, first)

    def _table(self, kind: Kind, first: Mapping[int, Cell]) -> int:
        """Return the table of different draws, which rows with the same ones share."""
        key = (kind.key, tuple(first))
        if key not in self.made:
            cells = first.values()
            table = tuple(tuple(self._text(kind, was, now) for now in cells) for was in cells)
            self.made[key] = self.tables.setdefault(table, len(self.tables))
        return self.made[key]

    def _text(self, kind: Kind, was: Cell, now: Cell) -> int:
        """Return the number of the text of how two cells compare; 0 if neither has numbers."""
        found = self.index.relation(kind, was, now)
        if found is None or (kind is OWN_SEED and found.degree is Degree.SAME):
            return 0
        key = (numbers.differ([found], ""), CLAIMS[found.degree])
        return 1 + self.texts.setdefault(key, len(self.texts))
