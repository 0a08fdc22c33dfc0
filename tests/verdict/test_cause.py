"""Test why two draws differ, and how alike the draws of an initializer are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.evidence import Draw, Likeness, Seeds, Stream
from report.verdict import Alike, Cause, Reason, alike, numbers
from report.verdict.cause import reasons
from report.verdict.numbers import KEPT, Sample
from tests.support.drawn import spread

GRAPH, OWN = 87654321, 7
MEASURED = spread(1.0)


def graph(second: int, position: int, place: int, operation: str = "RandomUniform") -> Stream:
    """Return the stream of a draw in a graph, with the operation's second seed."""
    return Stream(
        operation=operation,
        seeds=(GRAPH, second),
        position=position,
        place=place,
        python=False,
        numpy=False,
    )


def eager(
    *seeds: int, operation: str = "RandomUniform", python: bool = False, numpy: bool = False
) -> Stream:
    """Return the stream of an eager draw; its seeds are unknown if none is given."""
    return Stream(operation=operation, seeds=seeds or None, python=python, numpy=numpy)


STATELESS = "StatelessRandomUniformV2"
# the streams before and after, the reasons
REASONS = [
    (None, eager(GRAPH, 0), [Reason.UNKNOWN]),
    (eager(), eager(GRAPH, 0), [Reason.UNKNOWN]),
    # 1.5.1 and 1.6.0, if the input of a layer is `tf.zeros`: one operation, and three
    (graph(4, 4, 0), graph(6, 6, 0), [Reason.POSITION]),
    # 2.1.4 and 2.2.3: from the position among all operations to the place among the random ones
    (graph(4, 4, 0), graph(0, 4, 0), [Reason.NUMBERING]),
    (graph(0, 4, 0), graph(1, 4, 1), [Reason.POSITION]),
    (graph(OWN, 4, 0), graph(OWN, 6, 0), [Reason.STREAM]),
    (graph(OWN, 4, 0), graph(8, 4, 0), [Reason.SEEDS]),
    (graph(4, 4, 0), graph(OWN, 4, 0), [Reason.SEEDS]),
    (graph(4, 4, 0), graph(4, 4, 0, "TruncatedNormal"), [Reason.OPERATION]),
    (graph(4, 4, 0), eager(GRAPH, 3), [Reason.MODE]),
    (eager(GRAPH, 3), eager(GRAPH, 5), [Reason.SEEDS]),
    (eager(GRAPH, 3), eager(GRAPH, 3), [Reason.STREAM]),
    (eager(1), eager(1, python=True), [Reason.PYTHON]),
    (eager(1, numpy=True), eager(1), [Reason.NUMPY]),
    # 2.9.3 and 2.10.1: a stateless operation, with a seed from Python's generator
    (
        eager(GRAPH, 3),
        eager(1, 2, operation=STATELESS, python=True),
        [Reason.OPERATION, Reason.PYTHON],
    ),
]


@pytest.mark.parametrize(("before", "after", "expected"), REASONS)
def test_what_decided_two_draws_gives_the_reason(
    before: Stream | None, after: Stream | None, expected: list[Reason]
) -> None:
    assert list(reasons(before, after)) == expected
    assert list(reasons(after, before)) == expected


def cause(
    later: Stream | None, distance: float, *, same_law: bool = True, elsewhere: float = 1.0
) -> Cause | None:
    """Return why a draw differs from one in a graph by a distance, and ``elsewhere`` at a shape."""
    samples: list[numbers.Samples] = []
    for stream, moves in ((graph(4, 4, 0), (0.0, 0.0)), (later, (distance, elsewhere))):
        draws = tuple(
            Draw(shape=shape, digest=f"{move}", values=(move,) * KEPT, stream=stream)
            for shape, move in zip(((48, 96), (120, 40)), moves, strict=True)
        )
        samples.append({Seeds.TENSORFLOW: Sample(call="tf.set_random_seed", draws=draws)})
    found = numbers.relation(samples[0], samples[1], MEASURED, same_law=same_law)
    assert found is not None
    return found.cause


