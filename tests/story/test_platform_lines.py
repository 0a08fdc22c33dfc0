"""Test the line that says how a symbol compares on another platform, in each of its forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from report.evidence import Form, State, Status
from report.matrix import history
from report.story import numbers, platform_lines
from report.verdict import UNRECOGNISED, Degree, Relation, Verdict
from tests.support import drawn, machines, world

if TYPE_CHECKING:
    from report.evidence import Release
    from report.matrix.records import Row

DENSE, GLOROT = "tf.keras.layers.Dense", "tf.keras.initializers.GlorotUniform"
ABSENT, FAILED = State.ABSENT, State.FAILED
ROUNDED = (
    "the same numbers but for rounding (the kept weights by at most 6e-5 of the standard deviation)"
)
EQUAL = "the same law (all weights are equal)"
Held = dict[str, Any] | State


def held(*numbers: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return evidence of draws after seed calls."""
    return {"numbers": list(numbers), "repeat": {"tf": True, "keras": None}, **more}


A, OTHER = held(drawn.numbers("a")), held(drawn.numbers("b", 0.03))
# 3e-6 is 6e-5 of the standard deviation of a Glorot law with 600 inputs and 200 outputs: 0.05
NEAR = held(drawn.numbers("c", 0.010003))


def row(*cells: Held, name: str = DENSE, form: Form = Form.CLASS) -> Row:
    """Return the row of a symbol with one role."""
    return drawn.row(drawn.symbol(name, form), *cells)


def lines(
    shown: Row | list[Row], there: Row | list[Row], releases: tuple[Release, ...] = drawn.RELEASES
) -> list[platform_lines.Line]:
    """Return the lines of a symbol, given its rows on both platforms."""
    rows, others = (each if isinstance(each, list) else [each] for each in (shown, there))
    found = machines.index(world.matrix(rows, drawn.RELEASES), machines.there(others, releases))
    return platform_lines.lines(found, rows)


def said(shown: Row | list[Row], there: Row | list[Row], **more: Any) -> tuple[str, str]:  # noqa: ANN401
    """Return the releases and the result of the only line."""
    (line,) = lines(shown, there, **more)
    assert (line.platform, line.href) == (machines.NAME, f"machines.html#{machines.PLATFORM}")
    return line.releases, line.result


def without(*versions: str) -> tuple[Release, ...]:
    """Return the releases, of which some were not observed."""
    lost = {"status": Status.NOT_OBSERVED, "reason": "not run yet"}
    return tuple(
        replace(release, **lost) if release.version in versions else release
        for release in drawn.RELEASES
    )


ALL = "1.15 – 2.2"  # noqa: RUF001


@pytest.mark.parametrize(
    ("there", "result"),
    [
        ((A, A, A, A), (ALL, "the same numbers")),
        ((NEAR,) * 4, (ALL, ROUNDED)),
        ((OTHER,) * 4, (ALL, "other numbers")),
        (
            (A, A, NEAR, NEAR),
            ("", f"the same numbers in 1.15 – 2.0, {ROUNDED} in 2.1 – 2.2"),  # noqa: RUF001
        ),
        (
            (A, NEAR, A, A),
            (
                "",
                f"the same numbers in 1.15, {ROUNDED} in 2.0, the same numbers in 2.1 – 2.2",  # noqa: RUF001
            ),
        ),
        (
            (A, A, ABSENT, FAILED),
            ("", "the same numbers in 1.15 – 2.0, not there in 2.1, not compared in 2.2"),  # noqa: RUF001
        ),
        ((held(),) * 4, (ALL, "numbers that are not comparable")),
        (
            ({**A, "notices": ["it is deprecated"]},) * 4,
            (ALL, "the same numbers; other evidence that differs: notices"),
        ),
    ],
)
def test_numbers_are_said_to_be_the_same_where_they_are(
    there: tuple[Held, ...], result: tuple[str, str]
) -> None:
    assert said(row(A, A, A, A), row(*there)) == result


def test_a_range_names_no_release_that_was_not_compared() -> None:
    shown = row(A, A, A, A)
    assert said(shown, row(A, A, State.UNREACHED, A), releases=without("2.1.4")) == (
        "1.15 – 2.0 and 2.2",  # noqa: RUF001
        "the same numbers",
    )
    assert said(shown, shown, releases=drawn.RELEASES[1:3])[0] == "2.0 – 2.1"  # noqa: RUF001


def test_without_a_common_release_nothing_is_the_same() -> None:
    every = without(*(release.version for release in drawn.RELEASES))
    assert said(row(A, A, A, A), row(*[State.UNREACHED] * 4), releases=every) == (
        "",
        "not compared, as no release was observed on both platforms",
    )


