"""Test the words for how much numbers differ, why, and how alike two draws are."""

from __future__ import annotations

import pytest

from report.evidence import Stream
from report.story import numbers
from report.verdict import AtShape, Cause, Degree, Reason, Relation

WIDE, TALL = (48, 96), (120, 40)


def stream(seeds: tuple[int, ...] | None = (7, 4), **changed: int | bool | str | None) -> Stream:
    """Return what decided a draw in a graph, with some fields changed."""
    fields: dict[str, int | bool | str | None] = {
        "operation": "RandomUniform",
        "position": 4,
        "place": 0,
        "python": False,
        "numpy": False,
    }
    return Stream(seeds=seeds, **(fields | changed))  # type: ignore[arg-type]


EAGER = stream(position=None, place=None)
# reasons, the streams before and after, the release, and the words
WHY = [
    ("law", stream(), stream(), "in 1.10", "the law is another"),
    ("mode", stream(), EAGER, "in 2.0", "they are drawn eagerly and no longer in a graph"),
    ("mode", EAGER, stream(), "", "they are drawn in a graph and no longer eagerly"),
    (
        "operation",
        stream(),
        stream(operation="TruncatedNormal"),
        "",
        "the operation TruncatedNormal draws them and no longer RandomUniform",
    ),
    (
        "operation",
        stream(),
        stream(operation="StatelessRandomUniformV2"),
        "",
        "a stateless operation draws them, for which only the seed it is given counts",
    ),
    (
        "operation",
        stream(operation="StatelessRandomUniformV2"),
        stream(),
        "",
        "the operation RandomUniform draws them and no longer StatelessRandomUniformV2",
    ),
    ("python", EAGER, stream(python=True), "", "Keras takes its seed from Python's random module"),
    (
        "python",
        stream(python=True),
        stream(),
        "",
        "Keras no longer takes its seed from Python's random module",
    ),
    (
        "numpy",
        stream(),
        stream(numpy=True),
        "",
        "the release takes its seed from NumPy's generator",
    ),
    (
        "numbering",
        stream((7, 4)),
        stream((7, 0)),
        "in 2.2",
        (
            "in 2.2 a graph's random operations began to be numbered among themselves instead of "
            "among all operations"
        ),
    ),
    (
        "numbering",
        stream((7, 0)),
        stream((7, 4)),
        "",
        (
            "a graph's random operations began to be numbered among all operations instead of "
            "among themselves"
        ),
    ),
    (
        "position",
        stream((7, 4)),
        stream((7, 6), position=6),
        "in 1.6",
        "its seed is the number of operations made before it, which was 4 and is 6",
    ),
    (
        "position",
        stream((7, 0)),
        stream((7, 1), place=1),
        "",
        "its seed is the number of random operations made before it, which was 0 and is 1",
    ),
    ("seeds", stream((7, 4)), stream((7, 9)), "", "the operation gets other seeds"),
    (
        "stream",
        stream(),
        stream(),
        "",
        "operation and seed are the same: its own stream changed",
    ),
    ("scale", stream(), stream(), "", "the stream is the same, at another scale"),
    (
        "afterwards",
        stream(),
        stream(),
        "",
        (
            "operation and seed are the same, and so are the numbers at one shape: what is "
            "computed from them changed"
        ),
    ),
    (
        "arithmetic",
        stream(),
        stream(),
        "",
        "operation and seed are the same: they are rounded differently",
    ),
    ("unknown", None, stream(), "", "why is not known"),
]


def other(before: Stream | None, after: Stream | None, *reasons: str) -> Relation:
    """Return the relation of other numbers, for some reasons."""
    cause = Cause(reasons=tuple(map(Reason, reasons)), before=before, after=after)
    return Relation(degree=Degree.OTHER, largest=1.5, cause=cause)


