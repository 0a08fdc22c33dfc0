"""Test what a comparison begins with: the sentence, and the findings about numbers and reuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from report.evidence import Form, State
from report.story import comparison, summary, wording
from tests.support import drawn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from report.matrix.records import Row
    from report.story.comparison import Comparison

ABSENT, NOW = State.ABSENT, ("2.1.4", "2.2.3")
BY_PLACE = drawn.numbers("b", 0.03, seeds=[20150206, 0])
APART = drawn.likenesses(again=0.01, seeded=0.02)
EQUAL = drawn.likenesses(again="same", seeded="same", warns="used twice")
REPEATS: dict[str, Any] = {"tf": True, "keras": None}


def row(path: str, was: Mapping[str, Any] | State, now: Mapping[str, Any] | State) -> Row:
    """Return the row of a layer that differs between the two newest releases."""
    return drawn.row(drawn.symbol(path), ABSENT, ABSENT, was, now)


def compared(*rows: Row) -> Comparison:
    """Return the comparison of the two newest releases."""
    return comparison.comparison(drawn.index(*rows), *NOW)


def findings(*rows: Row) -> list[tuple[str, str, str]]:
    """Return title, symbols and text of each finding."""
    found = compared(*rows).summary.findings
    return [(each.title, wording.plain(each.where), each.text) for each in found]


def held(numbers: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return evidence with the numbers after one seed call."""
    return {"numbers": [numbers], "repeat": REPEATS, **more}


def test_other_numbers_of_most_symbols_are_said_without_a_count() -> None:
    rows = [row(f"tf.layers.L{n}", held(drawn.numbers()), held(BY_PLACE)) for n in range(2)]
    equal = row("tf.layers.L2", held(drawn.numbers()), held(drawn.numbers()))
    assert compared(*rows, equal).summary.sentence == "The same laws and other numbers."
    few = [row(f"tf.layers.S{n}", held(drawn.numbers()), held(drawn.numbers())) for n in range(3)]
    assert compared(*rows, *few).summary.sentence == (
        "The same laws and other numbers for 2 of 5 symbols."
    )


def test_objects_that_are_used_twice_are_part_of_the_sentence() -> None:
    was, now = held(drawn.numbers(), reuse=APART), held(BY_PLACE, reuse=EQUAL)
    sentence = compared(row("tf.keras.layers.Dense", was, now)).summary.sentence
    assert sentence == (
        "The same laws, other numbers, and objects used twice now give equal weights."
    )
    back = compared(row("tf.keras.layers.Dense", now, was)).summary.sentence
    assert back == "The same laws, other numbers, and objects used twice now differ."


def test_objects_with_a_seed_are_part_of_the_sentence_if_those_without_one_are_as_before() -> None:
    both, own = (drawn.likenesses(again=again, seeded="same") for again in ("same", 0.02))
    for was, now, said in (
        (APART, own, "objects with a seed, used twice, now give equal weights"),
        (own, APART, "objects with a seed, used twice, now differ"),
        (APART, both, "objects used twice now give equal weights"),
    ):
        cells = [held(drawn.numbers(), reuse=reuse) for reuse in (was, now)]
        sentence = compared(row("tf.keras.layers.Dense", *cells)).summary.sentence
        assert sentence == f"The same laws, the same numbers, and {said}."


def test_after_other_laws_it_says_that_the_numbers_are_those_of_the_others() -> None:
    rows = [row("tf.a.One", held(drawn.numbers()), held(drawn.numbers()))]
    known = drawn.index(*rows)
    said = [
        summary.summary(known, same, (2, 3), (laws, 0, 0)).sentence
        for laws, same in ((2, rows), (1, []))
    ]
    assert said == [
        "Other laws in 2 rows and in the others the same numbers.",
        "Another law in 1 row.",
    ]


def test_existence_comes_last() -> None:
    rows = (
        row("tf.a.One", held(drawn.numbers()), held(drawn.numbers())),
        row("tf.a.New", ABSENT, held(drawn.numbers())),
        row("tf.a.Old", held(drawn.numbers()), ABSENT),
    )
    sentence = compared(*rows).summary.sentence
    assert sentence == "The same laws and the same numbers; 1 new row, 1 row removed."
    assert compared(rows[1]).summary.sentence == "1 new row."


