"""The page 404.html, which a web server shows for a missing page."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from report.matrix import Index
from report.site.render import File, page

PATH = "404.html"


def pages(index: Index) -> Iterator[File]:
    """Yield the page if the site's URL is known.

    It is served at any path depth, so its links are relative to the host's root, which also works
    on mirrors and over http. It has no canonical URL and is not indexed.
    """
    if index.address:
        root = urlsplit(index.address).path
        yield page(index, PATH, "missing", root=root, canonical="")
