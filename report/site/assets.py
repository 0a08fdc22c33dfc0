"""The style sheets and the script; the widths of the matrix follow from the data."""

from __future__ import annotations

from collections.abc import Iterator

from report import places
from report.matrix import EXISTENCE, LAW, Index, with_page
from report.site.columns import COLUMN, QUIET, heads
from report.site.render import filled

MARGIN, HEADS = 32, 240


def files(index: Index) -> Iterator[tuple[str, str]]:
    """Yield what every page is dressed with."""
    columns = len(index.matrix.releases)
    width = HEADS + COLUMN * columns
    full = width + MARGIN
    sizes = filled(
        "assets/columns.css.jinja",
        columns=columns,
        full=full,
        below=full - 1,
        tight=min(_tightest(index) + MARGIN, full) - 1,
        column=COLUMN,
        shrink=COLUMN - QUIET,
    )
    folder = places.TEMPLATES / "assets"
    yield "style.css", (folder / "style.css").read_text("utf-8") + sizes
    for name in ("proof.css", "icon.svg", "report.js"):
        yield name, (folder / name).read_text("utf-8")


def _tightest(index: Index) -> int:
    """Return the width of the widest squeezed matrix."""
    kinds = [LAW, *((kind, EXISTENCE) for kind in with_page())]
    return HEADS + max(
        sum(QUIET if column.quiet else COLUMN for column in columns)
        for rows in (index.layers, index.initializers)
        for columns in (list(heads(index, rows, kind, "")) for kind in kinds)
    )
