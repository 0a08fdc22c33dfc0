"""The exports: the matrix as data, feed and Markdown, and what others embed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from report import places
from report.site import drawings
from report.site.exports import atom, badges, data, markdown, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from report.matrix.index import Edition
    from report.site.render import File


def files(edition: Edition) -> Iterator[File]:
    """Yield every file that is not for reading in a browser."""
    yield "data/matrix.json", data.text(data.matrix(edition))
    yield "data/matrix.schema.json", places.MATRIX_SCHEMA.read_text("utf-8")
    changes = {"schema": data.VERSION, "changes": data.changes(edition)}
    yield "data/changes.json", data.text(changes)
    yield "data/matrix.csv", tables.runs(edition)
    yield "data/changes.csv", tables.changes(edition)
    if feed := atom.feed(edition):
        yield "data/changes.atom", feed
    yield "matrix.md", markdown.page(edition)
    yield "changes.md", markdown.changes(edition)
    for row in (*edition.layers, *edition.pins):
        name = f"{edition.slug(row.symbol.name)}-{row.role}"
        yield f"strip/{name}.svg", drawings.strip(edition, row)
        yield f"badge/{name}.json", badges.data(badges.badge(edition, row))
