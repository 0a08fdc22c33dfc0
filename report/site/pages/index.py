"""The start page: the short answer, the latest changes and the matrix."""

from __future__ import annotations

from collections.abc import Iterator

from report.evidence import Status
from report.matrix import MEASURED, Index
from report.site.render import File, in_menu, page
from report.site.table import grid
from report.story import answer, changes, machines, platform_lines, questions

in_menu("TensorFlow initializers", "index.html", place=0)

RECENT = 6


def pages(index: Index) -> Iterator[File]:
    """Yield the page."""
    releases = index.matrix.releases
    changes_by_release = changes.by_release(index, changes.TOLD)
    yield page(
        index,
        "index.html",
        "index",
        reach=_reach(index),
        platform=platform_lines.named(index.matrix.platform),
        headline=answer.headline(index),
        exceptions=answer.exceptions(index),
        flagships=answer.flagships(index),
        recent=changes_by_release[:RECENT],
        earlier=changes_by_release[RECENT:],
        compared=changes.compared(index, changes.TOLD),
        grid=grid(index, index.layers, MEASURED),
        unseen=[release for release in releases if release.status is not Status.OBSERVED],
        stale=[release for release in releases if release.stale],
        relocked=[release for release in index.observed if release.old_lock],
        questions=questions.answerable(index),
        tried=machines.tried(),
        platforms=machines.platforms(index),
    )


def _reach(index: Index) -> str:
    """Return the range of the observed releases, or an empty string if there are none."""
    seen = index.observed
    return index.span(seen[0].version, seen[-1].version) if seen else ""
