"""Test the picture and the figures of a draw, for each shape."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from msgspec.structs import replace

from benchmarks.accuracy import draws
from report.site.weights import drawn
from report.verdict import PADDED, Verdict
from report.verdict.families import ORTHOGONAL, OTHER_ORTHOGONAL, UNRECOGNISED
from report.verdict.judge import verdict_of
from tests.support import world
from tests.support.ideal import FLAT, pair

if TYPE_CHECKING:
    from report.evidence import Measurement

WIDE, TALL = (48, 96), (120, 40)


def matrix(shape: tuple[int, int]) -> Measurement:
    """Return the measurement of an orthogonal matrix."""
    generator = np.random.default_rng(4)
    first, second = (draws.orthogonal(shape, generator) for _ in range(2))
    return draws.measure(first, shape, second)


# the verdict at a shape, the text about its weights
FINDINGS = [
    (ORTHOGONAL, "they form an orthogonal matrix."),
    (OTHER_ORTHOGONAL, "they form an orthogonal matrix, but not any of them alike."),
    (PADDED, "they form an orthogonal matrix that is padded with zeros."),
    (UNRECOGNISED, "no law fits them."),
]


@pytest.mark.parametrize(("name", "finding"), FINDINGS)
def test_a_matrix_is_not_said_to_fit_no_law(name: str, finding: str) -> None:
    (shown,) = drawn((matrix(TALL),), Verdict(name=name))
    assert shown.histogram is not None
    assert shown.words.endswith(f"; {finding}")
    assert shown.histogram.theory == ""


def test_each_shape_is_shown_as_what_it_shows() -> None:
    """Of 1.2 and 1.3 the page said of a matrix beside its Gram error of 0 that no law fits."""
    at = ((WIDE, PADDED), (TALL, ORTHOGONAL))
    verdict = Verdict(name=UNRECOGNISED, note="as each shape shows", at=at)
    shown = drawn((matrix(WIDE), matrix(TALL)), verdict)
    assert shown[0].words.endswith("padded with zeros.")
    assert shown[1].words.endswith("they form an orthogonal matrix.")


def test_a_law_that_one_shape_may_fit_is_not_denied_of_it() -> None:
    """In 1.1 glorot_uniform fits the matrix, and no law both the matrix and the vector."""
    for one in drawn((matrix(WIDE), matrix(TALL)), Verdict(name=UNRECOGNISED, note="nearest: …")):
        assert one.words.endswith("; no law fits them and those of the other shape.")


def test_the_tests_of_independence_are_counted() -> None:
    """The last figure of a random draw; of its failures the verdict's note says which."""
    first, second = pair(FLAT, (math.sqrt(6 / 500), math.sqrt(6 / 600)))
    rows = {}
    for one in (first, replace(second, equal_rows=0.5, row_cosine=1.0)):
        verdict = verdict_of((one,))
        assert verdict is not None
        (shown,) = drawn((one,), verdict)
        rows[one.shape] = shown.figures[-1]
    assert {each.name for each in rows.values()} == {"tests of independence"}
    good, bad = (rows[one.shape] for one in (first, second))
    assert good.measured == good.theory
    assert int(bad.measured) == int(bad.theory) - 2


def test_a_constant_has_no_tests_of_independence() -> None:
    (shown, _) = drawn(
        tuple(world.measured("zeros", shape) for shape in world.SHAPES), Verdict(name="zeros")
    )
    assert [each.name for each in shown.figures][-1] == "kurtosis"
    assert (shown.figures[0].measured, shown.figures[0].theory) == ("0", "0")
