"""The page "On another machine": whether another processor, platform or GPU gives the same."""

from __future__ import annotations

from collections.abc import Iterator

from report.matrix import Index
from report.site.render import File, in_menu, page
from report.story import machines, platform_lines
from report.verdict import numbers

in_menu("On another machine", platform_lines.PAGE, place=35)


def pages(index: Index) -> Iterator[File]:
    """Yield the page."""
    yield page(
        index,
        platform_lines.PAGE,
        "machines",
        shown=platform_lines.named(index.matrix.platform),
        processors=machines.PROCESSORS,
        tried=machines.tried(),
        platforms=machines.platforms(index),
        kept=numbers.KEPT,
    )
