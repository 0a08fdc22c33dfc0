"""Test whether weights fit a law: none of its exact consequences may be contradicted.

1. All weights lie in the law's support.
2. The standard deviation is near the law's, in standard errors (which need the kurtosis).
3. The mean is near the law's, in standard errors.
4. The largest and smallest weight are plausible extremes of n draws: P(max <= x) = F(x)^n.
5. The histogram, given its range, follows the law (chi-square): between the two extremes
   the other n - 2 weights are drawn independently from the law truncated to that range.
6. The weights are independent, as far as was measured: no value, row or column repeats,
   neighbours are not correlated, no row's or column's mean is off, none is a multiple of another
   or orthogonal to all, and another seed gives another draw (see `dependence`).
7. The standard deviations at all shapes together are near the law's, in standard errors.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from report.evidence import Measurement
from report.verdict.dependence import LEVEL, MAX_Z, oddities
from report.verdict.families import FAMILIES, law
from report.verdict.standard_forms import POINT, Law, point

# Rounding to six significant digits is a relative error of up to 5e-6; the same again for the
# float32 arithmetic with which a release scales its draws.
ROUNDING = 1e-5
# TensorFlow's float32 uniforms have 23 random bits over a range of two scales: an extreme is
# known to one step, and 0 is one of the values.
STEP = 2.0**-22
# A bin that expects fewer weights is merged with its neighbours: in the far tail, at LEVEL,
# the chi-square approximation needs more than the usual 5.
MIN_EXPECTED = 25.0
# The random families; weights of a single value are recognised without a test.
RANDOM = tuple(name for name, family in FAMILIES.items() if family.form is not POINT)


def explains(name: str, measured: Sequence[Measurement]) -> bool:
    """Return whether a family fits the weights at every shape, and their scale over all shapes."""
    return fit_together([law(name, one.shape) for one in measured], measured)


def fit_together(expected: Sequence[Law], measured: Sequence[Measurement]) -> bool:
    """Return whether a law for each shape fits the weights there, and their scale over all shapes.

    Relative errors of the standard deviations are averaged, weighted by the number of weights:
    one shape alone has too few to show that a scale is off by 2 %.
    """
    each = list(zip(expected, measured, strict=True))
    if any(misfit(law, one) for law, one in each):
        return False
    scores = (math.sqrt(one.count) * std_z(law, one) for law, one in each if law.std)
    return abs(sum(scores)) < MAX_Z * math.sqrt(sum(one.count for one in measured))


def misfit(expected: Law, one: Measurement) -> str | None:
    """Return what contradicts that the weights were drawn from a law; None if nothing does."""
    if expected.form is POINT:
        single = one.min == one.max and point(one.min).near(expected)
        return None if single else "its weights have one value"
    if not one.min < one.max:
        return "all weights are equal"
    return next((text for passes, text in _TESTS if not passes(expected, one)), None)


def _tolerance(expected: Law, value: float) -> float:
    """Return the largest error of a recorded weight."""
    return ROUNDING * abs(value) + STEP * expected.scale


def _inside(expected: Law, one: Measurement) -> bool:
    low, high = expected.support
    low -= _tolerance(expected, one.min)
    high += _tolerance(expected, one.max)
    return low <= one.min and one.max <= high


def std_z(expected: Law, one: Measurement) -> float:
    """Return the standard deviation's distance from the law's, in standard errors.

    The variance of n draws has the relative standard error sqrt((kurtosis - 1) / n), its square
    root half of that.
    """
    error = math.sqrt((expected.form.kurtosis - 1) / (4 * one.count))
    return (one.std / expected.std - 1) / error


def _extremes(expected: Law, one: Measurement) -> float:
    """Return the smallest p-value of four tests: the maximum and minimum, too small or too large.

    Each value is shifted by its largest recording error in favour of the law.
    """
    by_max, by_min = _tolerance(expected, one.max), _tolerance(expected, one.min)
    points = (one.max + by_max, one.max - by_max, one.min - by_min, one.min + by_min)
    small_max, not_large_max = (share**one.count for share in expected.cdf(points[:2]))
    large_min, not_small_min = ((1 - share) ** one.count for share in expected.cdf(points[2:]))
    return min(small_max, 1 - not_large_max, large_min, 1 - not_small_min)


def _mean_z(expected: Law, one: Measurement) -> float:
    return (one.mean - expected.center) / expected.std * math.sqrt(one.count)


def histogram(expected: Law, one: Measurement) -> float:
    """Return the p-value of a histogram of weights that differ, given its range.

    The test is chi-square over merged bins.
    """
    counts = list(one.histogram)
    for extreme in (0, -1):  # the two extremes determine the range
        counts[extreme] -= 1
    reached = expected.cdf(one.edges)
    total, mass = sum(counts), reached[-1] - reached[0]
    if not mass > 0:  # the law has no probability in this range
        return 0.0 if any(counts) else 1.0
    pairs = _merged(counts, [total * (b - a) / mass for a, b in pairwise(reached)])
    statistic = sum((seen - mean) ** 2 / mean for seen, mean in pairs)
    return chi_square_above(statistic, len(pairs) - 1) if len(pairs) > 1 else 1.0


def chi_square_above(statistic: float, freedom: int) -> float:
    """Return the probability that chi-square with ``freedom`` degrees of freedom is larger.

    It is Q(freedom / 2, statistic / 2), by the recurrence of DLMF 8.8.6 from Q(1/2, y) or
    Q(1, y). SciPy's chdtrc, against which it is tested, takes longer to import than all
    verdicts take to compute.
    """
    y = statistic / 2
    if y <= 0:
        return 1.0
    odd = freedom % 2
    a = 0.5 if odd else 1.0
    above = math.erfc(math.sqrt(y)) if odd else math.exp(-y)
    while a < freedom / 2:
        above += math.exp(a * math.log(y) - y - math.lgamma(a + 1))
        a += 1
    return above


def _merged(counts: Sequence[int], expectation: Sequence[float]) -> list[tuple[float, float]]:
    """Return counts and expectations, with bins merged until each expects MIN_EXPECTED."""
    merged: list[tuple[float, float]] = []
    seen = mean = 0.0
    for count, expected in zip(counts, expectation, strict=True):
        seen, mean = seen + count, mean + expected
        if mean >= MIN_EXPECTED:
            merged.append((seen, mean))
            seen = mean = 0.0
    if merged and mean > 0:
        last_seen, last_mean = merged.pop()
        merged.append((last_seen + seen, last_mean + mean))
    return merged


# Cheapest first: the first two reject nearly every wrong law.
_TESTS: tuple[tuple[Callable[[Law, Measurement], bool], str], ...] = (
    (_inside, "a weight lies outside its range"),
    (lambda law, one: abs(std_z(law, one)) < MAX_Z, "the standard deviation is off"),
    (lambda law, one: abs(_mean_z(law, one)) < MAX_Z, "the mean is off"),
    (lambda law, one: _extremes(law, one) > LEVEL, "its draws reach another range"),
    (lambda law, one: histogram(law, one) > LEVEL, "the histogram has another shape"),
    (lambda _, one: not any(oddities(one)), "its draws would be independent"),
)
