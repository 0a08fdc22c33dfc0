"""Test how the numbers of two cells compare: exact cases first, then what always holds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from report.evidence import Draw, Evidence, Numbers, Seeds, Stream
from report.verdict import AtShape, Degree, Reason, Relation, numbers
from report.verdict.numbers import KEPT, OTHER, ROUNDING, Sample
from tests.support.drawn import spread

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDE, TALL = (48, 96), (120, 40)
BASE = tuple((place - 7) / 10 for place in range(KEPT))
SIGMA = 0.5
MEASURED = spread(SIGMA)
STREAM = Stream(
    operation="RandomUniform", seeds=(87654321, 1), position=1, place=0, python=False, numpy=False
)


def draw(
    values: Sequence[float] = BASE,
    shape: tuple[int, ...] = WIDE,
    digest: str | None = None,
    stream: Stream | None = STREAM,
) -> Draw:
    """Return a draw; equal values have equal digests unless a digest is given."""
    known = digest or f"{hash((tuple(values), shape)) & (2**256 - 1):064x}"
    return Draw(shape=shape, digest=known, values=tuple(values), stream=stream)


def after(
    *draws: Draw, seeds: Seeds = Seeds.TENSORFLOW, call: str = ""
) -> dict[Seeds | None, Sample]:
    """Return draws after one seed call."""
    return {seeds: Sample(call=call or f"seed_{seeds}", draws=draws)}


def moved(distances: Sequence[float], values: Sequence[float] = BASE) -> tuple[float, ...]:
    """Return kept weights with some of them moved by distances, in standard deviations."""
    moves = [*distances, *[0.0] * (KEPT - len(distances))]
    return tuple(value + SIGMA * move for value, move in zip(values, moves, strict=True))


def related(before: numbers.Samples, later: numbers.Samples) -> Relation:
    """Return the relation of two cells of which at least one has numbers."""
    found = numbers.relation(before, later, MEASURED)
    assert found is not None
    return found


# distances in standard deviations, the degree
DEGREES = [
    ([], Degree.ROUNDING),  # other bytes, but all of the kept weights are equal
    ([0.9 * ROUNDING] * KEPT, Degree.ROUNDING),
    ([0.9 * ROUNDING], Degree.ROUNDING),
    ([1.1 * ROUNDING], Degree.PARTLY),
    ([0.9 * OTHER] * KEPT, Degree.PARTLY),
    ([3.0] * 7, Degree.PARTLY),
    ([1.1 * OTHER] * 8, Degree.OTHER),
    ([1.0] * KEPT, Degree.OTHER),
]


@pytest.mark.parametrize(("distances", "degree"), DEGREES)
def test_kept_weights_tell_rounding_from_other_numbers(
    distances: list[float], degree: Degree
) -> None:
    found = related(after(draw(digest="a")), after(draw(moved(distances), digest="b")))
    assert found.degree is degree
    assert found.largest == pytest.approx(max(distances, default=0.0), rel=1e-6)


def test_equal_bytes_are_the_same() -> None:
    call = ("seed_tensorflow",)
    assert related(after(draw(), draw(BASE, TALL)), after(draw(), draw(BASE, TALL))) == Relation(
        degree=Degree.SAME,
        shapes=tuple(AtShape(shape=shape, degree=Degree.SAME) for shape in (WIDE, TALL)),
        calls=(call, call),
    )


def test_shapes_may_disagree() -> None:
    before = after(draw(), draw(BASE, TALL))
    found = related(before, after(draw(moved([1.0, -1.0] * 8)), draw(BASE, TALL)))
    assert found.degree is Degree.OTHER
    assert found.largest == pytest.approx(1.0)
    assert [(one.shape, one.degree) for one in found.shapes] == [
        (WIDE, Degree.OTHER),
        (TALL, Degree.SAME),
    ]
    assert found.cause is not None
    assert found.cause.reasons == (Reason.AFTERWARDS,)


def test_a_call_that_both_have_is_compared_whatever_its_name() -> None:
    before = after(draw(), call="tf.set_random_seed")
    found = related(before, after(draw(), call="tf.random.set_seed"))
    assert found.degree is Degree.SAME
    assert found.calls == (("tf.set_random_seed",), ("tf.random.set_seed",))


def test_without_a_call_in_common_nothing_is_compared() -> None:
    before = after(draw(), call="tf.set_random_seed")
    found = related(before, after(draw(), seeds=Seeds.KERAS, call="keras.utils.set_random_seed"))
    assert found == Relation(
        degree=Degree.NOT_COMPARABLE,
        calls=(("tf.set_random_seed",), ("keras.utils.set_random_seed",)),
    )
    assert related(before, {}).degree is Degree.NOT_COMPARABLE
    assert numbers.relation({}, {}, MEASURED) is None


def test_if_calls_disagree_the_worst_is_shown_with_its_call() -> None:
    before = after(draw()) | after(draw(), seeds=Seeds.KERAS)
    later = after(draw()) | after(draw(moved([1.0] * KEPT)), seeds=Seeds.KERAS)
    found = related(before, later)
    assert (found.degree, found.split) == (Degree.OTHER, True)
    assert found.calls == (("seed_keras",), ("seed_keras",))
    assert not numbers.same(before, later)
    agreed = related(before, before)
    assert (agreed.degree, agreed.split) == (Degree.SAME, False)


def test_an_own_seed_has_no_call() -> None:
    samples: numbers.Samples = {None: Sample(call="", draws=(draw(),))}
    assert related(samples, samples).calls == ((), ())


DAMAGED = {
    "no draw": after(),
    "no kept weights": after(draw((), digest="a")),
    "a weight less": after(draw(BASE[1:], digest="a")),
    "a weight that is no number": after(draw((*BASE[1:], float("nan")), digest="a")),
    "another shape": after(draw(BASE, TALL, digest="a")),
    "no draw at one of two shapes": after(draw(digest="a"), draw(BASE, TALL, digest="a")),
}


@pytest.mark.parametrize("damaged", DAMAGED.values(), ids=DAMAGED)
def test_a_missing_or_damaged_sample_is_not_comparable(damaged: numbers.Samples) -> None:
    whole = after(draw(digest="a"))
    for pair in ((whole, damaged), (damaged, whole), (damaged, after())):
        assert related(*pair).degree is Degree.NOT_COMPARABLE
        assert related(*pair).cause is None
        assert not numbers.same(*pair)


def test_without_a_standard_deviation_only_equal_bytes_are_compared() -> None:
    one, other = after(draw()), after(draw(moved([1.0])))
    for known in ((), spread(0.0), spread(math.nan)):
        found = numbers.relation(one, other, known)
        assert found is not None
        assert found.degree is Degree.NOT_COMPARABLE
        alike = numbers.relation(one, one, known)
        assert alike is not None
        assert alike.degree is Degree.SAME


def test_the_larger_standard_deviation_of_each_shape_is_the_unit() -> None:
    before, later = after(draw()), after(draw(moved([1.0])))
    known = (*spread(SIGMA), *spread(2 * SIGMA), *spread(math.nan), *spread(9.0, (TALL,)))
    for each in (known, known[::-1]):
        found = numbers.relation(before, later, each)
        assert found is not None
        assert found.largest == pytest.approx(0.5)


def test_samples_are_those_of_the_evidence() -> None:
    one = Numbers(call="tf.set_random_seed", seeds=Seeds.TENSORFLOW, draws=(draw(),))
    found = numbers.after_seed_calls(Evidence(numbers=(one,)))
    assert found == after(draw(), call="tf.set_random_seed")
    assert numbers.after_seed_calls(Evidence()) == {}
    assert numbers.after_own_seed(Evidence()) == {}


VALUES = st.lists(st.floats(-1e3, 1e3, width=32), min_size=KEPT, max_size=KEPT)
DISTANCES = st.sampled_from((0.0, 1e-7, 5e-5, 2e-4, 5e-3, 0.02, 1.0, -1.0))
MOVED = st.tuples(DISTANCES, st.integers(1, KEPT)).map(lambda each: [each[0]] * each[1])
SHAPES = st.sampled_from(((WIDE, TALL), (WIDE, TALL), (TALL, WIDE), (WIDE,), (TALL,)))
CALLS = st.lists(st.sampled_from(Seeds), min_size=1, max_size=3, unique=True)


@st.composite
def cells(have: st.DrawFn) -> tuple[numbers.Samples, numbers.Samples]:
    """Return the draws of two cells after some seed calls, alike or not."""
    pair: list[dict[Seeds | None, Sample]] = [{}, {}]
    for found in pair:
        for seeds in have(CALLS):
            draws = [draw(moved(have(MOVED)), shape) for shape in have(SHAPES)]
            found.update(after(*draws, seeds=seeds))
    return pair[0], pair[1]


@given(cells())
def test_the_relation_is_symmetric(pair: tuple[numbers.Samples, numbers.Samples]) -> None:
    one, other = related(*pair), related(*pair[::-1])
    assert (one.degree, one.largest, one.split) == (other.degree, other.largest, other.split)
    assert one.calls == other.calls[::-1]
    assert (one.cause and one.cause.reasons) == (other.cause and other.cause.reasons)
    assert numbers.same(*pair) == numbers.same(*pair[::-1])


@given(cells())
def test_the_fast_comparison_is_the_relation_the_same(
    pair: tuple[numbers.Samples, numbers.Samples],
) -> None:
    assert numbers.same(*pair) == (related(*pair).degree is Degree.SAME)


@given(VALUES, st.lists(st.floats(-ROUNDING, ROUNDING), min_size=KEPT, max_size=KEPT))
def test_rounding_is_never_called_other(values: list[float], distances: list[float]) -> None:
    rounded = moved([0.99 * distance for distance in distances], values)
    found = related(after(draw(values, digest="a")), after(draw(rounded, digest="b")))
    assert found.degree is Degree.ROUNDING


@given(cells(), st.sampled_from(sorted(DAMAGED)))
def test_a_missing_sample_is_never_called_the_same(
    pair: tuple[numbers.Samples, numbers.Samples], name: str
) -> None:
    whole = {**pair[0], **after(draw(digest="a"), draw(BASE, TALL))}
    found = related(whole, {**pair[1], **DAMAGED[name]})
    assert found.degree is not Degree.SAME


@given(cells(), st.integers(-20, 20))
def test_the_scale_of_the_weights_does_not_matter(
    pair: tuple[numbers.Samples, numbers.Samples], power: int
) -> None:
    scale = 2.0**power  # exact

    def scaled(samples: numbers.Samples) -> numbers.Samples:
        return {
            seeds: Sample(
                call=one.call,
                draws=tuple(
                    replace(each, values=tuple(scale * value for value in each.values))
                    for each in one.draws
                ),
            )
            for seeds, one in samples.items()
        }

    found = numbers.relation(scaled(pair[0]), scaled(pair[1]), spread(scale * SIGMA))
    assert found == related(*pair)