def test_a_symbol_that_no_common_release_has_is_not_compared() -> None:
    shown = row(A, ABSENT, ABSENT, ABSENT)
    assert said(shown, row(*[ABSENT] * 4), releases=drawn.RELEASES[1:]) == (
        "",
        "not compared, as no release that was observed on both has it (2.0 – 2.2)",  # noqa: RUF001
    )
    assert said(row(A, A, ABSENT, ABSENT), row(A, A, ABSENT, ABSENT)) == (
        "1.15 – 2.0",  # noqa: RUF001
        "the same numbers",
    )


def test_what_broke_on_both_platforms_is_not_the_same() -> None:
    broken = row(A, A, A, FAILED)
    assert said(broken, broken) == ("1.15 – 2.1", "the same numbers")  # noqa: RUF001


def test_what_is_there_alone_is_said_to_be() -> None:
    assert said(row(A, A, A, ABSENT), row(A, A, A, A)) == (
        "",
        "the same numbers in 1.15 – 2.1, there, and not on Linux x86-64 in 2.2",  # noqa: RUF001
    )


def law(found: Row, name: str) -> Row:
    """Return a row whose weights are drawn from another law."""
    cells = [
        world.observed(c.symbol, c.role, c.release, name, evidence=held()) for c in found.cells
    ]
    return world.with_cells(found, cells)


def test_weights_without_numbers_have_a_law() -> None:
    zeros = law(row({}, {}, {}, {}), "zeros")
    assert said(zeros, zeros) == (ALL, EQUAL)
    unrepeated = row(*[{"repeat": {"tf": False, "keras": None}}] * 4)
    assert said(unrepeated, unrepeated) == (ALL, "the same law (no seed call repeats the numbers)")
    assert said(row({}, {}, {}, {}), row({}, {}, {}, {})) == (
        ALL,
        "the same law (the numbers were not recorded)",
    )
    assert said(zeros, law(zeros, "ones")) == (ALL, "another law")


def test_weights_of_no_known_law_have_not_the_same_one() -> None:
    unknown = law(row({}, {}, {}, {}), "zeros")
    cells = [replace(cell, verdict=Verdict(name=UNRECOGNISED)) for cell in unknown.cells]
    shown = world.with_cells(unknown, cells)
    assert said(shown, shown) == (ALL, "no law recognised on either")
    others = [
        replace(cell, evidence=replace(cell.evidence, measured=(world.measured("ones"),)))
        for cell in cells
    ]
    assert said(shown, world.with_cells(unknown, others)) == (ALL, "no law recognised on either")


def test_roles_that_compare_alike_are_joined() -> None:
    bias = law(row({}, {}, {}, {}), "zeros")
    cells = [replace(cell, role="bias") for cell in bias.cells]
    rows = [row(A, A, A, A), history.row(bias.symbol, "bias", cells)]
    assert said(rows, [row(NEAR, NEAR, NEAR, NEAR), rows[1]]) == (
        ALL,
        f"{ROUNDED} for the kernel; {EQUAL} for the bias",
    )
    assert said(rows[:1], rows[:1]) == (ALL, "the same numbers")


def own(start: float, decides: str = "own") -> dict[str, Any]:
    """Return evidence of an initializer with a seed of its own."""
    draws = drawn.numbers("d" if start else "a", 0.01 + start)["draws"]
    return held(drawn.numbers("a"), own_seed={"decides": decides, "draws": draws})


@pytest.mark.parametrize(
    ("there", "result"),
    [
        (own(3e-6), ROUNDED),
        (own(0, "both"), "the same numbers; other evidence that differs: own seed"),
        # the bound of the own seed's numbers says nothing of other ones
        (own(3e-6) | {"numbers": [drawn.numbers("b", 0.03)]}, "other numbers"),
    ],
)
def test_numbers_of_an_own_seed_count_too(there: dict[str, Any], result: str) -> None:
    rows = [row(*[cell] * 4, name=GLOROT, form=Form.INITIALIZER) for cell in (own(0), there)]
    assert said(*rows) == (ALL, result)


@pytest.mark.parametrize(
    ("largest", "text"),
    [(1.9e-7, "2e-7"), (2e-7, "2e-7"), (2.1e-7, "3e-7"), (9.5e-8, "1e-7"), (6e-5, "6e-5")],
)
def test_a_bound_is_rounded_up(largest: float, text: str) -> None:
    relations = [Relation(degree=Degree.ROUNDING, largest=each) for each in (1e-9, largest)]
    assert (
        numbers.bound(relations)
        == f" (the kept weights by at most {text} of the standard deviation)"
    )


def test_other_numbers_have_no_bound() -> None:
    assert numbers.bound([Relation(degree=Degree.OTHER, largest=1.0)]) == ""
    assert numbers.bound([Relation(degree=Degree.ROUNDING, largest=0.0)]) == ""


def test_without_another_platform_there_is_no_line() -> None:
    rows = [row(A, A, A, A)]
    assert platform_lines.lines(machines.index(world.matrix(rows, drawn.RELEASES)), rows) == []
