"""Runs and changes as CSV, one line each, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from report.evidence import State
from report.matrix import KINDS, Index
from report.site.exports import data
from report.text import for_spreadsheet

RUNS = (
    "symbol",
    "role",
    "aspect",
    "first",
    "last",
    "state",
    "value",
    "reason",
    "changed",
    "after",
    "exact",
)
CHANGES = (
    "symbol",
    "role",
    "aspect",
    "before_release",
    "before",
    "after_release",
    "after",
    "exact",
    "id",
    "page",
)


def runs(index: Index) -> str:
    """Write the runs of every row and kind of evidence."""
    return _written(RUNS, _records(index))


def changes(index: Index) -> str:
    """Write the changes, each with the id and the address that JSON gives it."""
    return _written(CHANGES, map(_flat, data.changes(index)))


def _written(columns: Iterable[str], records: Iterable[tuple[object, ...]]) -> str:
    """Write a table as RFC 4180 has it."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(map(for_spreadsheet, record) for record in records)
    return target.getvalue()


def _records(index: Index) -> Iterator[tuple[object, ...]]:
    for row in index.matrix.rows:
        for kind in KINDS:
            for run in index.runs(row, kind):
                yield (
                    row.symbol.name,
                    row.role,
                    kind.key,
                    run.first,
                    run.last,
                    run.state.value,
                    run.value,
                    run.cells[0].reason if run.state is not State.OBSERVED else None,
                    "yes" if run.changed else "no",
                    run.after,
                    "yes" if run.exact else "no",
                )


def _flat(change: dict[str, Any]) -> tuple[object, ...]:
    values = {end: change[end]["value"] for end in ("before", "after")}
    releases = {f"{end}_release": change[end]["release"] for end in ("before", "after")}
    flat = {**change, **values, **releases, "exact": "yes" if change["exact"] else "no"}
    return tuple(flat[column] for column in CHANGES)
