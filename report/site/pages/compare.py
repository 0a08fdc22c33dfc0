"""The page Compare: which pairs have a page, and what its script needs for any two releases."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from markupsafe import Markup

from report.evidence import State
from report.matrix import MEASURED, Index, Row, kinds
from report.site.render import File, page
from report.story import Codes, Mark, comparison, marks
from report.verdict import NO_LAW, UNRECOGNISED

NOT_RECORDED = -1


def pages(index: Index) -> Iterator[File]:
    """Yield the page."""
    neighbours, milestones = comparison.pairs(index)
    yield page(
        index,
        "compare.html",
        "compare",
        neighbours=_links(index, neighbours),
        milestones=_links(index, milestones),
        data=Markup(data(index)),  # noqa: S704 - embedded() escapes it
    )


def _links(index: Index, pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Return the pairs that were observed, newest first, each with its page."""
    observed = [pair for pair in reversed(pairs) if index.seen.issuperset(pair)]
    return [(*pair, comparison.address(*pair)) for pair in observed]


def data(index: Index) -> str:
    """Write the laws of every row, and which values of other evidence are equal, as JSON.

    A row has pairs of a value's index and a number of releases; a negative index is a reason
    why nothing can be compared. Rows share the lines of other evidence, of which only
    equality counts.
    """
    values = [State.ABSENT.value]
    lines: dict[tuple[int, ...], int] = {}
    rows = [_row(index, row, values, lines) for row in index.compared]
    codes = Codes(MEASURED)
    return embedded(
        {
            "releases": list(index.releases),
            "unseen": [each for each in index.releases if each not in index.seen],
            "reasons": comparison.REASONS,
            "unclear": [position for position, value in enumerate(values) if value in NO_LAW],
            "kinds": [kind.title for kind in kinds.others()],
            "entries": [_mark(marks.NEW), *(_mark(codes.of_value(value)) for value in values[1:])],
            "gone": _mark(marks.GONE),
            "lines": list(lines),
            "rows": rows,
        }
    )


def _mark(mark: Mark) -> list[str]:
    return [mark.code, mark.text, mark.style]


def _row(index: Index, row: Row, values: list[str], lines: dict[tuple[int, ...], int]) -> list[Any]:
    others = [_line(index.values(row, kind), lines) for kind in kinds.others()]
    return [row.symbol.name, row.role, index.slug(row.symbol.name), _laws(row, values), others]


def _laws(row: Row, values: list[str]) -> list[int]:
    codes = []
    for cell in row.cells:
        law = MEASURED.value(cell)
        value = State.ABSENT.value if cell.state is State.ABSENT else law or UNRECOGNISED
        if cell.state in comparison.LACKS:
            codes.append(-1 - list(comparison.LACKS).index(cell.state))
            continue
        if value not in values:
            values.append(value)
        codes.append(values.index(value))
    return _lengths(codes)


def _line(values: Sequence[str | None], lines: dict[tuple[int, ...], int]) -> int:
    """Return the place of a row's values of one kind, each as a number, among all lines."""
    known: dict[str, int] = {}
    codes = [NOT_RECORDED if one is None else known.setdefault(one, len(known)) for one in values]
    return lines.setdefault(tuple(_lengths(codes)), len(lines))


def _lengths(codes: list[int]) -> list[int]:
    """Return each code with the number of neighbours that share it."""
    return [part for code, run in groupby(codes) for part in (code, len(list(run)))]


def embedded(value: dict[str, Any]) -> str:
    """Write JSON that no HTML parser takes for markup."""
    plain = json.dumps(value, separators=(",", ":"))
    return plain.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
