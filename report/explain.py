"""`python -m report.explain tf.layers.conv2d`: the answer for one symbol, in the terminal."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from report import history, load
from report.matrix import build
from report.model import Aspect, State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from report.model import Cell, Matrix, Row, Run

FLAGSHIP = "tf.layers.conv2d"


def main(arguments: list[str] | None = None) -> int:
    """Print what is known of one symbol; return 2 where there is no such symbol."""
    name = (arguments or sys.argv[1:] or [FLAGSHIP])[0]
    matrix = build(load.ROOT, "linux-x86_64", only=name)
    if not matrix.rows:
        print(f"{name}: no such symbol; probes/catalogue.py lists them", file=sys.stderr)
        return 2
    for line in explain(matrix):
        print(_safe(line))
    return 0


def explain(matrix: Matrix) -> Iterator[str]:
    """Yield the lines of the answer: by role its runs, and of each run the evidence."""
    for row in matrix.rows:
        yield f"{row.symbol.name}, {row.role}"
        for run in history.runs(row.cells, Aspect.VERDICT):
            yield from _run(run)
        yield from _changes(matrix, row)
        yield ""


def _run(run: Run) -> Iterator[str]:
    releases = run.first if run.first == run.last else f"{run.first} to {run.last}"
    cell = run.cells[-1]
    if run.state is not State.OBSERVED:
        yield f"  {releases}: {run.state}: {cell.reason}"
        return
    since = "" if run.exact or not run.changed else f" (changed after {run.after})"
    yield f"  {releases}: {run.value}{since}"
    yield from (f"    {line}" for line in _evidence(cell))


def _evidence(cell: Cell) -> Iterator[str]:
    yield f"as seen in {cell.release}"
    if cell.agreement:
        yield f"{cell.agreement.state}: {cell.agreement.text}"
    if cell.declared:
        yield f"declared  {cell.declared['keyword']}={cell.declared['default']}"
    resolved = cell.evidence["resolved"]
    if resolved:
        constants = ", ".join(f"{key}={value:g}" for key, value in resolved["constants"].items())
        op = f", {resolved['op']}({constants})" if resolved["op"] else ""
        yield f"resolved  {resolved['module']}.{resolved['class']}{op}"
    for one in cell.measured:
        shape = "x".join(map(str, one.shape))
        yield (
            f"measured  {shape}: mean {one.mean:.3g}, std {one.std:.4g}, "
            f"min {one.min:.4g}, max {one.max:.4g}"
        )
    repeat = cell.evidence["repeat"]
    yield f"repeats   after the seed call of TensorFlow: {_word(repeat['tf'])}"
    yield f"          after the seed call of Keras: {_word(repeat['keras'])}"
    for frame in cell.evidence["call_path"]:
        if not frame["wrapper"]:
            yield f"path      {frame['file']}:{frame['line']} {frame['function']}"


def _changes(matrix: Matrix, row: Row) -> Iterator[str]:
    mine = [c for c in matrix.changes if (c.symbol, c.role) == (row.symbol.name, row.role)]
    if mine:
        yield "  changes"
    for change in mine:
        when = (
            f"in {change.after_release}"
            if change.exact
            else f"after {change.before_release}, by {change.after_release}"
        )
        yield f"    {when}: {change.aspect}: {_first(change.before)} -> {_first(change.after)}"


def _word(answer: bool | None) -> str:  # noqa: FBT001 - an answer of the evidence
    return {True: "yes", False: "no", None: "has none"}[answer]


def _first(text: str | None) -> str:
    """Return the first line of a value, so that a change stays on one line."""
    return (text or "none").splitlines()[0]


def _safe(line: str) -> str:
    """Return a line whose control characters can't move a terminal's cursor."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line)


if __name__ == "__main__":
    gc.disable()  # all that is read stays in use to the end, so that there is nothing to collect
    sys.exit(main())
