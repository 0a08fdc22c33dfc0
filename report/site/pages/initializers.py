"""The page of what the named initializers draw."""

from __future__ import annotations

from collections.abc import Iterator

from report.matrix import MEASURED, Index
from report.site.render import File, page
from report.site.table import grid
from report.story import timeline


def pages(index: Index) -> Iterator[File]:
    """Yield the page, if any initializer was asked."""
    if index.initializers:
        yield page(
            index,
            "initializers.html",
            "initializers",
            changes_by_release=timeline.changes_by_release(index, weights=True),
            compared=timeline.compared(index, weights=True),
            grid=grid(index, index.initializers, MEASURED),
        )
