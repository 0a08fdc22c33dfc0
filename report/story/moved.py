"""Lists of the cells that differ between two readings, as Markdown.

Changes of law come first, then the other kinds in the order of the table of kinds, then cells
that could not be compared. Long lists are folded after their first lines, and the output stays
below GitHub's size limit for a step summary.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from report.evidence import State
from report.matrix import EXISTENCE, KINDS, MEASURED, Cell, Kind, Move
from report.story import marks, numbers, wording
from report.story.wording import Piece
from report.text import for_markdown as escaped
from report.text import for_markdown_code as code
from report.text import short

OPEN = 20  # lines of a list before the fold
LARGEST = 900_000  # bytes; GitHub shows no summary of more than 1,048,576
FEWEST = 3  # neighbouring releases from which on only the first and the last are named
LONGEST = 120  # characters of a value
LEAD = 40  # of them before the first difference
ITEM = "- "
NOT_ASKED = "not asked for"
CELL = "cell"
NOT_COMPARED = "Not compared"
UNSHOWN = "which differ in what is not shown"
LAW_FIRST = (MEASURED, *(kind for kind in KINDS if kind is not MEASURED))


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


def cells(moves: Sequence[Move], order: Sequence[str]) -> Iterator[str]:
    """Yield a section for each kind in which cells moved; ``order`` has the releases in order."""
    for kind in (*LAW_FIRST, None):
        yield from _kind(kind, [move for move in moves if move.kind is kind], order)


def refused(problems: Iterable[str]) -> Iterator[str]:
    """Yield the section of the observations that can't be used, one sentence each."""
    yield from section(
        "Observations that can't be used", [f"{ITEM}{escaped(each)}" for each in problems]
    )


def _kind(kind: Kind | None, cells: Sequence[Move], order: Sequence[str]) -> Iterator[str]:
    """Yield the section of a kind (None: not compared), one line for all cells that moved alike."""
    found = wording.grouped(cells, lambda move: (_values(move), move.symbol, move.role))
    alike = wording.grouped(
        found, lambda key: (key[0], ranges([move.release for move in found[key]], order))
    )
    items = []
    for (values, releases), keys in alike.items():
        rows = wording.markdown(wording.where(key[1:] for key in keys))
        items.append(f"{ITEM}{rows}, {releases}: {values}")
    title = kind.title if kind else NOT_COMPARED
    yield from section(f"{title}: {wording.several(len(cells), CELL)}", items)


def _values(move: Move) -> str:
    """Return a cell's values before and after as Markdown; of numbers, how much they differ."""
    cells: list[Cell | None] = [move.before, move.after]
    if move.relation:  # an epoch is a release of one of the two matrices
        cells = [cell and replace(cell, epochs={}) for cell in cells]
    before, after = (_value(move.kind, cell) for cell in cells)
    if move.relation is None:
        return arrow(before, after)
    differ = escaped(numbers.degree([move.relation]))
    return f"{arrow(before, after)}; {differ}" if before != after else differ


def counted(fields: Mapping[str, int]) -> str:
    """Return fields with the number of cells in which each differs, as Markdown."""
    return ", ".join(
        f"{code(field)}{f' in {wording.several(count, CELL)}' if count else ''}"
        for field, count in sorted(fields.items())
    )


def section(title: str, items: Sequence[str]) -> Iterator[str]:
    """Yield a heading and a list, folded after ``OPEN`` items; nothing if the list is empty."""
    if items:
        yield from ("", f"## {title}", "", *items[:OPEN])
    if more := items[OPEN:]:
        summary = f"<summary>{wording.several(len(more), 'more line')}</summary>"
        yield from ("", "<details>", summary, "", *more, "", "</details>")


def _value(kind: Kind | None, cell: Cell | None) -> list[Piece]:
    """Return a cell's value of one kind, or why it has none."""
    if cell is None:
        return [(wording.TEXT, NOT_ASKED)]
    state = (wording.TEXT, marks.BY_STATE[cell.state].text)
    if kind is EXISTENCE or (kind is None and cell.state is State.OBSERVED):
        law = cell.verdict.name if cell.verdict else None
        return [state, (wording.TEXT, ", "), (wording.CODE, law)] if law else [state]
    if kind is None:
        return [state, *bracketed(cell.reason)]
    value = kind.value(cell)
    if value is None:
        return [(wording.TEXT, marks.SILENT.text)]
    note = cell.verdict.note if kind is MEASURED and cell.verdict else None
    return [(wording.CODE, value), *bracketed(note)]


def bracketed(note: str | None) -> list[Piece]:
    """Return a note in brackets, after a space; nothing if there is none."""
    return [(wording.TEXT, " ("), (wording.TEXT, note), (wording.TEXT, ")")] if note else []


def arrow(was: Sequence[Piece], now: Sequence[Piece]) -> str:
    """Return two values as Markdown; long texts are cut around their first difference."""
    before, after = (_cut(*both) for both in ((was, now), (now, was)))
    alike = f", {UNSHOWN}" if before == after else ""
    return f"{before} → {after}{alike}"


def _cut(pieces: Sequence[Piece], others: Sequence[Piece]) -> str:
    texts = [text for _, text in others] + [""] * len(pieces)
    return wording.markdown(
        (markup, excerpt(text, other)) for (markup, text), other in zip(pieces, texts, strict=False)
    )


def excerpt(text: str, other: str) -> str:
    """Return a text; if it is long, the part around its first difference from the other one."""
    if len(text) <= LONGEST:
        return text
    pairs = enumerate(zip(text, other, strict=False))
    same = next((place for place, (one, two) in pairs if one != two), min(len(text), len(other)))
    start = max(0, same - LEAD) if text != other else 0
    return short(f"…{text[start:]}" if start else text, LONGEST)


def ranges(releases: Sequence[str], order: Sequence[str]) -> str:
    """Return releases as Markdown, neighbours in the table as a range: "1.4, 2.1 to 2.5"."""
    places = [order.index(release) for release in releases]
    runs: list[list[str]] = []
    for before, place, release in zip([None, *places], places, releases, strict=False):
        if before is None or place != before + 1:
            runs.append([])
        runs[-1].append(release)
    named = (f"{run[0]} to {run[-1]}" if len(run) >= FEWEST else ", ".join(run) for run in runs)
    return escaped(", ".join(named))
