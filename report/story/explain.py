"""`python -m report explain tf.layers.conv2d`: print all evidence of a symbol.

The same texts are the facts on a symbol's page. Only equal values are merged, and missing ones
have the text of ``marks.SILENT``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

from report import places
from report.errors import PlatformError
from report.evidence import Release, Seeds, State, Status, platforms
from report.matrix import (
    MEASURED,
    NUMBERS,
    OWN_SEED,
    RESOLVED,
    REUSE,
    Cell,
    Found,
    Index,
    Kind,
    Matrix,
    Row,
    Run,
    build_matrix,
    history,
    kinds,
    lookup,
)
from report.story import confirmations, marks, numbers, wording
from report.terminal import complain, say
from report.text import short
from report.verdict import Accord

LONGEST = 2_000
UNKNOWN = 2
SEEDS = {
    Seeds.TENSORFLOW: "TensorFlow's seed call",
    Seeds.KERAS: "Keras's seed call",
    Seeds.EVERY: "every generator's seed call",
}


def command(symbol: str, platform: str | None) -> int:
    """Print the evidence of one symbol; return the exit code, 2 if there is no such symbol."""
    matrix = _observed(platform)
    found = lookup.find(symbol, list(dict.fromkeys(r.symbol.name for r in matrix.rows)))
    if not found.names:
        near = f"did you mean {' or '.join(found.nearest)}?" if found.nearest else ""
        complain(f"{symbol}: no such symbol; {near or 'probes/catalogue.py lists them'}")
        return UNKNOWN
    for line in _answer(matrix, symbol, found):
        say(line)
    return 0


def _observed(platform: str | None) -> Matrix:
    """Return the matrix. Raise PlatformError if no release in it was observed."""
    choice = platforms.choose(places.ROOT, platform)
    if choice.sentence:
        complain(choice.sentence)
    matrix = build_matrix(places.ROOT, choice.shown)
    if matrix.problems:
        count = wording.several(len(matrix.problems), "observation")
        complain(f"not used: {count}; `python -m report check` says why")
    if matrix.confirmation_problem:
        complain(matrix.confirmation_problem)
    if all(release.status is not Status.OBSERVED for release in matrix.releases):
        raise PlatformError(f"no release was observed on {choice.shown}; `nox` measures some")
    return matrix


def _answer(matrix: Matrix, typed: str, found: Found) -> Iterator[str]:
    """Yield all evidence of the symbol that was meant, or a line per row if it is ambiguous."""
    rows = tuple(row for row in matrix.rows if row.symbol.name in found.names)
    if found.names != (typed,):
        names = ", ".join(found.names)
        same = found.exact and "(" not in typed  # tensorflow.layers.dense, TF.LAYERS.DENSE
        how = "is taken for" if same else f"itself was not asked; {found.why}"
        yield f"{typed} {how} {names}"
        yield ""
    if found.exact or len(found.names) == 1:
        yield from explain(replace(matrix, rows=rows))
        return
    for row in rows:
        runs = history.runs_of(row, MEASURED)
        history_text = "; ".join(
            f"{_range(run)} {run.value or marks.phrase(run.state)}" for run in runs
        )
        yield f"{row.symbol.name}, {row.role}: {history_text}"


def _range(run: Run) -> str:
    return run.first if run.first == run.last else f"{run.first} to {run.last}"


def explain(matrix: Matrix) -> Iterator[str]:
    """Yield the evidence of each row, run by run, and its changes."""
    releases = {release.version: release for release in matrix.releases}
    for row in matrix.rows:
        yield f"{row.symbol.name}, {row.role}"
        for run in history.runs_of(row, MEASURED):
            yield from _run(run, releases[run.last])
        yield from _changes(matrix, row)
        yield ""


def _run(run: Run, newest: Release) -> Iterator[str]:
    cell = run.cells[-1]
    if run.state is not State.OBSERVED:
        yield f"  {_range(run)}: {marks.phrase(run.state)}: {cell.reason}"
        return
    since = "" if run.exact or not run.changed else f" (changed after {run.after})"
    yield f"  {_range(run)}: {run.value}{since}"
    yield f"    as seen in {newest.version}, last confirmed: {confirmations.of_release(newest)}"
    yield from (f"    {line}" for line in _evidence(cell))


def _evidence(cell: Cell) -> Iterator[str]:
    for one in cell.measured:
        shape = "x".join(map(str, one.shape))
        yield (
            f"measured  {shape}: mean {one.mean:.3g}, std {one.std:.4g}, "
            f"min {one.min:.4g}, max {one.max:.4g}"
        )
    for title, text_of in _texts():
        if text := text_of(cell):
            yield f"{title.lower():<8}  {text}"
    for frame in cell.evidence.call_path:
        if not frame.wrapper:
            yield f"path      {frame.file}:{frame.line} {frame.function}"


def _changes(matrix: Matrix, row: Row) -> Iterator[str]:
    mine = [change for change in matrix.changes if change.key == row.key]
    if mine:
        yield "  changes"
    for change in mine:
        when = wording.edge(change.before_release, change.after_release, exact=change.exact)
        why = f" ({numbers.differ([change.relation], when)})" if change.relation else ""
        values = f"{_first(change.before)} -> {_first(change.after)}"
        yield f"    {when}: {change.kind.key}: {values}{why}"


def _first(text: str | None) -> str:
    """Return the first line of a value, so that a change stays on one line."""
    return (text or "none").splitlines()[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact about a run: its title, and its text for each range of releases that share it."""

    title: str
    values: tuple[tuple[str, str], ...]


def spans(
    index: Index, cells: Sequence[Cell], text_of: Callable[[Cell], str]
) -> tuple[tuple[str, str], ...]:
    """Return the ranges of releases with the text that each shares, without empty texts.

    A text too long for a page is shortened; the data files have it in full.
    """
    found = []
    for text, group in groupby(cells, key=text_of):
        members = list(group)
        found.append((index.span(members[0].release, members[-1].release), text))
    return tuple((span, short(text, LONGEST)) for span, text in found if text)


def facts(index: Index, cells: Sequence[Cell]) -> Iterator[Fact]:
    """Yield every kind of evidence of a run."""
    for title, text_of in _texts():
        if values := spans(index, cells, text_of):
            yield Fact(title=title, values=values)


def _texts() -> Iterator[tuple[str, Callable[[Cell], str]]]:
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
    return kind.value(cell) or marks.lacking(cell, kind).text


def _numbers(seeds: Seeds, cell: Cell) -> str:
    """Return the numbers after one kind of seed call; empty if none of it repeats them."""
    return "".join(
        f"{one.call}: {numbers.draws(one.draws)}"
        for one in cell.evidence.numbers
        if one.seeds is seeds
    )


def _stream(cell: Cell) -> str:
    return numbers.stream(cell.evidence.numbers[0].draws[0].stream) if cell.evidence.numbers else ""


def _own_numbers(cell: Cell) -> str:
    own = cell.evidence.own_seed
    return numbers.draws(own.draws) if own else ""


def _warning(cell: Cell) -> str:
    reuse = cell.evidence.reuse
    return " ".join(reuse.warns) or "none" if reuse else ""


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
