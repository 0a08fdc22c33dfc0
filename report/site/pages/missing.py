"""The page 404.html, which a web server shows for a missing page."""

from __future__ import annotations

from collections.abc import Iterator

from report.matrix import Index
from report.site.render import File, page


def pages(index: Index) -> Iterator[File]:
    """Yield the page if the site's URL is known: served at any depth, it needs absolute links."""
    if index.address:
        yield page(index, "404.html", "missing", root=index.address)
