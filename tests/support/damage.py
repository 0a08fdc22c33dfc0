"""Matrices with missing and damaged observations, as a Hypothesis strategy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st
from msgspec.structs import replace

from report.evidence import State, Status
from report.verdict import Accord, Agreement, Verdict
from report.verdict.families import NOT_FINITE, UNRECOGNISED
from tests.support import world

if TYPE_CHECKING:
    from collections.abc import Mapping

    from report.evidence import Release
    from report.matrix.records import Cell, Matrix, Row

BLANK = (State.ABSENT, State.NOT_INSTALLED, State.FAILED, State.UNREACHED)
LOST = (Status.NOT_OBSERVED, Status.FAILED, Status.UNAVAILABLE)
LAWS = ("glorot_uniform", "zeros", "he_normal", UNRECOGNISED, NOT_FINITE)
CONFLICT = "conflict"
Fate = State | str


def damaged(cell: Cell, fate: Fate) -> Cell:
    """Return a cell with another state, another law, or a conflict."""
    if isinstance(fate, State):
        return world.blank(cell.symbol, cell.role, cell.release, fate, "as it was damaged")
    if cell.state is not State.OBSERVED:
        return cell
    if fate == CONFLICT:
        found = Agreement(state=Accord.CONFLICT, text="two kinds disagree")
        return replace(cell, agreement=found)
    return replace(cell, verdict=Verdict(name=fate))


def lost(release: Release, status: Status) -> Release:
    """Return a release without its observation."""
    return replace(release, status=status, reason="as it was lost", packages={})


def apply(
    matrix: Matrix, gone: Mapping[int, Status], fates: Mapping[tuple[int, int], Fate]
) -> Matrix:
    """Return a matrix with some releases lost and some cells damaged, by their indices."""
    releases = tuple(
        lost(each, gone[at]) if at in gone else each for at, each in enumerate(matrix.releases)
    )
    rows = []
    for line, row in enumerate(matrix.rows):
        cells = list(row.cells)
        for at, cell in enumerate(cells):
            if at in gone:
                failed = gone[at] is Status.FAILED
                cells[at] = damaged(cell, State.FAILED if failed else State.UNREACHED)
            elif (line, at) in fates:
                cells[at] = damaged(cell, fates[line, at])
        rows.append(world.with_cells(row, cells))
    left = {each.version for each in releases if each.status is Status.OBSERVED}
    seen = {version: one for version, one in matrix.networks.items() if version in left}
    return replace(
        world.matrix(_asked(rows, left), releases, matrix.problems, seen),
        platform=matrix.platform,
        protocol=matrix.protocol,
    )


def _asked(rows: list[Row], left: set[str]) -> list[Row]:
    """Return the rows that are still in at least one observation."""
    return [
        row
        for row in rows
        if any(cell.release in left and cell.state is not State.UNREACHED for cell in row.cells)
    ]


Damage = tuple[dict[int, Status], dict[tuple[int, int], Fate]]


def damages(matrix: Matrix) -> st.SearchStrategy[Damage]:
    """Return a strategy for `apply`'s arguments that loses none, some or all observations."""
    releases = range(len(matrix.releases))
    places = st.tuples(st.sampled_from(range(len(matrix.rows))), st.sampled_from(releases))
    gone = st.dictionaries(st.sampled_from(releases), st.sampled_from(LOST))
    fates = st.dictionaries(places, st.sampled_from((*BLANK, *LAWS, CONFLICT)), max_size=12)
    return st.tuples(gone, fates)


def whole() -> Matrix:
    """Return a matrix of five observed releases: layers, a variable and an initializer."""
    releases = tuple(replace(one, status=Status.OBSERVED, reason=None) for one in world.RELEASES)
    rows = [
        world.row(
            name,
            role,
            [world.observed(name, role, each.version, law) for each in releases],
            layer=layer,
        )
        for name, layer, role, law in (
            ("tf.layers.conv2d", "Conv2D", "kernel", "glorot_uniform"),
            ("tf.layers.conv2d", "Conv2D", "bias", "zeros"),
            ("tf.keras.layers.Conv2D", "Conv2D", "kernel", "glorot_uniform"),
            ("tf.layers.dense", "Dense", "kernel", "glorot_uniform"),
            ("tf.layers.dense", "Dense", "bias", "zeros"),
            ("tf.get_variable", None, "kernel", "glorot_uniform"),
            ("tf.zeros_initializer", None, "weights", "zeros"),
        )
    ]
    return world.matrix(rows, releases)
