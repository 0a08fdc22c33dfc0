"""The runs, the changes and what differs on other platforms as CSV, safe in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Hashable, Iterable, Iterator
from typing import Any

from report.evidence import State
from report.matrix import KINDS, Index, Kind, Run
from report.site.exports import data
from report.site.render import File
from report.story import fact
from report.text import for_spreadsheet

ROW = ("symbol", "role", "aspect")
RUNS = (*ROW, "first", "last", "state", "value", "reason", "changed", "after", "exact")
EDGE = ("before_release", "before", "after_release", "after", "exact")
CHANGES = (*ROW, *EDGE, "id", "page", *data.RELATION)
DIFFERENCE = ("release", *ROW, "here", "there", "degree", "largest")
PLATFORMS = ("platform", *DIFFERENCE)
RELEASE = "release"  # the aspect of a release: its status on both platforms
YES = {True: "yes", False: "no"}


def files(index: Index) -> Iterator[File]:
    """Yield the path and the text of every CSV file."""
    yield "data/matrix.csv", runs(index)
    yield "data/changes.csv", changes(index)
    yield "data/platforms.csv", platforms(index)


def runs(index: Index) -> str:
    """Return the runs of every row and kind of evidence as CSV."""
    return _csv(
        RUNS,
        (
            (
                row.symbol.name,
                row.role,
                kind.key,
                run.first,
                run.last,
                run.state.value,
                run.value,
                _reason(run, kind),
                YES[run.changed],
                run.after,
                YES[run.exact],
            )
            for row in index.matrix.rows
            for kind in KINDS
            for run in row.runs[kind]
        ),
    )


def _reason(run: Run, kind: Kind) -> str | None:
    """Return why a run has no value; each reason has its releases if there are several."""
    if run.state is State.OBSERVED and run.value is not None:
        return None
    (_, first), *more = found = fact.reasons(run.cells, kind)
    return "; ".join(": ".join(each) for each in found) if more else first


def changes(index: Index) -> str:
    """Return the changes as CSV, with the ids and links of the JSON."""
    return _csv(
        CHANGES,
        (
            (
                change["symbol"],
                change["role"],
                change["aspect"],
                *change["before"].values(),
                *change["after"].values(),
                YES[change["exact"]],
                change["id"],
                change["page"],
                change["degree"],
                change["largest"],
                "; ".join(change["cause"]["reasons"]) if change["cause"] else None,
            )
            for change in data.changes(index)
        ),
    )


def platforms(index: Index) -> str:
    """Return the comparisons as CSV: a line for each release, and one for each difference.

    A release was compared if it was observed on both platforms.
    """
    return _csv(PLATFORMS, (line for each in data.platforms(index) for line in _compared(each)))


def _compared(record: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    for release in record["releases"]:
        states = (release["here"], release["there"])
        yield record["platform"], release["release"], None, None, RELEASE, *states, None, None
    for difference in record["differences"]:
        yield record["platform"], *(difference[column] for column in DIFFERENCE)


def _csv(columns: Iterable[str], records: Iterable[tuple[Hashable, ...]]) -> str:
    """Return a table as CSV (RFC 4180)."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(map(for_spreadsheet, record) for record in records)
    return target.getvalue()
