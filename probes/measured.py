"""What the weights look like: moments and a histogram of one draw."""

import numpy as np

from probes.record import rounded

BINS = 32
FIRST, NEARLY = 16, 0.1  # so many vectors show whether a matrix can be orthogonal at all


def measure(weights):
    """Return the statistics of an array of weights, computed in float64, rounded.

    ``std`` is the population's (divisor n), ``kurtosis`` the fourth standardised
    moment (3 for a normal law), None where all weights are equal. ``histogram``
    counts the weights in equal bins from ``min`` to ``max``. ``equal_columns`` is
    the share of columns (last axis) that repeat an earlier one. ``gram_error`` is the
    largest deviation of the Gram matrix of the columns, or of the rows where these are
    fewer, from the identity: 0 for an orthogonal matrix; None for rank 1. Where the
    first 16 of them are not orthogonal, the others are not looked at.
    """
    flat = np.asarray(weights, dtype=np.float64).ravel()
    low, high = float(flat.min()), float(flat.max())
    mean = float(flat.mean())
    squares = np.square(flat - mean)
    variance = float(squares.mean())
    spread = high > low
    statistics = {
        "shape": list(weights.shape),
        "count": int(flat.size),
        "mean": mean,
        "std": variance**0.5,
        "min": low,
        "max": high,
        "kurtosis": float(np.square(squares).mean()) / variance**2 if spread else None,
        "histogram": _histogram(flat - low, high - low) if spread else [int(flat.size)],
        "zeros": float((flat == 0).mean()),
        "equal_columns": _equal_columns(weights),
        "gram_error": _gram_error(flat.reshape(-1, weights.shape[-1]), len(weights.shape)),
    }
    return rounded(statistics)


def _histogram(above, width):
    """Return how many numbers from 0 to ``width`` are in each of the equal bins.

    As ``numpy.histogram``, which took half of the time of a measurement: it looks once more at
    those that lie on the edge of two bins to the last digit.
    """
    bins = (above * (BINS / width)).astype(int)
    return np.bincount(np.minimum(bins, BINS - 1), minlength=BINS).tolist()


def _gram_error(matrix, rank):
    if rank == 1:
        return None
    vectors = matrix.T if matrix.shape[1] < matrix.shape[0] else matrix
    error = _deviation(vectors[:FIRST])
    if error < NEARLY:
        error = _deviation(vectors)
    # three decimals: below them it is the processor's rounding, not the initializer's
    return round(error, 3)


def _deviation(vectors):
    return float(abs(vectors.dot(vectors.T) - np.eye(len(vectors))).max())


def _equal_columns(weights):
    columns = weights.reshape(-1, weights.shape[-1]).T
    # equal columns begin alike: where all begin differently, none is compared further
    if len(weights.shape) == 1 or len(np.unique(columns[:, 0])) == len(columns):
        return 0.0
    distinct = len({column.tobytes() for column in columns})
    return 1.0 - distinct / float(len(columns))