def test_rounding_is_never_called_other() -> None:
    near = drawn.numbers("b", 0.01 + 1e-9)
    rounded = compared(row("tf.a.One", held(drawn.numbers()), held(near))).summary
    assert rounded.sentence == "The same laws and numbers rounded differently."
    assert [each.text.partition(" (")[0] for each in rounded.findings] == [
        "the same numbers but for rounding"
    ]


def test_numbers_after_different_calls_are_not_comparable() -> None:
    keras = drawn.numbers("a", call="keras.utils.set_random_seed")
    found = compared(row("tf.a.One", held(drawn.numbers()), held(keras))).summary
    assert found.sentence == "The same laws and numbers that are not comparable."
    assert found.findings[0].text == (
        "numbers not comparable: no seed call repeats them in both, only tf.set_random_seed "
        "before and keras.utils.set_random_seed after"
    )


def test_what_could_not_be_compared_is_never_hidden_behind_what_could() -> None:
    keras = drawn.numbers("a", call="keras.utils.set_random_seed")
    other = row("tf.a.One", held(drawn.numbers()), held(BY_PLACE))
    rest = [row(f"tf.a.L{n}", held(drawn.numbers()), held(keras)) for n in range(33)]
    assert compared(other, *rest).summary.sentence == (
        "The same laws, other numbers for 1 of 34 symbols, and numbers that are not comparable "
        "for 33 of 34 symbols."
    )
    same = row("tf.a.One", held(drawn.numbers()), held(drawn.numbers()))
    assert compared(same, rest[0]).summary.sentence == (
        "The same laws and numbers that are not comparable."
    )


def test_symbols_that_differ_alike_are_one_finding_with_the_cause() -> None:
    rows = [
        row(f"tf.compat.v1.layers.L{n}", held(drawn.numbers()), held(BY_PLACE)) for n in range(29)
    ]
    assert findings(*rows, row("tf.keras.K", held(BY_PLACE), held(BY_PLACE))) == [
        (
            "Numbers",
            "29 symbols of tf.compat.v1",
            (
                "other numbers; a graph's random operations began to be numbered among themselves "
                "instead of among all operations"
            ),
        ),
        ("Numbers", "tf.keras.K", "the same numbers"),
    ]


def test_a_few_symbols_are_named_and_many_counted_by_their_api() -> None:
    assert wording.plain(wording.counted(["tf.a.A", "keras.B", "tf.a.A"])) == "tf.a.A and keras.B"
    names = ["tf.keras.layers.A", "tf.keras.B", "tf.compat.v1.keras.C", "keras.layers.D"]
    assert wording.plain(wording.counted(names)) == (
        "4 symbols: 2 of tf.keras, 1 of tf.compat.v1 and 1 of keras"
    )


def test_each_fact_that_changed_is_a_finding_and_equal_ones_are_joined() -> None:
    was = {"repeat": {"tf": True, "keras": None}, "reuse": APART}
    now = {"repeat": {"tf": False, "keras": True}, "reuse": EQUAL}
    where = "tf.a.One"
    assert findings(row(where, was, now)) == [
        ("Repeat after tf.random.set_seed", where, "yes → no"),
        ("Repeat after keras.utils.set_random_seed", where, "not there → yes"),
        (
            "One object used twice without a seed; one object used twice with a seed",
            where,
            "independent → the same",
        ),
        ("Warning about reuse", where, "no → yes"),
    ]


def test_an_own_seed_is_compared_for_itself() -> None:
    called = drawn.symbol("tf.a.One", Form.INITIALIZER)
    own = [
        {"decides": how, "draws": numbers["draws"]}
        for how, numbers in (("own", drawn.numbers()), ("both", BY_PLACE))
    ]
    cells = [{"own_seed": each} for each in own]
    found = comparison.comparison(
        drawn.index(drawn.row(called, ABSENT, ABSENT, *cells)), *NOW
    ).summary
    assert [(each.title, each.text.partition(";")[0]) for each in found.findings] == [
        ("Own seed", "other numbers"),
        ("Own seed decides", "alone → with the global one"),
    ]


@pytest.mark.parametrize("missing", [{}, {"reuse": None, "repeat": None}])
def test_what_was_not_recorded_is_no_finding(missing: dict[str, Any]) -> None:
    now = {"repeat": REPEATS, "reuse": EQUAL}
    found = compared(row("tf.a.One", missing, now)).summary
    assert (found.sentence, found.findings) == ("The same laws.", ())
