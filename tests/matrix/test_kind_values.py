"""Test the text by which two cells are compared, for each kind."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from report.evidence import Evidence, State
from report.matrix.kinds import (
    DECLARED,
    EXISTENCE,
    KINDS,
    MEASURED,
    NOTICES,
    REPEAT,
    RESOLVED,
    REUSE,
    SCOPE,
    Kind,
)
from report.matrix.records import Cell
from report.verdict import Verdict
from tests.support import whole, world
from tests.support.timelines import STATES, cell

SEEDED = {"call": "tf.set_random_seed", "tf": True, "keras": None, "digest": ""}
HELD = {"class": "VarianceScaling", "config": {"seed": None, "mode": "fan_in", "scale": 2.0}}
# the cell's evidence, the kind, the text by which it is compared
VALUES: list[tuple[dict[str, Any], Kind, str | None]] = [
    ({}, EXISTENCE, "present"),
    ({}, MEASURED, None),
    ({"verdict": Verdict(name="zeros", also=("ones",), note="odd")}, MEASURED, "zeros"),
    ({}, DECLARED, None),
    (
        {"evidence": {"declared": {"keyword": "init", "default": "None"}}},
        DECLARED,
        "init=None",
    ),
    ({}, RESOLVED, None),
    (
        {"evidence": {"resolved": HELD}},
        RESOLVED,
        'VarianceScaling(mode="fan_in", scale=2.0, seed=null)',
    ),
    ({}, REPEAT, None),
    ({"evidence": {"repeat": SEEDED}}, REPEAT, "tf repeats, keras does not apply"),
    (
        {"evidence": {"repeat": {**SEEDED, "tf": False, "keras": True}}},
        REPEAT,
        "tf differs, keras repeats",
    ),
    (
        {"evidence": {"reuse": {"unseeded": True, "seeded": None}}},
        REUSE,
        "without a seed: the same again; with a seed: does not apply",
    ),
    (
        {"evidence": {"reuse": {"unseeded": False, "seeded": True}}},
        REUSE,
        "without a seed: new numbers; with a seed: the same again",
    ),
    ({"evidence": {"reuse": None}}, REUSE, None),
    ({"evidence": {"scope": True}}, SCOPE, "yields to the scope"),
    ({"evidence": {"scope": False}}, SCOPE, "keeps its own"),
    ({"evidence": {"scope": None}}, SCOPE, None),
    ({"evidence": {"notices": []}}, NOTICES, "silent"),
    ({"evidence": {"notices": ["old", "gone soon"]}}, NOTICES, "old\ngone soon"),
]


@pytest.mark.parametrize(("held", "kind", "expected"), VALUES)
def test_the_text_by_which_cells_are_compared(
    held: dict[str, Any], kind: Kind, expected: str | None
) -> None:
    evidence = world.recorded(held.get("evidence", {}))
    verdict = held.get("verdict")
    one = Cell(
        symbol="s",
        role="kernel",
        release="1",
        state=State.OBSERVED,
        verdict=verdict,
        evidence=evidence,
    )
    assert kind.value(one) == expected


def test_whole_evidence_has_two_values_of_every_field() -> None:
    names = {one.name for one in fields(Evidence)} - {"measured"}
    missing = names ^ set(whole.VALUES)
    assert not missing, "give each field of Evidence two values in tests/support/whole.py"
    one, other = (world.recorded(values) for values in (whole.EVIDENCE, whole.OTHER))
    same = [field for field in whole.VALUES if getattr(one, field) == getattr(other, field)]
    assert not same, "its two values in tests/support/whole.py must differ"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("letter", STATES)
def test_what_was_not_observed_has_no_value(letter: str, kind: Kind) -> None:
    absent = letter == "-" and kind is EXISTENCE
    assert kind.value(cell(letter, "1")) == ("absent" if absent else None)
