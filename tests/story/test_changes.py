"""Test the words of changes of numbers and reuse, and the order and grouping of events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from report.evidence import Form, State
from report.matrix import KINDS, LAW, NUMBERS, OWN_SEED, REPEAT, REUSE, kinds
from report.story import changes, wording
from report.verdict import Verdict
from tests.support import drawn, world

if TYPE_CHECKING:
    from collections.abc import Collection

    from report.matrix import Kind
    from report.matrix.index import Index
    from report.matrix.records import Row

ABSENT = State.ABSENT
DENSE, OTHER = "tf.layers.Dense", "tf.layers.Conv2D"
A = {"numbers": [drawn.numbers("a")]}
REPEATS: dict[str, Any] = {"tf": True, "keras": None}


def text(index: Index, kind: Kind) -> str:
    """Return the words of the only change of a kind."""
    (change,) = [each for each in index.matrix.changes if each.kind is kind]
    return wording.plain(changes.transition(index, change))


def in_the_newest(index: Index, kinds: Collection[Kind] = KINDS) -> list[str]:
    """Return the words of the events in the newest release."""
    found = changes.by_release(index, kinds, rows=index.matrix.rows)
    return [wording.plain(event.pieces) for event in found[0].events]


def position(number: int, digest: str, start: float = 0.03) -> dict[str, Any]:
    """Return evidence of a draw by an operation with so many others before it."""
    numbers = drawn.numbers(digest, start, seeds=[20150206, number], position=number)
    return {"numbers": [numbers]}


def with_law(row: Row, law: str) -> Row:
    """Return a row with another law in the newest release."""
    *kept, last = row.cells
    return world.with_cells(row, (*kept, replace(last, verdict=Verdict(name=law))))


def test_a_change_of_reuse_names_the_facts_that_changed() -> None:
    was = {"repeat": REPEATS, "reuse": drawn.likenesses(again=0.02, seeded="same")}
    now = {"repeat": REPEATS, "reuse": drawn.likenesses(again="same", seeded="same", warns="w")}
    index = drawn.index(drawn.row(drawn.symbol(DENSE), was, was, was, now))
    assert text(index, REUSE) == (
        "objects used twice now give equal weights (one object used twice without a seed: "
        "independent → the same; warning about reuse: no → yes)"
    )


def test_a_change_of_a_seed_call_names_it() -> None:
    now = {"repeat": {"tf": False, "keras": True}}
    index = drawn.index(drawn.row(drawn.symbol(DENSE), *[{"repeat": REPEATS}] * 3, now))
    assert text(index, REPEAT) == (
        "repeat after tf.random.set_seed: yes → no; "
        "repeat after keras.utils.set_random_seed: not there → yes"
    )


def test_an_own_seed_says_what_decides_and_how_the_numbers_compare() -> None:
    was, now = (
        {"own_seed": {"decides": how, "draws": drawn.numbers(digest, start)["draws"]}}
        for how, digest, start in (("own", "a", 0.01), ("both", "b", 0.03))
    )
    called = drawn.symbol("tf.a.One", Form.INITIALIZER)
    index = drawn.index(drawn.row(called, was, was, was, now))
    assert text(index, OWN_SEED) == (
        "own seed: its own seed alone decides → its own seed and the global one decide; "
        "other numbers; the stream is the same, at another scale"
    )


def test_rows_that_changed_alike_are_one_event_and_others_are_not() -> None:
    rows = [
        drawn.row(drawn.symbol(name), A, A, A, position(number, "b"))
        for name, number in ((DENSE, 6), (OTHER, 6), ("tf.layers.Third", 7))
    ]
    words = "other numbers; its seed is the number of operations made before it, which was 4 and is"
    assert in_the_newest(drawn.index(*rows), (NUMBERS,)) == [
        f"{DENSE} and {OTHER}: {words} 6",
        f"tf.layers.Third: {words} 7",
    ]


def test_events_are_ordered_by_how_much_they_matter() -> None:
    warned = {**A, "notices": ["deprecated"]}
    rows = (
        drawn.row(drawn.symbol("tf.a.Warned"), A, A, A, warned),
        drawn.row(drawn.symbol("tf.a.New"), ABSENT, ABSENT, ABSENT, A),
        drawn.row(drawn.symbol("tf.a.Numbers"), A, A, A, position(6, "b")),
        with_law(drawn.row(drawn.symbol("tf.a.Law"), A, A, A, A), "he_normal"),
    )
    found = changes.by_release(drawn.index(*rows), KINDS)[0].events
    assert [wording.plain(event.pieces).partition(" ")[0].rstrip(":") for event in found] == [
        "tf.a.Law",
        "tf.a.Numbers",
        "tf.a.New",
        "tf.a.Warned",
    ]
    assert [event.main for event in found] == [True, True, True, False]


def changed_with_the_law() -> Index:
    """Return the index of a row whose numbers changed with its law."""
    row = drawn.row(drawn.symbol(DENSE), A, A, A, position(4, "b"))
    return drawn.index(with_law(row, "he_normal"))


def test_numbers_that_change_with_the_law_are_not_told_beside_it() -> None:
    index = changed_with_the_law()
    assert in_the_newest(index, (*LAW, NUMBERS)) == [f"{DENSE} kernel: {drawn.LAW} → he_normal"]
    assert in_the_newest(index, (NUMBERS,)) == [f"{DENSE}: other numbers; the law is another"]
    (change,) = [each for each in index.matrix.changes if each.kind is NUMBERS]
    assert changes.by_law(change)


def test_a_change_of_numbers_after_a_gap_says_after_which_release() -> None:
    row = drawn.row(drawn.symbol(DENSE), A, A, State.FAILED, position(6, "b"))
    (event,) = in_the_newest(drawn.index(row), (NUMBERS,))
    assert event.endswith("which was 4 and is 6 (after 2.0)")


def test_warnings_and_spelling_are_the_finest_level() -> None:
    assert [kind.key for kind in kinds.fine()] == ["declared", "resolved", "scope", "notices"]
    assert [kind.level for kind in (*LAW, NUMBERS, REUSE)] == [0, 2, 1, 1]


def test_long_warnings_that_begin_alike_are_cut_around_what_differs() -> None:
    was, now = (
        {"notices": [f"{'x is deprecated. ' * 12}Use {other}."]} for other in ("keras", "none")
    )
    index = drawn.index(drawn.row(drawn.symbol(DENSE), ABSENT, ABSENT, was, now))
    before, _, after = text(index, kinds.NOTICES).partition(" → ")
    assert "keras" in before
    assert "none" in after
    assert len(after) <= 90
