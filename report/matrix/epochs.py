"""Name the numbers of each release after the earliest release that has the same numbers.

Numbers are compared, so that a cell's value depends on the other cells of its row. The rules:

1. A cell has the epoch of the nearest earlier cell with numbers if both have the same numbers.
2. Otherwise it has the epoch of the earliest cell with the same numbers: a release that returns
   to earlier numbers has their epoch again.
3. Otherwise its own release is its epoch.
4. A cell without numbers has no epoch.
5. So neighbours have one epoch exactly if they have the same numbers. Cells of one epoch may have
   no seed call in common; two of them that aren't neighbours are compared by ``Kind.relate``.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from report.matrix.kinds import KINDS, Kind
from report.matrix.records import Cell
from report.verdict import numbers


def labelled(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Return the cells of a row, oldest first, with their epochs."""
    by_kind = {kind.key: epochs(cells, kind) for kind in KINDS if kind.samples}
    return tuple(
        replace(cell, epochs={key: epoch for key, by in by_kind.items() if (epoch := by[place])})
        for place, cell in enumerate(cells)
    )


def epochs(cells: Sequence[Cell], kind: Kind) -> list[str | None]:
    """Return the epoch of each cell in one kind; None for a cell without numbers."""
    found: list[str | None] = []
    earlier: list[tuple[str, numbers.Samples]] = []
    for cell in cells:
        samples = kind.samples(cell.evidence) if kind.samples else {}
        if samples:
            epoch = _epoch(samples, earlier) or cell.release
            earlier.append((epoch, samples))
        found.append(epoch if samples else None)
    return found


def _epoch(samples: numbers.Samples, earlier: Sequence[tuple[str, numbers.Samples]]) -> str | None:
    """Return the epoch of an earlier cell with these numbers; None if there is none."""
    if not earlier:
        return None
    last, nearest = earlier[-1]
    if numbers.same(nearest, samples):
        return last
    others = ((epoch, each) for epoch, each in earlier if epoch != last)  # rule 5
    return next((epoch for epoch, each in others if numbers.same(each, samples)), None)
