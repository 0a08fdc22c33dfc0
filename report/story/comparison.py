"""Two releases side by side: what differs, and the line that keeps the old behaviour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, pairwise
from operator import itemgetter

import msgspec

from report.evidence import Release, State
from report.matrix import Cell, Count, Index, Kind, Row, kinds, once
from report.story import marks, wording
from report.story.marks import Mark
from report.story.pins import Pin, pin
from report.story.summary import Summary, summary
from report.story.wording import TEXT, Piece
from report.text import short
from report.verdict import NO_LAW

MILESTONE = "milestone"
FOLDED = 6
# Why two cells are not compared, in the order in which a page lists them.
UNRECOGNISED_BOTH = "no law recognised in either"
LACKS = {
    state: marks.BY_STATE[state].text
    for state in (State.UNREACHED, State.FAILED, State.NOT_INSTALLED)
}
REASONS = (*LACKS.values(), UNRECOGNISED_BOTH)


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One row that differs between two releases, in law or, if ``existence``, in being there."""

    symbol: str
    role: str
    layer_role: str
    href: str
    was: Mark
    now: Mark
    pin: Pin | None
    existence: bool


class OtherDifference(msgspec.Struct, frozen=True, kw_only=True):
    """Rows with an unchanged law that differ in the same way in warnings or spelling."""

    where: tuple[Piece, ...]
    rows: int
    kind: str
    title: str
    was: str
    now: str

    @property
    def many(self) -> bool:
        """Whether there are so many rows that they are folded."""
        return self.rows > FOLDED


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """The differences between two releases, and the number of rows that are equal or unknown.

    ``unseen`` holds the releases that were not observed, ``unknown`` the number of rows that
    could not be compared, by reason, and ``kinds`` the counts over rows with an unchanged law.
    ``summary`` says what happened; its sentence is empty if nothing was compared.
    """

    before: Release
    after: Release
    href: str
    summary: Summary
    unseen: tuple[Release, ...]
    differences: tuple[Difference, ...]
    others: tuple[OtherDifference, ...]
    equal: int
    unknown: Mapping[str, int]
    kinds: tuple[Count, ...]

    @property
    def counted(self) -> str:
        """The result for law and existence as a sentence; compare.js has the same wording."""
        if self.unseen:
            names = " and ".join(release.version for release in self.unseen)
            verb = "was" if len(self.unseen) == 1 else "were"
            return f"Nothing was compared: {names} {verb} not observed."
        differ = f"{wording.several(len(self.differences), 'row')} differ"
        differ += "s" if len(self.differences) == 1 else ""
        equal = f"{self.equal} {'is' if self.equal == 1 else 'are'} the same"
        why = ", ".join(f"{count} {reason}" for reason, count in self.unknown.items())
        unknown = f"{sum(self.unknown.values())} could not be compared{f' ({why})' if why else ''}"
        return f"In law and existence {differ}, {equal}, {unknown}."

    @property
    def changed(self) -> list[Piece]:
        """The differences in law and existence as text, those with most rows first."""
        grouped = wording.grouped(self.differences, lambda row: (row.was.text, row.now.text))
        parts = [
            [(TEXT, f"{was} → {now}: "), *_first([(row.symbol, row.role) for row in rows])]
            for (was, now), rows in sorted(grouped.items(), key=lambda item: -len(item[1]))
        ]
        return wording.joined(parts, "; ")

    @property
    def further(self) -> str:
        """The result for other kinds of evidence as a sentence; empty if there are none."""
        if not self.kinds:
            return ""
        kinds = ", ".join(
            f"{each.kind.title} {each.differ} of {each.compared}" for each in self.kinds
        )
        return f"Where the law is the same, symbols that differ in other evidence: {kinds}."


def _first(rows: Sequence[tuple[str, str]]) -> list[Piece]:
    """Return rows as text; only the first ones are named if there are many."""
    more = len(rows) - wording.NAMED
    named = wording.where(rows[: wording.NAMED])
    return [*named, (TEXT, f" and {wording.several(more, 'other row')}")] if more > 0 else named


