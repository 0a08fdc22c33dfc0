"""What independent draws, or random orthogonal matrices, do not do: limits of known level.

A vector of n independent normal numbers has a direction that is uniform on the sphere; one of
uniform or cut numbers comes closer to the middle. Its cosine with any other vector is beyond x
with at most the chance (1 - x^2)^((n - 1) / 2), the share of two caps of the sphere. The limits of
means (a cosine with the vector of ones), of redraws and of pairs are that bound, at LEVEL for
the largest of all of them together. The largest can also be too small: where columns are made to
sum to 0, or to be orthogonal.

A random orthogonal matrix is one from the uniform law over all of them (Haar's): turned in any
way it is as likely as before. Saxe et al. 2014, "Exact solutions to the nonlinear dynamics of
learning in deep linear neural networks", ask for one; Mezzadri 2007, "How to generate random
matrices from the classical compact groups", says how the factors of a QR factorisation become
one. The Gram matrix can't tell: one whose first column has one sign in every draw, or whose
diagonal is negative, has the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

from report.evidence import Measurement

# The chance that one test rejects the true law. A verdict rests on two shapes, each with seven
# tests of its law and up to seventeen of independence, and on one of both: at most 4.9 in a
# million miss the law that they come from, and a report has some thousands of measurements.
LEVEL = 1e-7
# The same, two-sided, in standard errors (5.33).
MAX_Z = -NormalDist().inv_cdf(LEVEL / 2)
# A law with 23 random bits gives a zero in one of 146 draws of 57,600 weights: five or more
# by chance have less than LEVEL.
MAX_ZEROS = 4.5
# TensorFlow's uniforms have 2^23 values, and n draws repeat n^2 / 2^24 of them. Twice as many,
# and ten, are more than chance: so does a lattice of 2^21 values, or a draw in half precision.
LATTICE = 2.0**23
REPEATS = 10
# How many columns, and rows, a probe compares with one another.
COMPARED = 256
# What a uniform law's cosines may be less than a normal law's, and the correlation of pairs.
SLACK = 0.9
# Half of the last digit that a probe records.
_MEAN, _COSINE, _LAG = 5e-3, 5e-4, 5e-5
# The Gram matrix of independent weights is off by their number's order; that of an orthogonal
# matrix only by a float32's rounding, which three recorded decimals don't show. A gain that is
# off by 0.1 % they do.
NEAR_ORTHOGONAL = 0.0015
# The entries of a random orthogonal matrix have kurtosis 3 n / (n + 2), n the longer side. Their
# sample's varies less than that of as many independent normal numbers, sqrt(24 / N), and has a
# longer tail above: 7 of these are less than LEVEL.
KURTOSIS_Z = 7.0
# A matrix of the probes' shapes has 88 signs on its diagonals, of which a QR factorisation leaves
# three in four on one side: at LEVEL that would be seen in 987 of 1,000, at this one in 998.
SIGNS_LEVEL = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One statistic of a draw, its range under independence, and what is odd outside of it.

    ``low`` is minus infinity where only more than ``high`` is odd.
    """

    name: str
    value: float
    low: float
    high: float
    odd: str

    @property
    def passed(self) -> bool:
        """Whether the statistic is in its range."""
        return self.low <= self.value <= self.high


@cache
def largest(size: int, vectors: float) -> tuple[float, float]:
    """Return the range of the largest ``|cosine|`` of so many random vectors of one size."""
    if size == 1 or vectors < 1:  # numbers, not vectors; or none
        return 0.0, 1.0
    high = math.sqrt(1 - (LEVEL / vectors) ** (2 / (size - 1)))
    share = -math.expm1(math.log(LEVEL) / vectors)  # P(all below x) = (1 - share)^vectors
    # A cosine c is a t of size - 1 degrees of freedom, c = t / sqrt(size - 1 + t^2), and the
    # normal law has less in its tails than that: its quantile is too low, which is safe.
    score = -NormalDist().inv_cdf(share / 2) if share < 1 else 0.0
    return SLACK * score / math.sqrt(size - 1 + score**2), high


def oddities(one: Measurement) -> Iterator[str]:
    """Yield in words what a draw does that independent draws from a continuous law do not."""
    yield from (check.odd for check in checks(one) if not check.passed)


def checks(one: Measurement) -> Iterator[Check]:
    """Yield every test of independence that a measurement allows."""
    yield from common(one)
    rows, columns = sides(one)
    for name, value, size, vectors in (
        ("columns", one.column_cosine, rows, min(columns, COMPARED)),
        ("rows", one.row_cosine, columns, min(rows, COMPARED)),
    ):
        if vectors > 1 and len(one.shape) > 1:
            pairs = vectors * (vectors - 1) / 2
            yield from _cosine(f"cosine of two {name}", value, one, size, pairs)
    yield from signs((one,))


