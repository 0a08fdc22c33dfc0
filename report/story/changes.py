"""Wording of a change: its values before and after, or how much numbers differ and why."""

from __future__ import annotations

from collections.abc import Sequence

from report.evidence import State
from report.matrix import (
    EXISTENCE,
    MEASURED,
    NUMBERS,
    OWN_SEED,
    REPEAT,
    REUSE,
    Cell,
    Change,
    Index,
    Kind,
    Row,
    kinds,
)
from report.story import marks, numbers, summary, wording
from report.story.wording import CODE, TEXT, Piece
from report.text import short
from report.verdict import Degree, Reason

# What one seed leads to: kinds that matter less than the law, and more than existence.
SEEDED = (NUMBERS, REPEAT, OWN_SEED, REUSE)
FINE = 3  # the level of warnings and spelling


def level(kind: Kind) -> int:
    """Return how much a change of a kind matters; 0 is the law, which matters most."""
    order = {MEASURED: 0, **dict.fromkeys(SEEDED, 1), EXISTENCE: 2}
    return order.get(kind, FINE)


def fine() -> tuple[Kind, ...]:
    """Return the kinds of warnings and spelling."""
    return tuple(kind for kind in kinds.others() if level(kind) == FINE)


def rows(index: Index, kind: Kind) -> tuple[Row, ...]:
    """Return the rows of a kind's page: layers, and initializers if one seed leads to it."""
    if kind not in SEEDED:
        return index.layers
    every = (*index.layers, *index.initializers)
    return tuple(row for row in every if any(row.values[kind]))


def transition(index: Index, change: Change) -> list[Piece]:
    """Return the values before and after a change, without its symbol and release."""
    if change.kind is EXISTENCE:
        return _existence(index, change)
    if change.kind.samples:
        return of_numbers(index, [change])
    if facts := summary.fact_changes(change.kind, *_cells(index, change)):
        return [(TEXT, facts)]
    title = "" if change.kind is MEASURED else f"{change.kind.title.lower()} "
    return [(TEXT, title), *_arrow(change.before, change.after)]


def of_numbers(index: Index, changes: Sequence[Change]) -> list[Piece]:
    """Return changes of numbers, with the same degree, reasons and bare values, as text."""
    first = changes[0]
    before, after = bare(index, first)
    pieces = [] if first.kind is NUMBERS else [(TEXT, f"{first.kind.title.lower()}: ")]
    pieces += _arrow(before, after) if before != after else []
    relations = [change.relation for change in changes if change.relation]
    if relations and relations[0].degree is not Degree.SAME:
        pieces.append((TEXT, "; " if before != after else ""))
        pieces.append((TEXT, numbers.differ(relations, wording.when(index, first))))
    return pieces


def bare(index: Index, change: Change) -> tuple[str | None, str | None]:
    """Return the values before and after a change of numbers, without their epochs."""
    before, after = map(change.kind.bare, _cells(index, change))
    return before, after


def _cells(index: Index, change: Change) -> tuple[Cell, Cell]:
    """Return the cells before and after a change."""
    row = index.rows[change.key]
    return index.cell(row, change.before_release), index.cell(row, change.after_release)


def _arrow(before: str | None, after: str | None) -> list[Piece]:
    return [(CODE, short(before)), (TEXT, " → "), (CODE, short(after))]


def by_law(change: Change) -> bool:
    """Whether numbers changed because the law did, so that the law's change tells it."""
    cause = change.relation.cause if change.relation else None
    return cause is not None and Reason.LAW in cause.reasons


def _existence(index: Index, change: Change) -> list[Piece]:
    if change.after == State.ABSENT.value:
        return [(TEXT, marks.GONE.text)]
    row = index.rows[change.key]
    place = index.place[change.after_release]
    again = any(cell.state is State.OBSERVED for cell in row.cells[:place])
    verdict = row.cells[place].verdict
    start: list[Piece] = [(TEXT, ", with "), *wording.law_and_role(verdict.name)] if verdict else []
    return [(TEXT, "back" if again else "new"), *start]
