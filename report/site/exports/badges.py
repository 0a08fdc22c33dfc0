"""Badges: what a row says in the newest release, as Shields reads it; how to embed one.

A badge never looks like good news without a source: whatever is not a measured law is grey,
and no badge is green.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from report.evidence import State
from report.matrix import MEASURED, Index, Row, history
from report.story import HUES, marks, wording
from report.text import for_markdown, short
from report.verdict import families

GREY = "#c3c7cc"
SHIELDS = "https://img.shields.io/endpoint?url="
LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """What a badge says and in which colour; ``known`` where a law was measured."""

    label: str
    message: str
    colour: str
    known: bool


def badge(index: Index, row: Row) -> Badge:
    """Say what a row starts with in the newest release, or why that is not known."""
    cell, run = row.cells[-1], index.runs(row, MEASURED)[-1]
    mark = marks.CONFLICT if cell.conflict else marks.of_state(index, row, cell, run.value)
    if mark is marks.GONE:
        said = wording.removal(index, history.ranges(row.cells, MEASURED)[-1])
    else:
        said = f"{mark.text if mark else run.value} in {index.label(cell.release)}"
    return Badge(
        label=short(f"{row.symbol.name} {row.role}", LONGEST),
        message=short(said, LONGEST),
        colour=GREY if mark or run.value is None else HUES[families.kind(run.value)],
        known=mark is None and cell.state is State.OBSERVED,
    )


def data(one: Badge) -> str:
    """Write a badge as JSON, in the form that Shields reads from an endpoint."""
    said = {"schemaVersion": 1, "label": one.label, "message": one.message, "color": one.colour}
    return f"{json.dumps(said if one.known else {**said, 'isError': True})}\n"


def embed(index: Index, row: Row) -> str:
    """Return the Markdown that shows a row's strip and badge elsewhere.

    ``SITE`` stands for the address of the site, which only its reader's browser knows.
    """
    name = f"{index.slug(row.symbol.name)}-{row.role}"
    page = f"SITE/symbol/{index.slug(row.symbol.name)}.html#{row.role}"
    one = badge(index, row)
    text = wording.plain(wording.history_of(index, row))
    pictures = (
        (f"{one.label}: {text}", f"SITE/strip/{name}.svg"),
        (f"{one.label}: {one.message}", f"{SHIELDS}SITE/badge/{name}.json"),
    )
    return "\n".join(
        f"[![{for_markdown(short(alt, 200))}]({address})]({page})" for alt, address in pictures
    )
