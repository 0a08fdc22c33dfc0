"""Images to embed elsewhere: a strip and a badge for each row, and the README's picture.

A strip is a row's history and a badge its newest release. Strip and picture are SVG with their
content as a text alternative; the picture has its own background, as a README may be shown on
light or dark. Shields draws the badges. They are grey unless a law was measured, and never green,
which would read as "passing".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from report.matrix import MEASURED, Index, Row, history
from report.site.render import File
from report.site.table import Layout, majors
from report.story import FILLS, HUES, Codes, answer, marks, wording
from report.text import for_markdown, for_svg, short
from report.verdict import families

LETTER, GAP = 7, 4
STRIP_STEP, STRIP_HEIGHT, EDGE = 10, 16, 1
STEP, HEIGHT = 18, 22
NAMES, LINE, TOP, MARGIN = 208, 30, 34, 12
GREY = "#c3c7cc"
SHIELDS = "https://img.shields.io/endpoint?url="
LONGEST = 60


def files(index: Index) -> Iterator[File]:
    """Yield the strip and the badge of every row of a layer or variable, pinned ones included."""
    for row in (*index.layers, *index.pins):
        yield f"strip/{stem(index, row)}.svg", strip(index, row)
        yield f"badge/{stem(index, row)}.json", f"{json.dumps(badge(index, row))}\n"


def markdown(index: Index, row: Row) -> str:
    """Return the Markdown that embeds a row's strip and badge.

    If the site's URL is unknown, it is written as ``SITE``, which report.js replaces. In a
    badge's URL it is a parameter, and percent-encoded.
    """
    start = index.address or "SITE/"
    name, shown = stem(index, row), badge(index, row)
    page = f"{start}{index.page(row.symbol.name)}#{row.role}"
    text = wording.plain(wording.history_of(index, row))
    pictures = {
        f"{start}strip/{name}.svg": f"{shown['label']}: {text}",
        SHIELDS
        + quote(f"{start}badge/{name}.json", safe=""): f"{shown['label']}: {shown['message']}",
    }
    return "\n".join(
        f"[![{for_markdown(short(words, 200))}]({address})]({page})"
        for address, words in pictures.items()
    )


def stem(index: Index, row: Row) -> str:
    """Return the name of a row's files, without suffix."""
    return f"{index.slug(row.symbol.name)}-{row.role}"


def badge(index: Index, row: Row) -> dict[str, object]:
    """Return the Shields endpoint data for a row: its law in the newest release, or its state."""
    cell, run = row.cells[-1], row.runs[MEASURED][-1]
    mark = marks.CONFLICT if cell.conflict else marks.of_state(index, row, cell, MEASURED)
    if mark is marks.GONE:
        message = wording.removal(index, history.ranges(row.runs[MEASURED])[-1])
    else:
        message = f"{mark.text if mark else run.value} in {index.label(cell.release)}"
    law = None if mark else run.value
    return {
        "schemaVersion": 1,
        "label": short(f"{row.symbol.name} {row.role}", LONGEST),
        "message": short(message, LONGEST),
        "color": HUES[families.kind(law)] if law else GREY,
        **({} if law else {"isError": True}),
    }


def strip(index: Index, row: Row) -> str:
    """Return the SVG of a row along the releases, with its history as title."""
    width = 2 * EDGE + STRIP_STEP * len(index.releases)
    size = f'width="{width}" height="{STRIP_HEIGHT + 2 * EDGE}"'
    runs = "".join(_runs(index, row, (EDGE, EDGE), (STRIP_STEP, STRIP_HEIGHT)))
    return _svg(size, 11, _history(index, row), [runs])


def picture(index: Index) -> str:
    """Return the SVG of the most popular kernels along the releases."""
    rows = _popular_kernels(index)
    width = NAMES + STEP * len(index.releases) + 2 * MARGIN
    height = TOP + LINE * len(rows) + MARGIN
    background = f'<rect width="{width}" height="{height}" rx="8" fill="#fff"/>'
    lines = [part for at, row in enumerate(rows) for part in _named(index, row, TOP + LINE * at)]
    size = f'viewBox="0 0 {width} {height}"'
    return _svg(size, 12, words(index), [background, *_heads(index), *lines])


def words(index: Index) -> str:
    """Return the picture's text alternative: the history of each of its rows."""
    rows = [short(_history(index, row), 200) for row in _popular_kernels(index)]
    return "; ".join(rows) or "No release has been observed yet"


def _popular_kernels(index: Index) -> list[Row]:
    names = [symbol.name for symbol in answer.flagships(index)]
    return [row for row in index.layers if row.symbol.name in names and row.role == "kernel"]


def _history(index: Index, row: Row) -> str:
    text = wording.plain(wording.history_of(index, row))
    return f"{short(row.symbol.name)} {row.role}: {text}"


def _svg(size: str, font: int, title: str, parts: Iterable[str]) -> str:
    title = for_svg(title)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img"'
        f' aria-label="{title}"><title>{title}</title>'
        "<style>path{fill:#fff;stroke:#6b7280}"
        f"text{{font:{font}px sans-serif;text-anchor:middle;fill:#111}}{FILLS}"
        ".new,.gone,.apart,.unseen,.off,.failed{stroke-dasharray:2}"
        ".edge{stroke:#7a0012;stroke-width:3}</style>\n" + "\n".join(parts) + "\n</svg>\n"
    )


def _runs(index: Index, row: Row, at: tuple[int, int], size: tuple[int, int]) -> Iterator[str]:
    """Yield a box for each run of a row and a bar for each change.

    ``at`` is the upper left corner, ``size`` the width of a release and the height of the row.
    A box shows the law, its code, or nothing, whichever fits.
    """
    (x, y), (step, height) = at, size
    for box in Layout(index, Codes(MEASURED)).boxes(row):
        width = box.size * step
        yield f'<path class="{box.tint}" d="M{x} {y}h{width}v{height}h-{width}z"/>'
        if box.changed:
            yield f'<path class="edge" d="M{x} {y}v{height}"/>'
        fitting = (each for each in (box.text, box.code) if LETTER * len(each) + GAP <= width)
        if text := next(fitting, ""):
            middle, base = x + width // 2, y + height - 5
            yield f'<text x="{middle}" y="{base}">{for_svg(text)}</text>'
        x += width


def _named(index: Index, row: Row, y: int) -> Iterator[str]:
    """Yield the parts of one row of the picture: its name and its runs."""
    style = "font-family:monospace;text-anchor:start"
    name = for_svg(short(row.symbol.name, NAMES // LETTER))
    yield f'<text class="n" style="{style}" x="{MARGIN}" y="{y + HEIGHT - 6}">{name}</text>'
    yield from _runs(index, row, (NAMES + MARGIN, y), (STEP, HEIGHT))


def _heads(index: Index) -> Iterator[str]:
    """Yield labels for the first release of each major version and for the last release."""
    releases, start = index.matrix.releases, 0
    for _, size in majors(index):
        label = index.label(releases[start].version)
        narrow = LETTER * len(label) > STEP * size  # then it ends at its neighbour's start
        yield _label(label, start + narrow, ends=narrow)
        start += size
    if releases:
        yield _label(index.label(releases[-1].version), start, ends=True)


def _label(text: str, column: int, *, ends: bool) -> str:
    x = NAMES + MARGIN + STEP * column - 2 * ends
    anchor = "end" if ends else "start"
    return f'<text x="{x}" y="24" style="text-anchor:{anchor}">{for_svg(text)}</text>'
