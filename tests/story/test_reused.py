"""Test what the page on the warning about reuse shows, over four releases worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from report.evidence import Form, State
from report.story import questions, reused
from tests.support import drawn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from report.matrix.index import Index
    from report.story.reused import Reused

WARNING = (
    "The initializer GlorotUniform is unseeded and being called multiple times, which will return "
    "identical values each time."
)
FREE: dict[str, Any] = {"reuse": drawn.likenesses(again=0.02, seeded="same")}
MOVES: dict[str, Any] = {"reuse": drawn.likenesses(again=-0.01, seeded=0.03)}
EQUAL: dict[str, Any] = {"reuse": drawn.likenesses(again="same", seeded="same", warns=WARNING)}
QUIET: dict[str, Any] = {"reuse": drawn.likenesses(again="same", seeded="same")}


def index(*cells: Mapping[str, Any] | State, name: str = reused.EXAMPLE) -> Index:
    """Return the index of one initializer's row."""
    return drawn.index(drawn.row(drawn.symbol(name, Form.INITIALIZER), *cells))


def shown(*cells: Mapping[str, Any] | State, name: str = reused.EXAMPLE) -> Reused:
    """Return what is shown of one initializer's row."""
    found = reused.reused(index(*cells, name=name))
    assert found is not None
    return found


def test_the_title_is_the_beginning_of_the_warning() -> None:
    found = shown(FREE, MOVES, EQUAL, QUIET)
    assert found.title == (
        "The initializer GlorotUniform is unseeded and being called multiple times"
    )
    assert found.warning == WARNING
    asked = [question.title for question in questions.answerable(index(FREE, MOVES, EQUAL, QUIET))]
    assert found.title in asked


def test_before_the_example_was_there_its_older_name_has_the_regime() -> None:
    names: dict[str, tuple[Mapping[str, Any] | State, ...]] = {
        reused.EXAMPLE: (State.ABSENT, State.ABSENT, EQUAL, QUIET),
        reused.OLDER: (State.ABSENT, MOVES, FREE, FREE),
    }
    rows = [drawn.row(drawn.symbol(each, Form.INITIALIZER), *names[each]) for each in names]
    found = reused.reused(drawn.index(*rows))
    assert found
    assert [(span, each.older, each.again) for span, each in found.regimes] == [
        ("2.2", False, "the same"),
        ("2.1", False, "the same"),
        ("2.0", True, "independent"),
    ]


def test_each_range_of_releases_has_its_regime_newest_first() -> None:
    regimes = shown(FREE, MOVES, EQUAL, QUIET).regimes
    assert [(span, each.again, each.seeded, each.warns) for span, each in regimes] == [
        ("2.2", "the same", "the same", False),
        ("2.1", "the same", "the same", True),
        ("2.0", "independent", "independent", False),
        ("1.15", "independent", "the same", False),
    ]
    assert {(each.objects, each.objects_shape) for _, each in regimes} == {
        ("the same", "the same stream at another scale")
    }


def test_neighbours_of_one_regime_are_one_range() -> None:
    found = shown(FREE, FREE, EQUAL, EQUAL)
    assert [span for span, _ in found.regimes] == ["2.1 – 2.2", "1.15 – 2.0"]  # noqa: RUF001
    assert found.again == (("2.1 – 2.2", "the same"), ("1.15 – 2.0", "independent"))  # noqa: RUF001
    assert reused.answer(found) == (
        "The two draws of one object without a seed are the same in 2.1 – 2.2, "  # noqa: RUF001
        "independent in 1.15 – 2.0."  # noqa: RUF001
    )


def test_equal_weights_without_a_warning_are_told_apart() -> None:
    found = shown(FREE, EQUAL, EQUAL, QUIET)
    assert (found.warned, found.quiet) == (("2.0 – 2.1",), ("2.2",))  # noqa: RUF001
    assert shown(FREE, FREE, EQUAL, EQUAL).quiet == ()


def test_a_warning_with_other_words_is_not_said_to_be_the_one_shown() -> None:
    misspelt = {"reuse": drawn.likenesses(again="same", seeded="same", warns="initalizer")}
    found = shown(FREE, misspelt, EQUAL, EQUAL)
    assert found.warning == WARNING
    assert (found.warned, found.reworded) == (("2.1 – 2.2",), ("2.0",))  # noqa: RUF001
    assert shown(FREE, EQUAL, EQUAL, EQUAL).reworded == ()


def test_each_remedy_is_measured_in_every_release() -> None:
    related = {"reuse": {**EQUAL["reuse"], "unseeded": {**EQUAL["reuse"]["unseeded"], "copy": 0.8}}}
    found = shown(FREE, MOVES, EQUAL, related).remedies
    assert [(each.title, each.found) for each in found] == [
        ("An object each", (("1.15 – 2.2", "independent"),)),  # noqa: RUF001
        ("A seed each", (("1.15 – 2.2", "independent"),)),  # noqa: RUF001
        (
            "A copy of the object",
            (("2.2", "related (r = 0.80)"), ("1.15 – 2.1", "independent")),  # noqa: RUF001
        ),
    ]
    assert f"kernel_initializer={reused.EXAMPLE}(seed=2)" in found[1].code
    assert "initializer.from_config(initializer.get_config())" in found[2].code


def test_every_word_of_every_warning_is_found() -> None:
    words = shown(FREE, FREE, EQUAL, EQUAL).words
    assert {"GlorotUniform", "unseeded", "times,", "identical"} <= set(words)
    assert len(words) == len(set(words))


def test_another_initializer_stands_in_for_the_example() -> None:
    name = "tf.initializers.he_normal"
    found = shown(FREE, FREE, EQUAL, QUIET, name=name)
    assert found.symbol == name
    assert found.href == "symbol/tf.initializers.he_normal.html"


def test_without_a_warning_there_is_no_question() -> None:
    for cells in ((FREE, MOVES, QUIET, QUIET), (State.ABSENT,) * 4):
        assert reused.reused(index(*cells)) is None
        assert questions.REUSED not in {each.slug for each in questions.answerable(index(*cells))}


def test_a_release_without_the_symbol_is_in_no_range() -> None:
    regimes = shown(State.ABSENT, FREE, State.FAILED, EQUAL).regimes
    assert [span for span, _ in regimes] == ["2.2", "2.0"]


def test_an_initializer_that_takes_no_seed_has_words_for_it() -> None:
    bare = {"reuse": {**EQUAL["reuse"], "seeded": None}}
    found = shown(FREE, FREE, EQUAL, bare)
    assert (found.regimes[0][1].seeded, found.regimes[0][1].objects) == ("not asked", "not asked")
    assert found.remedies[1].found[0] == ("2.2", "not there")
