"""The page of each symbol: its kinds of evidence on one time axis, and the proof of each run."""

from __future__ import annotations

from collections.abc import Iterator

from report.matrix import Index, Row
from report.site import evidence
from report.site.exports import badges
from report.site.render import File, page
from report.site.table import Column, majors
from report.story import wording


def pages(index: Index) -> Iterator[File]:
    """Yield a page for each symbol."""
    for name, rows in index.named:
        columns = evidence.columns(index, rows)
        yield page(
            index,
            f"symbol/{index.slug(name)}.html",
            "symbol",
            name=name,
            columns=columns,
            majors=list(majors(index)),
            parts=[_part(index, row, columns) for row in rows],
            pins=[
                (row.symbol.name, f"{index.slug(row.symbol.name)}.html")
                for row in index.pins
                if row.symbol.path == name
            ],
        )


def _part(index: Index, row: Row, columns: tuple[Column, ...]) -> dict[str, object]:
    """Return what a symbol's page shows of one role."""
    return {
        "role": row.role,
        "story": wording.history_of(index, row),
        "lanes": list(evidence.lanes(index, row, columns)),
        "sections": evidence.sections(index, row),
        "picture": f"{index.slug(row.symbol.name)}-{row.role}",
        "embed": badges.embed(index, row) if row.layer_role else "",
    }
