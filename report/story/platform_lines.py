"""How the numbers of one symbol compare on another platform: the line on the symbol's page.

A cell is compared if its release was observed on both platforms and has the symbol on both. What
was not compared is never said to be the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_UP, Context
from itertools import groupby

import msgspec

from report.evidence import State
from report.matrix import EXISTENCE, MEASURED, NUMBERS, Across, Cell, Index, Kind, Move, Row
from report.story import marks, wording
from report.verdict import NO_LAW, Degree, Relation

PAGE = "machines.html"
NAMES = {
    "linux-x86_64": "Linux x86-64",
    "linux-aarch64": "Linux ARM64",
    "darwin-arm64": "macOS ARM64",
}
CLAIMS = {
    Degree.SAME: "the same numbers",
    Degree.ROUNDING: "the same numbers but for rounding",
    Degree.PARTLY: "partly other numbers",
    Degree.OTHER: "other numbers",
    Degree.NOT_COMPARABLE: "numbers that are not comparable",
}
NOT_COMPARED, NO_LAW_KNOWN = "not compared", "no law recognised on either"
LACKS = {
    marks.CONSTANT: "all weights are equal",
    marks.UNREPEATED: "no seed call repeats the numbers",
    marks.SILENT: "the numbers were not recorded",
}
ONE_DIGIT = Context(prec=1, rounding=ROUND_UP)
Moves = Mapping[tuple[str, str, str], Mapping[Kind | None, Move]]  # by symbol, role, release


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """How a symbol compares on another platform; ``releases`` is empty if ``result`` has them."""

    platform: str
    href: str
    releases: str
    result: str


class _Finding(msgspec.Struct, frozen=True):
    """How a cell compares: a claim, other kinds that differ, and how the numbers compare."""

    claim: str
    besides: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()

    @property
    def alike(self) -> tuple[str, tuple[str, ...]]:
        """What is equal in all releases of a range."""
        return self.claim, self.besides


def named(platform: str) -> str:
    """Return a platform's name for readers, such as "Linux ARM64"."""
    return NAMES.get(platform, platform)


def bound(relations: Iterable[Relation]) -> str:
    """Return an upper bound of the kept weights' rounding errors, in brackets; or nothing."""
    found = [each.largest for each in relations if each.degree is Degree.ROUNDING and each.largest]
    if not found:
        return ""
    largest = ONE_DIGIT.create_decimal(f"{max(found):.6g}")  # what a division adds is no more
    return f" (the kept weights by at most {largest:e} of the standard deviation)"


def spans(index: Index, releases: Iterable[str]) -> str:
    """Return releases as text, oldest first; neighbours in the table are a range."""
    known = list(index.releases)
    places = sorted(index.place[release] for release in releases)
    runs = groupby(enumerate(places), key=lambda each: each[1] - each[0])
    found = [[known[place] for _, place in run] for _, run in runs]
    return wording.plain(wording.listed([index.span(each[0], each[-1]) for each in found]))


def moves_by_cell(index: Index, across: Across) -> Moves:
    """Return the cells that differ on another platform, with their moves by kind."""
    return index.once(("moves", across.other.platform), lambda: _by_cell(across))


def _by_cell(across: Across) -> Moves:
    found: dict[tuple[str, str, str], dict[Kind | None, Move]] = {}
    for move in across.moves:
        found.setdefault((move.symbol, move.role, move.release), {})[move.kind] = move
    return found


def lines(index: Index, rows: Sequence[Row]) -> list[Line]:
    """Return a line for each other platform, given the rows of one symbol."""
    return [_line(index, across, rows) for across in index.across]


def _line(index: Index, across: Across, rows: Sequence[Row]) -> Line:
    by_role = {row.layer_role: list(_ranges(index, across, row)) for row in rows}
    known = {role: ranges for role, ranges in by_role.items() if ranges}
    every = {releases for ranges in known.values() for releases, _ in ranges}
    releases = every.pop() if len(every) == 1 else ""
    return Line(
        platform=named(across.other.platform),
        href=f"{PAGE}#{across.other.platform}",
        releases=releases,
        result=_result(known, named=not releases) or _nothing(index, across),
    )


