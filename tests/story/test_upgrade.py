"""Test the tables of the page on upgrades, over four releases worked out by hand."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from report.evidence import Form, State
from report.matrix.records import Row
from report.story import upgrade
from report.story.upgrade import Table, Upgrade
from tests.support import drawn, world

ABSENT = State.ABSENT
DENSE, GRAPH = "tf.keras.layers.Dense", "tf.compat.v1.layers.dense"
MADE = "tf.get_variable"
SET, KERAS = "tf.set_random_seed", "tf.keras.utils.set_random_seed"


def held(
    *numbers: dict[str, Any], tf: bool | None = True, keras: bool | None = None
) -> dict[str, Any]:
    """Return evidence of draws after seed calls, and whether each call repeats them."""
    return {"numbers": list(numbers), "repeat": {"tf": tf, "keras": keras}}


A, B = held(drawn.numbers("a")), held(drawn.numbers("b", 0.03))


def row(name: str, *cells: dict[str, Any] | State, form: Form = Form.CLASS) -> Row:
    """Return the row of a layer or, if ``form`` says so, an initializer."""
    return drawn.row(drawn.symbol(name, form), *cells)


def initializer(name: str, *cells: dict[str, Any] | State) -> Row:
    """Return the row of a named initializer of Keras."""
    return row(f"tf.keras.initializers.{name}", *cells, form=Form.INITIALIZER)


def shown(*rows: Row) -> Upgrade:
    """Return what is shown of rows."""
    found = upgrade.upgrade(drawn.index(*rows))
    assert found is not None
    return found


def lines(table: Table) -> list[tuple[str, ...]]:
    """Return the span and the entries of each line."""
    return [(line.span, *(entry.text for entry in line.entries)) for line in table.lines]


def test_releases_with_equal_numbers_are_one_line_and_the_answer_names_the_ranges() -> None:
    found = shown(row(DENSE, A, A, B, B))
    (table,) = found.tables
    assert table.columns == (DENSE, "named initializers")
    assert table.calls == (SET,)
    assert lines(table) == [
        ("2.1 → 2.2", "the same", "–"),  # noqa: RUF001
        ("2.0 → 2.1", "other", "–"),  # noqa: RUF001
        ("1.15 → 2.0", "the same", "–"),  # noqa: RUF001
    ]
    assert upgrade.answer(found) == (
        f"After a seed call, {DENSE} has the same numbers within 2.1 – 2.2 and 1.15 – 2.0."  # noqa: RUF001
    )
    (joined,) = shown(row(DENSE, A, A, A, A)).tables
    assert lines(joined) == [("1.15 – 2.2", "the same", "–")]  # noqa: RUF001
    assert joined.lines[0].href == ""


def test_without_numbers_of_the_example_the_answer_is_no_empty_list() -> None:
    found = upgrade.answer(shown(row(DENSE, *[ABSENT] * 4), row(GRAPH, A, A, B, B)))
    assert found == f"No numbers of {DENSE} are known: the tables have those of other symbols."


def test_the_answer_names_the_call_where_that_of_tensorflow_does_not_repeat_the_numbers() -> None:
    later = held(drawn.numbers("b", 0.03, call=KERAS), tf=False, keras=True)
    assert upgrade.answer(shown(row(DENSE, A, A, later, later))) == (
        f"After a seed call, {DENSE} has the same numbers within 2.1 – 2.2 "  # noqa: RUF001
        f"(after {KERAS}, not after TensorFlow's own seed call) and 1.15 – 2.0."  # noqa: RUF001
    )
    both = held(drawn.numbers("a"), drawn.numbers("a", call=KERAS), keras=True)
    assert "(" not in upgrade.answer(shown(row(DENSE, A, A, both, both)))


def test_a_step_leads_to_its_comparison_and_says_why() -> None:
    now = held(drawn.numbers("b", 0.03, seeds=[20150206, 0]))
    (table,) = shown(row(DENSE, A, A, A, now)).tables
    assert table.lines[0].href == "compare/2.1.4..2.2.3.html"
    assert table.lines[0].why == (
        "a graph's random operations began to be numbered among themselves instead of among all "
        "operations"
    )
    assert table.lines[1].why == ""


def test_some_of_the_named_initializers_are_counted() -> None:
    near = held(drawn.numbers("c", 0.01 + 1e-9))
    found = shown(
        row(DENSE, A, A, A, A),
        initializer("One", A, A, near, B),
        initializer("Two", A, A, A, A),
        initializer("Three", A, A, A, ABSENT),
    )
    assert lines(found.tables[0]) == [
        ("2.1 → 2.2", "the same", "other (1 of 2)"),
        ("2.0 → 2.1", "the same", "but for rounding (1 of 3)"),
        ("1.15 → 2.0", "the same", "the same"),
    ]


def test_each_seed_call_has_a_table_and_its_absence_has_words() -> None:
    both = held(drawn.numbers("a"), drawn.numbers("a", call=KERAS), keras=True)
    keras = held(drawn.numbers("a", call=KERAS), tf=False, keras=True)
    found = shown(row(DENSE, A, both, keras, keras))
    assert [(table.calls, lines(table)) for table in found.tables] == [
        (
            (SET,),
            [
                ("2.1 → 2.2", "not repeated", "–"),  # noqa: RUF001
                ("2.0 → 2.1", "no longer repeated", "–"),  # noqa: RUF001
                ("1.15 → 2.0", "the same", "–"),  # noqa: RUF001
            ],
        ),
        ((KERAS,), [("2.0 – 2.2", "the same", "–")]),  # noqa: RUF001
    ]


def test_a_call_that_repeats_no_longer_has_the_cause_that_another_call_shows() -> None:
    stream = {"operation": "StatelessRandomUniformV2", "seeds": [7, 0]}
    drawn_now = drawn.numbers("b", 0.03, call=KERAS, **stream)
    (table,) = shown(row(DENSE, A, A, A, held(drawn_now, tf=False, keras=True))).tables
    assert table.lines[0].why == (
        "a stateless operation draws them, for which only the seed it is given counts"
    )
    (silent,) = shown(row(DENSE, A, A, A, held(tf=False))).tables
    assert lines(silent)[0] == ("2.1 → 2.2", "no longer repeated", "–")  # noqa: RUF001
    assert silent.lines[0].why == ""


def test_a_law_that_changed_leads() -> None:
    dense = row(DENSE, A, A, A, B)
    *kept, last = dense.cells
    other = replace(last, verdict=replace(last.verdict, name="he_normal"))  # type: ignore[type-var]
    (table,) = shown(world.with_cells(dense, (*kept, other))).tables
    assert lines(table)[0] == ("2.1 → 2.2", "another law", "–")  # noqa: RUF001
    assert table.lines[0].why == ""


def test_an_unobserved_release_is_stepped_over() -> None:
    (table,) = shown(row(DENSE, A, ABSENT, A, B)).tables
    assert lines(table)[0] == ("2.1 → 2.2", "other", "–")  # noqa: RUF001
    assert all("1.15" not in line.span for line in table.lines)


def test_what_numbers_an_operation_is_read_from_graphs() -> None:
    place = held(drawn.numbers("b", 0.03, seeds=[20150206, 0]))
    found = shown(
        row(DENSE, A, A, A, A),
        row(GRAPH, A, A, A, place),
        row(MADE, A, A, A, place, form=Form.VARIABLE),
    )
    assert (found.by_position, found.by_place) == ("1.15 – 2.1", "2.2")  # noqa: RUF001
    assert [table.api for table in found.tables] == ["tf.keras", "tf.compat.v1"]


def test_without_two_releases_there_is_no_question() -> None:
    assert upgrade.upgrade(drawn.index(row(DENSE, A, ABSENT, ABSENT, ABSENT))) is None
    assert upgrade.upgrade(drawn.index(row("tf.a.Other", A, A, A, A))) is None
