"""The inventory by which other documentation names a symbol and links to its page.

Sphinx (intersphinx), MyST and mkdocstrings read it; the format is Sphinx's, version 2:
https://sphobjinv.readthedocs.io/en/stable/syntax.html
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from report.matrix import Index
from report.site.render import menu
from report.text import clean, short

PROJECT = "TensorFlow initializer matrix"


def inventory(index: Index) -> bytes:
    """Return the inventory of the symbols' pages, and of those that the menu leads to."""
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
    """Yield name, domain and role, priority, address and title of each page, as one line.

    A symbol's name has no spaces here: it would be taken for more than one field.
    """
    for name, rows in index.named.items():
        path = rows[0].symbol.path
        role = "class" if path.rpartition(".")[2][:1].isupper() else "function"
        yield f"{clean(''.join(name.split()))} py:{role} 1 {index.page(name)} {short(name)}"
    for title, page in menu(index):
        yield f"{page.removesuffix('.html')} std:doc -1 {page} {title}"