def common(one: Measurement) -> Iterator[Check]:
    """Yield the tests that a random orthogonal matrix passes as well."""
    yield from _values(one)
    rows, columns = sides(one)
    for name, share, size in (
        ("columns", one.equal_columns, rows),
        ("rows", one.equal_rows, columns),
    ):
        if size > 1:  # of one number each, they repeat by chance
            odd = f"{100 * share:.3g} % of the {name} repeat an earlier one"
            yield Check(name=f"equal {name}", value=share, low=-math.inf, high=0.0, odd=odd)
    for axis, value in enumerate(one.lag):
        if value is not None:
            length = one.shape[axis]
            high = MAX_Z / math.sqrt(one.count * (length - 1) / length) + _LAG
            odd = f"neighbours along axis {axis} have a correlation of {value:g}"
            yield Check(name=f"lag along axis {axis}", value=value, low=-high, high=high, odd=odd)
    for name, value, size, vectors in (
        ("column", one.column_mean, rows, columns),
        ("row", one.row_mean, columns, rows),
    ):
        if value is not None:
            low, high = (math.sqrt(size) * each for each in largest(size, vectors))
            how = f"no {name}'s mean is more than" if value < low else f"a {name}'s mean is"
            odd = f"{how} {value:g} standard errors off"
            low, high = low - _MEAN, high + _MEAN
            yield Check(name=f"{name} mean", value=value, low=low, high=high, odd=odd)
    yield from _cosine("cosine after another seed", one.redraw, one, rows, columns)


def signs(measured: Sequence[Measurement], level: float = LEVEL) -> Iterator[Check]:
    """Yield the test that signs along the main diagonals, of all shapes together, are random.

    A sign can be turned by turning its whole column: those of a uniform orthogonal matrix are
    independent, as those of independent weights are. The limit is the binomial law's own.
    """
    known = [(min(sides(one)), one.diagonal) for one in measured if one.diagonal is not None]
    if not known:
        return
    count = sum(number for number, _ in known)
    value = sum(number * mean for number, mean in known) / count
    high = _binomial(count, level)
    odd = f"{100 * (1 + abs(value)) / 2:.0f} % of the main diagonal have one sign"
    yield Check(name="diagonal", value=value, low=-high, high=high, odd=odd)


def turned(measured: Sequence[Measurement]) -> Iterator[Check]:
    """Yield the tests of the signs, and of the sum, of all shapes together.

    Divided by the root of their number, the sum of all entries is the cosine of two directions, of
    which one is uniform: times the root of the longer side its tails are lighter than a normal
    number's. The sizes of the columns' sums can't tell that each is turned to a positive one.
    """
    yield from signs(measured, SIGNS_LEVEL)
    scores = (one.mean * math.sqrt(one.count * max(sides(one))) for one in measured)
    value = sum(scores) / math.sqrt(len(measured))
    odd = f"the mean of all weights is {abs(value):.3g} standard errors off"
    yield Check(name="mean of all", value=value, low=-MAX_Z, high=MAX_Z, odd=odd)


def haar(one: Measurement) -> Iterator[Check]:
    """Yield the tests that one uniform orthogonal matrix passes."""
    yield from common(one)
    if one.kurtosis is not None:
        side = max(one.count // one.shape[-1], one.shape[-1])
        middle, reach = 3 * side / (side + 2), KURTOSIS_Z * math.sqrt(24 / one.count)
        odd = f"the kurtosis is {one.kurtosis:g}"
        ends = {"low": middle - reach, "high": middle + reach}
        yield Check(name="kurtosis", value=one.kurtosis, **ends, odd=odd)


def is_orthogonal(one: Measurement) -> bool:
    """Whether weights form an orthogonal matrix, and not one padded with columns of zeros."""
    close = one.gram_error is not None and one.gram_error < NEAR_ORTHOGONAL
    return close and not one.zeros * one.count > MAX_ZEROS


def is_padded(one: Measurement) -> bool:
    """Whether rows are orthogonal among the first columns, and all other columns are 0."""
    columns = one.shape[-1]
    rows = one.count // columns
    close = one.gram_error is not None and one.gram_error < NEAR_ORTHOGONAL
    return close and math.isclose(one.zeros, 1 - rows / columns, abs_tol=1 / one.count)


def sides(one: Measurement) -> tuple[int, int]:
    """Return the rows and columns of the matrix that the last axis leaves; rank 1 is one column."""
    columns = one.shape[-1] if len(one.shape) > 1 else 1
    return one.count // columns, columns


def _values(one: Measurement) -> Iterator[Check]:
    few = f"{100 * one.zeros:.3g} % of the weights are 0"
    yield Check(name="zeros", value=one.zeros, low=-math.inf, high=MAX_ZEROS / one.count, odd=few)
    repeated = 1 - one.distinct
    high = one.count / LATTICE + REPEATS / one.count
    odd = f"{100 * repeated:.3g} % of the weights repeat another's value"
    yield Check(name="repeated values", value=repeated, low=-math.inf, high=high, odd=odd)


def _cosine(
    name: str, value: float | None, one: Measurement, size: int, vectors: float
) -> Iterator[Check]:
    """Yield the test of a largest cosine; a failed one of weights that differ and have none.

    It is so where another seed gives weights that are all equal, or no numbers.
    """
    if value is not None:
        low, high = largest(size, vectors)
        odd = f"the largest {name} is {value:g}"
        yield Check(name=name, value=value, low=low - _COSINE, high=high + _COSINE, odd=odd)
    elif one.min < one.max:
        yield Check(name=name, value=math.nan, low=-math.inf, high=1.0, odd=f"there is no {name}")


@cache
def _binomial(count: int, level: float) -> float:
    """Return the largest ``|mean|`` of so many random signs that has more chance than a level."""
    left, chance = 0, 2 * 0.5**count
    while chance <= level and left < count / 2:
        left += 1
        chance += 2 * math.comb(count, left) * 0.5**count
    return 1 - 2 * left / count
