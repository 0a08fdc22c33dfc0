"""Orthogonal draws: which are uniform over all orthogonal matrices, and which only orthogonal."""

from __future__ import annotations

import pytest

from report.matrix import _measurement
from report.model import Accord, Verdict
from report.resolve import agreement
from tests import samples
from tests.samples import resolved

# verdict, what is held, the Gram matrix's error, whether they agree
MATRICES = [
    ("orthogonal", 1.0, 0.0, Accord.AGREE),
    ("orthogonal_not_uniform", 1.0, 0.0, Accord.CONFLICT),
    ("orthogonal", 2.0, 0.0, Accord.CONFLICT),
    ("unrecognised", 2.0, 3.0, Accord.NOT_COMPARED),  # its rows have squared length 4
    ("unrecognised", 2.0, 0.7, Accord.CONFLICT),
    ("not_finite", 1.0, None, Accord.CONFLICT),
]


@pytest.mark.parametrize(("name", "gain", "error", "state"), MATRICES)
def test_an_orthogonal_matrix_is_compared_by_its_gain(
    name: str, gain: float, error: float | None, state: Accord
) -> None:
    measured = tuple(
        _measurement(samples.measured("glorot_uniform", shape) | {"gram_error": error})
        for shape in samples.SHAPES
    )
    held = resolved("Orthogonal", gain=gain, seed=None)
    found = agreement(Verdict(name=name), measured, {"declared": None, "resolved": held}, "2.15.1")
    assert found.state is state
