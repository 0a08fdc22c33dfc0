"""Test the verdicts on orthogonal matrices: uniform or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from benchmarks.accuracy import draws
from benchmarks.accuracy.disguises import waves
from benchmarks.accuracy.draws import SHAPES
from report.evidence import Evidence, Measurement, Resolved
from report.matrix import WHOLE, Index
from report.verdict import Accord, Verdict
from report.verdict.agreement import agreement_of
from report.verdict.families import ORTHOGONAL, OTHER_ORTHOGONAL, UNRECOGNISED
from report.verdict.judge import verdict_of
from tests.support import samples
from tests.support.samples import resolved

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from report.matrix import Matrix

Maker = Callable[[tuple[int, ...], np.random.Generator], Any]

# verdict, resolved evidence, ``gram_error``, whether they agree
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
    drawn = [
        samples.measured("glorot_uniform", shape) | {"gram_error": error}
        for shape in samples.SHAPES
    ]
    measured = msgspec.convert(drawn, tuple[Measurement, ...])
    held = resolved("Orthogonal", gain=gain, seed=None)
    evidence = Evidence(measured=measured, resolved=msgspec.convert(held, Resolved))
    found = agreement_of(Verdict(name=name), evidence, "2.15.1")
    assert found.state is state


def measured_pair(make: Maker, *, redraw: bool = True) -> tuple[Measurement, ...]:
    """Return the measurements of matrices of both shapes, redrawn or with the same redraw."""
    generator = np.random.default_rng(20)
    found = []
    for shape in SHAPES[ORTHOGONAL]:
        first = make(shape, generator)
        found.append(draws.measure(first, shape, make(shape, generator) if redraw else first))
    return tuple(found)


def test_a_uniform_orthogonal_matrix_is_orthogonal() -> None:
    assert verdict_of(measured_pair(draws.orthogonal)) == Verdict(name=ORTHOGONAL)


# how a matrix is made, whether another seed gives another, a part of the note
BIASED: list[tuple[Maker, bool, str]] = [
    # as in 0.12 to 1.1: the first column has one sign, and is the same in every draw
    (draws.one_sided, True, "a column's mean is 10.9"),
    (draws.one_sided, True, "the largest cosine after another seed is 0.99"),
    (draws.unsigned, True, "of the main diagonal have one sign"),
    (waves, True, "the kurtosis is 1.5"),
    (draws.orthogonal, False, "the largest cosine after another seed is 1"),
]


@pytest.mark.parametrize(("make", "redraw", "note"), BIASED)
def test_an_orthogonal_matrix_that_is_not_uniform_is_no_orthogonal_draw(
    make: Maker, note: str, *, redraw: bool
) -> None:
    found = verdict_of(measured_pair(make, redraw=redraw))
    assert found is not None
    assert found.name == OTHER_ORTHOGONAL
    assert note in (found.note or "")


def one_way(shape: tuple[int, ...], generator: np.random.Generator) -> Any:  # noqa: ANN401
    """Negate columns, or rows, of an orthogonal matrix so that all sums are positive."""
    found = draws.orthogonal(shape, generator)
    return found * np.sign(found.sum(axis=int(shape[0] < shape[1]), keepdims=True))


def test_sums_that_are_all_positive_are_not_uniform() -> None:
    found = verdict_of(measured_pair(one_way))
    assert found is not None
    assert found.name == OTHER_ORTHOGONAL
    assert "the mean of all weights is" in (found.note or "")


def test_a_gain_that_is_off_by_less_than_a_percent_is_no_orthogonal_draw() -> None:
    found = verdict_of(measured_pair(lambda shape, chance: draws.orthogonal(shape, chance) * 1.004))
    assert found is not None
    assert found.name == UNRECOGNISED


def test_one_shape_that_is_not_uniform_is_named() -> None:
    wide = measured_pair(draws.orthogonal)[0]
    tall = measured_pair(draws.one_sided)[1]
    found = verdict_of((wide, tall))
    assert found is not None
    assert (found.name, dict(found.at)) == (
        OTHER_ORTHOGONAL,
        {(48, 96): ORTHOGONAL, (120, 40): OTHER_ORTHOGONAL},
    )


def padded(shape: tuple[int, ...], generator: np.random.Generator) -> NDArray[np.floating[Any]]:
    """Return the matrix of 1.2 and 1.3, which pads wide ones with zeros."""
    rows, columns = shape
    if rows >= columns:
        return draws.orthogonal(shape, generator)
    square = draws.orthogonal((rows, rows), generator)
    return np.hstack([square, np.zeros((rows, columns - rows), np.float32)])


def test_columns_of_zeros_are_no_part_of_an_orthogonal_draw() -> None:
    found = verdict_of(measured_pair(padded))
    assert found is not None
    assert (found.name, dict(found.at)) == (
        UNRECOGNISED,
        {(48, 96): "orthogonal, padded with zeros", (120, 40): ORTHOGONAL},
    )


def test_a_permutation_is_no_orthogonal_draw() -> None:
    """Its Gram matrix is the identity, and nearly all of it is 0."""

    def permuted(shape: tuple[int, ...], generator: np.random.Generator) -> Any:  # noqa: ANN401
        short = min(shape)
        matrix = np.eye(*shape, dtype=np.float32)
        order = generator.permutation(short)
        matrix[:short, :short] = matrix[:short, :short][order]
        return matrix

    found = verdict_of(measured_pair(permuted))
    assert found is not None
    assert found.name == UNRECOGNISED


def test_one_half_orthogonal_is_no_orthogonal_verdict() -> None:
    wide, tall = measured_pair(draws.orthogonal)
    found = verdict_of((wide, replace(tall, gram_error=0.6)))
    assert found is not None
    assert found.name == UNRECOGNISED
    assert dict(found.at)[48, 96] == ORTHOGONAL


def test_real_orthogonal_draws_are_told_apart(real: Matrix) -> None:
    """0.12 to 1.1 took the singular vectors of positive numbers; since 1.4 Q has its signs."""
    row = Index(matrix=real).rows["tf.orthogonal_initializer", WHOLE]
    names = {cell.release: cell.verdict and cell.verdict.name for cell in row.cells}
    assert [names[release] for release in ("0.12.1", "1.0.1", "1.1.0")] == [OTHER_ORTHOGONAL] * 3
    later = [release for release in names if release.startswith("1.") and release >= "1.4"]
    assert {names[release] for release in (*later, "1.10.1", "1.15.5")} == {ORTHOGONAL}
