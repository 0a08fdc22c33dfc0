"""Test the text by which two cells are compared, for each kind."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import fields

from report.evidence import Evidence, State
from report.matrix.kinds import (
    DECLARED,
    EXISTENCE,
    KINDS,
    MEASURED,
    NOTICES,
    NUMBERS,
    OWN_SEED,
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

ALONE = {"decides": "own", "draws": whole.BY_PLACE}
FRESH = {"again": 0.25, "shape": -0.7, "object": 0.0, "copy": None}
UNSEEDED = (
    "without a seed: related at another shape, "
    "independent again and in another object, not there in a copy"
)
SEEDED = (
    "with a seed: the same again and in another object, the same stream at another scale "
    "at another shape and in another object at another shape, independent with another seed"
)
EQUAL = {"again": "same", "shape": 0.999, "object": "same", "object_shape": 1.0, "seed": -0.2}
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
    ({}, NUMBERS, None),
    ({"epochs": {"numbers": "1.0.1", "own_seed": "1.1.0"}}, NUMBERS, "the numbers of 1.0.1"),
    ({}, REPEAT, None),
    (
        {"evidence": {"repeat": {"tf": True, "keras": None}}},
        REPEAT,
        "tf.random.set_seed: yes; keras.utils.set_random_seed: not there",
    ),
    (
        {"evidence": {"repeat": {"tf": False, "keras": True}}},
        REPEAT,
        "tf.random.set_seed: no; keras.utils.set_random_seed: yes",
    ),
    ({"epochs": {"own_seed": "1.0.1"}}, OWN_SEED, None),
    (
        {"evidence": {"own_seed": ALONE}, "epochs": {"numbers": "1.0.1", "own_seed": "1.1.0"}},
        OWN_SEED,
        "its own seed alone decides; the numbers of 1.1.0",
    ),
    (
        {"evidence": {"own_seed": {"decides": "neither", "draws": []}}},
        OWN_SEED,
        "neither seed repeats it",
    ),
    ({}, REUSE, None),
    (
        {"evidence": {"reuse": {"unseeded": FRESH, "seeded": None, "warns": []}}},
        REUSE,
        UNSEEDED,
    ),
    (
        {"evidence": {"reuse": {"unseeded": FRESH, "seeded": EQUAL, "warns": ["twice"]}}},
        REUSE,
        f"{UNSEEDED}; {SEEDED}; it warns",
    ),
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
        epochs=held.get("epochs", {}),
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
