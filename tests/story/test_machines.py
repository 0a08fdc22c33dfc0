"""Test what is said of another platform, over releases and rows worked out by hand."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from report.evidence import Form, State, Status
from report.matrix import NUMBERS, Index
from report.story import machines as told
from report.story import wording
from report.verdict import UNRECOGNISED, Verdict
from tests.support import drawn, machines, world

if TYPE_CHECKING:
    from report.evidence import Release
    from report.matrix.records import Row

DENSE, GRAPH = "tf.keras.layers.Dense", "tf.compat.v1.layers.dense"
GLOROT = "tf.keras.initializers.GlorotUniform"
REPEAT: dict[str, Any] = {"repeat": {"tf": True, "keras": None}}
A = {"numbers": [drawn.numbers("a")], **REPEAT}
NEAR = {"numbers": [drawn.numbers("c", 0.010003)], **REPEAT}  # 6e-5 of the standard deviation
OTHER = {"numbers": [drawn.numbers("b", 0.03)], **REPEAT}
ALL = "1.15 – 2.2"  # noqa: RUF001
ROUNDED = "the same numbers but for rounding"
BOUND = "(the kept weights by at most 6e-5 of the standard deviation)"


def row(name: str, *cells: dict[str, Any] | State, form: Form = Form.CLASS) -> Row:
    """Return the row of a symbol with one role."""
    return drawn.row(drawn.symbol(name, form), *cells)


def platform(
    shown: list[Row], there: list[Row], releases: tuple[Release, ...] = drawn.RELEASES
) -> told.Platform:
    """Return what is said of the only other platform."""
    matrix = world.matrix(shown, drawn.RELEASES)
    (found,) = told.platforms(machines.index(matrix, machines.there(there, releases)))
    assert (found.key, found.name) == (machines.PLATFORM, machines.NAME)
    return found


def differences(found: told.Platform) -> list[tuple[str, list[str], str, str]]:
    """Return the title, symbols, releases and text of each difference."""
    return [
        (each.title, [one.symbol for one in each.rows], each.releases, wording.plain(each.how))
        for each in found.differences
    ]


def test_where_nothing_differs_the_answer_says_what_was_compared() -> None:
    rows = [row(DENSE, A, A, A, A), row(GRAPH, A, A, State.ABSENT, State.ABSENT)]
    found = platform(rows, rows)
    assert (
        found.answer
        == f"In {ALL}: the same laws, and the same numbers for 2 of 2 symbols with numbers."
    )
    assert differences(found) == []
    assert found.lacks == ()
    assert {each.kind.title: (each.compared, each.differ) for each in found.counts} == {
        "Existence": (8, 0),
        "Measured": (6, 0),
        "Numbers": (6, 0),
        "Repeat": (6, 0),
        "Notices": (6, 0),
    }


def test_the_answer_counts_symbols_by_their_largest_difference() -> None:
    shown = [row(name, A, A, A, A) for name in (DENSE, GRAPH, GLOROT)]
    there = [row(DENSE, A, A, A, A), row(GRAPH, A, NEAR, A, A), row(GLOROT, A, NEAR, OTHER, A)]
    found = platform(shown, there)
    assert found.answer == (
        f"In {ALL}: the same laws, the same numbers for 1 of 3 symbols with numbers, "
        f"{ROUNDED} {BOUND} for 1, and other numbers for 1."
    )
    numbers = next(each for each in found.counts if each.kind is NUMBERS)
    assert (numbers.compared, numbers.same, numbers.differ) == (12, 9, 3)


def test_the_answer_claims_nothing_of_what_was_not_compared() -> None:
    shown = [row(name, A, A, A, A) for name in (DENSE, GRAPH, GLOROT)]
    there = [row(DENSE, A, A, A, A), row(GRAPH, *[State.ABSENT] * 4)]  # and the third not asked for
    assert platform(shown, there).answer == (
        f"In {ALL}: the same laws, the same numbers for 1 of 2 symbols with numbers, numbers that "
        "are not comparable for 1, and not compared in each of these releases for 1."
    )
    there = [row(DENSE, A, State.FAILED, A, A)]
    assert platform(shown[:1], there).answer == (
        f"In {ALL}: the same laws, the same numbers for 1 of 1 symbol with numbers, and not "
        "compared in each of these releases for 1."
    )


def test_every_difference_is_listed_once_with_those_that_differ_alike() -> None:
    shown = [row(name, A, A, A, A) for name in (DENSE, GRAPH, GLOROT)]
    there = [row(DENSE, A, A, NEAR, A), row(GRAPH, A, A, NEAR, A), row(GLOROT, OTHER, A, NEAR, A)]
    assert differences(platform(shown, there)) == [
        ("Numbers", [DENSE, GRAPH, GLOROT], "2.1", f"{ROUNDED} {BOUND}"),
        ("Numbers", [GLOROT], "1.15", "other numbers"),
    ]


def test_a_difference_has_the_class_of_its_kind() -> None:
    shown = [row(DENSE, A, A, A, A)]
    law = replace(shown[0].cells[3].verdict, name="he_normal")  # type: ignore[type-var]
    silent = row(DENSE, State.ABSENT, State.FAILED, {**A, "notices": ["old"]}, A)
    cells = [*silent.cells[:3], replace(shown[0].cells[3], verdict=law)]
    there = world.with_cells(silent, cells)
    found = platform(shown, [there])
    assert differences(found) == [
        ("Measured", [DENSE], "2.2", "glorot_uniform → he_normal"),
        ("Existence", [DENSE], "1.15", "there, glorot_uniform → not there"),
        ("Notices", [DENSE], "2.1", "silent → old"),
        ("Not compared", [DENSE], "2.0", "there, glorot_uniform → probe failed (why)"),
    ]
    assert found.answer.startswith(f"In {ALL}: another law in 1 cell, ")


def test_two_draws_of_no_known_law_are_no_other_law() -> None:
    cells = [replace(c, verdict=Verdict(name=UNRECOGNISED)) for c in row(DENSE, A, A, A, A).cells]
    shown = world.with_cells(row(DENSE, A, A, A, A), cells)
    other = replace(cells[3].evidence, measured=(world.measured("zeros"),))
    there = world.with_cells(shown, [*cells[:3], replace(cells[3], evidence=other)])
    found = platform([shown], [there])
    assert differences(found) == [
        (
            "Measured",
            [DENSE],
            "2.2",
            "unrecognised → unrecognised, which differ in what is not shown",
        )
    ]
    assert found.answer.startswith(f"In {ALL}: the same laws where one was recognised, ")


def test_facts_that_differ_are_named() -> None:
    unrepeated = {"numbers": [drawn.numbers("a")], "repeat": {"tf": False, "keras": None}}
    (found,) = differences(platform([row(DENSE, *[A] * 4)], [row(DENSE, *[unrepeated] * 4)]))
    assert found == ("Repeat", [DENSE], ALL, "repeat after tf.random.set_seed: yes → no")


def test_a_symbol_of_the_other_platform_alone_has_no_page() -> None:
    found = platform([row(DENSE, A, A, A, A)], [row(DENSE, A, A, A, A), row(GRAPH, A, A, A, A)])
    assert differences(found) == [
        ("Not compared", [GRAPH], ALL, "not asked for → there, glorot_uniform")
    ]
    assert [each.href for each in found.differences[0].rows] == [""]
    known = platform([row(DENSE, A, A, A, A)], [row(DENSE, A, A, A, OTHER)])
    assert known.differences[0].rows[0].href == "symbol/tf.keras.layers.dense-class.html"


def test_a_release_that_was_not_compared_has_its_reason() -> None:
    first, *kept = drawn.RELEASES
    releases = (replace(kept[0], status=Status.UNAVAILABLE, reason="no wheel"), *kept[1:])
    unseen = replace(drawn.RELEASES[3], status=Status.NOT_OBSERVED, reason="not run yet")
    rows = [row(DENSE, A, A, A, State.UNREACHED)]
    matrix = world.matrix(rows, [first, *kept[:2], unseen])
    (found,) = told.platforms(machines.index(matrix, machines.there(rows, releases)))
    assert found.lacks == (
        ("1.15", "the table of releases begins with 2.0 for Linux ARM64"),
        ("2.0", "cannot be installed on Linux ARM64: no wheel"),
        ("2.2", "not observed on Linux x86-64: not run yet"),
    )


def test_releases_of_the_other_platform_alone_have_their_reason_too() -> None:
    rows = [row(DENSE, A, A, A, A)]
    shown = world.matrix([world.with_cells(rows[0], rows[0].cells[2:])], drawn.RELEASES[2:])
    (found,) = told.platforms(machines.index(shown, machines.there(rows)))
    assert found.lacks == (
        ("1.15 – 2.0", "the table of releases begins with 2.1 for Linux x86-64"),  # noqa: RUF001
    )


def test_without_a_common_release_the_answer_is_that_nothing_was_compared() -> None:
    lost = [replace(each, status=Status.NOT_OBSERVED, reason="why") for each in drawn.RELEASES]
    found = platform([row(DENSE, A, A, A, A)], [], tuple(lost))
    assert found.answer == "Nothing was compared, as no release was observed on both platforms."
    assert (found.counts, found.differences, found.measured) == ((), (), ())


def test_the_emulator_and_the_day_are_named_by_range_of_releases() -> None:
    (across,) = machines.beside(world.mini())
    (found,) = told.platforms(Index(matrix=world.mini(), across=(across,)))
    assert found.measured == (
        ("Linux x86-64, 1.1 and 2.2.0rc0", "not recorded"),
        ("Linux ARM64, 1.1 and 2.2.0rc0", f"2026-11-27, emulated by {machines.EMULATOR}"),
    )


def test_other_fields_are_counted_by_range_of_releases() -> None:
    rows = [row(DENSE, A, A, A, A)]
    index = machines.index(world.matrix(rows, drawn.RELEASES), machines.there(rows))
    fields = Counter({"measured": 2, "tutorial": 0})
    (across,) = index.across
    across = replace(
        across, others={"2.0.4": fields, "2.1.4": fields, "2.2.3": Counter(call_path=1)}
    )
    (found,) = told.platforms(dataclasses.replace(index, across=(across,)))
    assert found.others == (
        ("2.0 – 2.1", "measured in 2 cells, tutorial"),  # noqa: RUF001
        ("2.2", "call_path in 1 cell"),
    )


def test_what_is_wrong_with_the_other_platforms_observations_is_told() -> None:
    (across,) = machines.beside(world.mini())
    other = replace(across.other, problems=("9.9.9.json: not JSON",))
    (found,) = told.platforms(Index(matrix=world.mini(), across=(replace(across, other=other),)))
    assert found.problems == ("linux-aarch64/9.9.9.json: not JSON",)