@pytest.mark.parametrize(("reason", "before", "after", "when", "words"), WHY)
def test_each_reason_is_a_sentence(
    reason: str, before: Stream | None, after: Stream | None, when: str, words: str
) -> None:
    assert numbers.why(other(before, after, reason), when) == words


def test_every_reason_has_one() -> None:
    assert {Reason(reason) for reason, *_ in WHY} == set(Reason)


def test_several_reasons_are_joined() -> None:
    relation = other(EAGER, stream(operation="StatelessNormal", python=True), "operation", "python")
    assert numbers.differ([relation], "in 2.10") == (
        "other numbers; a stateless operation draws them, for which only the seed it is given "
        "counts, and Keras takes its seed from Python's random module"
    )


def test_equal_numbers_need_no_reason() -> None:
    assert numbers.differ([Relation(degree=Degree.SAME)], "in 2.10") == "the same numbers"


def test_rounding_has_the_largest_difference_of_all_rows() -> None:
    rounded = [Relation(degree=Degree.ROUNDING, largest=each) for each in (1.2e-7, 2.94e-7, 3e-8)]
    assert numbers.degree(rounded) == (
        "the same numbers but for rounding (largest difference among the kept values: 2.9e-07 of "
        "the standard deviation)"
    )


def test_partly_other_numbers_are_called_so() -> None:
    assert numbers.degree([Relation(degree=Degree.PARTLY)]) == "partly other numbers"


AT = (AtShape(shape=WIDE, degree=Degree.NOT_COMPARABLE),)
SET, KERAS = "tf.random.set_seed", "keras.utils.set_random_seed"


@pytest.mark.parametrize(
    ("calls", "shapes", "why"),
    [
        ((("a",), ("a",)), AT, "a sample is not whole"),
        ((("a",), ("a",)), (), "drawn at other shapes"),
        (((), ()), (), "an own seed repeats them in only one"),
        (((SET,), ()), (), "no seed call repeats them after"),
        (((), (SET,)), (), "no seed call repeats them before"),
        (
            ((SET,), (KERAS,)),
            (),
            f"no seed call repeats them in both, only {SET} before and {KERAS} after",
        ),
    ],
)
def test_what_is_not_comparable_says_why(
    calls: tuple[tuple[str, ...], tuple[str, ...]], shapes: tuple[AtShape, ...], why: str
) -> None:
    relation = Relation(degree=Degree.NOT_COMPARABLE, calls=calls, shapes=shapes)
    assert numbers.differ([relation], "in 2.10") == f"numbers not comparable: {why}"


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ("same", "the same"),
        (1.0, "the same stream at another scale"),
        (-0.9995, "the same stream at another scale"),
        (0.913, "related (r = 0.91)"),
        (0.25, "independent"),
        (-0.07, "independent"),
        (None, "not there"),
    ],
)
def test_how_alike_two_draws_are(found: float | str | None, words: str) -> None:
    assert numbers.likeness(found) == words


def test_the_seed_calls_and_the_other_shapes_are_named() -> None:
    shapes = (AtShape(shape=WIDE, degree=Degree.OTHER), AtShape(shape=TALL, degree=Degree.SAME))
    calls = (("tf.set_random_seed",), (SET,))
    relation = Relation(degree=Degree.OTHER, calls=calls, shapes=shapes, split=True)
    assert numbers.detail(relation) == (
        f"after tf.set_random_seed and {SET}, the same at 120×40, less after another seed call"  # noqa: RUF001
    )
    assert numbers.detail(Relation(degree=Degree.OTHER)) == ""


def test_what_decided_a_draw_is_listed() -> None:
    assert numbers.stream(None) == "not known"
    assert numbers.stream(stream()) == (
        "RandomUniform, seeds [7, 4], operations before it: 4, random ones: 0"
    )
    eager = stream(None, position=None, place=None, python=True, numpy=True)
    assert numbers.stream(eager) == (
        "RandomUniform, seeds not known, Python's generator moved, NumPy's generator moved"
    )
