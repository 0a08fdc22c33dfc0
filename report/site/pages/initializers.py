"""The page of what the named initializers draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from report.matrix.kinds import MEASURED
from report.site.render import page
from report.site.table import Layout
from report.story import timeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from report.matrix.index import Edition
    from report.site.render import File


def pages(edition: Edition) -> Iterator[File]:
    """Yield the page, if any initializer was asked."""
    if edition.initializers:
        yield page(
            edition,
            "initializers.html",
            "initializers",
            moments=timeline.moments(edition, weights=True),
            compared=timeline.compared(edition, weights=True),
            grid=Layout(edition, edition.initializers, MEASURED).grid(),
        )
