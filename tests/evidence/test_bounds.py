"""Test that impossible statistics are refused, and statistics of real draws are not."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probes.kinds.measured import measure
from report.evidence import Measurement, measured
from tests.support import samples

SHAPES = ((16, 24), (5, 7, 2, 3), (40,), (1, 6), (6, 1), (1, 1), (1,), (120, 40))


def forms(random: np.random.Generator, shape: tuple[int, ...]) -> dict[str, Any]:
    """Return draws of very different forms, of real laws and of a possible broken release."""
    flat = random.uniform(-1, 1, shape)
    lonely = np.zeros(shape)
    lonely[(0,) * len(shape)] = 1.0
    matrix = flat.reshape(-1, shape[-1])
    halves = np.concatenate([matrix[: (len(matrix) + 1) // 2], matrix[: len(matrix) // 2]])
    return {
        "uniform": flat,
        "normal": random.standard_normal(shape),
        "heavy tails": random.standard_cauchy(shape),
        "skewed": random.exponential(size=shape),
        "two values": np.sign(flat),
        "a lattice": np.round(flat * 2),
        "one outlier": lonely,
        "mostly zeros": np.where(flat > 0.9, flat, 0.0),
        "both zeros": np.where(flat > 0, 0.0, -0.0),
        "sorted": np.sort(flat, axis=None).reshape(shape),
        "an alternation": np.where(np.arange(flat.size) % 2, 1.0, -1.0).reshape(shape),
        "repeated rows": halves.reshape(shape),
        "repeated columns": np.repeat(matrix[:, :1], shape[-1], axis=1).reshape(shape),
        "all equal": np.full(shape, flat.flat[0]),
    }


FORMS = tuple(forms(np.random.default_rng(0), (4, 4)))


def flaws(data: dict[str, Any]) -> tuple[str, ...]:
    """Return the contradictions in statistics that are in an observation's format."""
    return measured.flaws(msgspec.convert(data, Measurement))


def drawn(form: str, shape: tuple[int, ...], seed: int, scale: float, offset: float) -> Any:  # noqa: ANN401
    """Return the statistics of a draw as a probe measures float32 weights."""
    random = np.random.default_rng(seed)
    first, again = ((forms(random, shape)[form] * scale + offset) for _ in range(2))
    return measure(first.astype(np.float32), again.astype(np.float32))


@settings(deadline=None, max_examples=600)
@given(
    form=st.sampled_from(FORMS),
    shape=st.sampled_from(SHAPES),
    seed=st.integers(0, 2**32 - 1),
    scale=st.sampled_from((1.0, 0.05, 1e-3, 1e-30, 1e-40, 1e30)) | st.floats(1e-6, 1e6),
    offset=st.sampled_from((0.0, 1.0, -3.0, 1e-3, 1e6, 1e20)),
)
def test_no_real_draw_is_refused(
    form: str, shape: tuple[int, ...], seed: int, scale: float, offset: float
) -> None:
    assert list(flaws(drawn(form, shape, seed, scale, offset))) == []


@settings(deadline=None, max_examples=200)
@given(
    values=st.lists(st.floats(-(2.0**100), 2.0**100, width=32), min_size=12, max_size=12),
    shape=st.sampled_from(((12,), (3, 4), (12, 1), (2, 3, 2))),
)
def test_no_weights_at_all_are_refused(values: list[float], shape: tuple[int, ...]) -> None:
    weights = np.array(values, np.float32).reshape(shape)
    assert list(flaws(measure(weights, weights[::-1]))) == []


def test_weights_that_are_no_numbers_are_evidence() -> None:
    weights = np.array([[1.0, np.nan], [np.inf, 0.0]], np.float32)
    assert list(flaws(measure(weights, weights))) == []


