"""The comparison with other platforms as data: what was compared, and every cell that differs.

``here`` is the platform whose matrix is published, ``there`` the other one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from report.matrix import Across, Cell, Index, Kind, Matrix, Move
from report.site.exports.spreadsheet import as_csv
from report.story import numbers

SIDES = ("here", "there")
DEGREE = ("degree", "largest")  # of numbers
COLUMNS = ("platform", "release", "symbol", "role", "aspect", *SIDES, *DEGREE)
STATE, RELEASE = "state", "release"  # aspects of a cell that can't be compared, and of a release


def records(index: Index) -> list[dict[str, Any]]:
    """Return the comparison with each other platform as plain data."""
    return [
        {
            "platform": across.other.platform,
            "compared": list(across.releases),
            "releases": list(_releases(across)),
            "differences": [_difference(move) for move in across.moves],
            "others": [
                {"release": release, "field": field, "cells": cells}
                for release, fields in across.others.items()
                for field, cells in sorted(fields.items())
            ],
            "problems": list(across.problems),
        }
        for across in index.across
    ]


def csv(index: Index) -> str:
    """Return the comparisons as CSV: a line for each release, and one for each difference.

    A release was compared if it was observed on both platforms.
    """
    return as_csv(COLUMNS, (line for each in records(index) for line in _lines(each)))


def _lines(record: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    for release in record["releases"]:
        states = (release["here"], release["there"])
        yield record["platform"], release["release"], None, None, RELEASE, *states, None, None
    for each in record["differences"]:
        yield record["platform"], *(each[column] for column in COLUMNS[1:])


def _releases(across: Across) -> Iterator[dict[str, Any]]:
    """Yield the status on both platforms of each release that either has, oldest first."""
    sides = [_statuses(matrix) for matrix in (across.shown, across.other)]
    for version in across.versions:
        yield {"release": version, "here": sides[0].get(version), "there": sides[1].get(version)}


def _statuses(matrix: Matrix) -> dict[str, str]:
    return {release.version: release.status.value for release in matrix.releases}


def _difference(move: Move) -> dict[str, Any]:
    relation = move.relation
    return {
        "symbol": move.symbol,
        "role": move.role,
        "release": move.release,
        "aspect": move.kind.key if move.kind else STATE,
        "here": _value(move.kind, move.before),
        "there": _value(move.kind, move.after),
        "degree": relation and relation.degree.value,
        "largest": relation and relation.largest,
    }


def _value(kind: Kind | None, cell: Cell | None) -> str | None:
    """Return a cell's value, of numbers with their digests; its state and why, if it has none.

    None is the value of a cell that was not asked for, or has none of this kind.
    """
    if cell is None:
        return None
    if kind is None:
        return f"{cell.state}: {cell.reason}" if cell.reason else cell.state.value
    if kind.samples is None:
        return kind.value(cell)
    drawn = (each for each in kind.samples(cell.evidence).values())
    parts = (f"{one.call}{one.call and ': '}{numbers.draws(one.draws)}" for one in drawn)
    return "; ".join(part for part in (kind.bare(cell), *parts) if part) or None
