"""`python -m report explain tf.layers.conv2d`: print all evidence of a symbol.

The same texts are the facts on a symbol's page. Only equal values are merged, and missing ones
have the text of their mark.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from report import places
from report.errors import PlatformError
from report.evidence import Release, State, Status, platforms
from report.matrix import MEASURED, Cell, Change, Found, Index, Matrix, Run, build_matrix, lookup
from report.story import confirmations, fact, marks, numbers, summary, wording
from report.terminal import complain, say
from report.text import excerpt, short

UNKNOWN = 2
LONGEST = 200  # characters of a value before and after a change


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
        complain(f"not used: {count}; `nox -s report` says why")
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
    index = Index(matrix=matrix)
    for row in rows:
        history = wording.plain(wording.history_of(index, row))
        yield f"{row.symbol.name}, {row.role}: {history}"


def _range(run: Run) -> str:
    return run.first if run.first == run.last else f"{run.first} to {run.last}"


def explain(matrix: Matrix) -> Iterator[str]:
    """Yield the evidence of each row, run by run, and its changes."""
    index = Index(matrix=matrix)
    for row in matrix.rows:
        yield f"{row.symbol.name}, {row.role}"
        for run in row.runs[MEASURED]:
            yield from _run(run, index.releases[run.last])
        changes = [f"    {_change(index, each)}" for each in index.changes_of.get(row.key, ())]
        yield from ["  changes", *changes] if changes else []
        yield ""


def _run(run: Run, newest: Release) -> Iterator[str]:
    if run.state is not State.OBSERVED:
        for span, reason in fact.reasons(run.cells, MEASURED):
            yield f"  {span}: {marks.phrase(run.state)}: {reason}"
        return
    since = "" if run.exact or not run.changed else f" (changed after {run.after})"
    yield f"  {_range(run)}: {run.value}{since}"
    yield f"    as seen in {newest.version}, last confirmed: {confirmations.of_release(newest)}"
    yield from (f"    {line}" for line in _evidence(run.cells[-1]))


def _evidence(cell: Cell) -> Iterator[str]:
    for one in cell.evidence.measured:
        shape = "x".join(map(str, one.shape))
        yield (
            f"measured  {shape}: mean {one.mean:.3g}, std {one.std:.4g}, "
            f"min {one.min:.4g}, max {one.max:.4g}"
        )
    for title, text_of in fact.texts():
        if text := text_of(cell):
            yield f"{title.lower():<8}  {text}"
    for frame in cell.evidence.call_path:
        if not frame.wrapper:
            yield f"path      {frame.file}:{frame.line} {frame.function}"


def _change(index: Index, change: Change) -> str:
    """Return a change on one line; a long value is cut around what differs."""
    when = wording.edge(change.before_release, change.after_release, exact=change.exact)
    why = f" ({numbers.differ([change.relation], when)})" if change.relation else ""
    was, now = change.before or "none", change.after or "none"
    ends = (short(excerpt(*each, LONGEST), LONGEST) for each in ((was, now), (now, was)))
    values = summary.fact_changes(change.kind, *index.ends(change)) or " → ".join(ends)
    return f"{when}: {change.kind.key}: {values}{why}"
