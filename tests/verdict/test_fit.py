"""Test each test of a law alone: with draws that only this test rejects."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from scipy import special, stats

from benchmarks.accuracy.draws import draw, measure
from report.verdict import fit
from report.verdict.families import law
from report.verdict.fit import RANDOM, misfit
from report.verdict.standard_forms import Law
from tests.support.ideal import FLAT, ideal

# Each test alone: a draw that only this one rejects. The law is uniform within
# 0.05, with 115,200 weights: standard errors 1.3e-3 of the standard deviation and 8.5e-5
# for the mean, and a weight within 1.4e-5 of the limit but for 1 of 10 million draws.
UNIT = law("random_uniform(-0.05, 0.05)", (240, 480))
EXACT = ideal(FLAT, 0.05, (240, 480))
LOPSIDED = (*(one + 200 * (-1) ** i for i, one in enumerate(EXACT.histogram)),)
BROKEN = [
    ({}, None),
    ({"max": 0.0500005}, None),
    ({"max": 0.050001}, "a weight lies outside its range"),
    ({"min": -0.051}, "a weight lies outside its range"),
    ({"std": EXACT.std * 1.006}, None),
    ({"std": EXACT.std * 1.008}, "the standard deviation is off"),
    ({"std": EXACT.std * 0.992}, "the standard deviation is off"),
    ({"mean": 4.4e-4}, None),
    ({"mean": 4.7e-4}, "the mean is off"),
    ({"mean": -4.7e-4}, "the mean is off"),
    ({"max": 0.05 - 1.2e-5}, None),
    ({"max": 0.05 - 1.6e-5}, "its draws reach another range"),
    ({"min": -0.05 + 1.6e-5}, "its draws reach another range"),
    ({"histogram": LOPSIDED}, "the histogram has another shape"),
    ({"histogram": (EXACT.count,)}, None),
    ({"histogram": (57600, 57600)}, None),
    ({"histogram": (56000, 59200)}, "the histogram has another shape"),
    ({"zeros": 0.001}, "its draws would be independent"),
]


@pytest.mark.parametrize(("fields", "text"), BROKEN)
def test_each_test_alone(fields: dict[str, Any], text: str | None) -> None:
    assert misfit(UNIT, replace(EXACT, **fields)) == text


def test_clipping_is_not_truncation() -> None:
    scale = 1 / 500**0.5
    clipped = np.clip(np.random.default_rng(1).standard_normal(120000), -2, 2) * scale
    assert misfit(
        Law(form=law("he_normal", (9,)).form, center=0.0, scale=scale),
        measure(clipped.astype(np.float32), (600, 200)),
    )


@pytest.mark.parametrize(("form", "count"), [("uniform", 500), ("normal", 2000), ("cut", 5000)])
def test_the_histograms_chance_is_uniform_under_the_law(form: str, count: int) -> None:
    name = {
        "uniform": "random_uniform(-1, 1)",
        "normal": "random_normal(stddev=1.0)",
        "cut": "truncated_normal(stddev=1.0)",
    }[form]
    expected, generator = law(name, (count,)), np.random.default_rng(7)
    chances = [
        fit.histogram(expected, measure(draw(expected, count, generator), (count,)))
        for _ in range(400)
    ]
    assert stats.kstest(chances, "uniform").pvalue > 0.001


@given(st.floats(0, 2000), st.integers(1, 100))
def test_the_chance_of_chi_square_is_scipys(statistic: float, freedom: int) -> None:
    expected = special.chdtrc(freedom, statistic)
    assert fit.chi_square_above(statistic, freedom) == pytest.approx(expected, rel=1e-9, abs=1e-300)


@settings(max_examples=60, derandomize=True)
@given(st.sampled_from(RANDOM), st.sampled_from(RANDOM), st.integers(-20, 20))
def test_a_change_of_unit_changes_nothing(name: str, other: str, power: int) -> None:
    shape, unit = (40, 60), 2.0**power
    drawn, expected = law(name, shape), law(other, shape)
    weights = draw(drawn, 2400, np.random.default_rng(3))
    scaled = Law(form=expected.form, center=expected.center * unit, scale=expected.scale * unit)
    assert misfit(scaled, measure(weights * np.float32(unit), shape)) == misfit(
        expected, measure(weights, shape)
    )
