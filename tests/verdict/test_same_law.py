"""Test that verdicts are compared by law, and never by name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from report.evidence import State
from report.matrix.index import Index
from report.site import picker
from report.story import comparison, wording
from report.verdict import Accord, Agreement, Verdict, same_law
from report.verdict.families import NO_LAW, UNRECOGNISED
from report.verdict.judge import verdict_of
from tests.support import world

if TYPE_CHECKING:
    from report.matrix.records import Cell

GLOROT, UNIT = Verdict(name="glorot_uniform"), Verdict(name="uniform_unit_scaling")
BOTH = replace(UNIT, also=("lecun_uniform",))
LECUN = Verdict(name="lecun_uniform")
OLD, NEW = "1.1.0", "2.2.0rc0"
ALONE = "tf.keras.initializers.TruncatedNormal(stddev=0.1)"

# two verdicts, whether they are one law
LAWS = [
    (GLOROT, GLOROT, True),
    (GLOROT, LECUN, False),
    (BOTH, LECUN, True),  # equal at every shape that the first was drawn at
    (UNIT, LECUN, False),
    (GLOROT, None, False),
    (None, None, False),
    *((Verdict(name=name), Verdict(name=name), False) for name in sorted(NO_LAW)),
    (
        Verdict(name=UNRECOGNISED, note="too few weights to tell apart: zeros, ones"),
        Verdict(name="zeros"),
        False,
    ),
]


@pytest.mark.parametrize(("one", "other", "same"), LAWS)
def test_laws_have_an_identity(one: Verdict | None, other: Verdict | None, *, same: bool) -> None:
    assert same_law(one, other) is same
    assert same_law(other, one) is same


def unknown(name: str, release: str) -> Cell:
    """Return a cell of an initializer whose law is not recognised, because of its scale."""
    found = []
    for shape in world.SHAPES:
        one = world.measured("random_uniform(-0.05, 0.05)", shape)
        found.append(replace(one, std=1.37 * one.std, min=1.37 * one.min, max=1.37 * one.max))
    verdict = verdict_of(tuple(found))
    assert verdict is not None
    assert verdict.name == UNRECOGNISED
    cell = world.observed(name, "weights", release, "zeros")
    evidence = replace(cell.evidence, measured=tuple(found))
    return replace(cell, evidence=evidence, verdict=verdict)


def index(*cells: dict[str, Cell]) -> Index:
    """Return the index of the miniature world with a row of the given cells per initializer."""
    rows = []
    for by_release in cells:
        (name,) = {cell.symbol for cell in by_release.values()}
        row = [
            by_release.get(each.version)
            or world.blank(name, "weights", each.version, State.UNREACHED, "-")
            for each in world.RELEASES
        ]
        rows.append(world.row(name, "weights", row, layer=None))
    return Index(matrix=world.matrix((*world.mini().rows, *rows)))


def both(name: str, was: Cell, now: Cell) -> dict[str, Cell]:
    """Return the cells of a row in the old and the new release."""
    assert was.symbol == now.symbol == name
    return {OLD: was, NEW: now}


def kept(known: Index, name: str) -> tuple[str | None, str]:
    """Return the pin of an initializer, and why it is one or none."""
    (found,) = (
        each for each in comparison.comparison(known, OLD, NEW).differences if each.symbol == name
    )
    assert found.pin is not None
    return found.pin.code, wording.plain(found.pin.proof)


MADE, OTHER = "tf.made_initializer", "tf.other_initializer"


def test_what_was_not_recognised_is_not_kept_by_what_is_not_recognised() -> None:
    """Today's page offered one unrecognised draw as the way to keep another."""
    known = index(
        both(MADE, unknown(MADE, OLD), world.observed(MADE, "weights", NEW, "zeros")),
        both(OTHER, unknown(OTHER, OLD), unknown(OTHER, NEW)),
    )
    assert kept(known, MADE) == (None, "no law to keep: none was recognised in 1.1")


@pytest.mark.parametrize("name", sorted(NO_LAW))
def test_two_draws_without_a_law_are_not_compared_and_are_no_proof(name: str) -> None:
    was, now = (replace(unknown(MADE, each), verdict=Verdict(name=name)) for each in (OLD, NEW))
    found = comparison.comparison(index(both(MADE, was, now)), OLD, NEW)
    plain = comparison.comparison(index(), OLD, NEW)
    counts = [(one.equal, len(one.differences)) for one in (found, plain)]
    assert counts[0] == counts[1]
    assert sum(found.unknown.values()) == sum(plain.unknown.values()) + 1
    other = world.observed(MADE, "weights", NEW, "zeros")
    code, why = kept(index(both(MADE, was, other), {NEW: replace(now, symbol=OTHER)}), MADE)
    assert code is None
    assert why == "no law to keep: none was recognised in 1.1"


def disputed(cell: Cell) -> Cell:
    """Return a cell with a conflict."""
    return replace(cell, agreement=Agreement(state=Accord.CONFLICT, text="they disagree"))


def test_a_conflict_is_neither_kept_nor_a_proof() -> None:
    was = world.observed(MADE, "weights", OLD, "he_uniform")
    now = world.observed(MADE, "weights", NEW, "zeros")
    other = world.observed(OTHER, "weights", NEW, "he_uniform")
    assert kept(index(both(MADE, was, now), {NEW: other}), MADE)[0] == f"{OTHER}()"
    code, why = kept(index(both(MADE, was, now), {NEW: disputed(other)}), MADE)
    assert code is None
    assert why == (
        f"cannot be pinned: no initializer measured in {NEW} draws he_uniform; derived "
        "VarianceScaling(distribution='uniform', mode='fan_in', scale=2.0), "
        "which was not measured there"
    )
    code, why = kept(index(both(MADE, disputed(was), now), {NEW: other}), MADE)
    assert (code, why) == (None, "no law to keep: the evidence disagrees in 1.1: they disagree")


def test_what_was_tried_is_said_with_what_it_draws() -> None:
    """The one pin of the miniature world, asked for 0.1, draws another law in the new release."""
    was = world.observed(MADE, "weights", OLD, "truncated_normal(stddev=0.1)")
    now = world.observed(MADE, "weights", NEW, "zeros")
    known = index(both(MADE, was, now))
    rows = [
        replace(
            world.with_cells(
                row,
                (
                    replace(cell, verdict=Verdict(name="he_normal"))
                    if cell.release == NEW
                    else cell
                    for cell in row.cells
                ),
            ),
            symbol=replace(
                row.symbol,
                path="tf.keras.initializers.TruncatedNormal",
                arguments={"stddev": 0.1},
            ),
        )
        if row.symbol.name == ALONE
        else row
        for row in known.matrix.rows
    ]
    code, why = kept(Index(matrix=world.matrix(rows)), MADE)
    assert code is None
    assert why == (
        f"cannot be pinned: no initializer measured in {NEW} draws truncated_normal(stddev=0.1); "
        "tried TruncatedNormal(stddev=0.1), which draws he_normal"
    )


def test_the_script_is_given_what_is_no_law() -> None:
    known = index(both(MADE, unknown(MADE, OLD), unknown(MADE, NEW)))
    data = json.loads(picker.data(known))
    assert {data["entries"][position][1] for position in data["unclear"]} == {UNRECOGNISED}
