"""A row's history as statements: each value with its range, and how that range begins and ends.

A statement holds only what was compared. Where the release before a value was not compared,
its beginning is open, or lies after one release and by another; what was not compared inside
a range is named with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from report.evidence import State
from report.matrix.kinds import MEASURED, Kind
from report.matrix.records import Cell

_NAMED = 3  # so many releases are named one by one; more are counted


class Start(StrEnum):
    """How a value's range begins."""

    OPEN = "open"  # nothing before it was compared
    EXACT = "exact"  # the release before it in the table says otherwise
    GAP = "gap"  # an earlier release says otherwise, and those between say nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A value that was seen from ``first`` to ``last``, both included.

    ``after`` is the last release before it that says otherwise. ``unseen`` are the releases
    inside the range that say nothing, ``disputed`` those whose evidence disagrees. ``whole``
    is true where it reaches from the first release of the table to the last; ``current``
    where it reaches the last; ``ended`` where a later release says otherwise.
    """

    state: State
    value: str | None
    first: str
    last: str
    start: Start
    after: str | None = None
    unseen: tuple[str, ...] = ()
    disputed: tuple[str, ...] = ()
    whole: bool = False
    current: bool = False
    ended: bool = False


def statements(cells: Sequence[Cell], kind: Kind = MEASURED) -> tuple[Statement, ...]:
    """Return the values of one row, oldest first, joined over releases that say nothing."""
    known = [(at, cell) for at, cell in enumerate(cells) if _says(cell, kind)]
    grouped = groupby(known, key=lambda each: (each[1].state, kind.value(each[1])))
    groups = [[at for at, _ in group] for _, group in grouped]
    return tuple(_statement(cells, kind, groups, index) for index in range(len(groups)))


def _says(cell: Cell, kind: Kind) -> bool:
    """Whether a cell says what is there, or that nothing is."""
    if cell.state is State.OBSERVED:
        return kind.value(cell) is not None
    return cell.state in {State.ABSENT, State.NOT_INSTALLED}


def _statement(
    cells: Sequence[Cell], kind: Kind, groups: Sequence[Sequence[int]], index: int
) -> Statement:
    places = groups[index]
    first, last = places[0], places[-1]
    before = groups[index - 1][-1] if index else None
    return Statement(
        state=cells[first].state,
        value=kind.value(cells[first]),
        first=cells[first].release,
        last=cells[last].release,
        start=_start(before, first),
        after=None if before is None else cells[before].release,
        unseen=tuple(cells[at].release for at in range(first, last) if at not in places),
        disputed=tuple(cells[at].release for at in places if cells[at].conflict),
        whole=first == 0 and last == len(cells) - 1,
        current=last == len(cells) - 1,
        ended=index + 1 < len(groups),
    )


def _start(before: int | None, first: int) -> Start:
    if before is None:
        return Start.OPEN
    return Start.EXACT if before == first - 1 else Start.GAP


def few(releases: Sequence[str]) -> bool:
    """Whether releases are few enough to be named one by one."""
    return len(releases) <= _NAMED
