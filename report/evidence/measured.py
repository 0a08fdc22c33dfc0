"""Check that the statistics of a draw are consistent: those that no draw can have are refused.

A JSON schema can't express this. The statistics of one draw bound one another. The bounds follow
from the histogram: its bins divide the range from ``min`` to ``max`` equally, so that for a weight
x in bin i edge[i] <= x <= edge[i + 1]. Hence, with n weights, h[i] in bin i, and m their mean:

mean      sum h[i] edge[i] / n <= m <= sum h[i] edge[i + 1] / n
moments   |x - m| is at least near[i], the distance of m from the bin (0 inside it), and at most
          far[i], its distance from the bin's farther edge. So the mean of |x - m|**p is between
          sum h[i] near[i]**p / n and sum h[i] far[i]**p / n: for p = 2 this bounds std**2,
          for p = 4 kurtosis * std**4.
std       std**2 <= (max - m) * (m - min): the mean of (max - x) * (x - min), which is never
          negative, is (max - m) * (m - min) - std**2.
kurtosis  the mean of z**4 is at least the square of the mean of z**2, which is 1.
zeros     all lie in bins that contain 0.
distinct  each bin that isn't empty has at least one value of its own; equal columns, equal rows
          and zeros add none.
lag       |sum x[i] x[i + 1]| <= sum x[i]**2, with one pair fewer than there are vectors.
gram_error   each vector's squared norm differs from 1 by at most this, and so does their mean.
column_mean  |sum| / norm of k numbers is at most sqrt(k) (Cauchy-Schwarz).

Stored numbers have 6 significant digits: a relative error of at most 5e-6, and for an edge or the
mean 5e-6 of the larger of |min| and |max|, between which they lie. ``DIGITS`` is a fifth larger,
for earlier rounding in double precision.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from operator import mul

from report.evidence.records import Measurement

DIGITS = 6e-6  # the largest relative error of a stored number
NEARLY = 0.1  # with a larger error, only a part of the Gram matrix was computed
COARSE = 0.01  # slack for numbers stored with two decimals
DRAWS = 1024  # size of the cache: releases share draws, 40 releases have 209 different ones


@lru_cache(DRAWS)
def flaws(one: Measurement) -> tuple[str, ...]:
    """Return the statistics that no draw can have, as "field: why"."""
    return tuple(_flaws(one))


def _flaws(one: Measurement) -> Iterator[str]:
    count = math.prod(one.shape)
    if count != one.count:
        yield "count: not the product of the shape"
    elif one.finite < 1:
        yield from _shares(one, {"finite": count})
    else:
        yield from _histogram(one) or _moments(one)
        yield from _dependence(one)


def _histogram(one: Measurement) -> list[str]:
    """List what is wrong with the bins, which the other checks rely on."""
    bins = one.histogram
    found = []
    if sum(bins) != one.count:
        found.append("histogram: does not add up to the count")
    if one.min > one.max:
        found.append("min: above the max")
    if (len(bins) == 1) != (one.kurtosis is None):
        found.append("kurtosis: null where the weights differ, or a number where they don't")
    if len(bins) == 1 and one.min != one.max:
        found.append("histogram: one bin, of weights that differ")
    if not bins[0] or not bins[-1]:
        found.append("histogram: no weight where the smallest or the largest is")
    return found


def _moments(one: Measurement) -> Iterator[str]:
    low, high, mean, std = one.min, one.max, one.mean, one.std
    slack = DIGITS * max(abs(low), abs(high))
    edges = one.edges
    least = _average(one, edges[:-1]) - 2 * slack
    most = _average(one, edges[1:]) + 2 * slack
    if not least <= mean <= most:
        yield f"mean: {mean:g}, where the histogram allows {least:.4g} to {most:.4g}"
        return
    near = [
        max(first - mean, mean - last, 2 * slack) - 2 * slack for first, last in pairwise(edges)
    ]
    far = [max(mean - first, last - mean) + 2 * slack for first, last in pairwise(edges)]
    least, most = (_average(one, [d**2 for d in each]) ** 0.5 for each in (near, far))
    room = max(high - mean + 2 * slack, 0) * max(mean - low + 2 * slack, 0)
    most = min(most, room**0.5)
    if not least * (1 - DIGITS) <= std <= most * (1 + DIGITS):
        yield f"std: {std:g}, where the histogram allows {least:.4g} to {most:.4g}"
    elif one.kurtosis is not None:
        least, most = (_average(one, [d**4 for d in each]) for each in (near, far))
        least, rounding = max(least, std**4), 6 * DIGITS  # 4 * DIGITS for std**4, and some more
        if not least * (1 - rounding) <= one.kurtosis * std**4 <= most * (1 + rounding):
            allowed = [f"{each / std**4:.4g}" for each in (least, most) if std**4] or ["none"]
            yield f"kurtosis: {one.kurtosis:g}, where the histogram allows {' to '.join(allowed)}"
    yield from _zeros(one, edges, slack)


def _average(one: Measurement, values: list[float]) -> float:
    """Return the mean of one value per bin, weighted by the bins' counts."""
    return float(sum(map(mul, one.histogram, values))) / float(one.count)


