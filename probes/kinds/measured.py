"""Moments, a histogram and dependence of the weights of one draw.

Weights are taken as a matrix: its columns are the last axis, its rows all others.
"""

import numpy as np

from probes.run.record import rounded

BINS = 32
FIRST, NEARLY = 16, 0.1  # vectors, and their error, that show whether a matrix can be orthogonal
COMPARED = 256  # columns, or rows, that are compared in pairs, which takes time
# None if a weight is not finite.
_OF_NUMBERS = (
    "mean", "std", "min", "max", "kurtosis", "histogram", "zeros", "distinct", "equal_columns",
    "equal_rows", "lag", "column_mean", "row_mean", "column_cosine", "row_cosine", "diagonal",
    "gram_error", "redraw",
)  # fmt: skip


def measure(weights, redrawn):
    """Return the statistics of an array of weights, computed in float64, rounded.

    ``redrawn`` are weights of the same shape, drawn after another seed. ``finite`` is the share
    of finite weights; if that is below 1, the rest is None.

    ``std`` is the population's (divisor n), ``kurtosis`` the fourth standardised moment (3
    for a normal law), None if all weights are equal. ``histogram`` counts the weights in equal
    bins from ``min`` to ``max``. ``distinct`` is the share of distinct values. Dependence is
    described at its functions.
    """
    flat = np.asarray(weights, dtype=np.float64).ravel()
    finite = float(np.isfinite(flat).mean())
    found = {"shape": list(weights.shape), "count": int(flat.size), "finite": finite}
    if finite < 1:
        return rounded(dict(found, **dict.fromkeys(_OF_NUMBERS)))
    centred = _centred(flat)
    squares = np.square(centred)
    variance = float(squares.mean())
    low, high = float(flat.min()), float(flat.max())
    spread = high > low
    found.update(
        mean=float(flat.mean()),
        std=variance**0.5,
        min=low,
        max=high,
        kurtosis=float(np.square(squares).mean()) / variance**2 if spread else None,
        histogram=_histogram(flat - low, high - low) if spread else [int(flat.size)],
        zeros=float((flat == 0).mean()),
        distinct=len(np.unique(flat)) / float(flat.size),
        **_dependence(weights, centred.reshape(weights.shape), redrawn),
    )
    return rounded(found)


def _centred(array):
    """Return an array minus its mean: exact zeros if all are equal."""
    return array - (array.mean() if array.max() > array.min() else array)


def _histogram(above, width):
    """Return the counts of numbers from 0 to ``width`` in equal bins.

    It does not use ``numpy.histogram``: a count must not depend on how a NumPy version rounds.
    """
    bins = (above * (BINS / width)).astype(int)
    return np.bincount(np.minimum(bins, BINS - 1), minlength=BINS).tolist()


def _dependence(weights, centred, redrawn):
    """Return how weights depend on one another, and on the seed.

    ``centred`` are the weights minus their mean. A statistic that is undefined for zeros, or for
    weights of rank 1, which have no rows and columns, is None.
    """
    flat = len(weights.shape) == 1
    matrix = np.asarray(weights, dtype=np.float64).reshape(-1, weights.shape[-1])
    deviations = centred.reshape(matrix.shape)
    means = not flat and centred.any()
    return {
        "equal_columns": 0.0 if flat else _equal(matrix.T),
        "equal_rows": 0.0 if flat else _equal(matrix),
        "lag": [_lag(centred, axis) for axis in range(centred.ndim)],
        "column_mean": _largest_mean(deviations.T) if means else None,
        "row_mean": _largest_mean(deviations) if means else None,
        "column_cosine": _largest_cosine(deviations.T) if means else None,
        "row_cosine": _largest_cosine(deviations) if means else None,
        "diagonal": _decimals(np.sign(np.diagonal(deviations)).mean(), 4) if means else None,
        "gram_error": None if flat else _gram_error(matrix),
        "redraw": _redraw(centred, redrawn),
    }


def _equal(vectors):
    """Return the share of vectors that repeat an earlier one."""
    distinct = len({vector.tobytes() for vector in vectors})
    return 1.0 - distinct / float(len(vectors))


def _lag(centred, axis):
    """Return the correlation of neighbours along an axis; None without neighbours or spread."""
    moved = np.moveaxis(centred, axis, 0)
    if len(moved) == 1 or not centred.any():
        return None
    return _decimals((moved[:-1] * moved[1:]).mean() / np.square(centred).mean(), 4)


def _largest_mean(deviations):
    """Return the largest ``|sum| / norm`` of the vectors: how many standard errors a mean is off.

    For vectors of n independent deviations it is about the largest of as many standard normal
    numbers; for a vector of n equal numbers it is the root of n.
    """
    norms = np.sqrt(np.square(deviations).sum(axis=1))
    sums = abs(deviations.sum(axis=1))
    return _decimals((sums[norms > 0] / norms[norms > 0]).max(), 2)


def _largest_cosine(deviations):
    """Return the largest ``|cosine|`` of two of the first 256 vectors; None without a pair.

    It is 1 if one vector is a multiple of another, and 0 if all are orthogonal.
    """
    vectors = deviations[:COMPARED]
    norms = np.sqrt(np.square(vectors).sum(axis=1))
    vectors = vectors[norms > 0] / norms[norms > 0][:, np.newaxis]
    if len(vectors) <= 1:
        return None
    cosines = vectors.dot(vectors.T)
    np.fill_diagonal(cosines, 0.0)
    return _decimals(max(cosines.max(), -cosines.min()), 3)


def _redraw(centred, redrawn):
    """Return the largest ``|cosine|`` of a column with the same column of another draw.

    The mean of each draw is subtracted; weights of rank 1 are one column.
    """
    again = np.asarray(redrawn, dtype=np.float64)
    if not np.isfinite(again).all():
        return None
    again = _centred(again)
    if not (centred.any() and again.any()):
        return None
    wide = 1 if centred.ndim == 1 else centred.shape[-1]
    first, second = centred.reshape(-1, wide), again.reshape(-1, wide)
    norms = np.sqrt(np.square(first).sum(axis=0) * np.square(second).sum(axis=0))
    cosines = abs((first * second).sum(axis=0))
    return _decimals((cosines[norms > 0] / norms[norms > 0]).max(), 3)


def _gram_error(matrix):
    """Return the largest deviation of a Gram matrix from the identity: 0 for an orthogonal one.

    It is that of the columns, or of the rows if these are fewer. If the first 16 of them are not
    orthogonal, it is theirs.
    """
    vectors = matrix.T if matrix.shape[1] < matrix.shape[0] else matrix
    error = _deviation(vectors[:FIRST])
    if error < NEARLY:
        error = _deviation(vectors)
    return _decimals(error, 3)


def _deviation(vectors):
    return abs(vectors.dot(vectors.T) - np.eye(len(vectors))).max()


def _decimals(value, places):
    """Return a float without the digits that depend on the processor's rounding."""
    return round(float(value), places) + 0.0  # no negative zero