def test_a_cause_has_both_streams() -> None:
    later = graph(0, 4, 0)
    assert cause(later, 1.0) == Cause(
        reasons=(Reason.NUMBERING,), before=graph(4, 4, 0), after=later
    )


BASE = tuple(float(place) for place in range(KEPT))
# the kept weights, the reason with equal seeds
SCALES = [
    ([2.5 * value + 1 for value in BASE], Reason.SCALE),
    ([-value for value in BASE], Reason.SCALE),
    ([2.5 * value + 0.01 * (value == BASE[3]) for value in BASE], Reason.STREAM),
    ([1.0] * KEPT, Reason.STREAM),
]


@pytest.mark.parametrize(("values", "expected"), SCALES)
def test_numbers_at_another_scale_are_not_another_stream(
    values: list[float], expected: Reason
) -> None:
    before, after = (
        Draw(shape=(48, 96), digest=digit, values=tuple(each), stream=graph(4, 4, 0))
        for digit, each in (("a", BASE), ("b", values))
    )
    found = numbers.relation(
        {None: Sample(call="", draws=(before,))},
        {None: Sample(call="", draws=(after,))},
        MEASURED,
    )
    assert found is not None
    assert found.cause is not None
    assert found.cause.reasons == (expected,)


def test_the_same_numbers_have_no_cause() -> None:
    assert cause(graph(0, 4, 0), 0.0, elsewhere=0.0) is None


# the stream, the distance, the distance at the other shape, whether the law is the same
SAME_SEEDS = [
    (graph(4, 4, 0), 1e-6, 0.0, True, [Reason.ARITHMETIC]),
    (graph(4, 4, 0), 1e-6, 1e-6, True, [Reason.ARITHMETIC]),
    (graph(4, 4, 0), 1.0, 1.0, True, [Reason.STREAM]),
    (graph(4, 4, 0), 1.0, 0.0, True, [Reason.AFTERWARDS]),
    (graph(0, 4, 0), 1.0, 0.0, True, [Reason.NUMBERING]),
    (graph(4, 4, 0), 1.0, 1.0, False, [Reason.LAW]),
    (None, 1.0, 1.0, False, [Reason.LAW]),
    (graph(0, 4, 0), 1.0, 1.0, False, [Reason.LAW, Reason.NUMBERING]),
]


@pytest.mark.parametrize(("later", "distance", "elsewhere", "same_law", "expected"), SAME_SEEDS)
def test_with_equal_seeds_the_numbers_tell_what_changed(
    later: Stream | None,
    distance: float,
    elsewhere: float,
    same_law: bool,  # noqa: FBT001 - a column of the table
    expected: list[Reason],
) -> None:
    found = cause(later, distance, same_law=same_law, elsewhere=elsewhere)
    assert found is not None
    assert list(found.reasons) == expected


SEEDS = st.none() | st.lists(st.integers(0, 3), max_size=2).map(tuple)
STREAMS = st.none() | st.builds(
    Stream,
    operation=st.sampled_from(("RandomUniform", STATELESS)),
    seeds=SEEDS,
    position=st.none() | st.integers(0, 3),
    place=st.none() | st.integers(0, 3),
    python=st.booleans(),
    numpy=st.booleans(),
)


@given(STREAMS, STREAMS)
def test_there_is_always_a_reason_and_it_is_symmetric(
    before: Stream | None, after: Stream | None
) -> None:
    found = list(reasons(before, after))
    assert found
    assert len(set(found)) == len(found)
    assert found == list(reasons(after, before))


LIKENESSES: list[tuple[Likeness, Alike]] = [
    ("same", Alike.SAME),
    (1.0, Alike.SCALED),
    (0.999, Alike.SCALED),
    (-1.0, Alike.SCALED),
    (0.998, Alike.RELATED),
    (-0.251, Alike.RELATED),
    (0.25, Alike.INDEPENDENT),
    (-0.25, Alike.INDEPENDENT),
    (0, Alike.INDEPENDENT),
    (None, Alike.ABSENT),
]


@pytest.mark.parametrize(("likeness", "expected"), LIKENESSES)
def test_a_correlation_tells_how_alike_two_draws_are(likeness: Likeness, expected: Alike) -> None:
    assert alike(likeness) is expected
