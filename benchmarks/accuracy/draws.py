"""Draw weights from known laws and orthogonal matrices, and measure them as the probes do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from probes.catalogue import KERNEL_SHAPES
from probes.kinds import measured
from report.evidence import Measurement
from report.verdict.standard_forms import UNIFORM, Law

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.floating[Any]]
    Shape = tuple[int, ...]

# The two shapes at which the probes draw, by kind of layer.
SHAPES: dict[str, tuple[Shape, Shape]] = KERNEL_SHAPES


def draw(expected: Law, size: int, generator: np.random.Generator) -> NDArray[np.float32]:
    """Return ``size`` float32 weights of a law; a truncated one is drawn by rejection."""
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
    """Return a random orthogonal matrix; it is uniform if ``signed``.

    Mezzadri 2007, "How to generate random matrices from the classical compact groups": the Q
    of a QR factorisation is uniform only if R's diagonal is made positive.
    """
    tall = (max(shape), min(shape))
    columns, upper = np.linalg.qr(generator.standard_normal(tall))
    if signed:
        columns = columns * np.sign(np.diagonal(upper))
    return (columns if shape == tall else columns.T).astype(np.float32)


def unsigned(shape: Shape, generator: np.random.Generator) -> Array:
    """Return an orthogonal matrix that is not uniform: the signs of the QR factorisation stay."""
    return orthogonal(shape, generator, signed=False)


def one_sided(shape: Shape, generator: np.random.Generator) -> Array:
    """Return an orthogonal matrix as TensorFlow 0.12 to 1.1 drew it.

    It has the singular vectors of a matrix of positive numbers, of which the first is close to
    the vector of ones in every draw.
    """
    left, _, right = np.linalg.svd(generator.random(shape), full_matrices=False)
    found: Array = (left if left.shape == shape else right).astype(np.float32)
    return found


def measure(weights: Array, shape: Shape, redrawn: Array | None = None) -> Measurement:
    """Return the statistics that a probe records; ``redrawn`` are weights after another seed."""
    again = None if redrawn is None else redrawn.reshape(shape)
    return msgspec.convert(measured.measure(weights.reshape(shape), again), Measurement)
