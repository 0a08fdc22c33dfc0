"""The pages that compare two releases: a page for each chosen pair, and a picker for any other.

The picker's script compares two releases by the data embedded in its page. Only a pair's own page
also shows how to keep the old behaviour.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from report.evidence import State
from report.matrix import MEASURED, Index, Row, kinds
from report.site.pairs import NOT_RECORDED, Seeds, lengths
from report.site.render import File, in_menu, page
from report.story import Codes, Mark, comparison, marks
from report.verdict import NO_LAW, UNRECOGNISED

in_menu("Compare", "compare.html", place=20)

LAWS = "What layers start with", "What initializers draw"
GONE = "Layers that were removed", "Initializers that were removed"


def pages(index: Index) -> Iterator[File]:
    """Yield the page with the picker, and a page for each pair of neighbours or milestones."""
    neighbours, milestones = comparison.pairs(index)
    yield page(
        index,
        "compare.html",
        "compare",
        neighbours=_links(index, neighbours),
        milestones=_links(index, milestones),
        data=Markup(data(index)),  # noqa: S704 - it contains no <, > or &
    )
    for pair in (*neighbours, *milestones):
        yield _pair(index, *pair)


def _links(index: Index, pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Return the pairs of observed releases, newest first, each with the path of its page."""
    observed = [pair for pair in reversed(pairs) if index.seen.issuperset(pair)]
    return [(*pair, comparison.address(*pair)) for pair in observed]


def _pair(index: Index, before: str, after: str) -> File:
    found = comparison.comparison(index, before, after)
    kept = [row for row in found.differences if row.pin]
    return page(
        index,
        found.href,
        "pair",
        found=found,
        laws=_tables([row for row in kept if not row.existence], *LAWS),
        gone=_tables([row for row in kept if row.existence], *GONE),
        new=[row for row in found.differences if not row.pin],
    )


def _tables(
    rows: Sequence[comparison.Difference], layers: str, initializers: str
) -> list[tuple[str, list[list[comparison.Difference]], str]]:
    """Return the title, the rows and a role of each table that has rows."""
    parts = {
        layers: [row for row in rows if row.layer_role],
        initializers: [row for row in rows if not row.layer_role],
    }
    return [
        (title, comparison.alike(each), each[0].layer_role) for title, each in parts.items() if each
    ]


def data(index: Index) -> str:
    """Return the JSON for the picker: each row's laws, and its values of other evidence.

    Values are run-length encoded: an index, then a number of neighbouring releases. A law's index
    refers to ``entries``; a negative one is the reason why nothing can be compared. Other values
    are only numbered, as only their equality matters, and equal ``lines`` are shared by rows. The
    result is safe inside a script element.
    """
    values = [State.ABSENT.value]
    lines: dict[tuple[int, ...], int] = {}
    seeds = Seeds(index, lines)
    rows = [
        [
            row.symbol.name,
            row.role,
            index.slug(row.symbol.name),
            _laws(row, values),
            [_line(row.values[kind], lines) for kind in kinds.fine()],
            *seeds.of_row(row),
        ]
        for row in index.compared
    ]
    laws = map(Codes(MEASURED).of_value, values[1:])
    text = json.dumps(
        {
            "releases": list(index.releases),
            "unseen": [each for each in index.releases if each not in index.seen],
            "reasons": comparison.REASONS,
            "unclear": [place for place, value in enumerate(values) if value in NO_LAW],
            "kinds": [kind.title for kind in kinds.fine()],
            "entries": list(map(_mark, (marks.NEW, *laws))),
            "gone": _mark(marks.GONE),
            "lines": list(lines),
            "seeds": seeds.words(),
            "rows": rows,
        },
        separators=(",", ":"),
    )
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _mark(mark: Mark) -> list[str]:
    return [mark.code, mark.text, mark.style]


def _laws(row: Row, values: list[str]) -> list[int]:
    """Return the indexes of a row's laws in ``values``, run-length encoded; add missing values."""
    lacks = list(comparison.LACKS)
    codes = []
    for cell in row.cells:
        if cell.state in lacks:
            codes.append(-1 - lacks.index(cell.state))
            continue
        absent = cell.state is State.ABSENT
        value = State.ABSENT.value if absent else MEASURED.value(cell) or UNRECOGNISED
        if value not in values:
            values.append(value)
        codes.append(values.index(value))
    return lengths(codes)


def _line(values: Sequence[str | None], lines: dict[tuple[int, ...], int]) -> int:
    """Return the index of a row's values of one kind in ``lines``, added if it is missing."""
    known: dict[str, int] = {}
    codes = [NOT_RECORDED if one is None else known.setdefault(one, len(known)) for one in values]
    return lines.setdefault(tuple(lengths(codes)), len(lines))
