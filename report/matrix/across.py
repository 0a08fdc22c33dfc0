"""Compare the matrices of two platforms, at the releases that were observed on both.

What differs is found as between two readings of one platform (``moves.py``), so that the kinds,
their words and the degrees of numbers are the same. What differs by nature is no difference: the
platform's name, the distribution and its name in call paths, and the lock file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import msgspec

from report.evidence import differing, platforms
from report.matrix import moves
from report.matrix.build import build_matrix
from report.matrix.history import COMPARABLE
from report.matrix.kinds import KINDS, Kind
from report.matrix.moves import Move
from report.matrix.records import Cell, Count, Matrix


class Across(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The comparison of a matrix with the one of another platform.

    ``releases`` were observed on both, oldest first: nothing else was compared. ``moves`` are the
    cells that differ; ``before`` is on the shown platform, ``after`` on the other. A cell that only
    one of them has is a move without a kind. ``others`` has, by release, the fields that differ
    beyond the moves with the number of cells: statistics in their last digits, or a call path,
    but for the names of distributions.
    """

    shown: Matrix
    other: Matrix
    releases: tuple[str, ...]
    moves: tuple[Move, ...]
    others: Mapping[str, Counter[str]]

    @property
    def versions(self) -> tuple[str, ...]:
        """Every release of either platform, oldest first."""
        longer_first = sorted(self._both, key=lambda each: -len(each.releases))
        return tuple(dict.fromkeys(r.version for each in longer_first for r in each.releases))

    @property
    def problems(self) -> tuple[str, ...]:
        """The problems of the other platform's observations, each with the name of its folder."""
        found = (*self.other.problems, self.other.confirmation_problem)
        return tuple(f"{self.other.platform}/{sentence}" for sentence in found if sentence)

    @property
    def _both(self) -> tuple[Matrix, Matrix]:
        return self.shown, self.other

    @cached_property
    def pairs(self) -> tuple[tuple[Cell, Cell], ...]:
        """The cells that were compared, each with the other platform's."""
        was, now = map(moves.probed, self._both)
        both = ((was[key], now[key]) for key in was if key in now and key[2] in self.releases)
        return tuple(each for each in both if {cell.state for cell in each} <= {*COMPARABLE})

    @cached_property
    def moved(self) -> Mapping[tuple[str, str, str], Mapping[Kind | None, Move]]:
        """The moves by kind of each cell that has any, by symbol, role and release."""
        found: dict[tuple[str, str, str], dict[Kind | None, Move]] = {}
        for move in self.moves:
            found.setdefault((move.symbol, move.role, move.release), {})[move.kind] = move
        return found

    @cached_property
    def counts(self) -> tuple[Count, ...]:
        """How many cells were compared in each kind in which any was, and how many differ."""
        compared, differ = Counter[Kind](), Counter[Kind]()
        for cell, other in self.pairs:
            moved = self.moved.get((cell.symbol, cell.role, cell.release), ())
            for kind in KINDS:
                if kind.value(cell) is not None and kind.value(other) is not None:
                    compared[kind] += 1
                    differ[kind] += kind in moved
        return tuple(
            Count(kind=kind, compared=compared[kind], differ=differ[kind])
            for kind in KINDS
            if compared[kind]
        )


def compare(shown: Matrix, other: Matrix) -> Across:
    """Return the comparison of two matrices, which may be of one platform and two machines."""
    one = shown.platform == other.platform
    alike = differing.ON_TWO_MACHINES if one else differing.ON_TWO_PLATFORMS
    seen = moves.observed(shown) & moves.observed(other)
    found = tuple(moves.cells(shown, other))
    others = moves.others(shown, other, found, alike)
    return Across(
        shown=shown,
        other=other,
        releases=tuple(each.version for each in shown.releases if each.version in seen),
        moves=found,
        others={version: each for version, each in others.items() if each and version in seen},
    )


def with_others(root: Path, shown: Matrix) -> tuple[Across, ...]:
    """Return the comparison with each other platform that has observations, by its name."""
    others = (name for name in platforms.known(root) if name != shown.platform)
    return tuple(compare(shown, build_matrix(root, name)) for name in others)
