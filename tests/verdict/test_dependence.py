"""Test the tests of independence: what each notices, and how often it is wrong."""

from __future__ import annotations

import json
import math
from typing import Any

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace
from scipy import special, stats

from benchmarks.accuracy import draws, power
from benchmarks.accuracy.disguises import DISGUISES
from benchmarks.accuracy.draws import SHAPES
from benchmarks.accuracy.power import LAYERS, MATRICES, Trial
from probes.kinds.measured import measure
from report import places
from report.evidence import Measurement
from report.verdict import Verdict
from report.verdict.dependence import LEVEL, checks, largest, oddities, signs
from report.verdict.families import UNRECOGNISED, law
from report.verdict.judge import verdict_of
from tests.support.ideal import FLAT, ideal, pair

RECORDED = json.loads(places.ACCURACY.read_text("utf-8"))
GLOROT = (math.sqrt(6 / 500), math.sqrt(6 / 600))
VARIABLE = SHAPES["variable"]
POWER = 0.99


def drawn(shape: tuple[int, ...], seed: int) -> np.ndarray[Any, np.dtype[np.floating[Any]]]:
    """Return weights drawn from the Glorot uniform law."""
    generator = np.random.default_rng(seed)
    weights = draws.draw(law("glorot_uniform", shape), math.prod(shape), generator)
    return weights.reshape(shape)


def judged(*changed: Any) -> Verdict:  # noqa: ANN401
    """Return the verdict on weights of two shapes, each with a second draw."""
    measured = tuple(
        draws.measure(one, one.shape, drawn(one.shape, 90 + place))
        for place, one in enumerate(changed)
    )
    found = verdict_of(measured)
    assert found is not None
    return found


def test_an_honest_draw_is_recognised() -> None:
    assert judged(drawn((180, 320), 1), drawn((480, 120), 2)).name == "glorot_uniform"


def test_rows_that_repeat_are_no_draw_from_a_law() -> None:
    weights = drawn((180, 320), 1)
    weights[90:] = weights[:90]
    found = judged(weights, drawn((480, 120), 2))
    assert found.name == UNRECOGNISED
    assert "50 % of the rows repeat an earlier one" in (found.note or "")


def test_sorted_weights_are_no_draw_from_a_law() -> None:
    weights = np.sort(drawn((180, 320), 1), axis=None).reshape(180, 320)
    found = judged(weights, drawn((480, 120), 2))
    assert found.name == UNRECOGNISED
    assert "neighbours along axis 1 have a correlation of 1" in (found.note or "")


def test_the_same_weights_after_another_seed_are_no_draw_from_a_law() -> None:
    first, second = drawn((180, 320), 1), drawn((480, 120), 2)
    measured = (draws.measure(first, (180, 320), first), draws.measure(second, (480, 120), second))
    found = verdict_of(measured)
    assert found is not None
    assert found.name == UNRECOGNISED
    assert "the largest cosine after another seed is 1" in (found.note or "")


# field, value, odd
ODD = [
    ({"zeros": 0.01}, "1 % of the weights are 0"),
    ({"equal_columns": 0.5}, "50 % of the columns repeat an earlier one"),
]


@pytest.mark.parametrize(("fields", "odd"), ODD)
def test_what_independent_draws_would_not_do_is_told(fields: dict[str, Any], odd: str) -> None:
    right, wrong = pair(FLAT, GLOROT)
    found = verdict_of((right, replace(wrong, **fields)))
    assert found == Verdict(
        name=UNRECOGNISED,
        note="nearest: glorot_uniform, but its draws would be independent, "
        f"at shape 480\N{MULTIPLICATION SIGN}120; {odd}",
    )


def test_a_few_zeros_and_repeated_values_happen() -> None:
    first, second = pair(FLAT, GLOROT, VARIABLE)
    flat = ideal(FLAT, math.sqrt(6 / 115200), (57600,))
    assert second.shape == flat.shape
    # 2^23 values: 57,600 draws repeat 198 of them
    happens = replace(flat, zeros=4 / 57600, distinct=1 - 198 / 57600)
    assert verdict_of((first, happens)) == Verdict(name="glorot_uniform")


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("place", range(len(DISGUISES)), ids=lambda n: DISGUISES[n][0])
def test_a_disguise_is_seen_by_its_test(place: int, layer: str) -> None:
    trial = Trial(disguise=place, family="glorot_normal", layer=layer, draws=1, seed=(8, place))
    assert power.run(trial) == 1