UNIFORM = drawn("uniform", (120, 40), 5, 1.0, 0.0)
EQUAL = drawn("all equal", (120, 40), 5, 1.0, 0.0)
NORMAL = drawn("normal", (40,), 5, 1.0, 0.0)
HALF = [2400, *[0] * 30, 2400]
# the measurement, its changed fields, and the field that is refused
CONTRADICTIONS = {
    "kurtosis 7 beside a flat histogram": (UNIFORM, {"kurtosis": 7.0}, "kurtosis: 7, where"),
    "kurtosis 3 beside a flat histogram": (UNIFORM, {"kurtosis": 3.0}, "kurtosis: 3, where"),
    "kurtosis 1.5 beside a flat histogram": (UNIFORM, {"kurtosis": 1.5}, "kurtosis: 1.5, where"),
    "a kurtosis below 1": (NORMAL, {"kurtosis": 0.99}, "kurtosis: 0.99, where"),
    "no kurtosis of a spread": (UNIFORM, {"kurtosis": None}, "kurtosis: null where the weights"),
    "a kurtosis of equal weights": (EQUAL, {"kurtosis": 3.0}, "kurtosis: null where the weights"),
    "a spread of equal weights": (EQUAL, {"std": 0.3}, "std: 0.3, where the histogram allows"),
    "no range beside a spread": (UNIFORM, {"min": 0.3, "max": 0.3}, "mean: "),
    "no range about the mean": (
        UNIFORM,
        {"min": UNIFORM["mean"], "max": UNIFORM["mean"]},
        "std: 0.5",
    ),
    "one bin of a spread": (UNIFORM, {"histogram": [4800]}, "kurtosis: null where the weights"),
    "one bin between two ends": (
        UNIFORM,
        {"histogram": [4800], "kurtosis": None},
        "histogram: one bin, of weights that differ",
    ),
    "a mean above the largest": (UNIFORM, {"mean": 1.5}, "mean: 1.5, where the histogram allows"),
    "a mean below the smallest": (UNIFORM, {"mean": -1.5}, "mean: -1.5, where the histogram"),
    "a mean of other weights": (UNIFORM, {"mean": 0.2}, "mean: 0.2, where the histogram allows"),
    "more spread than the range has": (UNIFORM, {"std": 1.1}, "std: 1.1, where the histogram"),
    "the spread of another law": (UNIFORM, {"std": 0.45}, "std: 0.45, where the histogram"),
    "no spread": (UNIFORM, {"std": 0.0}, "std: 0, where the histogram allows"),
    "the histogram of two values": (UNIFORM, {"histogram": HALF}, "std: 0.5"),
    "nothing at the smallest": (
        UNIFORM,
        {"histogram": [0, 4769, *[1] * 29, 2]},
        "histogram: no weight where the smallest",
    ),
    "a bin too few": (UNIFORM, {"histogram": UNIFORM["histogram"][1:]}, "histogram: does not add"),
    "zeros outside the range": (
        drawn("uniform", (120, 40), 5, 1.0, 3.0),
        {"zeros": 0.5},
        "zeros: some, where 0 is not between min and max",
    ),
    "more zeros than their bin": (UNIFORM, {"zeros": 0.5}, "zeros: 0.5 of 4800, where the"),
    "a part of a zero": (UNIFORM, {"zeros": 0.0001}, "zeros: 0.0001 is no share of 4800"),
    "no zeros of zeros": (
        drawn("all equal", (40,), 5, 0.0, 0.0),
        {"zeros": 0.0},
        "zeros: not all or none",
    ),
    "a part of a column": (UNIFORM, {"equal_columns": 0.1234}, "equal_columns: 0.1234 is no"),
    "a part of a row": (UNIFORM, {"equal_rows": 0.1234}, "equal_rows: 0.1234 is no share of 120"),
    "fewer values than bins": (UNIFORM, {"distinct": 10 / 4800}, "distinct: 10 values, where"),
    "more values than columns bring": (UNIFORM, {"equal_columns": 0.5}, "distinct: 4"),
    "more values than rows bring": (UNIFORM, {"equal_rows": 0.5}, "distinct: 4"),
    "many values of equal weights": (EQUAL, {"distinct": 0.5}, "distinct: 2400 values, where"),
    "an axis without a lag": (UNIFORM, {"lag": [0.0]}, "lag: not one for each axis"),
    "a lag above 1": (UNIFORM, {"lag": [0.0, 1.5]}, "lag/1: 1.5 is no correlation of 40"),
    "a mean no column has": (UNIFORM, {"column_mean": 11.5}, "column_mean: 11.5, where it is 10.9"),
    "a mean no row has": (UNIFORM, {"row_mean": 7.0}, "row_mean: 7, where it is 6.3"),
    "a cosine above 1": (UNIFORM, {"redraw": 1.5}, "redraw: 1.5, where it is 1 at most"),
    "columns of a vector": (NORMAL, {"column_mean": 0.5}, "column_mean: not null, where"),
    "no mean of a column": (UNIFORM, {"column_mean": None}, "column_mean: None, of weights that"),
    "no diagonal": (UNIFORM, {"diagonal": None}, "diagonal: None, of weights that differ"),
    "no lag of a spread": (UNIFORM, {"lag": [0.0, None]}, "lag/1: None, along 40 vectors"),
    "a lag of equal weights": (EQUAL, {"lag": [0.0, None]}, "lag/0: 0.0, along 120 vectors"),
    "no Gram matrix": (UNIFORM, {"gram_error": None}, "gram_error: None, of a matrix"),
    "an orthogonal matrix of another size": (
        UNIFORM,
        {"gram_error": 0.0},
        "gram_error: 0, where the mean square of a vector is 40",
    ),
    "equal weights in columns that differ": (
        EQUAL,
        {"equal_columns": 0.0},
        "equal_columns: 0, where it is 0.975",
    ),
    "equal columns of a vector": (NORMAL, {"equal_columns": 0.5}, "distinct: 40 values, where"),
    "a part of a number": (
        measure(np.full(40, np.nan), np.full(40, np.nan)),
        {"finite": 0.01},
        "finite: 0.01 is no share of 40",
    ),
}


@pytest.mark.parametrize(("one", "change", "expected"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_what_no_draw_can_have_is_refused(
    one: dict[str, Any], change: dict[str, Any], expected: str
) -> None:
    assert list(flaws(one)) == []
    first, *_ = flaws(one | change)
    assert first.startswith(expected)


NUMBERS = st.floats(-(2.0**128), 2.0**128) | st.integers(1 - 2**53, 2**53 - 1)
FIELDS = ("mean", "std", "min", "max", "kurtosis")


@settings(deadline=None, max_examples=200)
@given(
    figures=st.fixed_dictionaries(dict.fromkeys(FIELDS, NUMBERS)),
    histogram=st.lists(st.integers(0, 2**53 - 1), min_size=1, max_size=40),
)
def test_any_figures_are_refused_or_not_but_break_nothing(
    figures: dict[str, float], histogram: list[int]
) -> None:
    one = UNIFORM | figures | {"histogram": histogram, "std": abs(figures["std"])}
    assert all(": " in flaw for flaw in flaws(one))
    one |= {"shape": [max(sum(histogram), 1)], "count": max(sum(histogram), 1), "lag": [None]}
    assert all(": " in flaw for flaw in flaws(one))


@pytest.mark.parametrize("law", samples.LAWS)
@pytest.mark.parametrize("shape", samples.SHAPES)
def test_the_samples_of_these_tests_are_draws(law: str, shape: tuple[int, ...]) -> None:
    assert list(flaws(samples.measured(law, shape))) == []
