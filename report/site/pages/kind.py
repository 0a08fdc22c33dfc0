"""The page of each kind of evidence but what was measured, which is on the start page."""

from __future__ import annotations

from collections.abc import Iterator

from report.matrix import MEASURED, Index, kinds
from report.site.render import File, page
from report.site.table import grid
from report.story import timeline


def pages(index: Index) -> Iterator[File]:
    """Yield a page for each kind that has one."""
    for kind in kinds.others((MEASURED,)):
        yield page(
            index,
            kind.page,
            "kind",
            title=kind.title,
            question=kind.question,
            changes_by_release=timeline.changes_by_release(index, (kind,)),
            compared=timeline.compared(index, (kind,)),
            grid=grid(index, index.layers, kind),
        )