@pytest.mark.parametrize("place", range(len(MATRICES)), ids=lambda n: MATRICES[n][0])
def test_an_orthogonal_disguise_is_seen_by_its_test(place: int) -> None:
    at, kind = len(DISGUISES) + place, "orthogonal"
    trial = Trial(disguise=at, family=kind, layer=kind, draws=3, seed=(9, place))
    assert power.run(trial) == 3


def exceeding(x: float, size: int) -> float:
    """Return the probability that a random direction has a ``|cosine|`` above x."""
    return float(special.betainc((size - 1) / 2, 0.5, 1 - x * x))


@pytest.mark.parametrize("size", [2, 40, 64, 180, 900, 57600])
@pytest.mark.parametrize("vectors", [1, 40, 320, 32640])
def test_the_limit_of_the_largest_cosine_has_its_level(size: int, vectors: int) -> None:
    low, high = largest(size, vectors)
    assert vectors * exceeding(high, size) <= LEVEL
    if size > 2:  # no lower than needed: a limit of a 20th of the level would be as good
        assert vectors * exceeding(0.97 * high, size) > LEVEL / 20
    assert 0 <= low < high
    below = float(special.betainc(0.5, (size - 1) / 2, low * low))
    assert below**vectors <= LEVEL


@pytest.mark.parametrize("count", [24, 40, 64, 88, 225])
def test_the_limit_of_signs_is_the_binomial_laws(count: int) -> None:
    one = replace(ideal(FLAT, 0.05, (count, 300)), diagonal=1.0)
    (check,) = signs((one,))
    most = round(count * (1 + check.high) / 2)
    assert 2 * stats.binom.sf(most, count, 0.5) <= LEVEL
    assert 2 * stats.binom.sf(most - 1, count, 0.5) > LEVEL


def test_what_could_not_be_measured_of_a_draw_is_no_pass() -> None:
    """Another seed that gives no numbers, or the same number everywhere, leaves no cosine."""
    bare = Measurement(
        shape=(180, 320),
        count=57600,
        mean=0.0,
        std=0.1,
        min=-0.2,
        max=0.2,
        kurtosis=1.8,
        histogram=(57600,),
        distinct=1.0,
    )
    lacking = ("cosine after another seed", "cosine of two columns", "cosine of two rows")
    assert list(oddities(bare)) == [f"there is no {name}" for name in lacking]
    assert {check.name for check in checks(bare) if not check.passed} == set(lacking)
    alone = replace(bare, min=0.2)  # all are equal
    assert list(oddities(alone)) == []


@pytest.mark.parametrize("again", [np.nan, 0.5])
def test_a_draw_that_another_seed_does_not_give_is_none(again: float) -> None:
    shapes = ((180, 320), (480, 120))
    found = [
        measure(weights.astype(np.float32), np.full(weights.shape, again, np.float32))
        for weights in (drawn(shape, place) for place, shape in enumerate(shapes))
    ]
    assert not [one for one in found if "redraw" in one]
    verdict = verdict_of(msgspec.convert(found, tuple[Measurement, ...]))
    assert verdict is not None
    assert verdict.name == UNRECOGNISED
    assert "there is no cosine after another seed" in (verdict.note or "")


def test_the_recorded_simulation_rejects_no_true_draw() -> None:
    """Of each test there are thousands of draws; their level is 1e-7."""
    assert RECORDED["level"] == LEVEL
    assert {each["name"] for each in RECORDED["tests"]} >= {
        "equal rows",
        "equal columns",
        "lag",
        "repeated values",
        "column mean",
        "row mean",
        "cosine of two columns",
        "cosine of two rows",
        "cosine after another seed",
        "diagonal",
        "kurtosis",
    }
    for each in RECORDED["tests"]:
        assert each["rejected"] == 0, each
        assert each["tested"] >= 1000, each
        assert each["extreme"] <= 1, each


def test_the_recorded_simulation_sees_every_disguise() -> None:
    seen = {each["disguise"]: each for each in RECORDED["disguises"]}
    assert list(seen) == [text for text, *_ in (*DISGUISES, *MATRICES)]
    for each in seen.values():
        # the exact one-sided 95 % limit of the share that is noticed
        missed = each["draws"] - each["noticed"]
        least = special.betaincinv(each["noticed"], missed + 1, 0.05)
        assert least >= POWER, each
