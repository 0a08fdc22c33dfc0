"""The page of each release: what changed, where it was seen, and all that it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from report.evidence import Release, State
from report.matrix import KINDS, Index, Row
from report.site.render import File, page
from report.story import Mark, ReleaseChanges, comparison, marks, timeline

NOT_THERE = (State.ABSENT, State.NOT_INSTALLED)


def pages(index: Index) -> Iterator[File]:
    """Yield a page for each release."""
    changes_by_release = {weights: _changes(index, weights=weights) for weights in (False, True)}
    for release in index.matrix.releases:
        before, against = _neighbour(index, release, -1), _against(index, release)
        yield page(
            index,
            f"release/{release.version}.html",
            "release",
            release=release,
            raw=release.version in index.raw,
            observed=release.version in index.seen,
            changes_by_release=[
                ("Initializers" if weights else "Layers", each[release.version])
                for weights, each in changes_by_release.items()
                if release.version in each
            ],
            against=against,
            neighbouring=against is not None and against.before == before,
            marks_here=marks.of_release(index, release),
            lists=list(_lists(index, release)),
            before=before,
            after=_neighbour(index, release, 1),
        )


def _changes(index: Index, *, weights: bool) -> dict[str, ReleaseChanges]:
    """Return what each release changed in layers, or in weights that an initializer draws."""
    found = timeline.changes_by_release(index, tuple(KINDS), root="../", weights=weights)
    return {changes.version: changes for changes in found}


def _lists(index: Index, release: Release) -> Iterator[tuple[object, ...]]:
    """Yield a title, what is there, what is missing, and whether rows have roles."""
    for title, rows in _parts(index).items():
        if rows and release.version in index.seen:
            missing = list(_missing(index, release, rows))
            yield title, _column(index, release, rows), missing, bool(rows[0].layer_role)


def _parts(index: Index) -> dict[str, tuple[Row, ...]]:
    return {
        "What layers start with": index.layers,
        "What initializers draw": index.initializers,
        "What layers start with when told": index.pins,
    }


def _column(
    index: Index, release: Release, rows: Sequence[Row]
) -> list[tuple[str, str, str, Mark]]:
    """List what rows say in one release; those that are not there have a list of their own."""
    place = index.place[release.version]
    return [
        (
            row.symbol.name,
            row.role,
            f"../{index.anchor(row.cells[place])}",
            marks.of_law(index, row, row.cells[place]),
        )
        for row in rows
        if row.cells[place].state not in NOT_THERE
    ]


def _missing(
    index: Index, release: Release, rows: Sequence[Row]
) -> Iterator[tuple[Mark, list[tuple[str, str, str]]]]:
    """Yield each way of not being there, with its symbols, the roles meant, and the proof."""
    place = index.place[release.version]
    absent = [row for row in rows if row.cells[place].state in NOT_THERE]
    shown = {
        (row.symbol.name, row.role): marks.of_law(index, row, row.cells[place]) for row in absent
    }
    for one in dict.fromkeys(shown.values()):
        names: dict[str, list[Row]] = {}
        for row in absent:
            if shown[row.symbol.name, row.role] == one:
                names.setdefault(row.symbol.name, []).append(row)
        yield (
            one,
            [
                (name, _roles(each), f"../{index.anchor(each[0].cells[place])}")
                for name, each in names.items()
            ],
        )


def _roles(rows: Sequence[Row]) -> str:
    """Name the roles of one symbol, unless they are all that it has."""
    whole = rows[0].symbol.roles
    return "" if len(whole) == len(rows) else " and ".join(row.role for row in rows)


def _against(index: Index, release: Release) -> comparison.Comparison | None:
    """Compare a release with the nearest earlier one that was observed, if there is one."""
    place = index.place[release.version]
    earlier = [each for each in index.observed if index.place[each.version] < place]
    if release.version not in index.seen or not earlier:
        return None
    return comparison.comparison(index, earlier[-1].version, release.version)


def _neighbour(index: Index, release: Release, step: int) -> Release | None:
    place = index.place[release.version] + step
    known = index.matrix.releases
    return known[place] if 0 <= place < len(known) else None
