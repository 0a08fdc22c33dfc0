"""The pages that show one table: one per kind of evidence, and one for the initializers."""

from __future__ import annotations

from collections.abc import Iterator

from report.matrix import MEASURED, Index, kinds
from report.site.render import File, in_menu, page
from report.site.table import grid
from report.story import changes

in_menu("Initializers", "initializers.html", place=10, shown=lambda index: bool(index.initializers))


def pages(index: Index) -> Iterator[File]:
    """Yield a page for each kind but the law, and one for the initializers if there are any."""
    for kind in kinds.others():
        rows = changes.rows(index, kind)
        yield page(
            index,
            kind.page,
            "kind",
            title=kind.title,
            question=kind.question,
            named=kind.samples is not None,
            grid=grid(index, rows, kind),
            changes_by_release=changes.by_release(index, (kind,), rows=rows),
            compared=changes.compared(index, (kind,), rows=rows),
        )
    if index.initializers:
        yield page(
            index,
            "initializers.html",
            "initializers",
            title="What the weights turned out to be",
            named=False,
            grid=grid(index, index.initializers, MEASURED),
            changes_by_release=changes.by_release(index, rows=index.initializers),
            compared=changes.compared(index, rows=index.initializers),
        )
