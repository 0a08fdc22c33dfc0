"""The start page: the short answer, the newest changes and the matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from report.evidence.records import Status
from report.matrix.kinds import MEASURED
from report.site.render import page
from report.site.table import Layout
from report.story import answer, questions, timeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from report.matrix.index import Edition
    from report.site.render import File

RECENT = 6


def pages(edition: Edition) -> Iterator[File]:
    """Yield the page."""
    releases = edition.matrix.releases
    moments = timeline.moments(edition)
    yield page(
        edition,
        "index.html",
        "index",
        reach=_reach(edition),
        headline=answer.headline(edition),
        exceptions=answer.exceptions(edition),
        flagships=[
            (name, f"symbol/{edition.slug(name)}.html", stories)
            for name, stories in answer.flagships(edition)
        ],
        recent=moments[:RECENT],
        earlier=moments[RECENT:],
        compared=timeline.compared(edition),
        grid=Layout(edition, edition.layers, MEASURED).grid(),
        unseen=[release for release in releases if release.status is not Status.OBSERVED],
        stale=[release for release in releases if release.stale],
        relocked=[release for release in edition.observed if release.old_lock],
        questions=questions.answerable(edition),
    )


def _reach(edition: Edition) -> str:
    """Name the first and the last release that was observed."""
    seen = edition.observed
    return edition.span(seen[0].version, seen[-1].version) if seen else ""
