"""Disguises: weights whose values follow a law, but which are not independent draws from it.

Each is listed with the test in `report.verdict.dependence` that has to notice it. They take and
return a matrix whose columns are the last axis; rank 1 is one column, which some can't change.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.floating[Any]]
    Disguise = Callable[[Array, np.random.Generator], Array]


def _repeated(matrix: Array, _: np.random.Generator) -> Array:
    """Replace the second half of the rows by the first."""
    half = len(matrix) // 2
    return np.concatenate([matrix[:half], matrix[:half], matrix[2 * half :]])


def _signed(matrix: Array, generator: np.random.Generator) -> Array:
    """Replace the second half of the rows by the first, each with a random sign."""
    half = len(matrix) // 2
    signs = generator.choice((-1.0, 1.0), (half, 1))
    return np.concatenate([matrix[:half], signs * matrix[:half], matrix[2 * half :]])


def _balanced(matrix: Array, _: np.random.Generator) -> Array:
    """Replace the second half of the rows by the first, negated, so that columns sum to 0."""
    half = len(matrix) // 2
    return np.concatenate([matrix[:half], -matrix[:half], matrix[2 * half :]])


def _one_signed(matrix: Array, generator: np.random.Generator) -> Array:
    """Give all numbers of a row the same random sign."""
    found: Array = np.abs(matrix) * generator.choice((-1.0, 1.0), (len(matrix), 1))
    return found


def _orthogonalised(matrix: Array, _: np.random.Generator) -> Array:
    """Make the rows, or the columns if these are fewer, orthogonal, and keep the scale."""
    left, _sizes, right = np.linalg.svd(matrix, full_matrices=False)
    unit = left @ right
    found: Array = unit * (matrix.std() / unit.std())
    return found


def _sorted(matrix: Array, _: np.random.Generator) -> Array:
    """Sort all numbers of the matrix."""
    return np.sort(matrix, axis=None).reshape(matrix.shape)


def _paired(matrix: Array, _: np.random.Generator) -> Array:
    """Sort each pair of neighbours."""
    flat = matrix.ravel()
    even = len(flat) // 2 * 2
    pairs = np.sort(flat[:even].reshape(-1, 2), axis=1).ravel()
    return np.concatenate([pairs, flat[even:]]).reshape(matrix.shape)


def _halved(matrix: Array, _: np.random.Generator) -> Array:
    """Round to half precision."""
    return matrix.astype(np.float16).astype(np.float32)


def _positive(matrix: Array, _: np.random.Generator) -> Array:
    """Make the main diagonal positive."""
    found = matrix.copy()
    np.fill_diagonal(found, np.abs(np.diagonal(matrix)))
    return found


def _of_columns(disguise: Disguise) -> Disguise:
    return lambda matrix, generator: disguise(matrix.T, generator).T


# Each disguise in words, the beginning of the name of the test that has to notice it, and its
# function; None if another seed draws the same weights, which are not modified.
DISGUISES: tuple[tuple[str, str, Disguise | None], ...] = (
    ("half of the rows repeat the others", "equal rows", _repeated),
    ("half of the columns repeat the others", "equal columns", _of_columns(_repeated)),
    ("all weights are sorted", "lag", _sorted),
    ("each two neighbours are sorted", "lag", _paired),
    ("weights are rounded to half precision", "repeated values", _halved),
    ("each row has one sign", "row mean", _one_signed),
    ("each column has one sign", "column mean", _of_columns(_one_signed)),
    ("half of the rows are the others, negated", "column mean", _balanced),
    ("half of the columns are the others, negated", "row mean", _of_columns(_balanced)),
    ("half of the rows are others, or these negated", "cosine of two rows", _signed),
    (
        "half of the columns are others, or these negated",
        "cosine of two columns",
        _of_columns(_signed),
    ),
    ("the matrix is orthogonal, up to its scale", "cosine of two", _orthogonalised),
    ("the main diagonal is positive", "diagonal", _positive),
    ("the weights are the same after another seed", "cosine after another seed", None),
)


def waves(shape: tuple[int, ...], generator: np.random.Generator) -> Array:
    """Return the matrix of the discrete cosine transform (DCT-II), which is orthogonal.

    Its rows and columns are shuffled and have random signs.
    """
    size, short = max(shape), min(shape)
    at, frequency = np.arange(size)[:, np.newaxis] + 0.5, np.arange(size)
    basis = np.cos(np.pi * at * frequency / size) * np.sqrt(2 / size)
    basis[:, 0] /= np.sqrt(2)
    basis = basis[generator.permutation(size)][:, 1 + generator.permutation(size - 1)[:short]]
    signs = generator.choice((-1.0, 1.0), (size, 1)), generator.choice((-1.0, 1.0), short)
    columns = (basis * signs[0] * signs[1]).astype(np.float32)
    found: Array = columns if shape == columns.shape else columns.T
    return found
