"""Ideal samples: weights that are a distribution's quantiles at equal steps."""

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
    """Return the measurement of a distribution's quantiles at equal steps, shuffled."""
    count = math.prod(shape)
    quantiles = standard.ppf((np.arange(count) + 0.5) / count)
    shuffled = np.random.default_rng(shape).permutation(quantiles)
    again = np.random.default_rng((*shape, 1)).permutation(quantiles)
    first, second = ((scale * each).astype(np.float32) for each in (shuffled, again))
    return measure(first, shape, second)


def pair(
    standard: rv_frozen, scales: tuple[float, float], shapes: tuple[tuple[int, ...], ...] = DENSE
) -> tuple[Measurement, ...]:
    """Return the measurements of ideal samples, with one scale for each shape."""
    return tuple(ideal(standard, scale, shape) for scale, shape in zip(scales, shapes, strict=True))


# TensorFlow's constant by which it divides a standard deviation before truncation.
LOST = 0.87962566103423978


def constants(*values: float, count: int = 96) -> tuple[Measurement, ...]:
    """Return the measurements of biases, one for each value, filled with it."""
    return tuple(measure(np.full(count, value, np.float32), (count,)) for value in values)


def label(item: object) -> str | None:
    """Return the id of a test's parameter: a string itself, empty for others."""
    return item if isinstance(item, str) else ""


GLOROT = (math.sqrt(2 / 500), math.sqrt(2 / 600))
HE = (math.sqrt(2 / 180), math.sqrt(2 / 480))
LECUN = (math.sqrt(1 / 180), math.sqrt(1 / 480))


def times(factor: float, scales: tuple[float, float]) -> tuple[float, float]:
    """Return both scales multiplied by a factor."""
    return scales[0] * factor, scales[1] * factor
