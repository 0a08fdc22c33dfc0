"""Exact samples: weights whose distribution is a law's own, at equal steps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from benchmarks.accuracy.draws import SHAPES, measure

if TYPE_CHECKING:
    from scipy.stats.distributions import rv_frozen

    from report.evidence import Measurement

DENSE = SHAPES["Dense"]
CUT = stats.truncnorm(-2, 2)
NORMAL = stats.norm()
FLAT = stats.uniform(-1, 2)


def ideal(standard: rv_frozen, scale: float, shape: tuple[int, ...]) -> Measurement:
    """Measure the sample that is exactly a distribution: its quantiles at equal steps."""
    count = math.prod(shape)
    quantiles = standard.ppf((np.arange(count) + 0.5) / count)
    shuffled = np.random.default_rng(shape).permutation(quantiles)
    again = np.random.default_rng((*shape, 1)).permutation(quantiles)
    first, second = ((scale * each).astype(np.float32) for each in (shuffled, again))
    return measure(first, shape, second)


def pair(
    standard: rv_frozen, scales: tuple[float, float], shapes: tuple[tuple[int, ...], ...] = DENSE
) -> tuple[Measurement, ...]:
    """Measure exact samples of one scale for each of two shapes."""
    return tuple(ideal(standard, scale, shape) for scale, shape in zip(scales, shapes, strict=True))


# TensorFlow's constant by which a standard deviation is divided before the cut.
LOST = 0.87962566103423978


def constants(*values: float, count: int = 96) -> tuple[Measurement, ...]:
    """Measure as many biases as values, each all one value."""
    return tuple(measure(np.full(count, value, np.float32), (count,)) for value in values)


def label(item: object) -> str | None:
    """Return the id of a test: a name, and nothing for any other argument."""
    return item if isinstance(item, str) else ""


GLOROT = (math.sqrt(2 / 500), math.sqrt(2 / 600))
HE = (math.sqrt(2 / 180), math.sqrt(2 / 480))
LECUN = (math.sqrt(1 / 180), math.sqrt(1 / 480))


def times(factor: float, scales: tuple[float, float]) -> tuple[float, float]:
    """Both scales, multiplied."""
    return scales[0] * factor, scales[1] * factor
