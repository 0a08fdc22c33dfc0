"""Test that draws are refused which contradict the statistics of the weights, or one another."""

from __future__ import annotations

from typing import Any

import pytest

from report.evidence import decode
from report.evidence.consistency import Kept, draw_flaws
from tests.support import samples, whole

SHAPES = [tuple(shape) for shape in samples.SHAPES]
TENSORFLOW = {"call": "tf.random.set_seed", "seeds": "tensorflow", "draws": whole.BY_POSITION}
KERAS = {"call": "tf.keras.utils.set_random_seed", "seeds": "keras", "draws": whole.BY_PLACE}
REUSE = whole.EVIDENCE["reuse"]


def flaws(data: dict[str, Any]) -> list[str]:
    """Return the contradictions in the draws of a role."""
    return list(draw_flaws(decode.evidence(data, []), {}))


def kernel(**changed: object) -> dict[str, Any]:
    """Return the evidence of a kernel, with some fields changed."""
    return samples.evidence("kernel", "glorot_uniform") | changed


def numbers(first: dict[str, Any], **changed: object) -> list[dict[str, Any]]:
    """Return the draws after a seed call, with fields changed of the first, or of the call."""
    one, two = whole.BY_POSITION
    return [TENSORFLOW | {"draws": [one | first, two]} | changed]


def shaped(shape: tuple[int, ...]) -> list[dict[str, Any]]:
    """Return two draws of which the first has another shape."""
    return whole.draws("a", whole.stream(1, 0, 1), (shape, SHAPES[1]))


CONSISTENT = {
    "draws after one call": kernel(),
    "draws after both calls": kernel(
        numbers=[TENSORFLOW, KERAS], repeat={"tf": True, "keras": True}
    ),
    "nothing repeats": kernel(numbers=[], repeat={"tf": False, "keras": None}),
    "every generator is seeded": kernel(
        numbers=[TENSORFLOW | {"seeds": "every"}], repeat={"tf": False, "keras": None}
    ),
    "constants": samples.evidence("bias", "zeros"),
    "no own seed": kernel(own_seed=None),
    "neither seed repeats": kernel(own_seed={"decides": "neither", "draws": []}),
    "an eager draw": kernel(numbers=numbers({"stream": None})),
    "the range of another seed": kernel(
        numbers=numbers({"values": [0.1, *[-0.05] * 15], "digest": "e" * 64})
    ),
    "no reuse": kernel(reuse=None),
    "no seed to reuse": kernel(reuse=REUSE | {"seeded": None}),
}
CONTRADICTIONS = {
    "a draw of another shape": (
        kernel(numbers=[TENSORFLOW | {"draws": shaped((240, 481))}]),
        "numbers/0/draws: of the shapes [(240, 481), (600, 200)], where the statistics are of",
    ),
    "an own seed at other shapes": (
        kernel(own_seed={"decides": "own", "draws": shaped((24, 16))}),
        "own_seed/draws: of the shapes [(24, 16), (600, 200)], where",
    ),
    "a weight above the range": (
        kernel(numbers=numbers({"values": [3.0, *[0.01] * 15], "digest": "e" * 64})),
        "numbers/0/draws/0/values: 0.01 to 3, where the range allows -0.27",
    ),
    "a weight below the range": (
        kernel(numbers=numbers({"values": [*[0.01] * 15, -0.4], "digest": "e" * 64})),
        "numbers/0/draws/0/values: -0.4 to 0.01, where the range allows -0.27",
    ),
    "one digest of other weights": (
        kernel(numbers=numbers({"values": [0.01] * 16})),
        "numbers/0/draws/1/values: others than those of another draw with the same digest",
    ),
    "a position without a place": (
        kernel(numbers=numbers({"stream": whole.stream(1, 0, 1) | {"place": None}})),
        "numbers/0/draws/0/stream: of the position 1 and the place None",
    ),
    "a place after the position": (
        kernel(numbers=numbers({"stream": whole.stream(1, 2, 1)})),
        "numbers/0/draws/0/stream/place: 2 random operations before it, of 1",
    ),
    "a call twice": (
        kernel(numbers=[TENSORFLOW, TENSORFLOW]),
        "numbers: tensorflow is there twice",
    ),
    "a call that repeats without draws": (
        kernel(numbers=[], repeat={"tf": True, "keras": None}),
        "repeat/tf: True, where there are no draws after that call",
    ),
    "draws after a call that repeats nothing": (
        kernel(numbers=[TENSORFLOW, KERAS], repeat={"tf": True, "keras": False}),
        "repeat/keras: False, where there are draws after that call",
    ),
    "draws after a call that is not there": (
        kernel(numbers=[TENSORFLOW, KERAS], repeat={"tf": True, "keras": None}),
        "repeat/keras: None, where there are draws after that call",
    ),
    "numbers of constants": (
        samples.evidence("bias", "zeros") | {"numbers": numbers({})},
        "numbers/0/draws: of the shapes",
    ),
    "an own seed without draws": (
        kernel(own_seed={"decides": "own", "draws": []}),
        "own_seed/draws: 0, where it decides: own",
    ),
    "draws that neither seed repeats": (
        kernel(own_seed={"decides": "neither", "draws": whole.BY_PLACE}),
        "own_seed/draws: 2, where it decides: neither",
    ),
    "the same bytes at another shape": (
        kernel(reuse=REUSE | {"unseeded": REUSE["unseeded"] | {"shape": "same"}}),
        "reuse/unseeded/shape: the same bytes, of weights of another shape",
    ),
    "the same bytes of another object at another shape": (
        kernel(reuse=REUSE | {"seeded": REUSE["seeded"] | {"object_shape": "same"}}),
        "reuse/seeded/object_shape: the same bytes, of weights of another shape",
    ),
}


@pytest.mark.parametrize("data", CONSISTENT.values(), ids=CONSISTENT)
def test_consistent_draws_are_accepted(data: dict[str, Any]) -> None:
    assert flaws(data) == []


@pytest.mark.parametrize(("data", "expected"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_contradiction_is_refused(data: dict[str, Any], expected: str) -> None:
    first, *_ = flaws(data)
    assert first.startswith(expected)


def test_constants_have_no_numbers() -> None:
    shapes = [(480,), (200,)]
    draws = whole.draws("a", whole.stream(1, 0, 1), shapes)
    bias = samples.evidence("bias", "zeros") | {"numbers": [TENSORFLOW | {"draws": draws}]}
    assert flaws(bias) == ["numbers: some, of weights that are all equal or not finite"]


def test_one_digest_has_the_same_weights_in_a_whole_observation() -> None:
    kept: Kept = {}
    assert list(draw_flaws(decode.evidence(kernel(), []), kept)) == []
    other = kernel(numbers=[TENSORFLOW | {"draws": whole.draws("a", {}, start=0.06)}])
    for draw in other["numbers"][0]["draws"]:
        draw["stream"] = None
    assert all("digest" in flaw for flaw in draw_flaws(decode.evidence(other, []), kept))
