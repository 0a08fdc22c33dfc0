"""The exports: the matrix as data, feed and Markdown, and images to embed elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from report.matrix import Index
from report.site.exports import atom, data, embed, markdown, spreadsheet
from report.site.exports.inventory import inventory, sitemap
from report.site.render import File

__all__ = ["files", "inventory", "sitemap"]


def files(index: Index) -> Iterator[File]:
    """Yield the path and the text of every export."""
    yield from data.files(index)
    yield from spreadsheet.files(index)
    if feed := atom.feed(index):
        yield "data/changes.atom", feed
    yield from markdown.files(index)
    yield from embed.files(index)
