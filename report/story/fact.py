"""The facts about a run: every kind of evidence as text, for pages and for the terminal.

Only equal values are merged. A kind that a release has no value of has the text of its mark, or
none if it does not apply.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import msgspec

from report.evidence import Seeds
from report.matrix import NUMBERS, OWN_SEED, RESOLVED, REUSE, Cell, Index, Kind, kinds
from report.story import marks, numbers, wording
from report.text import short
from report.verdict import Accord

LONGEST = 2_000
SEEDS = {
    Seeds.TENSORFLOW: "TensorFlow's seed call",
    Seeds.KERAS: "Keras's seed call",
    Seeds.EVERY: "every generator's seed call",
}


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """One fact about a run: its title, and its text for each range of releases that share it."""

    title: str
    values: tuple[tuple[str, str], ...]


def spans(
    index: Index, cells: Sequence[Cell], text_of: Callable[[Cell], str]
) -> tuple[tuple[str, str], ...]:
    """Return the ranges of releases with the text that each shares, without empty texts.

    A text too long for a page is shortened; the data files have it in full.
    """
    ranges = wording.by_range((cell.release, text_of(cell)) for cell in cells)
    return tuple(
        (index.span(first, last), short(text, LONGEST)) for first, last, text in ranges if text
    )


def reasons(cells: Sequence[Cell], kind: Kind) -> list[tuple[str, str]]:
    """Return why cells have no value of a kind, each reason with its range of versions."""
    reasons = ((cell.release, cell.reason or marks.lacking(cell, kind).text) for cell in cells)
    return [
        (first if first == last else f"{first} to {last}", reason)
        for first, last, reason in wording.by_range(reasons)
    ]


def facts(index: Index, cells: Sequence[Cell]) -> Iterator[Fact]:
    """Yield every kind of evidence of a run."""
    for title, text_of in texts():
        if values := spans(index, cells, text_of):
            yield Fact(title=title, values=values)


def texts() -> Iterator[tuple[str, Callable[[Cell], str]]]:
    """Yield the title of each fact and the function that returns its text for a cell."""
    for kind in kinds.others():
        yield kind.title, partial(_value, kind)
        if kind is RESOLVED:
            yield "In the graph", _operation
            yield "Agreement", _agreement
        if kind is NUMBERS:
            for seeds, words in SEEDS.items():
                yield f"Numbers, {words}", partial(_numbers, seeds)
            yield "What decided them", _stream
        if kind is OWN_SEED:
            yield "Numbers, own seed", _own_numbers
        if kind is REUSE:
            yield "Warning about reuse", _warning


def _value(kind: Kind, cell: Cell) -> str:
    """Return a cell's value; empty if the kind does not apply."""
    if value := kind.value(cell):
        return value
    mark = marks.lacking(cell, kind)
    return "" if mark is marks.INAPPLICABLE else mark.text


def _numbers(seeds: Seeds, cell: Cell) -> str:
    """Return the numbers after one kind of seed call; empty if none of it repeats them."""
    others: dict[tuple[str, ...], str] = {}
    for one in cell.evidence.numbers:
        digests = tuple(draw.digest for draw in one.draws)
        if one.seeds is seeds:
            same = others.get(digests)
            return f"{one.call}: {f'as after {same}' if same else numbers.draws(one.draws)}"
        others.setdefault(digests, one.call)
    return ""


def _stream(cell: Cell) -> str:
    return numbers.stream(cell.evidence.numbers[0].draws[0].stream) if cell.evidence.numbers else ""


def _own_numbers(cell: Cell) -> str:
    own = cell.evidence.own_seed
    return numbers.draws(own.draws) if own else ""


def _warning(cell: Cell) -> str:
    reuse = cell.evidence.reuse
    return " ".join(" ".join(reuse.warns).split()) if reuse else ""


def _operation(cell: Cell) -> str:
    resolved = cell.evidence.resolved
    if not resolved:
        return marks.SILENT.text
    if not resolved.op:
        return "no graph is built"
    constants = resolved.constants
    texts = (f"{key} = {_plain(constants[key])}" for key in sorted(constants))
    return f"{resolved.op}({', '.join(texts)})"


def _plain(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else json.dumps(value, ensure_ascii=False)


def _agreement(cell: Cell) -> str:
    found = cell.agreement
    if found is None:
        return marks.SILENT.text
    if found.state is Accord.AGREE:
        return f"measured as {found.text}"
    return found.text if found.state is Accord.CONFLICT else f"not compared: {found.text}"
