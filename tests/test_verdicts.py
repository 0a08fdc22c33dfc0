"""What weights are judged as: exact samples first, then hostile ones, then any draw."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from report import fit
from report.families import FAMILIES, UNRECOGNISED, law, laws
from report.fit import RANDOM, misfit
from report.forms import Law
from report.model import Measurement, Verdict
from report.simulate import SHAPES, draw, measure
from report.verdicts import judge, nearest_rival

if TYPE_CHECKING:
    from scipy.stats.distributions import rv_frozen

DENSE = SHAPES["Dense"]
VARIABLE = SHAPES[None]
CUT = stats.truncnorm(-2, 2)
NORMAL = stats.norm()
FLAT = stats.uniform(-1, 2)
# TensorFlow's constant by which a standard deviation is divided before the cut.
LOST = 0.87962566103423978


def ideal(standard: rv_frozen, scale: float, shape: tuple[int, ...]) -> Measurement:
    """Measure the sample that is exactly a distribution: its quantiles at equal steps."""
    count = math.prod(shape)
    quantiles = standard.ppf((np.arange(count) + 0.5) / count)
    return measure((scale * quantiles).astype(np.float32), shape)


def pair(
    standard: rv_frozen, scales: tuple[float, float], shapes: tuple[tuple[int, ...], ...] = DENSE
) -> tuple[Measurement, ...]:
    """Measure exact samples of one scale for each of two shapes."""
    return tuple(ideal(standard, scale, shape) for scale, shape in zip(scales, shapes, strict=True))


def constants(*values: float, count: int = 96) -> tuple[Measurement, ...]:
    """Measure as many biases as values, each all one value."""
    return tuple(measure(np.full(count, value, np.float32), (count,)) for value in values)


def _label(item: object) -> str | None:
    return item if isinstance(item, str) else ""


GLOROT = (math.sqrt(2 / 500), math.sqrt(2 / 600))
HE = (math.sqrt(2 / 180), math.sqrt(2 / 480))
LECUN = (math.sqrt(1 / 180), math.sqrt(1 / 480))


def times(factor: float, scales: tuple[float, float]) -> tuple[float, float]:
    """Both scales, multiplied."""
    return scales[0] * factor, scales[1] * factor


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


@pytest.mark.parametrize(("standard", "scales", "name", "also"), JUDGED, ids=_label)
def test_an_exact_sample_is_recognised(
    standard: rv_frozen, scales: tuple[float, float], name: str, also: tuple[str, ...]
) -> None:
    assert judge(pair(standard, scales)) == Verdict(name=name, also=also)


# scales at (180, 320) and (57600,): rank 1 tells unit scaling from LeCun's
RANKS = [
    ((math.sqrt(3 / 180), math.sqrt(3)), "uniform_unit_scaling"),
    ((math.sqrt(3 / 180), math.sqrt(3 / 57600)), "lecun_uniform"),
    ((math.sqrt(6 / 500), math.sqrt(6 / 115200)), "glorot_uniform"),
]


@pytest.mark.parametrize(("scales", "name"), RANKS)
def test_rank_one_tells_laws_apart(scales: tuple[float, float], name: str) -> None:
    assert judge(pair(FLAT, scales, VARIABLE)) == Verdict(name=name)


def test_laws_equal_at_the_only_shape_share_the_verdict() -> None:
    found = judge((ideal(NORMAL, 0.05, (600, 200)),))
    assert found == Verdict(name="glorot_normal_untruncated", also=("random_normal(stddev=0.05)",))


def test_nothing_measured_has_no_verdict() -> None:
    assert judge(()) is None
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
        Verdict(name=UNRECOGNISED, note="one value per shape: constant(0.25), ones"),
    ),
]


@pytest.mark.parametrize(("values", "verdict"), SINGLE)
@pytest.mark.parametrize("count", [1, 96])
def test_a_single_value(values: tuple[float, ...], verdict: Verdict, count: int) -> None:
    measured = constants(*values, count=count)
    assert judge(measured) == verdict
    assert nearest_rival(measured) is None


def test_one_shape_constant_and_one_random_is_no_family() -> None:
    found = judge((*constants(0.0), ideal(FLAT, 0.05, (240, 480))))
    assert found is not None
    assert found.name == UNRECOGNISED


# standard law, scales, what the note says
MISSES = [
    (
        CUT,
        times(0.969 / LOST, GLOROT),
        "nearest: glorot_normal, standard deviation 3.1 % too small, at shape ",
    ),
    (
        FLAT,
        times(1.02 * math.sqrt(3), HE),
        "nearest: he_uniform, standard deviation 2.0 % too large, at shape ",
    ),
    (FLAT, (40, 40), "nearest: random_normal(stddev=1.0), standard deviation 23 times the law's"),
    # the right variance, the wrong form: a normal law cut later
    (
        stats.truncnorm(-2.1, 2.1),
        times(1 / stats.truncnorm(-2.1, 2.1).std(), HE),
        "nearest: he_normal, but a weight lies outside its range, at shape ",
    ),
]


@pytest.mark.parametrize(("standard", "scales", "note"), MISSES, ids=_label)
def test_the_note_names_the_nearest_miss(
    standard: rv_frozen, scales: tuple[float, float], note: str
) -> None:
    found = judge(pair(standard, scales))
    assert found is not None
    assert found.name == UNRECOGNISED
    assert found.note is not None
    assert found.note.startswith(note)


# field, value, odd
ODD = [
    ({"zeros": 0.01}, "1 % of the weights are 0"),
    ({"equal_columns": 0.5}, "50 % of the columns repeat an earlier one"),
]


@pytest.mark.parametrize(("fields", "odd"), ODD)
def test_what_independent_draws_would_not_do_is_told(fields: dict[str, Any], odd: str) -> None:
    right, wrong = pair(FLAT, times(math.sqrt(3), GLOROT))
    found = judge((right, replace(wrong, **fields)))
    assert found == Verdict(
        name=UNRECOGNISED,
        note="nearest: glorot_uniform, but its draws would be independent, "
        f"at shape 480\N{MULTIPLICATION SIGN}120; {odd}",
    )


def test_a_few_zeros_and_repeated_numbers_happen() -> None:
    first, second = pair(FLAT, times(math.sqrt(3), GLOROT), VARIABLE)
    flat = ideal(FLAT, math.sqrt(6 / 115200), (57600,))
    assert second.shape == flat.shape
    happens = replace(flat, zeros=4 / 57600, equal_columns=0.007)
    assert judge((first, happens)) == Verdict(name="glorot_uniform")


# 57,600 normal weights leave a standard error of 0.29 % of the scale, both shapes together 0.21 %:
# 1.3 % is less than 5.33 of the first and more than 5.33 of the second.
def test_a_scale_that_fits_each_shape_must_fit_both_together() -> None:
    measured = pair(NORMAL, times(0.987, GLOROT))
    assert all(fit.fits("glorot_normal_untruncated", one) for one in measured)
    assert judge(measured) == Verdict(
        name=UNRECOGNISED,
        note="nearest: glorot_normal_untruncated, but the standard deviation is off, "
        "at all shapes together",
    )


def test_too_few_weights_are_inconclusive() -> None:
    found = judge((ideal(FLAT, 0.05, (20,)),))
    assert found is not None
    assert found.name == UNRECOGNISED
    assert found.note is not None
    assert found.note.startswith("too few weights to tell apart: ")
    assert "random_uniform(-0.05, 0.05)" in found.note


# Each test by itself: what breaks it, and nothing before it. The law is uniform within
# 0.05, with 115,200 weights: standard errors 1.3e-3 of the standard deviation and 8.5e-5
# for the mean, and a weight within 1.4e-5 of the limit but for 1 of 10 million draws.
UNIT = laws((240, 480))["random_uniform(-0.05, 0.05)"]
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
        Law(form=laws((9,))["he_normal"].form, center=0.0, scale=scale),
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


def test_the_rival_is_the_closest_other_law() -> None:
    assert nearest_rival(pair(CUT, times(1 / LOST, HE))) == "he_normal_contrib"
    assert nearest_rival(pair(CUT, times(math.sqrt(1.3), HE))) == "he_normal"


def test_the_rival_is_none_of_the_equals() -> None:
    rival = nearest_rival(pair(FLAT, times(math.sqrt(3), LECUN)))
    assert rival not in {None, "uniform_unit_scaling", "lecun_uniform"}


def test_the_rival_of_the_unrecognised_is_the_nearest_family() -> None:
    assert nearest_rival(pair(CUT, times(0.969 / LOST, GLOROT))) == "glorot_normal"


@pytest.mark.parametrize("broken", [{"mean": math.nan}, {"max": math.inf}, {"count": 0}])
def test_what_is_not_a_number_is_not_judged(broken: dict[str, Any]) -> None:
    measured = (EXACT, replace(EXACT, **broken))
    assert judge(measured) == Verdict(name=UNRECOGNISED, note="some weights are not finite numbers")
    assert nearest_rival(measured) is None


WEIGHTS = st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=60)


@given(st.lists(WEIGHTS, min_size=1, max_size=3), st.sampled_from([(), (1,)]))
def test_any_weights_get_a_sound_verdict(
    samples: list[list[float]], columns: tuple[int, ...]
) -> None:
    measured = tuple(measure(np.array(one, np.float32), (len(one), *columns)) for one in samples)
    found = judge(measured)
    assert found is not None
    assert found.name in {*FAMILIES, UNRECOGNISED} or found.name.startswith("constant(")
    assert "nan" not in (found.note or "")
    assert (found.note is None) == (found.name != UNRECOGNISED)
    assert found == judge(tuple(reversed(measured)))
    rival = nearest_rival(measured)
    assert rival is None or rival not in (found.name, *found.also)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.sampled_from(sorted(FAMILIES)), st.sampled_from(list(SHAPES)), st.integers(0, 2**32))
def test_any_draw_is_judged_as_its_family_or_an_equal_law(
    name: str, layer: str | None, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    measured = tuple(
        measure(draw(law(name, shape), math.prod(shape), generator), shape)
        for shape in SHAPES[layer]
    )
    found = judge(measured)
    assert found is not None
    assert name in (found.name, *found.also)
    assert judge(tuple(reversed(measured))) == found


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.sampled_from(RANDOM), st.sampled_from(RANDOM), st.integers(-20, 20))
def test_a_change_of_unit_changes_nothing(name: str, other: str, power: int) -> None:
    shape, unit = (40, 60), 2.0**power
    drawn, expected = law(name, shape), law(other, shape)
    weights = draw(drawn, 2400, np.random.default_rng(3))
    scaled = Law(form=expected.form, center=expected.center * unit, scale=expected.scale * unit)
    assert misfit(scaled, measure(weights * np.float32(unit), shape)) == misfit(
        expected, measure(weights, shape)
    )


def test_an_orthogonal_matrix_is_recognised_at_every_shape_or_not_at_all() -> None:
    generator = np.random.default_rng(5)
    shapes = ((60, 40), (30, 90))
    found = []
    for shape in shapes:
        tall = (max(shape), min(shape))
        columns = np.linalg.qr(generator.standard_normal(tall))[0]
        matrix = columns if shape == tall else columns.T
        found.append(replace(measure(matrix.ravel(), shape), gram_error=0.0))
    assert judge(tuple(found)) == Verdict(name="orthogonal")
    independent = replace(found[1], gram_error=0.6)
    assert judge((found[0], independent)) != Verdict(name="orthogonal")


def test_orthogonal_rows_padded_with_columns_of_zeros_are_not_an_orthogonal_draw() -> None:
    columns = np.linalg.qr(np.random.default_rng(6).standard_normal((30, 30)))[0]
    padded = np.hstack([columns, np.zeros((30, 60))])
    one = replace(measure(padded.ravel(), (30, 90)), gram_error=0.0, equal_columns=59 / 90)
    verdict = judge((one,))
    assert verdict is not None
    assert verdict.name == UNRECOGNISED
    assert verdict.note is not None
    assert "66.7 % of the weights are 0" in verdict.note
