"""The page 404.html, which a web server shows for a missing page."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from report.matrix import Index
from report.site.render import File, page


def pages(index: Index) -> Iterator[File]:
    """Yield the page if the site's URL is known.

    It is served at any depth, and its links begin at the host's root: they hold on a mirror and
    under http as well. It is not to be indexed and has no URL of its own.
    """
    if index.address:
        root = urlsplit(index.address).path
        yield page(index, "404.html", "missing", root=root, address="")
