"""Test whether weights are independent draws, or a random orthogonal matrix, at a known level.

A vector of n independent normal numbers has a uniform direction on the sphere; for uniform or
truncated normal numbers the cosines are smaller. The probability that its cosine with a fixed
vector exceeds x in absolute value is at most (1 - x^2)^((n - 1) / 2), the share of two spherical
caps. This bounds the means (a cosine with the vector of ones), the redraws and the pairs, at
LEVEL for the largest of each. The largest can also be too small: if columns are made to sum to
0, or to be orthogonal.

A random orthogonal matrix is drawn from the uniform (Haar) distribution, which is invariant under
rotation. Saxe et al. 2014, "Exact solutions to the nonlinear dynamics of learning in deep linear
neural networks", ask for one; Mezzadri 2007, "How to generate random matrices from the classical
compact groups", shows how to make one by QR factorisation. The Gram matrix is not enough: it is
the same if the first column has one sign in every draw, or if the diagonal is negative.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache
from statistics import NormalDist

import msgspec

from report.evidence import Measurement

# The probability that one test rejects the true law. A verdict takes two shapes, each with seven
# tests of its law and up to seventeen of independence, and one test of both: at most 4.9 in a
# million verdicts miss the true law, and a report has some thousands.
LEVEL = 1e-7
# The same, two-sided, in standard errors (5.33).
MAX_Z = -NormalDist().inv_cdf(LEVEL / 2)
# With 23 random bits, one of 146 draws of 57,600 weights has a zero: the probability of five or
# more is below LEVEL.
MAX_ZEROS = 4.5
# TensorFlow's uniforms have 2^23 values, of which n draws repeat n^2 / 2^24. Twice that plus ten
# is the limit; draws from only 2^21 values, or in half precision, exceed it.
LATTICE = 2.0**23
REPEATS = 10
# The number of columns, and of rows, that a probe compares pairwise.
COMPARED = 256
# Slack for the smaller cosines of a uniform law, and for the correlation between pairs.
SLACK = 0.9
# Half of the last digit that a probe records.
_MEAN, _COSINE, _LAG = 5e-3, 5e-4, 5e-5
# The ``gram_error`` of independent weights is large; that of an orthogonal matrix is only float32
# rounding, which three recorded decimals don't show. They do show a gain that is off by 0.1 %.
NEAR_ORTHOGONAL = 0.0015
# The entries of a random orthogonal matrix have kurtosis 3 n / (n + 2), n the longer side. The
# sample kurtosis varies less than that of N independent normal numbers, sqrt(24 / N), but has a
# longer upper tail: the probability of 7 such standard errors is below LEVEL.
KURTOSIS_Z = 7.0
# Both shapes together have 88 signs on the diagonal, of which a QR factorisation makes three in
# four equal: at LEVEL 987 of 1,000 such draws are noticed, at this level 998.
SIGNS_LEVEL = 1e-6


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One statistic of a draw, and its range under independence.

    ``low`` is minus infinity if there is no lower limit. ``odd`` describes, in words, a value out
    of the range.
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
    """Return the range of the largest ``|cosine|`` of a number of random vectors of one size."""
    if size == 1 or vectors < 1:  # no cosine of plain numbers, or of no vectors
        return 0.0, 1.0
    high = math.sqrt(1 - (LEVEL / vectors) ** (2 / (size - 1)))
    share = -math.expm1(math.log(LEVEL) / vectors)  # P(all below x) = (1 - share)^vectors
    # c = t / sqrt(size - 1 + t^2), where t has Student's distribution with size - 1 degrees of
    # freedom. The normal quantile is below that of t, which is safe for a lower limit.
    score = -NormalDist().inv_cdf(share / 2) if share < 1 else 0.0
    return SLACK * score / math.sqrt(size - 1 + score**2), high


def oddities(one: Measurement) -> Iterator[str]:
    """Yield, in words, what shows that weights are not independent draws from a continuous law."""
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
        if size > 1:  # single numbers repeat by chance
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

    They are independent in a uniform orthogonal matrix too, as negating a column does not change
    its distribution. The limit is exact, from the binomial distribution.
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
    """Yield the tests of an orthogonal matrix's signs, and of its mean, of all shapes together.

    The sum of all entries, divided by the square root of their number, is the cosine of two
    directions, one of them uniform; times the square root of the longer side, its tails are
    lighter than normal ones. This test notices columns that are all negated to a positive sum,
    which ``column_mean`` can't, as it has no sign.
    """
    yield from signs(measured, SIGNS_LEVEL)
    scores = (one.mean * math.sqrt(one.count * max(sides(one))) for one in measured)
    value = sum(scores) / math.sqrt(len(measured))
    odd = f"the mean of all weights is {abs(value):.3g} standard errors off"
    yield Check(name="mean of all", value=value, low=-MAX_Z, high=MAX_Z, odd=odd)


def haar(one: Measurement) -> Iterator[Check]:
    """Yield the tests of whether an orthogonal matrix is from the uniform (Haar) distribution."""
    yield from common(one)
    if one.kurtosis is not None:
        side = max(sides(one))
        middle, reach = 3 * side / (side + 2), KURTOSIS_Z * math.sqrt(24 / one.count)
        odd = f"the kurtosis is {one.kurtosis:g}"
        ends = {"low": middle - reach, "high": middle + reach}
        yield Check(name="kurtosis", value=one.kurtosis, **ends, odd=odd)


def is_orthogonal(one: Measurement) -> bool:
    """Return whether weights form an orthogonal matrix that is not padded with columns of zeros."""
    return _is_near_orthogonal(one) and one.zeros * one.count <= MAX_ZEROS


def is_padded(one: Measurement) -> bool:
    """Return whether weights form an orthogonal matrix that is padded with columns of zeros."""
    rows, columns = sides(one)
    padding = 1 - rows / columns
    return _is_near_orthogonal(one) and math.isclose(one.zeros, padding, abs_tol=1 / one.count)


def _is_near_orthogonal(one: Measurement) -> bool:
    return one.gram_error is not None and one.gram_error < NEAR_ORTHOGONAL


def sides(one: Measurement) -> tuple[int, int]:
    """Return the numbers of rows and columns; columns are the last axis, rank 1 is one column."""
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
    """Yield the test of a largest cosine; a failed test if it is None although weights differ.

    That is the case if another seed gives weights that are all equal, or not finite.
    """
    if value is not None:
        low, high = largest(size, vectors)
        odd = f"the largest {name} is {value:g}"
        yield Check(name=name, value=value, low=low - _COSINE, high=high + _COSINE, odd=odd)
    elif one.min < one.max:
        yield Check(name=name, value=math.nan, low=-math.inf, high=1.0, odd=f"there is no {name}")


@cache
def _binomial(count: int, level: float) -> float:
    """Return the largest ``|mean|`` of ``count`` random signs whose probability exceeds a level."""
    left, chance = 0, 2 * 0.5**count
    while chance <= level and left < count / 2:
        left += 1
        chance += 2 * math.comb(count, left) * 0.5**count
    return 1 - 2 * left / count
