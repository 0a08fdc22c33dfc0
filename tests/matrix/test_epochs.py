"""Test epochs: the numbers of a release are named after the earliest one that has the same."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.evidence import Decides, Draw, Evidence, Numbers, OwnSeed, Seeds, State
from report.matrix import KINDS, NUMBERS, OWN_SEED, epochs, history, moves
from report.matrix.records import Cell
from report.verdict import Degree, Reason, Relation, Verdict
from report.verdict.numbers import KEPT
from tests.support import world
from tests.support.timelines import STATES

if TYPE_CHECKING:
    from report.matrix.records import Matrix

SHAPES = world.SHAPES
DEVIATION = world.measured("glorot_uniform", SHAPES[0]).std
ROUNDED, PARTLY = "'", '"'  # after a letter: its numbers but for rounding, and partly others


def draws(letter: str) -> tuple[Draw, ...]:
    """Return draws at both shapes; other letters have other numbers."""
    base = [DEVIATION * (ord(letter[0]) - 100 + place) for place in range(KEPT)]
    base[0] += {ROUNDED: 1e-6, PARTLY: 1.0}.get(letter[1:], 0.0) * DEVIATION
    return tuple(
        Draw(shape=shape, digest=letter, values=tuple(base), stream=None) for shape in SHAPES
    )


def cell(word: str, release: str = "1", law: str = "glorot_uniform") -> Cell:
    """Return a cell: "a" has numbers after one call, "a+" after Keras's alone, "a+b" after both.

    A dot has none, and a letter of ``STATES`` was not observed.
    """
    if word in STATES:
        return Cell(symbol="s", role="kernel", release=release, state=STATES[word])
    calls = zip((Seeds.TENSORFLOW, Seeds.KERAS), word.strip(".").split("+"), strict=False)
    found = tuple(
        Numbers(call=f"seed_{seeds}", seeds=seeds, draws=draws(letter))
        for seeds, letter in calls
        if letter
    )
    decides = Decides.OWN if found else Decides.NEITHER
    return Cell(
        symbol="s",
        role="kernel",
        release=release,
        state=State.OBSERVED,
        verdict=Verdict(name=law),
        evidence=Evidence(
            measured=tuple(world.measured("glorot_uniform", shape) for shape in SHAPES),
            numbers=found,
            own_seed=OwnSeed(decides=decides, draws=found[0].draws if found else ()),
        ),
    )


def cells(words: str) -> tuple[Cell, ...]:
    """Return the cells of a row with their epochs; releases are numbered from 1."""
    every = [cell(word, str(number)) for number, word in enumerate(words.split(), 1)]
    return epochs.labelled(every)


# the row, the epochs of its cells (- for none)
EPOCHS = [
    ("a", "1"),
    ("a a a", "1 1 1"),  # 1: as the neighbour
    ("a b", "1 2"),  # 3
    ("a b b c", "1 2 2 4"),
    ("a b a", "1 2 1"),  # 2: back to earlier numbers
    ("a b c b a", "1 2 3 2 1"),
    ("a a' a", "1 2 1"),  # rounding makes an epoch
    (". a . a", "- 2 - 2"),  # 4: and the nearest cell with numbers counts
    ("a ? ! a - b", "1 - - 1 - 6"),
    ("a +a", "1 2"),  # no call in common: not comparable is not the same
    ("a a+b +b", "1 1 1"),  # 5: by way of a neighbour
    ("a+b a +b", "1 1 3"),  # 2, 5: 3 has 1's numbers, but is not compared with 2
    ("a+b a+c a+b", "1 2 1"),  # all calls in common
]


@pytest.mark.parametrize(("row", "expected"), EPOCHS)
def test_an_epoch_is_the_earliest_release_with_the_same_numbers(row: str, expected: str) -> None:
    found = cells(row)
    assert [one.epochs.get(NUMBERS.key, "-") for one in found] == expected.split()
    if "+" not in row:
        assert [one.epochs.get(OWN_SEED.key, "-") for one in found] == expected.split()


def degree(relation: Relation | None) -> Degree | None:
    """Return the degree of a relation; None if there is none."""
    return relation.degree if relation else None


def edges(row: str) -> list[tuple[str, str, bool, Degree | None]]:
    """Return the changes of numbers in a row: releases, whether exact, and the degree."""
    symbol = world.row("s", "kernel", cells(row))
    return [
        (one.before_release, one.after_release, one.exact, degree(one.relation))
        for one in history.changes(symbol)
        if one.kind is NUMBERS
    ]


# the row, its changes of numbers
CHANGES = [
    ("a a", []),
    ("a b b", [("1", "2", True, Degree.OTHER)]),
    ("a a'", [("1", "2", True, Degree.ROUNDING)]),
    ('a a"', [("1", "2", True, Degree.PARTLY)]),
    ("a b a", [("1", "2", True, Degree.OTHER), ("2", "3", True, Degree.OTHER)]),
    ("a . b", [("1", "3", False, Degree.OTHER)]),
    ("a . a", []),
    ("a ? b", [("1", "3", False, Degree.OTHER)]),
    ("a - b", []),
    ("a +a", [("1", "2", True, Degree.NOT_COMPARABLE)]),
    ("a+b a +b", [("2", "3", True, Degree.NOT_COMPARABLE)]),
]


@pytest.mark.parametrize(("row", "expected"), CHANGES)
def test_a_change_of_numbers_has_a_degree(
    row: str, expected: list[tuple[str, str, bool, Degree]]
) -> None:
    assert edges(row) == expected


ROWS = st.lists(
    st.sampled_from(("a", "b", "a'", "a+b", "+b", "a+c", "b+", ".", "?", "-", "!")), max_size=10
).map(" ".join)


@given(ROWS)
def test_neighbours_have_one_epoch_exactly_if_they_have_the_same_numbers(row: str) -> None:
    """5. Neighbours are the nearest cells that have numbers."""
    known = [one for one in cells(row) if one.evidence.numbers]
    for before, after in pairwise(known):
        same = before.epochs[NUMBERS.key] == after.epochs[NUMBERS.key]
        relation = NUMBERS.relate(before, after)
        assert relation is not None
        assert same == (relation.degree is Degree.SAME)


@given(ROWS)
def test_no_change_of_numbers_says_that_they_are_the_same(row: str) -> None:
    assert all(degree not in {None, Degree.SAME} for *_, degree in edges(row))


@given(ROWS)
def test_an_epoch_is_a_release_with_numbers_of_the_row(row: str) -> None:
    seen: set[str] = set()
    for one in cells(row):
        epoch = one.epochs.get(NUMBERS.key)
        assert (epoch is None) == (not one.evidence.numbers)
        assert epoch is None or epoch == one.release or epoch in seen
        seen |= {epoch or ""}


ONE_CALL = st.lists(st.sampled_from(("a", "b", "a'", ".", "?", "!")), max_size=8).map(" ".join)


@given(ONE_CALL, st.data())
def test_a_release_less_creates_no_change(row: str, data: st.DataObject) -> None:
    """Without one release, changes elsewhere stay, and those at it become one with a wider edge."""
    words = row.split()
    gone = data.draw(st.integers(1, max(len(words), 1)))
    before = edges(row)
    for edge in edges(" ".join([*words[: gone - 1], "?", *words[gone:]])):
        if edge not in before:
            first, last = int(edge[0]), int(edge[1])
            assert not edge[2]
            assert first < gone < last
            assert any(first <= int(one[0]) and int(one[1]) <= last for one in before)


def test_only_a_kind_with_numbers_relates() -> None:
    one, other = cell("a"), cell("b")
    related = [kind for kind in KINDS if kind.relate(one, other)]
    assert related == [NUMBERS, OWN_SEED]
    assert NUMBERS.relate(cell("."), cell(".")) is None
    lacking = NUMBERS.relate(one, cell("."))
    assert lacking == Relation(degree=Degree.NOT_COMPARABLE, calls=(("seed_tensorflow",), ()))


def test_another_law_is_a_reason() -> None:
    found = NUMBERS.relate(cell("a"), cell("b", law="he_uniform"))
    assert found is not None
    assert found.cause is not None
    assert found.cause.reasons == (Reason.LAW,)
    unnamed = NUMBERS.relate(cell("a"), cell("b", law="unrecognised"))
    assert unnamed is not None
    assert unnamed.cause is not None
    assert unnamed.cause.reasons == (Reason.UNKNOWN,)


def reading(words: str) -> Matrix:
    """Return a matrix of one row in the releases of the miniature world."""
    named = zip(words.split(), world.RELEASES[:2], strict=True)
    found = [cell(word, release.version) for word, release in named]
    return world.matrix([world.row("s", "kernel", found)], world.RELEASES[:2])


# the row before, the row after, the cells that moved and how
MOVES = [
    ("a a", "a a", []),
    ("a b", "b b", [("1.0.1", Degree.OTHER)]),  # 1.1.0 has another epoch, but the same numbers
    ("b b", "a b", [("1.0.1", Degree.OTHER)]),
    ("a a", "a a'", [("1.1.0", Degree.ROUNDING)]),
    ("a a", "a +a", [("1.1.0", Degree.NOT_COMPARABLE)]),
    ("a a", "a .", [("1.1.0", Degree.NOT_COMPARABLE)]),
    (". .", ". .", []),
]


@pytest.mark.parametrize(("was", "now", "expected"), MOVES)
def test_readings_are_compared_directly(
    was: str, now: str, expected: list[tuple[str, Degree]]
) -> None:
    found = list(moves.cells(reading(was), reading(now)))
    moved = [(one.release, degree(one.relation)) for one in found]
    assert moved[: len(expected)] == expected
    assert [one for one in found if one.kind is NUMBERS] == found[: len(expected)]
    assert {one.kind for one in found} <= {NUMBERS, OWN_SEED}
