"""Test the candidate laws against the papers' formulas and scipy.stats."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from report.verdict import families
from report.verdict.families import FAMILIES, law
from report.verdict.standard_forms import NORMAL, TRUNCATED, UNIFORM, Form, point

if TYPE_CHECKING:
    from scipy.stats.distributions import rv_frozen

# shape, fan_in, fan_out, fan_avg, input_size: by hand
FANS = [
    ((), 1, 1, 1, 1),
    ((7,), 7, 7, 7, 1),
    ((240, 480), 240, 480, 360, 240),
    ((600, 200), 600, 200, 400, 600),
    ((3, 16, 32), 48, 96, 72, 48),
    ((5, 5, 16, 300), 400, 7500, 3950, 400),
    ((3, 3, 128, 96), 1152, 864, 1008, 1152),
    ((0, 4), 1, 4, 2.5, 1),  # an empty dimension divides nothing by zero
]

# name, shape, half the width of the uniform law: the formula as its source prints it
LIMITS = [
    ("glorot_uniform", (240, 480), math.sqrt(6) / math.sqrt(240 + 480)),
    ("glorot_uniform", (5, 5, 16, 300), math.sqrt(6) / math.sqrt(25 * 16 + 25 * 300)),
    ("he_uniform", (600, 200), math.sqrt(6 / 600)),
    ("lecun_uniform", (3, 3, 128, 96), math.sqrt(3 / (9 * 128))),
    ("lecun_uniform", (120000,), math.sqrt(3 / 120000)),
    ("uniform_unit_scaling", (120000,), math.sqrt(3)),
    ("uniform_unit_scaling", (240, 480), math.sqrt(3 / 240)),
    ("fan_out_uniform", (240, 480), math.sqrt(3 / 480)),
    ("random_uniform(-0.05, 0.05)", (240, 480), 0.05),
]

# name, shape, variance; 0.7737413 is that of a normal law cut at 2 standard deviations
CUT = 0.87962566103423978**2
VARIANCES = [
    ("glorot_normal", (240, 480), 2 / (240 + 480)),
    ("glorot_normal_uncorrected", (240, 480), CUT * 2 / (240 + 480)),
    ("glorot_normal_contrib", (240, 480), CUT * 1.3 * 2 / (240 + 480)),
    ("glorot_normal_untruncated", (240, 480), 2 / (240 + 480)),
    ("he_normal", (3, 3, 128, 96), 2 / (9 * 128)),
    ("he_normal_uncorrected", (240, 480), CUT * 2 / 240),
    ("he_normal_contrib", (240, 480), CUT * 1.3 * 2 / 240),
    ("he_normal_untruncated", (240, 480), 2 / 240),
    ("lecun_normal", (600, 200), 1 / 600),
    ("lecun_normal_uncorrected", (600, 200), CUT / 600),
    ("fan_out_normal", (600, 200), 1 / 200),
    ("random_normal(stddev=0.02)", (9,), 0.02**2),
    ("truncated_normal(stddev=0.1)", (9,), CUT * 0.1**2),
    ("random_uniform(0, 1)", (9,), 1 / 12),
    ("zeros", (9,), 0),
]

REFERENCE = [
    (UNIFORM, stats.uniform(-1, 2)),
    (NORMAL, stats.norm()),
    (TRUNCATED, stats.truncnorm(-2, 2)),
]

SHAPES = st.lists(st.integers(1, 50), min_size=2, max_size=5).map(tuple)


@pytest.mark.parametrize(("shape", "fan_in", "fan_out", "average", "size"), FANS)
def test_fans_by_hand(
    shape: tuple[int, ...], fan_in: int, fan_out: int, average: float, size: int
) -> None:
    assert families.fans(shape) == {
        "fan_in": fan_in,
        "fan_out": fan_out,
        "fan_avg": average,
        "input_size": size,
        "fixed": 1,
    }


@pytest.mark.parametrize(("name", "shape", "limit"), LIMITS)
def test_limit_as_its_source_prints_it(name: str, shape: tuple[int, ...], limit: float) -> None:
    assert law(name, shape).support == pytest.approx((-limit, limit))


@pytest.mark.parametrize(("name", "shape", "variance"), VARIANCES)
def test_variance_as_its_source_prints_it(
    name: str, shape: tuple[int, ...], variance: float
) -> None:
    assert law(name, shape).std ** 2 == pytest.approx(variance)


@pytest.mark.parametrize(("form", "reference"), REFERENCE, ids=lambda item: type(item).__name__)
def test_form_is_scipys(form: Form, reference: rv_frozen) -> None:
    points = np.linspace(-6, 6, 1201)
    np.testing.assert_allclose([*map(form.cdf, points)], reference.cdf(points), atol=1e-15)
    _, variance, _, excess = reference.stats("mvsk")
    assert form.std == pytest.approx(math.sqrt(variance), rel=1e-12)
    assert form.kurtosis == pytest.approx(3 + excess, rel=1e-9)
    assert reference.support() == (-form.limit, form.limit)


def test_a_law_moves_and_stretches_its_form() -> None:
    unit = law("random_uniform(0, 1)", (9,))
    assert unit.support == (0, 1)
    assert unit.cdf([-1, 0, 0.25, 1, 2]) == [0, 0, 0.25, 1, 1]


def test_a_point_law_is_a_step() -> None:
    assert law("ones", (9,)).cdf([0.5, 1, 2]) == [0, 1, 1]


@given(SHAPES)
def test_unit_scaling_is_lecun_from_rank_two_on(shape: tuple[int, ...]) -> None:
    assert law("uniform_unit_scaling", shape).near(law("lecun_uniform", shape))


def test_unit_scaling_is_not_lecun_at_rank_one() -> None:
    assert not law("uniform_unit_scaling", (9,)).near(law("lecun_uniform", (9,)))


def test_no_two_families_are_one_law_at_all_ranks() -> None:
    shapes = ((9,), (6, 10), (3, 3, 4, 7))
    names = list(FAMILIES)
    twins = [
        (one, other)
        for i, one in enumerate(names)
        for other in names[i + 1 :]
        if all(law(one, shape).near(law(other, shape)) for shape in shapes)
    ]
    assert twins == []


@given(st.sampled_from(sorted(FAMILIES)), SHAPES)
def test_every_law_has_all_its_mass_in_its_support(name: str, shape: tuple[int, ...]) -> None:
    one = law(name, shape)
    low, high = one.support
    beyond = one.cdf([max(low, -1e9) - 1, min(high, 1e9) + 1])
    assert beyond == [0, 1]


def test_codes_are_short_and_unique() -> None:
    codes = [families.code(name) for name in (*FAMILIES, "constant(0.25)", "orthogonal")]
    assert len(set(codes)) == len(codes)
    assert all(1 <= len(code) <= 2 for code in codes)
    assert "??" not in codes


# name, code, kind
LABELS = [
    ("glorot_uniform", "GU", "uniform"),
    ("glorot_normal", "GN", "normal"),
    ("he_normal_untruncated", "HF", "normal"),
    ("random_uniform(0, 1)", "U3", "uniform"),
    ("truncated_normal(stddev=1.0)", "T1", "normal"),
    ("zeros", "Z", "constant"),
    ("constant(0.25)", "C", "constant"),
    ("orthogonal", "OR", "other"),
    ("unrecognised", "??", "other"),
]


@pytest.mark.parametrize(("name", "code", "kind"), LABELS)
def test_labels(name: str, code: str, kind: str) -> None:
    assert (families.code(name), families.kind(name)) == (code, kind)


@pytest.mark.parametrize("function", [families.code, families.kind])
def test_an_unknown_name_has_no_label(function: object) -> None:
    assert callable(function)
    with pytest.raises(KeyError, match="glorot_unifrom"):
        function("glorot_unifrom")


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (0.0, "zeros"),
        (-0.0, "zeros"),
        (1.0, "ones"),
        (0.25, "constant(0.25)"),
        (-3, "constant(-3)"),
    ],
)
def test_constants_by_name(value: float, name: str) -> None:
    assert families.constant(value) == name
    assert law(name, (9,)).near(point(value))


def test_a_law_has_a_share_of_each_bin() -> None:
    edges = [-0.05, -0.025, 0.05, 0.07]
    expected = law("random_uniform(-0.05, 0.05)", (9,))
    assert expected.shares(edges) == pytest.approx([0.25, 0.75, 0])


@given(st.sampled_from(sorted(FAMILIES)), SHAPES)
def test_the_shares_of_the_whole_range_are_one(name: str, shape: tuple[int, ...]) -> None:
    edges = np.linspace(-30, 30, 301)
    assert sum(law(name, shape).shares(list(edges))) == pytest.approx(1)
