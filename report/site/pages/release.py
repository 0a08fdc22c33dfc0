"""The page of each release: its environment, its changes, and what its layers start with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from report.evidence import Release, State
from report.matrix import KINDS, Cell, Index, Row
from report.site.render import File, page
from report.story import Mark, changes, comparison, confirmations, marks

NOT_THERE = (State.ABSENT, State.NOT_INSTALLED)


def pages(index: Index) -> Iterator[File]:
    """Yield a page for each release, compared with the nearest earlier observed one."""
    by_title = [
        (title, changes.by_release(index, KINDS, rows=rows))
        for title, rows in (("Layers", index.layers), ("Initializers", index.initializers))
    ]
    known = (None, *index.matrix.releases, None)
    earlier = None
    for before, release, after in zip(known[:-2], index.matrix.releases, known[2:], strict=True):
        version, observed = release.version, release.version in index.seen
        yield page(
            index,
            f"release/{version}.html",
            "release",
            release=release,
            before=before,
            after=after,
            raw=version in index.matrix.files,
            confirmed=confirmations.of_release(release),
            observed=observed,
            marks_here=marks.of_release(index, release),
            against=comparison.comparison(index, earlier.version, version)
            if observed and earlier
            else None,
            neighbouring=earlier is before,
            changes=[
                (title, each)
                for title, releases in by_title
                for each in releases
                if each.version == version
            ],
            lists=list(_lists(index, release)) if observed else [],
        )
        earlier = release if observed else earlier


def _lists(index: Index, release: Release) -> Iterator[dict[str, object]]:
    """Yield what layers and initializers start with in one release, and which are missing."""
    place = index.place[release.version]
    for title, rows in (
        ("What layers start with", index.layers),
        ("What initializers draw", index.initializers),
        ("What layers start with when told", index.pins),
    ):
        cells = [(row, row.cells[place]) for row in rows]
        if rows:
            yield {
                "title": title,
                "roles": bool(rows[0].layer_role),
                "rows": [
                    (row.symbol.name, row.role, _proof(index, cell), marks.of_law(index, row, cell))
                    for row, cell in cells
                    if cell.state not in NOT_THERE
                ],
                "missing": list(_missing(index, cells)),
            }


def _missing(
    index: Index, cells: Sequence[tuple[Row, Cell]]
) -> Iterator[tuple[Mark, list[tuple[str, str, str]]]]:
    """Yield each mark of missing symbols, with their names, roles and links."""
    found: dict[Mark, dict[str, list[tuple[Row, Cell]]]] = {}
    for row, cell in cells:
        if cell.state in NOT_THERE:
            names = found.setdefault(marks.of_law(index, row, cell), {})
            names.setdefault(row.symbol.name, []).append((row, cell))
    for way, names in found.items():
        yield way, [(name, _roles(each), _proof(index, each[0][1])) for name, each in names.items()]


def _proof(index: Index, cell: Cell) -> str:
    return f"../{index.anchor(cell)}"


def _roles(missing: Sequence[tuple[Row, Cell]]) -> str:
    """Return the missing roles of one symbol; empty if all are missing."""
    roles = [row.role for row, _ in missing]
    return "" if len(roles) == len(missing[0][0].symbol.roles) else " and ".join(roles)
