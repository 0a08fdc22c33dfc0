"""Whether weights form an orthogonal matrix, and whether that is a uniform one.

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

from report.evidence import Measurement
from report.verdict.dependence import MAX_Z, MAX_ZEROS, Check, common, sides, signs
from report.verdict.families import ORTHOGONAL, OTHER_ORTHOGONAL
from report.verdict.records import Verdict
from report.verdict.standard_forms import size

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
PADDED = "orthogonal, padded with zeros"


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


def uniformity(measured: tuple[Measurement, ...]) -> Verdict:
    """Judge orthogonal matrices: a random one is uniform over all of them (Haar's law)."""
    each = [(one.shape, tuple(haar(one))) for one in sorted(measured, key=lambda one: one.shape)]
    odd = [
        f"{check.odd}, at shape {size(shape)}"
        for shape, found in each
        for check in found
        if not check.passed
    ]
    together = [check.odd for check in turned(measured) if not check.passed]
    if not odd and not together:
        return Verdict(name=ORTHOGONAL)
    shown = tuple(
        (shape, ORTHOGONAL if all(check.passed for check in found) else OTHER_ORTHOGONAL)
        for shape, found in each
    )
    differ = not together and len({name for _, name in shown}) > 1
    return Verdict(
        name=OTHER_ORTHOGONAL, note="; ".join((*odd, *together)), at=shown if differ else ()
    )


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
