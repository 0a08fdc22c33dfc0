"""What a run's cells say, kind by kind, each with the range over which it reads the same.

Nothing is merged that is not equal; what is missing reads "not recorded".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from report.matrix import RESOLVED, Cell, Index, Kind, kinds
from report.story import marks
from report.text import short
from report.verdict import Accord

HASH = 12
LONGEST = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One kind of evidence and the ranges over which it reads the same."""

    title: str
    values: tuple[tuple[str, str], ...]


def ranges(
    index: Index, cells: Sequence[Cell], say: Callable[[Cell], str]
) -> tuple[tuple[str, str], ...]:
    """Return each text with the range over which it is said; silence is left out.

    A text too long for a page is cut: the whole of it is in the data.
    """
    found = []
    for text, group in groupby(cells, key=say):
        members = list(group)
        found.append((index.span(members[0].release, members[-1].release), text))
    return tuple((span, short(text, LONGEST)) for span, text in found if text)


def facts(index: Index, cells: Sequence[Cell]) -> Iterator[Fact]:
    """Yield every kind of evidence of a run."""
    for title, say in _sayings():
        yield Fact(title=title, values=ranges(index, cells, say))


def _sayings() -> Iterator[tuple[str, Callable[[Cell], str]]]:
    """Yield what is written of a cell: the kinds of the table, and what stands behind them."""
    for kind in kinds.others():
        yield kind.title, partial(_value, kind)
        if kind is RESOLVED:
            yield "In the graph", _operation
            yield "Agreement", _agreement
    yield "Bytes for one seed", _bytes


def _value(kind: Kind, cell: Cell) -> str:
    return kind.value(cell) or marks.SILENT.text


def _operation(cell: Cell) -> str:
    resolved = cell.evidence.resolved
    if not resolved:
        return marks.SILENT.text
    if not resolved.op:
        return "no graph is built"
    constants = resolved.constants
    said = ", ".join(f"{key} = {_plain(constants[key])}" for key in sorted(constants))
    return f"{resolved.op}({said})"


def _plain(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else json.dumps(value, ensure_ascii=False)


def _bytes(cell: Cell) -> str:
    numbers = cell.evidence.numbers
    return f"sha256 {numbers.digest[:HASH]}…" if numbers else marks.SILENT.text


def _agreement(cell: Cell) -> str:
    found = cell.agreement
    if found is None:
        return marks.SILENT.text
    if found.state is Accord.AGREE:
        return f"measured as {found.text}"
    return found.text if found.state is Accord.CONFLICT else f"not compared: {found.text}"
