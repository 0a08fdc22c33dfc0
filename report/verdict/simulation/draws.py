"""Draws of known laws, and of orthogonal matrices, measured as probes measure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from report.evidence import Measurement
from report.verdict.dependence import COMPARED
from report.verdict.standard_forms import UNIFORM, Law

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.floating[Any]]
    Shape = tuple[int, ...]

BINS = 32
DIGITS = 6
FIRST, NEARLY = 16, 0.1  # as a probe: so many vectors show whether a matrix can be orthogonal


def draw(expected: Law, size: int, generator: np.random.Generator) -> NDArray[np.float32]:
    """Return float32 weights of a law; a truncated one by rejection, which is its definition."""
    if expected.form is UNIFORM:
        standard = 2 * generator.random(size, dtype=np.float32) - 1
    elif expected.form.std == 0:
        standard = np.zeros(size, dtype=np.float32)
    else:
        standard = generator.standard_normal(size, dtype=np.float32)
        far = np.flatnonzero(np.abs(standard) > expected.form.limit)
        while far.size:
            standard[far] = generator.standard_normal(far.size, dtype=np.float32)
            far = far[np.abs(standard[far]) > expected.form.limit]
    return standard * np.float32(expected.scale) + np.float32(expected.center)


def orthogonal(shape: Shape, generator: np.random.Generator, *, signed: bool = True) -> Array:
    """Return an orthogonal matrix, uniform over all of them where the signs are set right.

    Mezzadri 2007, "How to generate random matrices from the classical compact groups": the Q
    of a QR factorisation is uniform only if R's diagonal is made positive.
    """
    tall = (max(shape), min(shape))
    columns, upper = np.linalg.qr(generator.standard_normal(tall))
    if signed:
        columns = columns * np.sign(np.diagonal(upper))
    return (columns if shape == tall else columns.T).astype(np.float32)


def unsigned(shape: Shape, generator: np.random.Generator) -> Array:
    """Return the orthogonal matrix that a QR factorisation gives, with its own signs."""
    return orthogonal(shape, generator, signed=False)


def one_sided(shape: Shape, generator: np.random.Generator) -> Array:
    """Return the orthogonal matrix of TensorFlow 0.12 to 1.1: singular vectors of positive numbers.

    The first of them is close to the vector of ones in every draw.
    """
    left, _, right = np.linalg.svd(generator.random(shape), full_matrices=False)
    found: Array = (left if left.shape == shape else right).astype(np.float32)
    return found


def measure(weights: Array, shape: Shape, redrawn: Array | None = None) -> Measurement:
    """Measure weights as a probe does; what needs a second draw is None without ``redrawn``."""
    flat = weights.astype(np.float64).ravel()
    low, high = float(flat.min()), float(flat.max())
    centred = flat - (flat.mean() if high > low else flat)  # a mean of equal numbers is rounded
    squares = centred**2
    variance, fourth = float(squares.mean()), float((squares**2).mean())
    return Measurement(
        shape=shape,
        count=flat.size,
        mean=rounded(float(flat.mean())),
        std=rounded(math.sqrt(variance)),
        min=rounded(low),
        max=rounded(high),
        kurtosis=rounded(fourth / variance**2) if high > low else None,
        histogram=_histogram(flat, low, high),
        zeros=rounded(1 - np.count_nonzero(flat) / flat.size),
        distinct=rounded(np.unique(flat).size / flat.size),
        **_dependence(flat, centred.reshape(shape), redrawn),
    )


def rounded(value: float) -> float:
    """Return a number with the digits that a probe records."""
    return float(f"{value:.{DIGITS}g}")


def _histogram(flat: NDArray[np.float64], low: float, high: float) -> tuple[int, ...]:
    """Count as numpy.histogram does, in a fifth of its time; one bin for a single value."""
    if not high > low:
        return (flat.size,)
    bins = ((flat - low) * (BINS / (high - low))).astype(np.intp)
    counts = np.bincount(bins, minlength=BINS + 1).tolist()
    return (*counts[: BINS - 1], counts[BINS - 1] + counts[BINS])


def _dependence(flat: Array, centred: Array, redrawn: Array | None) -> dict[str, Any]:
    spread = bool(centred.any())
    found: dict[str, Any] = {"lag": tuple(_lag(centred, axis) for axis in range(centred.ndim))}
    if spread and redrawn is not None:
        again = redrawn.reshape(centred.shape).astype(np.float64)
        found["redraw"] = _redraw(centred, again - again.mean())
    if centred.ndim == 1:
        return found
    matrix = flat.reshape(-1, centred.shape[-1])
    found |= {"equal_columns": _equal(matrix.T), "equal_rows": _equal(matrix)}
    found["gram_error"] = round(_gram_error(matrix), 3)
    if spread:
        deviations = centred.reshape(matrix.shape)
        found |= {
            "column_mean": _largest_mean(deviations.T),
            "row_mean": _largest_mean(deviations),
            "column_cosine": _largest_cosine(deviations.T),
            "row_cosine": _largest_cosine(deviations),
            "diagonal": round(float(np.sign(np.diagonal(deviations)).mean()), 4),
        }
    return found


def _lag(centred: Array, axis: int) -> float | None:
    moved = np.moveaxis(centred, axis, 0)
    if len(moved) == 1 or not centred.any():
        return None
    return round(float((moved[:-1] * moved[1:]).mean() / (centred**2).mean()), 4)


def _redraw(centred: Array, again: Array) -> float:
    columns = centred.shape[-1] if centred.ndim > 1 else 1
    first, second = (_units(each.reshape(-1, columns).T) for each in (centred, again))
    return round(float(np.abs((first * second).sum(axis=1)).max()), 3)


def _units(vectors: Array) -> Array:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    found: Array = vectors / np.where(norms > 0, norms, 1)
    return found


def _largest_mean(deviations: Array) -> float:
    return round(float(np.abs(_units(deviations).sum(axis=1)).max()), 2)


def _largest_cosine(deviations: Array) -> float | None:
    units = _units(deviations[:COMPARED])
    if len(units) == 1:
        return None
    cosines = units @ units.T
    np.fill_diagonal(cosines, 0)
    return round(float(max(cosines.max(), -cosines.min())), 3)


def _equal(vectors: Array) -> float:
    if len(np.unique(vectors[:, 0])) == len(vectors):
        return 0.0
    return rounded(1 - len({vector.tobytes() for vector in vectors}) / len(vectors))


def _gram_error(matrix: Array) -> float:
    vectors = matrix.T if matrix.shape[1] < matrix.shape[0] else matrix
    error = _deviation(vectors[:FIRST])
    return _deviation(vectors) if error < NEARLY else error


def _deviation(vectors: Array) -> float:
    return float(np.abs(vectors @ vectors.T - np.eye(len(vectors))).max())
