"""The page of each release: what changed, where it was seen, and all that it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from report.evidence.records import State
from report.matrix.kinds import KINDS
from report.site.render import page
from report.story import comparison, timeline, wording
from report.story.codes import entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from report.evidence.records import Release
    from report.matrix.index import Edition
    from report.matrix.records import Row
    from report.site.render import File
    from report.story.codes import Entry

NOT_THERE = (State.ABSENT, State.NOT_INSTALLED)


def pages(edition: Edition) -> Iterator[File]:
    """Yield a page for each release."""
    moments = {
        weights: {
            moment.version: moment
            for moment in timeline.moments(edition, tuple(KINDS), root="../", weights=weights)
        }
        for weights in (False, True)
    }
    for release in edition.matrix.releases:
        before, against = _neighbour(edition, release, -1), _against(edition, release)
        yield page(
            edition,
            f"release/{release.version}.html",
            "release",
            release=release,
            raw=release.version in edition.raw,
            observed=release.version in edition.seen,
            moments=[
                ("Initializers" if weights else "Layers", each[release.version])
                for weights, each in moments.items()
                if release.version in each
            ],
            against=against,
            neighbouring=against is not None and against.before == before,
            marks_here=wording.notes(edition, release),
            lists=[
                (
                    title,
                    _column(edition, release, rows),
                    list(_missing(edition, release, rows)),
                    bool(rows[0].layer_role),
                )
                for title, rows in _parts(edition).items()
                if rows and release.version in edition.seen
            ],
            before=before,
            after=_neighbour(edition, release, 1),
        )


def _parts(edition: Edition) -> dict[str, tuple[Row, ...]]:
    return {
        "What layers start with": edition.layers,
        "What initializers draw": edition.initializers,
        "What layers start with when told": edition.pins,
    }


def _column(
    edition: Edition, release: Release, rows: Sequence[Row]
) -> list[tuple[str, str, str, Entry]]:
    """List what rows say in one release; those that are not there have a list of their own."""
    place = edition.place[release.version]
    return [
        (
            row.symbol.name,
            row.role,
            f"../{edition.anchor(row.cells[place])}",
            entry(edition, row, row.cells[place]),
        )
        for row in rows
        if row.cells[place].state not in NOT_THERE
    ]


def _missing(
    edition: Edition, release: Release, rows: Sequence[Row]
) -> Iterator[tuple[Entry, list[tuple[str, str, str]]]]:
    """Yield each way of not being there, with its symbols, the roles meant, and the proof."""
    place = edition.place[release.version]
    absent = [row for row in rows if row.cells[place].state in NOT_THERE]
    shown = {(row.symbol.name, row.role): entry(edition, row, row.cells[place]) for row in absent}
    for one in dict.fromkeys(shown.values()):
        names: dict[str, list[Row]] = {}
        for row in absent:
            if shown[row.symbol.name, row.role] == one:
                names.setdefault(row.symbol.name, []).append(row)
        yield (
            one,
            [
                (name, _roles(each), f"../{edition.anchor(each[0].cells[place])}")
                for name, each in names.items()
            ],
        )


def _roles(rows: Sequence[Row]) -> str:
    """Name the roles of one symbol, unless they are all that it has."""
    whole = rows[0].symbol.roles
    return "" if len(whole) == len(rows) else " and ".join(row.role for row in rows)


def _against(edition: Edition, release: Release) -> comparison.Comparison | None:
    """Compare a release with the nearest earlier one that was observed, if there is one."""
    place = edition.place[release.version]
    earlier = [each for each in edition.observed if edition.place[each.version] < place]
    if release.version not in edition.seen or not earlier:
        return None
    return comparison.comparison(edition, earlier[-1].version, release.version)


def _neighbour(edition: Edition, release: Release, step: int) -> Release | None:
    place = edition.place[release.version] + step
    known = edition.matrix.releases
    return known[place] if 0 <= place < len(known) else None
