"""Test why cells have no value: the reason of each release, and what can't be asked of a symbol."""

from __future__ import annotations

from msgspec.structs import replace

from report.evidence import Form, State
from report.matrix.kinds import DECLARED, MEASURED, OWN_SEED, SCOPE
from report.story import fact, marks
from tests.support import drawn

ABSENT = State.ABSENT


def test_a_reason_is_said_of_the_releases_that_gave_it_alone() -> None:
    cells = drawn.row(drawn.symbol("tf.layers.Conv2D"), ABSENT, ABSENT, ABSENT, ABSENT).cells
    given = [
        replace(cell, reason=why) for cell, why in zip(cells, ("no b", "c", "c", "c"), strict=True)
    ]
    assert fact.reasons(given, MEASURED) == [("1.15.5", "no b"), ("2.0.4 to 2.2.3", "c")]


def test_an_observed_cell_without_a_value_has_the_text_of_its_mark() -> None:
    held = {"numbers": [drawn.numbers()], "repeat": {"tf": True, "keras": None}}
    cells = drawn.row(drawn.symbol("tf.layers.Conv2D"), held, held, held, held).cells
    assert fact.reasons(cells, OWN_SEED) == [("1.15.5 to 2.2.3", "does not apply")]


def test_a_signature_is_not_recorded_for_a_layer_and_can_not_be_asked_of_an_initializer() -> None:
    held = {"numbers": [drawn.numbers()], "repeat": {"tf": True, "keras": None}}
    layer = drawn.row(drawn.symbol("tf.layers.Dense"), held, ABSENT, ABSENT, ABSENT).cells[0]
    called = drawn.symbol("tf.ones_initializer", Form.INITIALIZER)
    alone = drawn.row(called, held, ABSENT, ABSENT, ABSENT).cells[0]
    for kind in (DECLARED, SCOPE):
        assert marks.lacking(layer, kind) is marks.SILENT
        assert marks.lacking(alone, kind) is marks.INAPPLICABLE
