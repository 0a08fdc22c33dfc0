"""`python -m report explain tf.layers.conv2d`: the answer for one symbol, in the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from report import places
from report.errors import PlatformError
from report.evidence import State, Status, platforms
from report.matrix import MEASURED, Cell, Found, Matrix, Row, Run, build_matrix, history, lookup
from report.story import wording
from report.terminal import complain, say

UNKNOWN = 2


def command(symbol: str, platform: str | None) -> int:
    """Print what is known of one symbol; return 2 where there is no such symbol."""
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
    """Return the matrix; raises PlatformError where no release in it was observed."""
    choice = platforms.choose(places.ROOT, platform)
    if choice.sentence:
        complain(choice.sentence)
    matrix = build_matrix(places.ROOT, choice.shown)
    if matrix.problems:
        count = wording.several(len(matrix.problems), "observation")
        complain(f"not used: {count}; `python -m report check` says why")
    if all(release.status is not Status.OBSERVED for release in matrix.releases):
        raise PlatformError(f"no release was observed on {choice.shown}; `nox` measures some")
    return matrix


def _answer(matrix: Matrix, typed: str, found: Found) -> Iterator[str]:
    """Yield the whole answer for what was meant, or a line for each of what may have been."""
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
        runs = history.runs(row.cells, MEASURED)
        history_text = "; ".join(f"{_range(run)} {run.value or run.state}" for run in runs)
        yield f"{row.symbol.name}, {row.role}: {history_text}"


def _range(run: Run) -> str:
    return run.first if run.first == run.last else f"{run.first} to {run.last}"


def explain(matrix: Matrix) -> Iterator[str]:
    """Yield the lines of the answer: by role its runs, and of each run the evidence."""
    for row in matrix.rows:
        yield f"{row.symbol.name}, {row.role}"
        for run in history.runs(row.cells, MEASURED):
            yield from _run(run)
        yield from _changes(matrix, row)
        yield ""


def _run(run: Run) -> Iterator[str]:
    cell = run.cells[-1]
    if run.state is not State.OBSERVED:
        yield f"  {_range(run)}: {run.state}: {cell.reason}"
        return
    since = "" if run.exact or not run.changed else f" (changed after {run.after})"
    yield f"  {_range(run)}: {run.value}{since}"
    yield from (f"    {line}" for line in _evidence(cell))


def _evidence(cell: Cell) -> Iterator[str]:
    yield f"as seen in {cell.release}"
    if cell.agreement:
        yield f"{cell.agreement.state}: {cell.agreement.text}"
    if cell.declared:
        yield f"declared  {cell.declared}"
    resolved = cell.evidence.resolved
    if resolved:
        constants = ", ".join(f"{key}={value:g}" for key, value in resolved.constants.items())
        op = f", {resolved.op}({constants})" if resolved.op else ""
        yield f"resolved  {resolved.module}.{resolved.class_name}{op}"
    for one in cell.measured:
        shape = "x".join(map(str, one.shape))
        yield (
            f"measured  {shape}: mean {one.mean:.3g}, std {one.std:.4g}, "
            f"min {one.min:.4g}, max {one.max:.4g}"
        )
    if repeat := cell.evidence.repeat:
        yield f"repeats   after the seed call of TensorFlow: {_word(repeat.tf)}"
        yield f"          after the seed call of Keras: {_word(repeat.keras)}"
    for frame in cell.evidence.call_path:
        if not frame.wrapper:
            yield f"path      {frame.file}:{frame.line} {frame.function}"


def _changes(matrix: Matrix, row: Row) -> Iterator[str]:
    mine = [c for c in matrix.changes if (c.symbol, c.role) == (row.symbol.name, row.role)]
    if mine:
        yield "  changes"
    for change in mine:
        when = wording.edge(change.before_release, change.after_release, exact=change.exact)
        yield f"    {when}: {change.kind.key}: {_first(change.before)} -> {_first(change.after)}"


def _word(answer: bool | None) -> str:  # noqa: FBT001 - an answer of the evidence
    return {True: "yes", False: "no", None: "has none"}[answer]


def _first(text: str | None) -> str:
    """Return the first line of a value, so that a change stays on one line."""
    return (text or "none").splitlines()[0]
