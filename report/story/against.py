"""`python -m report against HEAD~1`: compare the observations with those of a git revision."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from report import places
from report.evidence import Release, platforms, revision
from report.matrix import MEASURED, Matrix, Move, Readings, ReleaseMove, moves, readings
from report.story import marks, moved, wording
from report.story.wording import Piece
from report.terminal import complain, say
from report.text import for_markdown as escaped
from report.text import for_markdown_code as code
from report.text import short

WRITTEN = "written differently, nothing else"


def command(name: str, platform: str | None) -> int:
    """Print what moved since the git revision ``name``; return the exit code."""
    choice = platforms.choose(places.ROOT, platform)
    if choice.sentence:
        complain(choice.sentence)
    for line in moved.limited(lines(readings(revision.find(name), choice.shown))):
        say(line)
    return 0


def lines(found: Readings) -> Iterator[str]:
    """Yield the Markdown lines of the whole comparison."""
    cells = tuple(moves.cells(found.before, found.after))
    releases = tuple(moves.releases(found.before, found.after))
    known = {*(move.release for move in cells), *(move.release for move in releases)}
    order = tuple(release.version for release in found.after.releases)
    yield f"# What moved since {code(short(found.revision.name))}"
    yield ""
    yield _summary(found, cells)
    yield from moved.cells(cells, order)
    yield from moved.section("Releases", map(_release, releases))
    for version in found.new:
        yield from moved.section(f"New in {escaped(version)}", _new_release(found.after, version))
    yield from moved.section("What else differs", _others(found, cells, known))
    yield from moved.refused(found.after)


def _summary(found: Readings, cells: Sequence[Move]) -> str:
    count = wording.several(len(found.was.keys() | found.now.keys()), "observation")
    there = f"{code(found.after.platform)} in {found.revision.commit[:12]}"
    if len(found.same) == len(found.was) == len(found.now):
        return f"The evidence is the same, byte for byte, as on {there}: {count}."
    came = (
        (found.now.keys() - found.was.keys(), "new"),
        (found.was.keys() - found.now.keys(), "gone"),
    )
    ends = "".join(f", {len(names)} {end}" for names, end in came if names)
    keys = {(move.symbol, move.role, move.release) for move in cells}
    laws = sum(move.kind is MEASURED for move in cells)
    each = f"{wording.several(len(keys), moved.CELL)} moved, {laws or 'none'} of them in law"
    return (
        f"{len(found.same)} of {count} are the same, byte for byte, as on {there}{ends}. "
        f"{each if keys else 'No cell moved'}."
    )


def _new_release(matrix: Matrix, version: str) -> Iterator[str]:
    """Yield the changes that a new release brought, law first."""
    changes = [change for change in matrix.changes if change.after_release == version]
    changes.sort(key=lambda change: moved.LAW_FIRST.index(change.kind))
    alike = wording.grouped(
        changes, lambda c: (c.kind, c.before_release, c.exact, c.before, c.after)
    )
    for (kind, release, exact, before, after), group in alike.items():
        rows = wording.markdown(wording.where((each.symbol, each.role) for each in group))
        when = escaped(f"{kind.title.lower()} {wording.edge(release, version, exact=exact)}")
        values = ([(wording.CODE, value or marks.SILENT.text)] for value in (before, after))
        yield f"{moved.ITEM}{rows}, {when}: {wording.markdown(moved.arrow(*values))}"


def _others(found: Readings, cells: Sequence[Move], known: Collection[str]) -> Iterator[str]:
    """Yield the list item of each observation that differs beyond its moves.

    One without such a field is listed if it is not in ``known``: the releases that moved.
    """
    for version, fields in moves.others(found.before, found.after, cells).items():
        if fields or version not in known:
            text = wording.markdown(moved.fields(fields))
            yield f"{moved.ITEM}{escaped(version)}: {text or WRITTEN}"


def _release(move: ReleaseMove) -> str:
    """Return the list item of a release, with its outcome in both readings."""
    outcomes = moved.arrow(_outcome(move.before), _outcome(move.after))
    return f"{moved.ITEM}{escaped(move.release)}: {wording.markdown(outcomes)}"


def _outcome(release: Release | None) -> list[Piece]:
    packages = ", ".join(release.installed) if release else ""
    with_ = [(wording.TEXT, " with "), (wording.TEXT, packages)] if packages else []
    return [*moved.outcome(release), *with_]
