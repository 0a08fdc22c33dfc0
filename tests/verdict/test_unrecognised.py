"""Test the notes on unrecognised weights: the nearest law, and the nearest rival."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from msgspec.structs import replace
from scipy import stats

from report.evidence import Measurement
from report.matrix import WHOLE, Index
from report.verdict import Verdict, fit
from report.verdict.families import NOT_FINITE, UNRECOGNISED, law
from report.verdict.judge import nearest_rival, verdict_of
from tests.support import samples
from tests.support.ideal import (
    CUT,
    FLAT,
    GLOROT,
    HE,
    LECUN,
    LOST,
    NORMAL,
    constants,
    ideal,
    label,
    pair,
    times,
)

if TYPE_CHECKING:
    from scipy.stats.distributions import rv_frozen

    from report.matrix import Matrix


# standard law, scales, a part of the note
MISSES = [
    (
        CUT,
        times(0.969 / LOST, GLOROT),
        "nearest: glorot_normal, standard deviation 3.1 % too small, at shape ",
    ),
    (
        FLAT,
        times(1.02 * math.sqrt(3), HE),
        "nearest: he_uniform, standard deviation 2.0 % too large, at shape ",
    ),
    (FLAT, (40, 40), "nearest: random_normal(stddev=1.0), standard deviation 23 times the law's"),
    # the right variance, the wrong form: a normal law truncated farther out
    (
        stats.truncnorm(-2.1, 2.1),
        times(1 / stats.truncnorm(-2.1, 2.1).std(), HE),
        "nearest: he_normal, but a weight lies outside its range, at shape ",
    ),
]


@pytest.mark.parametrize(("standard", "scales", "note"), MISSES, ids=label)
def test_the_note_names_the_nearest_miss(
    standard: rv_frozen, scales: tuple[float, float], note: str
) -> None:
    found = verdict_of(pair(standard, scales))
    assert found is not None
    assert found.name == UNRECOGNISED
    assert found.note is not None
    assert found.note.startswith(note)


# 57,600 normal weights leave a standard error of 0.29 % of the scale, both shapes together 0.21 %:
# 1.3 % is less than 5.33 of the first and more than 5.33 of the second.
def test_a_scale_that_fits_each_shape_must_fit_both_together() -> None:
    measured = pair(NORMAL, times(0.987, GLOROT))
    assert not any(fit.misfit(law("glorot_normal_untruncated", one.shape), one) for one in measured)
    assert verdict_of(measured) == Verdict(
        name=UNRECOGNISED,
        note="nearest: glorot_normal_untruncated, but the standard deviation is off, "
        "at all shapes together",
    )


def test_too_few_weights_are_inconclusive() -> None:
    found = verdict_of((ideal(FLAT, 0.05, (20,)),))
    assert found is not None
    assert found.name == UNRECOGNISED
    assert found.note is not None
    assert found.note.startswith("too few weights to tell apart: ")
    assert "random_uniform(-0.05, 0.05)" in found.note


def test_the_rival_is_the_closest_other_law() -> None:
    assert nearest_rival(pair(CUT, times(1 / LOST, HE))) == "he_normal_contrib"
    assert nearest_rival(pair(CUT, times(math.sqrt(1.3), HE))) == "he_normal"


def test_the_rival_is_none_of_the_equals() -> None:
    rival = nearest_rival(pair(FLAT, times(math.sqrt(3), LECUN)))
    assert rival not in {None, "uniform_unit_scaling", "lecun_uniform"}


def test_the_rival_of_the_unrecognised_is_the_nearest_family() -> None:
    assert nearest_rival(pair(CUT, times(0.969 / LOST, GLOROT))) == "glorot_normal"


@pytest.mark.parametrize(
    ("place", "share", "note"),
    [
        (1, 0.25, "75 % of the weights are not finite numbers, at shape 600_200"),
        (0, 0.0, "100 % of the weights are not finite numbers, at shape 240_480"),
    ],
)
def test_weights_that_are_no_numbers_are_not_finite(place: int, share: float, note: str) -> None:
    """As the contract writes them: whatever needs numbers is left out."""
    found = [samples.measured("glorot_uniform", shape) for shape in samples.SHAPES]
    found[place] = {key: found[place][key] for key in ("shape", "count")} | {"finite": share}
    measured = msgspec.convert(found, tuple[Measurement, ...])
    expected = note.replace("_", "\N{MULTIPLICATION SIGN}")
    assert verdict_of(measured) == Verdict(name=NOT_FINITE, note=expected)
    assert nearest_rival(measured) is None


@pytest.mark.parametrize("broken", [{"mean": math.nan}, {"max": math.inf}, {"count": 0}])
def test_what_is_not_a_number_is_not_judged(broken: dict[str, Any]) -> None:
    one = ideal(FLAT, 0.05, (240, 480))
    measured = (one, replace(one, **broken))
    found = Verdict(name=NOT_FINITE, note="some weights are not finite numbers")
    assert verdict_of(measured) == found
    assert nearest_rival(measured) is None


def test_each_shape_says_what_it_shows_where_they_differ() -> None:
    first = pair(FLAT, times(math.sqrt(3), GLOROT))[0]
    second = pair(FLAT, times(math.sqrt(3), HE))[1]
    found = verdict_of((first, second))
    assert found is not None
    assert (found.name, found.at) == (
        UNRECOGNISED,
        (((180, 320), "glorot_uniform"), ((480, 120), "he_uniform")),
    )
    sign = "\N{MULTIPLICATION SIGN}"
    assert found.note == f"glorot_uniform at shape 180{sign}320; he_uniform at shape 480{sign}120"
    biases = verdict_of(constants(0.25, 1.0))
    assert biases is not None
    assert biases.at == (((96,), "constant(0.25)"), ((96,), "ones"))


def test_the_tall_draw_of_1_3_is_orthogonal_and_the_wide_one_padded(real: Matrix) -> None:
    """Real evidence: until 1.3 a wide orthogonal draw was filled up with columns of zeros."""
    row = Index(matrix=real).rows["tf.orthogonal_initializer", WHOLE]
    verdicts = {cell.release: cell.verdict for cell in row.cells}
    for release in ("1.2.1", "1.3.0"):
        verdict = verdicts[release]
        assert verdict is not None
        assert verdict.name == UNRECOGNISED
        assert dict(verdict.at) == {
            (48, 96): "orthogonal, padded with zeros",
            (120, 40): "orthogonal",
        }
    later = verdicts["1.4.1"]
    assert later is not None
    assert (later.name, later.at) == ("orthogonal", ())
