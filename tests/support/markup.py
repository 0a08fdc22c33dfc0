"""Parse HTML pages strictly, and read texts and tables from them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import html5lib  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Node = ET.Element


@cache
def parsed(path: Path) -> Node:
    """Return a page's tree; raise ParseError for errors that a browser would correct silently."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree: Node = parser.parse(path.read_text("utf-8"))
    return tree


def html(site: Path) -> Iterator[tuple[Path, Node]]:
    """Yield the path and the tree of each page of a site."""
    for path in sorted(site.rglob("*.html")):
        yield path, parsed(path)


def text(node: Node) -> str:
    """Return the text of a node, with white space collapsed."""
    return " ".join("".join(node.itertext()).split())


def attribute(node: Node, name: str) -> str:
    """Return an attribute of a node; empty if it has none."""
    return node.get(name) or ""


def matrices(tree: Node) -> list[Node]:
    """Return the matrix tables of a page."""
    return [table for table in tree.iter("table") if "matrix" in attribute(table, "class").split()]


def rows(tree: Node) -> dict[str, list[Node]]:
    """Return the cells of the rows of a page's matrices, by the row's id."""
    return {
        attribute(row, "id"): list(row.iter("td"))
        for table in matrices(tree)
        for row in table.iter("tr")
        if row.get("id")
    }


def table(tree: Node, caption: str) -> list[list[str]]:
    """Return the texts of the body of the table whose caption begins with ``caption``, by row."""
    (found,) = [t for t in tree.iter("table") if text(next(t.iter("caption"))).startswith(caption)]
    return [[text(cell) for cell in row] for row in next(found.iter("tbody")).iter("tr")]
