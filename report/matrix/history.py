"""Find runs and changes: where neighbouring releases have the same value, and where not.

Pure functions over cells. The rules:

1. A run is a maximal range of neighbouring releases with the same state and value.
2. A release that was not observed, or whose probe failed, is never in a run with an observed
   one, and makes no change.
3. A change joins the two nearest releases that can be compared. It is exact if they are
   neighbours in the table; otherwise it happened after the first and by the second.
4. Appearing and disappearing are changes of existence only.
5. Evidence that was not recorded is not compared: it makes no change.
6. Nor is a symbol whose package is not installed with a release: it did not disappear. The
   releases on both sides are compared as across a gap.
7. Two draws in which no law was recognised are one run only if their measurements are equal.
   Otherwise they are two runs, with no change between them, as they can't be compared.
8. A change of numbers has the relation of the two releases that it joins: how much their numbers
   differ, and why. They may be not comparable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from msgspec.structs import replace

from report.evidence import State, Symbol
from report.matrix.kinds import EXISTENCE, KINDS, MEASURED, Kind
from report.matrix.records import Cell, Change, Row, Run
from report.verdict import NO_LAW

COMPARABLE = (State.OBSERVED, State.ABSENT)


def row(symbol: Symbol, role: str, cells: Sequence[Cell]) -> Row:
    """Return the row of a symbol and role, given its cells with their epochs."""
    found = {kind: runs(cells, kind) for kind in KINDS}
    values = {
        kind: tuple(run.value for run in each for _ in run.cells) for kind, each in found.items()
    }
    return Row(symbol=symbol, role=role, cells=tuple(cells), values=values, runs=found)


def runs(cells: Sequence[Cell], kind: Kind) -> tuple[Run, ...]:
    """Return the runs of one kind that partition a row's cells, oldest first."""
    found: list[Run] = []

    def key(cell: Cell) -> tuple[State, str | None, object]:
        nameless = kind is MEASURED and cell.law in NO_LAW  # rule 7
        return cell.state, kind.value(cell), cell.evidence.measured if nameless else None

    for (state, value, _), group in groupby(cells, key=key):
        before = _before(found, state, value)
        exact = before is None or before is found[-1]
        run = Run(state=state, value=value, cells=tuple(group), before=before, exact=exact)
        found.append(run)
    return tuple(found)


def _before(found: Sequence[Run], state: State, value: str | None) -> Run | None:
    """Return the earlier run from which a new run is a change; None if it is no change."""
    compared = [run for run in reversed(found) if run.state in COMPARABLE]
    if state not in COMPARABLE or not compared:
        return None
    if compared[0].state is not state:  # rule 4
        return compared[0]
    # rule 5: the last run that has a value, if the symbol has existed ever since
    recorded = (run for run in compared if run.state is not state or run.value is not None)
    last = next(recorded, None)
    moved = last is not None and last.state is state and value not in {None, last.value}
    return last if moved else None


def ranges(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Return the runs of a row joined across releases without a value, for use in sentences.

    Releases whose package is not installed form a range too. Each range but the first begins with
    a change, which is exact if the previous range is adjacent.
    """
    found: list[Run] = []
    silent: tuple[Cell, ...] = ()
    for run in runs:
        last = found[-1] if found else None
        if run.value is None and run.state not in {State.ABSENT, State.NOT_INSTALLED}:
            silent += run.cells
            continue
        if last and (last.state, last.value) == (run.state, run.value):
            found[-1] = replace(last, cells=(*last.cells, *silent, *run.cells))
        else:
            found.append(replace(run, before=last, exact=not (last and silent)))
        silent = ()
    return tuple(found)


def changes(row: Row) -> Iterator[Change]:
    """Yield the changes of one row, kind by kind, oldest first.

    Appearing and disappearing begin a run of every kind, but are changes of existence only.
    """
    for kind in KINDS:
        for run in row.runs[kind]:
            if run.before and (kind is EXISTENCE or run.before.state is run.state):
                yield Change(
                    symbol=row.symbol.name,
                    role=row.role,
                    kind=kind,
                    before_release=run.before.last,
                    before=run.before.value,
                    after_release=run.first,
                    after=run.value,
                    exact=run.exact,
                    relation=kind.relate(run.before.cells[-1], run.cells[0]),
                )
