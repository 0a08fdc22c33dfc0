"""How the numbers of one symbol compare on another platform: the line on the symbol's page.

A cell is compared if its release was observed on both platforms and has the symbol on both. What
was not compared is never said to be the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

import msgspec

from report.evidence import State
from report.matrix import EXISTENCE, MEASURED, NUMBERS, Across, Cell, Index, Kind, Move, Row
from report.story import marks, numbers, wording
from report.verdict import NO_LAW, Degree, Relation, severity

PAGE = "machines.html"
NAMES = {
    "linux-x86_64": "Linux x86-64",
    "linux-aarch64": "Linux ARM64",
    "darwin-arm64": "macOS ARM64",
}
NOT_COMPARED, NO_LAW_KNOWN = "not compared", "no law recognised on either"
LACKS = {
    marks.CONSTANT: "all weights are equal",
    marks.UNREPEATED: "no seed call repeats the numbers",
    marks.SILENT: "the numbers were not recorded",
}
Moves = Mapping[Kind | None, Move]  # of one cell


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """How a symbol compares on another platform; ``releases`` is empty if ``result`` has them."""

    platform: str
    href: str
    releases: str
    result: str


def named(platform: str) -> str:
    """Return a platform's name for readers, such as "Linux ARM64"."""
    return NAMES.get(platform, platform)


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
    observed = wording.spans(index, across.releases)
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
    found = []
    for release in across.releases:
        cell, moved = index.cell(row, release), across.moved.get((*row.key, release), {})
        if cell.state is State.OBSERVED or moved:
            found.append((release, moved, _compared(index, cell, moved)))
    for (claim, besides), group in groupby(found, key=itemgetter(2)):
        each = list(group)
        relations = [relation for _, moved, _ in each for relation in _drawn(moved)]
        largest = numbers.bound(relations) if claim == numbers.CLAIMS[Degree.ROUNDING] else ""
        yield wording.spans(index, (release for release, *_ in each)), f"{claim}{largest}{besides}"


def _drawn(moved: Moves) -> list[Relation]:
    """Return how the numbers of a cell compare in the kinds in which nothing else differs."""
    return [
        move.relation for move in moved.values() if move.relation and move.differs_in_numbers_alone
    ]


def _compared(index: Index, cell: Cell, moved: Moves) -> tuple[str, str]:
    """Return how a cell of the shown platform compares, and which other evidence differs."""
    if None in moved:
        return NOT_COMPARED, ""
    if EXISTENCE in moved:
        gone = cell.state is State.OBSERVED
        return "not there" if gone else f"there, and not on {named(index.matrix.platform)}", ""
    others = [
        kind.title.lower()
        for kind, move in moved.items()
        if kind and kind not in {MEASURED, NUMBERS} and not move.differs_in_numbers_alone
    ]
    besides = f"; other evidence that differs: {', '.join(others)}" if others else ""
    return _claim(cell, moved), besides


def _claim(cell: Cell, moved: Moves) -> str:
    """Return what is the same of a cell with the same law, given how its numbers differ if so."""
    if MEASURED in moved:
        return "another law" if is_other_law(moved[MEASURED]) else NO_LAW_KNOWN
    if drawn := _drawn(moved):
        return numbers.CLAIMS[max(drawn, key=severity).degree]
    if NUMBERS.value(cell):
        return numbers.CLAIMS[Degree.SAME]
    if MEASURED.value(cell) in NO_LAW:
        return NO_LAW_KNOWN
    return f"the same law ({LACKS[marks.lacking(cell, NUMBERS)]})"


def is_other_law(move: Move) -> bool:
    """Return whether a move of ``MEASURED`` has two laws, and not two draws of no known law."""
    before, after = (cell and MEASURED.value(cell) for cell in (move.before, move.after))
    return before != after
