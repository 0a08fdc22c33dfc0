"""Test that draws follow their law, and are measured as a probe measures."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from scipy import stats

from benchmarks.accuracy import draws
from benchmarks.accuracy.draws import draw, measure
from report.verdict.families import law


@pytest.mark.parametrize(
    "name",
    ["random_uniform(0, 1)", "truncated_normal(stddev=0.1)", "random_normal(stddev=0.05)"],
)
def test_draws_follow_their_law(name: str) -> None:
    expected = law(name, (9,))
    weights = draw(expected, 20000, np.random.default_rng(5))
    assert weights.dtype == np.float32
    assert stats.kstest(expected.cdf(weights.astype(np.float64)), "uniform").pvalue > 0.001


def test_draws_of_a_point_are_that_point() -> None:
    assert set(draw(law("ones", (9,)), 9, np.random.default_rng(5)).tolist()) == {1.0}


def test_measured_by_hand() -> None:
    weights = np.array([0, 0, 1, 3], np.float32)
    found = measure(weights, (2, 2))
    assert (found.shape, found.count, found.mean) == ((2, 2), 4, 1)
    assert (found.min, found.max, found.zeros) == (0, 3, 0.5)
    assert found.std == 1.22474  # √1.5
    assert found.kurtosis == 2  # (1 + 1 + 0 + 16) / 4 over 1.5²
    assert Counter(dict(enumerate(found.histogram))) == {0: 2, 10: 1, 31: 1} | dict.fromkeys(
        set(range(32)) - {0, 10, 31}, 0
    )


def test_a_copy_is_measured_in_its_rows_and_columns() -> None:
    weights = draw(law("he_normal", (40, 60)), 2400, np.random.default_rng(5)).reshape(40, 60)
    weights[20:] = -2 * weights[:20]
    weights[:, 30:] = weights[:, :30]
    found = measure(weights, (40, 60), weights)
    assert (found.equal_columns, found.equal_rows, found.column_cosine) == (0.5, 0.0, 1.0)
    assert found.row_cosine == pytest.approx(1, abs=0.001)  # each without the mean of all
    assert found.redraw == 1
    assert found.distinct == 0.5


def test_signs_of_q_are_set_right() -> None:
    """The diagonal of Q as LAPACK leaves it is mostly negative; of a uniform one it is not."""
    generator = np.random.default_rng(7)
    made = {
        make: [np.sign(np.diagonal(make((48, 96), generator))).mean() for _ in range(40)]
        for make in (draws.orthogonal, draws.unsigned)
    }
    assert abs(np.mean(made[draws.orthogonal])) < 0.1
    assert np.mean(made[draws.unsigned]) < -0.6


def test_singular_vectors_of_positive_numbers_begin_with_one_sign() -> None:
    matrix = draws.one_sided((120, 40), np.random.default_rng(7))
    assert abs(np.sign(matrix[:, 0]).sum()) == 120
