"""`python -m report against HEAD~1`: compare the observations with a git revision's, as Markdown.

Changes of law come first, then the other kinds in the order of the table of kinds, then cells
that could not be compared. Long lists are folded after their first lines, and the output stays
below GitHub's size limit for a step summary.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from report import places
from report.evidence import Release, State, platforms, revision
from report.matrix import (
    EXISTENCE,
    KINDS,
    MEASURED,
    Cell,
    Kind,
    Matrix,
    Move,
    Readings,
    ReleaseMove,
    moves,
    readings,
)
from report.story import marks, wording
from report.terminal import complain, say
from report.text import for_markdown as escaped
from report.text import for_markdown_code as code
from report.text import short

OPEN = 20  # lines of a list before the fold
LARGEST = 900_000  # bytes; GitHub shows no summary of more than 1,048,576
FEWEST = 3  # neighbouring releases from which on only the first and the last are named
LONGEST = 120  # characters of a value
ITEM = "- "
NOT_ASKED = "not asked for"
NOT_COMPARED = "Not compared"
LAW_FIRST = (MEASURED, *(kind for kind in KINDS if kind is not MEASURED))


def command(name: str, platform: str | None) -> int:
    """Print what moved since the git revision ``name``; return the exit code."""
    choice = platforms.choose(places.ROOT, platform)
    if choice.sentence:
        complain(choice.sentence)
    for line in limited(lines(readings(revision.find(name), choice.shown))):
        say(line)
    return 0


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


def lines(found: Readings) -> Iterator[str]:
    """Yield the Markdown lines of the whole comparison."""
    cells = tuple(moves.cells(found.before, found.after))
    releases = tuple(moves.releases(found.before, found.after))
    yield f"# What moved since {code(short(found.revision.name))}"
    yield ""
    yield _summary(found, cells)
    order = {release.version: None for release in (*found.before.releases, *found.after.releases)}
    for kind in (*LAW_FIRST, None):
        yield from _kind(kind, [move for move in cells if move.kind is kind], tuple(order))
    yield from _section("Releases", [_release(move) for move in releases])
    for version in found.new:
        yield from _section(f"New in {escaped(version)}", list(_new_release(found.after, version)))
    known = {move.release for move in cells} | {move.release for move in releases}
    quiet = sorted(found.pairs.keys() - known)
    yield from _section(
        "Observations that differ in no cell",
        [f"{ITEM}{escaped(each)}: {', '.join(map(code, found.parts(each)))}" for each in quiet],
    )
    problems = [f"{ITEM}{escaped(sentence)}" for sentence in found.after.problems]
    yield from _section("Observations that can't be used", problems)


def _summary(found: Readings, cells: Sequence[Move]) -> str:
    count = wording.several(found.equal + len(found.pairs) + len(found.new), "observation")
    there = f"{code(found.after.platform)} in {found.revision.commit[:12]}"
    if not (found.pairs or found.new or found.gone):
        return f"The evidence is the same, byte for byte, as on {there}: {count}."
    moved = {(move.symbol, move.role, move.release) for move in cells}
    laws = sum(move.kind is MEASURED for move in cells)
    each = f"{wording.several(len(moved), 'cell')} moved, {laws or 'none'} of them in law"
    return (
        f"{found.equal} of {count} are the same, byte for byte, as on {there}. "
        f"{each if moved else 'No cell moved'}."
    )


def _new_release(matrix: Matrix, version: str) -> Iterator[str]:
    """Yield the changes that a new release brought, law first."""
    changes = [change for change in matrix.changes if change.after_release == version]
    changes.sort(key=lambda change: LAW_FIRST.index(change.kind))
    alike = wording.grouped(changes, lambda c: (c.kind, c.before_release, c.before, c.after))
    for (kind, release, before, after), group in alike.items():
        rows = wording.markdown(wording.where((each.symbol, each.role) for each in group))
        was, now = (code(short(value, LONGEST)) for value in (before, after))
        since = f"{kind.title.lower()} since {escaped(release)}"
        yield f"{ITEM}{rows}, {since}: {was} → {now}"


def _kind(kind: Kind | None, cells: Sequence[Move], order: Sequence[str]) -> Iterator[str]:
    """Yield the section of a kind (None: not compared), one line for all cells that moved alike."""
    found = wording.grouped(
        cells, lambda m: (_value(kind, m.before), _value(kind, m.after), m.symbol, m.role)
    )
    alike = wording.grouped(
        found, lambda key: (*key[:2], ranges([move.release for move in found[key]], order))
    )
    items = []
    for (was, now, releases), keys in alike.items():
        rows = wording.markdown(wording.where(key[2:] for key in keys))
        items.append(f"{ITEM}{rows}, {releases}: {was} → {now}")
    title = kind.title if kind else NOT_COMPARED
    yield from _section(f"{title}: {wording.several(len(cells), 'cell')}", items)


def _section(title: str, items: Sequence[str]) -> Iterator[str]:
    """Yield a heading and a list, folded after ``OPEN`` items; nothing if the list is empty."""
    if items:
        yield from ("", f"## {title}", "", *items[:OPEN])
    if more := items[OPEN:]:
        summary = f"<summary>{wording.several(len(more), 'more line')}</summary>"
        yield from ("", "<details>", summary, "", *more, "", "</details>")


def _value(kind: Kind | None, cell: Cell | None) -> str:
    """Return a cell's value of one kind as Markdown, or why it has none."""
    if cell is None:
        return NOT_ASKED
    if kind is EXISTENCE or (kind is None and cell.state is State.OBSERVED):
        law = f", {code(cell.verdict.name)}" if cell.verdict else ""
        return f"{marks.BY_STATE[cell.state].text}{law}"
    if kind is None:
        return f"{marks.BY_STATE[cell.state].text} ({escaped(short(cell.reason, LONGEST))})"
    value = kind.value(cell)
    note = cell.verdict.note if kind is MEASURED and cell.verdict else None
    if value is None:
        return marks.SILENT.text
    return f"{code(short(value, LONGEST))}{f' ({escaped(short(note, LONGEST))})' if note else ''}"


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


def _release(move: ReleaseMove) -> str:
    """Return the list item of a release, with its outcome in both readings."""
    was, now = _outcome(move.before), _outcome(move.after)
    return f"{ITEM}{escaped(move.release)}: {was} → {now}"


def _outcome(release: Release | None) -> str:
    if release is None:
        return "not in the table"
    packages = ", ".join(
        f"{name} {version}" for name, version in release.packages.items() if version
    )
    reason = f" ({escaped(short(release.reason, LONGEST))})" if release.reason else ""
    with_ = f" with {escaped(packages)}" if packages else ""
    return f"{marks.STATUSES[release.status]}{reason}{with_}"
