"""Draws of known laws, and of orthogonal matrices, measured by the probes' own function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from probes.catalogue import KERNEL_SHAPES
from probes.kinds import measured
from report.evidence import Measurement, decode
from report.verdict.standard_forms import UNIFORM, Law

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.floating[Any]]
    Shape = tuple[int, ...]

# The two shapes at which the probes draw, by kind of layer.
SHAPES: dict[str, tuple[Shape, Shape]] = KERNEL_SHAPES


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
    again = None if redrawn is None else redrawn.reshape(shape)
    return decode.measurement(measured.measure(weights.reshape(shape), again))
