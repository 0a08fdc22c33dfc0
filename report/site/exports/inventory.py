"""The lists of pages that others read: objects.inv and sitemap.xml.

With the inventory objects.inv other documentation links to symbols' pages. Sphinx (intersphinx),
MyST and mkdocstrings read it. The format is version 2:
https://sphobjinv.readthedocs.io/en/stable/syntax.html

With sitemap.xml search engines find every page: https://www.sitemaps.org/protocol.html
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from report.matrix import Index
from report.site.render import canonical, menu
from report.text import clean, short

PROJECT = "TensorFlow initializer matrix"


def inventory(index: Index) -> bytes:
    """Return the inventory of the symbols' pages and of the pages in the menu."""
    head = (
        "# Sphinx inventory version 2",
        f"# Project: {PROJECT}",
        f"# Version: {index.built or ''}",
        "# The remainder of this file is compressed using zlib.",
        "",
    )
    entries = "".join(f"{entry}\n" for entry in _entries(index))
    return "\n".join(head).encode() + zlib.compress(entries.encode())


def _entries(index: Index) -> Iterator[str]:
    """Yield the line of each page: name, domain and role, priority, path and title.

    Spaces are removed from names, as they separate the fields.
    """
    for name, rows in index.named.items():
        path = rows[0].symbol.path
        role = "class" if path.rpartition(".")[2][:1].isupper() else "function"
        yield f"{clean(''.join(name.split()))} py:{role} 1 {index.page(name)} {short(name)}"
    for title, page in menu(index):
        yield f"{page.removesuffix('.html')} std:doc -1 {page} {title}"


def sitemap(index: Index, pages: Iterable[str]) -> str:
    """Return the sitemap of pages, given by their paths. The index must have a site URL."""
    modified = f"<lastmod>{index.built}</lastmod>" if index.built else ""
    entries = (f"<url><loc>{canonical(index, path)}</loc>{modified}</url>" for path in pages)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        + "".join(f"{entry}\n" for entry in entries)
        + "</urlset>\n"
    )
