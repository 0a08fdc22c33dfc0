"""The pages of the ways that lead to a symbol's initializers: who decides, and what moved."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from report import paths, walks
from report.edition import WEIGHTS, pinned
from report.model import Aspect
from report.render import render
from report.walks import Walk
from report.words import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from report.edition import Edition
    from report.model import Row
    from report.words import Piece

Shown = list[tuple[str, str, list[Walk]]]
Known = dict[tuple[paths.Step, ...], tuple[str, str]]


def pages(edition: Edition) -> Iterator[tuple[str, str]]:
    """Yield the page of every layer. A walk that an earlier page shows is linked, not repeated."""
    known: Known = {}
    shown: dict[str, Shown] = {}
    for name, members in groupby(edition.matrix.rows, key=lambda row: row.symbol.name):
        rows = list(members)
        if rows[0].role != WEIGHTS:
            told = shown.get(name.partition("(")[0], []) if pinned(rows[0]) else []
            shown[name] = _parts(edition, rows, told, known)
            yield f"path/{edition.slug(name)}.html", _page(edition, name, shown[name])


def _page(edition: Edition, name: str, parts: Shown) -> str:
    slug = edition.slug(name)
    return render(edition, "path.jinja", root="../", name=name, slug=slug, parts=parts, page="")


def _parts(edition: Edition, rows: Sequence[Row], told: Shown, known: Known) -> Shown:
    """Return the walks of each role; of a pin by what differs from the layer's own (told)."""
    parts: Shown = []
    for row in rows:
        name, page = row.symbol.name, f"{edition.slug(row.symbol.name)}.html"
        found = _walks(edition, row, [*parts, *told], known)
        parts.append((row.role, page, found))
        for walk in found:
            if not walk.twin and not walk.near:
                known.setdefault(walk.path.steps, (name, f"{page}#{walk.path.id}"))
    return parts


def _walks(edition: Edition, row: Row, others: Shown, known: Known) -> list[Walk]:
    """Return a row's walks, newest first, as its pages link to them."""
    runs = reversed(edition.runs(row, Aspect.VERDICT))
    ways = [path for run in runs for path in paths.paths(edition, run.cells)]
    return [
        Walk(
            path=path,
            decides=_told(row) or walks.decides(path),
            against=older,
            twin=known.get(path.steps),
            near=_near(path, others),
        )
        for path, older in zip(ways, walks.histories(ways), strict=True)
    ]


def _told(row: Row) -> tuple[Piece, ...]:
    """A layer that is told its initializer decides nothing."""
    return ((TEXT, "the caller, who names the initializer"),) if pinned(row) else ()


def _near(path: paths.Path, others: Shown) -> walks.Near | None:
    """Find a walk of another row that is written out and differs in few steps."""
    for role, page, shown in others:
        whole = [walk.path for walk in shown if not walk.near]
        if found := walks.near(path, whole):
            return role, f"{page}#{found[0].id}", walks.by_kind(found[1])
    return None
