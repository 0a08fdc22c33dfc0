"""Test pins: whether a pin is measured on the pinned layer itself is stated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from report.evidence import State
from report.matrix.index import Index
from report.matrix.kinds import MEASURED
from report.site.exports import data
from report.site.publish import write_site
from report.site.table import grid
from report.story import answer, changes, comparison, wording
from tests.support import world

if TYPE_CHECKING:
    from pathlib import Path

    from report.matrix.records import Row
    from report.story.pins import Pin

DENSE, OLD, NEW = "tf.layers.dense", "1.1.0", "2.2.0rc0"
UNSEEN = world.RELEASES[2:4]
CUT = "truncated_normal(stddev=0.1)"
ALONE = "tf.keras.initializers.TruncatedNormal(stddev=0.1)"


def given(symbol: str, law: str, role: str = "kernel", state: State = State.OBSERVED) -> Row:
    """Return a row of a pinned layer that was observed in the newest release."""
    name = f"{symbol}({role}_initializer={ALONE})"
    cells = [world.blank(name, role, r.version, State.UNREACHED, "-") for r in world.RELEASES]
    last = world.observed(name, role, NEW, law)
    if state is not State.OBSERVED:
        last = world.blank(name, role, NEW, state, "it broke")
    return world.row(name, role, [*cells[:-1], last])


def index(*pins: Row) -> Index:
    """Return the index of the miniature world with pins, and without a conflict."""
    mini = world.mini()
    settled = [
        world.with_cells(row, (replace(cell, agreement=None) for cell in row.cells))
        for row in mini.rows
    ]
    return Index(matrix=world.matrix((*settled, *pins), networks=mini.networks))


def pinned(known: Index, symbol: str = DENSE, role: str = "kernel") -> Pin:
    """Return how to keep one row's law in the newest release."""
    found = comparison.comparison(known, OLD, NEW).differences
    (pin,) = [each.pin for each in found if (each.symbol, each.role) == (symbol, role)]
    assert pin is not None
    return pin


ASKED = (
    # the row in the newest release, whether it is the pin
    (given(DENSE, CUT), True),
    (given(DENSE, "glorot_uniform"), False),  # it draws another law: no proof of this one
    (given("tf.layers.dense_too", CUT), False),  # another symbol
    (given(DENSE, CUT, role="bias"), False),  # another role
    (given(DENSE, CUT, state=State.FAILED), False),  # its draws were not observed
)


@pytest.mark.parametrize(("row", "proves"), ASKED)
def test_a_pin_is_the_call_that_was_measured_and_else_the_initializer_alone(
    row: Row, *, proves: bool
) -> None:
    pin = pinned(index(row))
    sentence = wording.plain(pin.proof)
    if proves:
        assert pin.code == row.symbol.name
        assert sentence == f"measured in {NEW} on the layer itself: it draws {CUT}"
    else:
        assert pin.code == f"kernel_initializer={ALONE}"
        assert sentence == f"measured in {NEW}, the initializer alone: it draws {CUT}"


def test_where_a_symbol_is_gone_another_of_its_kind_can_be_made_to() -> None:
    """In the miniature world the bias is removed, and nothing that is left starts with zeros."""
    assert pinned(index(), role="bias").code is None
    heir = given("tf.keras.layers.Dense", "zeros", role="bias")
    pin = pinned(index(heir), role="bias")
    assert pin.code == heir.symbol.name
    assert wording.plain(pin.proof) == f"measured in {NEW} on the layer itself: it draws zeros"


def test_where_an_initializer_is_gone_another_that_draws_its_law_is_named() -> None:
    name = "tf.contrib.layers.cut_initializer"
    cells = [
        world.observed(name, "weights", "1.0.1", CUT),
        world.observed(name, "weights", OLD, CUT),
        *(world.blank(name, "weights", r.version, State.UNREACHED, "-") for r in UNSEEN),
        world.blank(name, "weights", NEW, State.ABSENT, "no attribute 'contrib'"),
    ]
    known = index(world.row(name, "weights", cells, layer=None))
    pin = pinned(known, name, "weights")
    assert pin.code == ALONE
    assert wording.plain(pin.proof) == f"measured in {NEW}: it draws {CUT}"


def test_rows_of_which_the_same_is_to_be_said_are_said_once() -> None:
    found = comparison.comparison(index(), OLD, NEW).differences
    twins = [replace(found[0], symbol=f"{found[0].symbol}{n}") for n in range(3)]
    groups = comparison.alike([*found, *twins])
    assert sorted(len(group) for group in groups) == [1] * (len(found) - 1) + [4]
    assert {id(row) for group in groups for row in group} == set(map(id, [*found, *twins]))


def test_what_a_layer_does_when_told_is_no_default() -> None:
    """Such a row is in the data and on pages of its own, and counted nowhere else."""
    plain, more = index(), index(given(DENSE, "he_normal"))
    assert more.layers == plain.layers
    assert answer.headline(more) == answer.headline(plain)
    assert answer.exceptions(more) == answer.exceptions(plain)
    assert changes.by_release(more) == changes.by_release(plain)
    counts = [comparison.comparison(each, OLD, NEW) for each in (more, plain)]
    assert (counts[0].counted, counts[0].further) == (counts[1].counted, counts[1].further)
    assert len(counts[0].differences) == len(counts[1].differences)
    grids = [grid(each, each.layers, MEASURED) for each in (more, plain)]
    assert grids[0] == grids[1]
    cells = [len(data.matrix(each)["cells"]) for each in (more, plain)]
    assert cells[0] == cells[1] + len(world.RELEASES)


def test_the_proof_has_a_page_that_the_pair_the_symbol_and_the_release_lead_to(
    tmp_path: Path,
) -> None:
    known = index(given(DENSE, CUT))
    write_site(known.matrix, tmp_path / "site")
    proof = f"symbol/{known.slug(known.pins[0].symbol.name)}.html"
    assert (tmp_path / "site" / proof).is_file()
    for path in (comparison.address(OLD, NEW), f"symbol/{DENSE}.html", f"release/{NEW}.html"):
        assert proof.rpartition("/")[2] in (tmp_path / "site" / path).read_text("utf-8")
