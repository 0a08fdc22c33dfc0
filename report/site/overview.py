"""The README's picture: the kernels that are asked about most, along all releases.

It has a background of its own, as a README is read on light and dark, and says in words
what it shows.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from report.matrix.kinds import MEASURED
from report.site.columns import majors
from report.site.table import Layout
from report.story import answer, stories, wording
from report.story.codes import FILLS
from report.text import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from report.matrix.index import Edition
    from report.matrix.records import Row

NAMES, STEP, LINE, THICK, TOP, MARGIN = 208, 18, 30, 22, 34, 12
LETTER, GAP = 7, 4
STYLE = (
    "text{font:12px sans-serif;fill:#111}.b{text-anchor:middle}.n{font-family:monospace}"
    f".c{{fill:#f1f3f5;stroke:#6b7280}}{FILLS}"
    ".gone,.new,.apart{fill:#fff;stroke-dasharray:2}"
    ".edge{stroke:#7a0012;stroke-width:4}"
)


def told(edition: Edition) -> str:
    """Say in words what the picture shows: the history of each of its rows."""
    rows = (
        f"{r.symbol.name} {r.role}: {wording.plain(stories.story(edition, r))}"
        for r in _rows(edition)
    )
    return "; ".join(short(row, 200) for row in rows) or "No release has been observed yet"


def picture(edition: Edition) -> str:
    """Draw the picture as SVG."""
    rows = _rows(edition)
    width = NAMES + STEP * len(edition.matrix.releases) + 2 * MARGIN
    height = TOP + LINE * len(rows) + MARGIN
    said = told(edition)
    lines = [
        *_heads(edition),
        *(part for at, row in enumerate(rows) for part in _line(edition, row, at)),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        f' aria-label="{escape(said)}"><title>{escape(said)}</title><style>{STYLE}</style>\n'
        f'<rect width="{width}" height="{height}" rx="8" fill="#fff"/>\n'
        + "".join(f"{line}\n" for line in lines)
        + "</svg>\n"
    )


def _rows(edition: Edition) -> list[Row]:
    names = [name for name, _ in answer.flagships(edition)]
    return [row for row in edition.layers if row.symbol.name in names and row.role == "kernel"]


def _heads(edition: Edition) -> Iterator[str]:
    """Yield the names of each major version's first release, and of the last release."""
    releases, start = edition.matrix.releases, 0
    for _, size in majors(releases):
        label = edition.label(releases[start].version)
        narrow = LETTER * len(label) > STEP * size  # it ends where its neighbour begins
        yield _label(label, start + narrow, ends=narrow)
        start += size
    if releases:
        yield _label(edition.label(releases[-1].version), start, ends=True)


def _label(text: str, column: int, *, ends: bool) -> str:
    x = NAMES + MARGIN + STEP * column - 2 * ends
    anchor = "end" if ends else "start"
    return f'<text x="{x}" y="24" text-anchor="{anchor}">{escape(text)}</text>'


def _line(edition: Edition, row: Row, index: int) -> Iterator[str]:
    """Yield a row: its name, a box for each run, a bar for each change."""
    y = TOP + LINE * index
    name = escape(short(row.symbol.name, NAMES // LETTER))
    yield f'<text class="n" x="{MARGIN}" y="{y + 16}">{name}</text>'
    at = NAMES + MARGIN
    for box in Layout(edition, (row,), MEASURED).boxes(row):
        width = box.size * STEP
        yield f'<path class="c {box.tint}" d="M{at} {y}h{width}v{THICK}h-{width}z"/>'
        if box.changed:
            yield f'<path class="edge" d="M{at} {y}v{THICK}"/>'
        said = next(
            (text for text in (box.text, box.code) if LETTER * len(text) + GAP <= width), ""
        )
        if said:
            yield f'<text class="b" x="{at + width // 2}" y="{y + 16}">{escape(said)}</text>'
        at += width