def alike(differences: Iterable[Difference]) -> list[list[Difference]]:
    """Group the rows with the same role, marks and pin."""
    found = wording.grouped(differences, lambda row: (row.role, row.was, row.now, row.pin))
    return list(found.values())


def pairs(index: Index) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the pairs of releases that have a page: neighbours, and milestones.

    Two observed releases are also neighbours if none between them was observed.
    """
    versions = list(index.releases)
    observed = [release.version for release in index.observed]
    neighbours = dict.fromkeys([*pairwise(versions), *pairwise(observed)])
    marked = [each for each in versions if MILESTONE in index.releases[each].tags]
    ordered = sorted(neighbours, key=lambda pair: [index.place[each] for each in pair])
    return ordered, [pair for pair in combinations(marked, 2) if pair not in neighbours]


def address(before: str, after: str) -> str:
    """Return the path of a pair's page, relative to the site's root."""
    return f"compare/{before}..{after}.html"


@once
def comparison(index: Index, before: str, after: str) -> Comparison:
    """Compare two releases, the older one first."""
    differences, same, reasons = [], [], Counter[str]()
    at = (index.place[before], index.place[after])
    for row in index.compared:
        was, now = row.cells[at[0]], row.cells[at[1]]
        if reason := incomparable(was, now):
            reasons[reason] += 1
        elif (was.state, was.law) != (now.state, now.law):
            differences.append(_difference(index, row, was, now))
        else:
            same.append(row)
    ends = (index.releases[before], index.releases[after])
    fine = [_in_kind(kind, same, at) for kind in kinds.fine()]
    came = [each.pin is None for each in differences if each.existence]  # the others went
    return Comparison(
        before=ends[0],
        after=ends[1],
        href=address(before, after),
        summary=summary(
            index, same, at, (len(differences) - len(came), sum(came), came.count(False))
        ),
        unseen=tuple(release for release in ends if release.version not in index.seen),
        differences=tuple(differences),
        others=tuple(each for _, differences in fine for each in differences),
        equal=len(same),
        unknown={reason: reasons[reason] for reason in REASONS if reasons[reason]},
        kinds=tuple(count for count, _ in fine if count.compared),
    )


def incomparable(was: Cell, now: Cell) -> str | None:
    """Return why two cells can't be compared in law and existence; None if they can.

    Two cells without a recognised law do not count as having the same law.
    """
    for cell in (was, now):
        if cell.state in LACKS:
            return LACKS[cell.state]
    alike = was.state is now.state is State.OBSERVED and was.law == now.law
    return UNRECOGNISED_BOTH if alike and (was.law is None or was.law in NO_LAW) else None


def _difference(index: Index, row: Row, was: Cell, now: Cell) -> Difference:
    return Difference(
        symbol=row.symbol.name,
        role=row.role,
        layer_role=row.layer_role,
        href=index.anchor(now),
        was=marks.of_law(index, row, was),
        now=marks.of_law(index, row, now),
        pin=pin(index, row, was, now) if was.verdict else None,
        existence=was.state is not now.state,
    )


def _in_kind(
    kind: Kind, same: Iterable[Row], at: tuple[int, int]
) -> tuple[Count, list[OtherDifference]]:
    """Return how the rows with an unchanged law compare in one kind: symbols, and differences."""
    every = [(row, *itemgetter(*at)(row.values[kind])) for row in same]
    known = [(row, was, now) for row, was, now in every if was is not None and now is not None]
    differ = [(row, was, now) for row, was, now in known if was != now]
    compared, other = (len({row.symbol.name for row, *_ in each}) for each in (known, differ))
    alike = wording.grouped(differ, lambda each: (*each[1:], each[0].standalone))
    return Count(kind=kind, compared=compared, differ=other), [
        OtherDifference(
            where=tuple(wording.where(row.key for row, *_ in rows)),
            rows=len(rows),
            kind="initializer" if standalone else "row",
            title=kind.title,
            was=short(was, 120),
            now=short(now, 120),
        )
        for (was, now, standalone), rows in alike.items()
    ]
