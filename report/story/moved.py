"""How the cells that differ between two readings do so, and their lists as Markdown.

Changes of law come first, then the other kinds in the order of the table of kinds, then cells
that could not be compared. Long lists are folded after their first lines, and the output stays
below GitHub's size limit for a step summary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from report.evidence import Release, State
from report.matrix import EXISTENCE, KINDS, MEASURED, Cell, Kind, Matrix, Move
from report.story import marks, numbers, summary, wording
from report.story.wording import CODE, TEXT, Piece
from report.text import excerpt
from report.text import for_markdown as escaped
from report.verdict import Relation

OPEN = 20  # lines of a list before the fold
LARGEST = 900_000  # bytes; GitHub shows no summary of more than 1,048,576
FEWEST = 3  # neighbouring releases from which on only the first and the last are named
LONGEST = 120  # characters of a value
ITEM = "- "
NOT_ASKED = "not asked for"
NOT_IN_TABLE = "not in the table"
CELL = "cell"
NOT_COMPARED = "Not compared"
UNSHOWN = "which differ in what is not shown"
LAW_FIRST = (MEASURED, *(kind for kind in KINDS if kind is not MEASURED))


def alike(
    moves: Sequence[Move], degree: Callable[[Relation], str]
) -> Iterator[tuple[Kind | None, tuple[Piece, ...], list[list[Move]]]]:
    """Yield a kind (None: not compared), how cells differ in it, and the moves of each row.

    The rows differ alike in the same releases. ``degree`` says how much numbers differ.
    """
    cells = wording.grouped(
        moves, lambda move: (move.kind, tuple(_how(move, degree)), move.symbol, move.role)
    )
    rows = wording.grouped(
        cells, lambda key: (*key[:2], tuple(move.release for move in cells[key]))
    )
    order = (*LAW_FIRST, None)
    for (kind, how, _), keys in sorted(rows.items(), key=lambda row: order.index(row[0][0])):
        yield kind, how, [cells[key] for key in keys]


def _how(move: Move, degree: Callable[[Relation], str]) -> list[Piece]:
    """Return a cell's values before and after; of numbers, how much they differ."""
    kind, before, after = move.kind, move.before, move.after
    if kind is None or kind is EXISTENCE or before is None or after is None:
        return arrow(_state(before), _state(after))
    differ: list[Piece] = [(TEXT, degree(move.relation))] if move.relation else []
    if move.differs_in_numbers_alone:
        return differ
    if facts := summary.fact_changes(kind, before, after):
        return [(TEXT, facts)]
    values = arrow(_value(kind, before), _value(kind, after))
    return [*values, (TEXT, "; "), *differ] if differ else values


def _state(cell: Cell | None) -> list[Piece]:
    """Return a cell's state, with its law or, unless it is absent, its reason."""
    if cell is None:
        return [(TEXT, NOT_ASKED)]
    law: list[Piece] = [(TEXT, ", "), (CODE, cell.law)] if cell.law else []
    reason = None if cell.state is State.ABSENT else cell.reason
    return [(TEXT, marks.BY_STATE[cell.state].text), *law, *bracketed(reason)]


def _value(kind: Kind, cell: Cell) -> list[Piece]:
    """Return a cell's value of one kind without the epoch of its numbers, or why it has none."""
    value = kind.bare(cell)
    if value is None:
        return [(TEXT, marks.lacking(cell, kind).text)]
    note = cell.verdict.note if kind is MEASURED and cell.verdict else None
    return [(CODE, value), *bracketed(note)]


def bracketed(note: str | None) -> list[Piece]:
    """Return a note in brackets, after a space; nothing if there is none."""
    return [(TEXT, " ("), (TEXT, note), (TEXT, ")")] if note else []


def outcome(release: Release | None) -> list[Piece]:
    """Return the status of a release, with its reason."""
    if release is None:
        return [(TEXT, NOT_IN_TABLE)]
    return [(TEXT, marks.STATUSES[release.status]), *bracketed(release.reason)]


def arrow(was: Sequence[Piece], now: Sequence[Piece]) -> list[Piece]:
    """Return two values as text; long ones are cut around their first difference."""
    before, after = _cut(was, now), _cut(now, was)
    alike = wording.plain(before).split() == wording.plain(after).split()
    unshown = f", {UNSHOWN}" if alike else ""
    return [*before, (TEXT, " → "), *after, (TEXT, unshown)]


def _cut(pieces: Sequence[Piece], others: Sequence[Piece]) -> list[Piece]:
    texts = [text for _, text in others] + [""] * len(pieces)
    return [
        (kind, excerpt(text, other, LONGEST))
        for (kind, text), other in zip(pieces, texts, strict=False)
    ]


def fields(counts: Mapping[str, int]) -> list[Piece]:
    """Return the names of fields as text, each with the number of cells in which it differs."""
    parts: list[list[Piece]] = [
        [(CODE, field), (TEXT, f" in {wording.several(count, CELL)}" if count else "")]
        for field, count in sorted(counts.items())
    ]
    return wording.joined(parts, ", ")


def cells(moves: Sequence[Move], order: Sequence[str]) -> Iterator[str]:
    """Yield a section for each kind in which cells moved; ``order`` has the releases in order."""
    items: dict[Kind | None, list[str]] = {}
    for kind, how, rows in alike(moves, lambda relation: numbers.degree([relation])):
        names = wording.markdown(wording.where((row[0].symbol, row[0].role) for row in rows))
        releases = escaped(ranges([move.release for move in rows[0]], order))
        items.setdefault(kind, []).append(f"{ITEM}{names}, {releases}: {wording.markdown(how)}")
    for kind, lines in items.items():
        count = wording.several(sum(move.kind is kind for move in moves), CELL)
        yield from section(f"{kind.title if kind else NOT_COMPARED}: {count}", lines)


def ranges(releases: Sequence[str], order: Sequence[str]) -> str:
    """Return releases as text, neighbours in the table as a range: "1.4, 2.1 to 2.5"."""
    runs = wording.neighbours(releases, order)
    return ", ".join(
        f"{run[0]} to {run[-1]}" if len(run) >= FEWEST else ", ".join(run) for run in runs
    )


def refused(matrix: Matrix) -> Iterator[str]:
    """Yield the section of the observations that can't be used, one sentence each."""
    used = {f"{version}.json:" for version in matrix.files}  # if under an older lock, too
    problems = (each for each in matrix.problems if each.partition(" ")[0] not in used)
    yield from section(
        "Observations that can't be used", [f"{ITEM}{escaped(each)}" for each in problems]
    )


def section(title: str, items: Iterable[str]) -> Iterator[str]:
    """Yield a heading and a list, folded after ``OPEN`` items; nothing if the list is empty."""
    lines = list(items)
    if lines:
        yield from ("", f"## {title}", "", *lines[:OPEN])
    if more := lines[OPEN:]:
        folded = f"<summary>{wording.several(len(more), 'more line')}</summary>"
        yield from ("", "<details>", folded, "", *more, "", "</details>")


def limited(every: Iterable[str]) -> Iterator[str]:
    """Yield the lines; list items beyond the size limit are only counted in a last line."""
    size, left = 0, 0
    for line in every:
        size += len(line.encode()) + 1
        if size > LARGEST and line.startswith(ITEM):
            left += 1
        else:
            yield line
    if left:
        yield ""
        yield f"{wording.several(left, 'line')} of these lists are left out: they are too long."
