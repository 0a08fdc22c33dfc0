"""The pages that compare two releases: a page for each chosen pair, and a picker for any other.

The picker's script compares two releases by the data embedded in its page (``picker.py``). Only a
pair's own page also shows how to keep the old behaviour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from report.matrix import Index
from report.site import picker
from report.site.render import File, in_menu, page
from report.story import comparison

in_menu("Compare", "compare.html", place=20)

LAWS = "What layers start with", "What initializers draw"
GONE = "Layers that were removed", "Initializers that were removed"


def pages(index: Index) -> Iterator[File]:
    """Yield the page with the picker, and a page for each pair of neighbours or milestones."""
    neighbours, milestones = comparison.pairs(index)
    yield page(
        index,
        "compare.html",
        "compare",
        neighbours=_links(index, neighbours),
        milestones=_links(index, milestones),
        data=Markup(picker.data(index)),  # noqa: S704 - it contains no <, > or &
    )
    for pair in (*neighbours, *milestones):
        yield _pair(index, *pair)


def _links(index: Index, pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Return the pairs of observed releases, newest first, each with the path of its page."""
    observed = [pair for pair in reversed(pairs) if index.seen.issuperset(pair)]
    return [(*pair, comparison.address(*pair)) for pair in observed]


def _pair(index: Index, before: str, after: str) -> File:
    found = comparison.comparison(index, before, after)
    kept = [row for row in found.differences if row.pin]
    return page(
        index,
        found.href,
        "pair",
        found=found,
        laws=_tables([row for row in kept if not row.existence], *LAWS),
        gone=_tables([row for row in kept if row.existence], *GONE),
        new=[row for row in found.differences if not row.pin],
    )


def _tables(
    rows: Sequence[comparison.Difference], layers: str, initializers: str
) -> list[tuple[str, list[list[comparison.Difference]], str]]:
    """Return the title, the rows and a role of each table that has rows."""
    parts = {
        layers: [row for row in rows if row.layer_role],
        initializers: [row for row in rows if not row.layer_role],
    }
    return [
        (title, comparison.alike(each), each[0].layer_role) for title, each in parts.items() if each
    ]
