"""The page of two releases: what differs, and how to keep the old behaviour."""

from __future__ import annotations

from collections.abc import Iterator

from report.matrix import Index
from report.site.render import File, page
from report.story import comparison


def pages(index: Index) -> Iterator[File]:
    """Yield a page for each pair of neighbours and of milestones."""
    neighbours, milestones = comparison.pairs(index)
    for before, after in (*neighbours, *milestones):
        found = comparison.comparison(index, before, after, root="../")
        kept = [row for row in found.differences if row.pin]
        parts = {
            "What layers start with": [row for row in kept if row.layer_role],
            "What initializers draw": [row for row in kept if not row.layer_role],
        }
        yield page(
            index,
            found.href,
            "pair",
            found=found,
            parts=[
                (title, comparison.alike(rows), rows[0].layer_role)
                for title, rows in parts.items()
                if rows
            ],
            new=[row for row in found.differences if not row.pin],
        )
