"""The pages of the ways that lead to a symbol's initializers: who decides, and what moved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from report.matrix.index import WEIGHTS, pinned
from report.matrix.records import Aspect
from report.site.render import render
from report.story import call_path, walks
from report.story.walks import Walk
from report.story.wording import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from report.matrix.index import Edition
    from report.matrix.records import Row
    from report.story.wording import Piece

Told = dict[tuple[str, str, walks.Moves], str]
Written = dict[
    str, list[tuple[str, str, call_path.Path]]
]  # by the release shown: name, address, path


def pages(edition: Edition) -> Iterator[tuple[str, str]]:
    """Yield the page of every layer.

    A walk that was written out before is linked, with what differs; so the many layers
    that go the same way say where theirs is another.
    """
    written: Written = {}
    for name, rows in edition.named:
        if rows[0].role != WEIGHTS:
            slug = edition.slug(name)
            told: Told = {}
            parts = [(row.role, _walks(edition, row, written, told)) for row in rows]
            values = {"name": name, "slug": slug, "parts": parts}
            yield f"path/{slug}.html", render(edition, "path.jinja", root="../", page="", **values)


def _walks(edition: Edition, row: Row, written: Written, told: Told) -> list[Walk]:
    """Return a row's walks, newest first, as its pages link to them."""
    runs = reversed(edition.runs(row, Aspect.VERDICT))
    ways = [path for run in runs for path in call_path.paths(edition, run.cells)]
    found = []
    for path, older in zip(ways, walks.histories(ways), strict=True):
        decides = _told(row) or walks.decides(path)
        like = walks.like(path, written.get(path.shown, ()))
        against = _against(older, row.role, path, told)
        found.append(Walk(path=path, decides=decides, against=against, like=like))
        if not like:
            name = f"{row.symbol.name} {row.role}"
            address = f"{edition.slug(row.symbol.name)}.html#{path.id}"
            written.setdefault(path.shown, []).append((name, address, path))
    return found


def _against(
    older: walks.Against | None, role: str, path: call_path.Path, told: Told
) -> walks.Against | None:
    """Leave out moves that the page has told of another role in the same releases."""
    if older is None:
        return None
    first = told.setdefault((path.span, older.span, older.moves), role)
    return older if first == role else replace(older, moves=(), told=first)


def _told(row: Row) -> tuple[Piece, ...]:
    """A layer that is told its initializer decides nothing."""
    return ((TEXT, "the caller, who names the initializer"),) if pinned(row) else ()