def _zeros(one: Measurement, edges: list[float], slack: float) -> Iterator[str]:
    spans = zip(one.histogram, pairwise(edges), strict=True)
    most = sum(count for count, (first, last) in spans if first - slack <= 0 <= last + slack)
    if one.zeros > 0 and not one.min <= 0 <= one.max:
        yield "zeros: some, where 0 is not between min and max"
    elif one.zeros * one.count * (1 - DIGITS) > most:
        yield f"zeros: {one.zeros:g} of {one.count}, where the histogram allows {most}"
    elif len(one.histogram) == 1 and one.zeros != (one.min == 0):
        yield "zeros: not all or none of weights that are all equal"
    elif not one.zeros and 0 in {one.min, one.max}:
        yield "zeros: none, where the smallest or the largest is 0"


def _dependence(one: Measurement) -> Iterator[str]:
    shape, count = one.shape, one.count
    columns = shape[-1]
    rows = count // columns
    yield from _shares(
        one,
        {"zeros": count, "distinct": count, "equal_columns": columns, "equal_rows": rows},
    )
    yield from _different(one, rows, columns)
    yield from _nulls(one, rows, columns)
    yield from _trace(one, rows, columns)
    if len(one.lag) != len(shape):
        yield "lag: not one for each axis"
    for axis, (lag, length) in enumerate(zip(one.lag, shape, strict=False)):
        if lag is not None and not (length > 1 and abs(lag) <= length / (length - 1) + COARSE):
            yield f"lag/{axis}: {lag:g} is no correlation of {length} vectors"
    limits = {
        "column_mean": rows**0.5,
        "row_mean": columns**0.5,
        **dict.fromkeys(("column_cosine", "row_cosine", "redraw"), 1.0),
    }
    for field, limit in limits.items():
        if getattr(one, field) is not None and getattr(one, field) > limit + COARSE:
            yield f"{field}: {getattr(one, field):g}, where it is {limit:.4g} at most"
    for field in (*limits, "diagonal", "gram_error"):
        if len(shape) == 1 and field != "redraw" and getattr(one, field) is not None:
            yield f"{field}: not null, where there are no rows and columns"


def _nulls(one: Measurement, rows: int, columns: int) -> Iterator[str]:
    """Yield the fields that are null although every such draw has a number, or vice versa.

    The cosines and ``redraw`` are not checked: any draw may lack two rows or columns that differ
    from the mean, or the weights of another seed. The verdict decides what their null means.
    """
    spread, flat = one.kurtosis is not None, len(one.shape) == 1
    for field in () if flat else ("column_mean", "row_mean", "diagonal"):
        value = getattr(one, field)
        if (value is not None) != spread:
            yield f"{field}: {value}, of weights that {'differ' if spread else 'are equal'}"
    for axis, (lag, length) in enumerate(zip(one.lag, one.shape, strict=False)):
        if (lag is not None) != (spread and length > 1):
            yield f"lag/{axis}: {lag}, along {length} vectors"
    if one.gram_error is None and not flat:
        yield "gram_error: None, of a matrix"
    for field, number in (("equal_columns", columns), ("equal_rows", rows)):
        share = 0.0 if flat or spread else 1 - 1 / number
        if (flat or not spread) and abs(getattr(one, field) - share) > DIGITS:
            yield f"{field}: {getattr(one, field):g}, where it is {share:.6g}"


def _trace(one: Measurement, rows: int, columns: int) -> Iterator[str]:
    """Yield a contradiction if the sum of squares shows that the weights are not orthogonal.

    The sum is the Gram matrix's trace; the mean of its diagonal is off by at most ``gram_error``.
    """
    error, short = one.gram_error, min(rows, columns)
    if error is not None and error < NEARLY:
        mean = one.count * (one.std**2 + one.mean**2) / short
        if abs(mean - 1) > error + 1e-3 + 4 * DIGITS * mean:
            yield f"gram_error: {error:g}, where the mean square of a vector is {mean:.4g}"


def _shares(one: Measurement, wholes: dict[str, int]) -> Iterator[str]:
    """Yield the shares that, multiplied by their ``wholes``, are not whole numbers."""
    for field, whole in wholes.items():
        part = getattr(one, field) * whole
        if abs(part - round(part)) > DIGITS * part + 1e-9:
            yield f"{field}: {getattr(one, field):g} is no share of {whole}"


def _different(one: Measurement, rows: int, columns: int) -> Iterator[str]:
    """Yield a contradiction if the number of distinct values is out of its bounds."""
    least = sum(count > 0 for count in one.histogram)
    most = min(
        one.count * (1 - one.zeros) + 1,
        columns * (1 - one.equal_columns) * rows,
        rows * (1 - one.equal_rows) * columns,
        1 if least == 1 and one.min == one.max and len(one.histogram) == 1 else math.inf,
    )
    found = one.distinct * one.count
    rounding = 2 * DIGITS * one.count + 1e-9
    if not least - rounding <= found <= most + rounding:
        yield f"distinct: {found:.0f} values, where there are {least} to {most:.0f}"
