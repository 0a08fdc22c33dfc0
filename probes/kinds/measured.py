"""Statistics of one draw of weights: moments, histogram, and dependence.

Weights are reshaped to a matrix: the last axis gives the columns, all others the rows.
"""

import numpy as np

from probes.run.record import rounded

BINS = 32
FIRST, NEARLY = 16, 0.1  # vectors checked first; error up to which all are checked
COMPARED = 256  # columns (or rows) compared in pairs, at quadratic cost


def measure(weights, redrawn):
    """Return the statistics of an array of weights, computed in float64, rounded.

    ``redrawn`` are weights of the same shape, drawn after another seed, or None. ``finite`` is
    the share of finite weights; if it is below 1, there are no statistics. What is not defined is
    left out.

    ``std`` is the population's (divisor n), ``kurtosis`` the fourth standardised moment (3
    for a normal law), not defined if all weights are equal. ``histogram`` counts the weights in
    equal bins from ``min`` to ``max``. ``distinct`` is the share of distinct values. The measures
    of dependence are described at their functions.
    """
    flat = np.asarray(weights, dtype=np.float64).ravel()
    finite = float(np.isfinite(flat).mean())
    found = {"shape": list(weights.shape), "count": int(flat.size), "finite": finite}
    if finite < 1:
        return rounded(found)
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
    return rounded({name: value for name, value in found.items() if value is not None})


def _centred(array):
    """Return an array minus its mean; exactly zero if all values are equal."""
    return array - (array.mean() if array.max() > array.min() else array)


def _histogram(above, width):
    """Return the counts of ``above``, numbers from 0 to ``width``, in equal bins.

    ``numpy.histogram`` is not used, since its rounding differs between NumPy versions.
    """
    bins = (above * (BINS / width)).astype(int)
    return np.bincount(np.minimum(bins, BINS - 1), minlength=BINS).tolist()


def _dependence(weights, centred, redrawn):
    """Return the measures of dependence between weights, and on the seed.

    ``centred`` is ``weights`` minus the mean. A measure is None if it is undefined: if all weights
    are equal, or for weights of rank 1, which have no rows and columns.
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
    """Return the correlation of neighbours along an axis; None if it is undefined."""
    moved = np.moveaxis(centred, axis, 0)
    if len(moved) == 1 or not centred.any():
        return None
    return _decimals((moved[:-1] * moved[1:]).mean() / np.square(centred).mean(), 4)


def _largest_mean(deviations):
    """Return the largest ``|sum| / norm`` of a vector: its mean in standard errors.

    If the deviations are independent, it is about the maximum of one standard normal number per
    vector; for a vector of n equal numbers it is sqrt(n).
    """
    norms = np.sqrt(np.square(deviations).sum(axis=1))
    sums = abs(deviations.sum(axis=1))
    return _decimals((sums[norms > 0] / norms[norms > 0]).max(), 2)


def _largest_cosine(deviations):
    """Return the largest ``|cosine|`` between two of the first 256 vectors; None without a pair.

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
    """Return the largest ``|cosine|`` between a column and the same column of another draw.

    The mean of each draw is subtracted first. Weights of rank 1 are one column.
    """
    if redrawn is None:
        return None
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
    """Return the largest deviation of the Gram matrix from the identity: 0 if orthogonal.

    The vectors are the columns, or the rows if these are fewer. If the first 16 are already far
    from orthogonal, their deviation is returned.
    """
    vectors = matrix.T if matrix.shape[1] < matrix.shape[0] else matrix
    error = _deviation(vectors[:FIRST])
    if error < NEARLY:
        error = _deviation(vectors)
    return _decimals(error, 3)


def _deviation(vectors):
    return abs(vectors.dot(vectors.T) - np.eye(len(vectors))).max()


def _decimals(value, places):
    """Return a float rounded to ``places``; further digits depend on the processor."""
    return round(float(value), places) + 0.0  # -0.0 becomes 0.0