def _nothing(index: Index, across: Across) -> str:
    """Return why a symbol was compared in no release."""
    if not across.releases:
        return f"{NOT_COMPARED}, as no release was observed on both platforms"
    observed = spans(index, across.releases)
    return f"{NOT_COMPARED}, as no release that was observed on both has it ({observed})"


def _result(known: Mapping[str, Sequence[tuple[str, str]]], *, named: bool) -> str:
    """Return how the roles of a symbol compare; roles that compare alike are joined."""
    texts = {
        role: ", ".join(f"{text} in {releases}" if named else text for releases, text in ranges)
        for role, ranges in known.items()
    }
    alike = wording.grouped(texts, texts.__getitem__)
    if len(alike) == 1:
        return next(iter(alike))
    return "; ".join(f"{text} for the {' and '.join(roles)}" for text, roles in alike.items())


def _ranges(index: Index, across: Across, row: Row) -> Iterator[tuple[str, str]]:
    """Yield the releases in which a row compares alike, oldest first, and how it does."""
    moved = moves_by_cell(index, across)
    found = [
        (release, _finding(index, cell, moved.get((*row.key, release), {})))
        for release, cell in ((each, index.cell(row, each)) for each in across.releases)
        if cell.state is State.OBSERVED or (*row.key, release) in moved
    ]
    for (claim, besides), group in groupby(found, key=lambda each: each[1].alike):
        each = list(group)
        largest = bound(one for _, finding in each for one in finding.relations)
        more = f"; other evidence that differs: {', '.join(besides)}" if besides else ""
        yield spans(index, (release for release, _ in each)), f"{claim}{largest}{more}"


def _finding(index: Index, cell: Cell, moved: Mapping[Kind | None, Move]) -> _Finding:
    """Return how a cell of the shown platform compares, given its moves."""
    if None in moved:
        return _Finding(NOT_COMPARED)
    if EXISTENCE in moved:
        gone = cell.state is State.OBSERVED
        return _Finding(
            "not there" if gone else f"there, and not on {named(index.matrix.platform)}"
        )
    drawn = [kind for kind, move in moved.items() if kind and _is_drawn(move)]
    known = {MEASURED, NUMBERS, *drawn}
    besides = tuple(kind.title.lower() for kind in moved if kind and kind not in known)
    if MEASURED in moved:
        return _Finding("another law" if is_other_law(moved[MEASURED]) else NO_LAW_KNOWN, besides)
    relations = tuple(filter(None, (moved[kind].relation for kind in drawn)))
    return _Finding(_claim(cell, relations), besides, relations)


def _claim(cell: Cell, relations: Sequence[Relation]) -> str:
    """Return what is the same of a cell with the same law, given how its numbers differ if so."""
    if relations:
        return CLAIMS[max((each.degree for each in relations), key=list(Degree).index)]
    if NUMBERS.value(cell):
        return CLAIMS[Degree.SAME]
    if MEASURED.value(cell) in NO_LAW:
        return NO_LAW_KNOWN
    return f"the same law ({LACKS[marks.lacking(cell, NUMBERS)]})"


def is_other_law(move: Move) -> bool:
    """Return whether a move of ``MEASURED`` has two laws, and not two draws of no known law."""
    before, after = (cell and MEASURED.value(cell) for cell in (move.before, move.after))
    return before != after


def _is_drawn(move: Move) -> bool:
    """Return whether a move is of numbers, and of nothing else that its kind has."""
    kind, before, after = move.kind, move.before, move.after
    if kind is None or kind.samples is None or before is None or after is None:
        return False
    return kind.bare(before) == kind.bare(after)
