"""The page of each symbol: its kinds of evidence on one time axis, and the proof of each run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from report.site import evidence
from report.site.columns import majors
from report.site.exports import badges
from report.site.render import page
from report.story import stories

if TYPE_CHECKING:
    from collections.abc import Iterator

    from report.matrix.index import Edition
    from report.matrix.records import Row
    from report.site.columns import Column
    from report.site.render import File


def pages(edition: Edition) -> Iterator[File]:
    """Yield a page for each symbol."""
    for name, rows in edition.named:
        columns = evidence.columns(edition, rows)
        yield page(
            edition,
            f"symbol/{edition.slug(name)}.html",
            "symbol",
            name=name,
            columns=columns,
            majors=list(majors(edition.matrix.releases)),
            parts=[_part(edition, row, columns) for row in rows],
            pins=[
                (row.symbol.name, f"{edition.slug(row.symbol.name)}.html")
                for row in edition.pins
                if row.symbol.path == name
            ],
        )


def _part(edition: Edition, row: Row, columns: tuple[Column, ...]) -> dict[str, object]:
    """Return what a symbol's page shows of one role."""
    return {
        "role": row.role,
        "story": stories.story(edition, row),
        "lanes": list(evidence.lanes(edition, row, columns)),
        "sections": evidence.sections(edition, row),
        "picture": f"{edition.slug(row.symbol.name)}-{row.role}",
        "embed": badges.embed(edition, row) if row.layer_role else "",
    }
