"""Test verdicts: on ideal samples, on single values, and on any draws."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from scipy import stats

from benchmarks.accuracy.draws import SHAPES, draw, measure
from benchmarks.accuracy.power import LAYERS
from report.verdict import Verdict
from report.verdict.families import FAMILIES, NO_LAW, OTHER_ORTHOGONAL, UNRECOGNISED, law
from report.verdict.judge import nearest_rival, verdict_of
from tests.support.ideal import (
    CUT,
    FLAT,
    GLOROT,
    HE,
    LECUN,
    LOST,
    NORMAL,
    constants,
    ideal,
    label,
    pair,
    times,
)

if TYPE_CHECKING:
    from scipy.stats.distributions import rv_frozen


VARIABLE = SHAPES["variable"]


# standard law, scales at (180, 320) and (480, 120), name, also
JUDGED = [
    (FLAT, times(math.sqrt(3), GLOROT), "glorot_uniform", ()),
    (CUT, times(1 / LOST, GLOROT), "glorot_normal", ()),
    (CUT, GLOROT, "glorot_normal_uncorrected", ()),
    (CUT, times(math.sqrt(1.3), GLOROT), "glorot_normal_contrib", ()),
    (NORMAL, GLOROT, "glorot_normal_untruncated", ()),
    (FLAT, times(math.sqrt(3), HE), "he_uniform", ()),
    (CUT, times(1 / LOST, HE), "he_normal", ()),
    (CUT, times(math.sqrt(1.3), HE), "he_normal_contrib", ()),
    # one law from rank 2 on
    (FLAT, times(math.sqrt(3), LECUN), "uniform_unit_scaling", ("lecun_uniform",)),
    (CUT, times(1 / LOST, LECUN), "lecun_normal", ()),
    (NORMAL, (0.05, 0.05), "random_normal(stddev=0.05)", ()),
    (CUT, (1, 1), "truncated_normal(stddev=1.0)", ()),
    (FLAT, (0.05, 0.05), "random_uniform(-0.05, 0.05)", ()),
    (stats.uniform(0, 1), (1, 1), "random_uniform(0, 1)", ()),
]


@pytest.mark.parametrize(("standard", "scales", "name", "also"), JUDGED, ids=label)
def test_an_exact_sample_is_recognised(
    standard: rv_frozen, scales: tuple[float, float], name: str, also: tuple[str, ...]
) -> None:
    assert verdict_of(pair(standard, scales)) == Verdict(name=name, also=also)


# scales at (180, 320) and (57600,): at rank 1 unit scaling and LeCun's differ
RANKS = [
    ((math.sqrt(3 / 180), math.sqrt(3)), "uniform_unit_scaling"),
    ((math.sqrt(3 / 180), math.sqrt(3 / 57600)), "lecun_uniform"),
    ((math.sqrt(6 / 500), math.sqrt(6 / 115200)), "glorot_uniform"),
]


@pytest.mark.parametrize(("scales", "name"), RANKS)
def test_rank_one_tells_laws_apart(scales: tuple[float, float], name: str) -> None:
    assert verdict_of(pair(FLAT, scales, VARIABLE)) == Verdict(name=name)


def test_laws_equal_at_the_only_shape_share_the_verdict() -> None:
    found = verdict_of((ideal(NORMAL, 0.05, (600, 200)),))
    assert found == Verdict(name="glorot_normal_untruncated", also=("random_normal(stddev=0.05)",))


def test_nothing_measured_has_no_verdict() -> None:
    assert verdict_of(()) is None
    assert nearest_rival(()) is None


# one value per shape, verdict
SINGLE = [
    ((0.0, 0.0), Verdict(name="zeros")),
    ((-0.0,), Verdict(name="zeros")),
    ((1.0, 1.0), Verdict(name="ones")),
    ((0.25,), Verdict(name="constant(0.25)")),
    ((0.1, 0.1), Verdict(name="constant(0.1)")),
    (
        (0.25, 1.0),
        Verdict(
            name=UNRECOGNISED,
            note="one value per shape: constant(0.25), ones",
        ),
    ),
]


@pytest.mark.parametrize(("values", "verdict"), SINGLE)
@pytest.mark.parametrize("count", [1, 96])
def test_a_single_value(values: tuple[float, ...], verdict: Verdict, count: int) -> None:
    measured = constants(*values, count=count)
    found = verdict_of(measured)
    assert found is not None
    assert replace(found, at=()) == verdict
    assert nearest_rival(measured) is None


def test_one_shape_constant_and_one_random_is_no_family() -> None:
    found = verdict_of((*constants(0.0), ideal(FLAT, 0.05, (240, 480))))
    assert found is not None
    assert found.name == UNRECOGNISED


WEIGHTS = st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=60)


@example([[0.0, 1.0]], (1,))
@given(st.lists(WEIGHTS, min_size=1, max_size=3), st.sampled_from([(), (1,)]))
def test_any_weights_get_a_sound_verdict(
    samples: list[list[float]], columns: tuple[int, ...]
) -> None:
    measured = tuple(measure(np.array(one, np.float32), (len(one), *columns)) for one in samples)
    found = verdict_of(measured)
    assert found is not None
    # a column of one 1 among zeros is an orthogonal matrix, although another seed gives none
    known = {*FAMILIES, UNRECOGNISED, OTHER_ORTHOGONAL}
    assert found.name in known or found.name.startswith("constant(")
    assert "nan" not in (found.note or "")
    assert (found.note is None) == (found.name not in NO_LAW)
    assert found == verdict_of(tuple(reversed(measured)))
    rival = nearest_rival(measured)
    assert rival is None or rival not in (found.name, *found.also)


@settings(max_examples=40, derandomize=True)
@given(st.sampled_from(sorted(FAMILIES)), st.sampled_from(LAYERS), st.integers(0, 2**32))
def test_any_draw_is_judged_as_its_family_or_an_equal_law(name: str, layer: str, seed: int) -> None:
    generator = np.random.default_rng(seed)
    measured = tuple(
        measure(first, shape, second)
        for shape in SHAPES[layer]
        for first, second in [
            [draw(law(name, shape), math.prod(shape), generator) for _ in range(2)]
        ]
    )
    found = verdict_of(measured)
    assert found is not None
    assert name in (found.name, *found.also)
    assert verdict_of(tuple(reversed(measured))) == found
