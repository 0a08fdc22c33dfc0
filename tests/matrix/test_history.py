"""Test runs and changes: the rules of ``report.matrix.history``, by number, and as properties."""

from __future__ import annotations

from itertools import chain, combinations, pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from report.evidence import Evidence, State
from report.matrix import history
from report.matrix.kinds import EXISTENCE, KINDS, MEASURED, Kind
from report.verdict import Verdict
from report.verdict.families import NO_LAW
from tests.support import world
from tests.support.timelines import ASPECTS, COMPARED, TIMELINES, cell, cells, changes

if TYPE_CHECKING:
    from report.matrix.records import Cell, Change

# One letter per release: - absent, ! failed, ? not reached, another for an observed value.
# timeline, runs of the verdict (= begins with a change, ~ with one somewhere in the gap),
# changes of the verdict, changes of existence
TABLE = [
    ("", [], [], []),  # 1: no release, no run
    ("a", ["a"], [], []),  # 1
    ("aaa", ["aaa"], [], []),  # 1: a run is maximal
    ("aab", ["aa", "=b"], ["2=3 a b"], []),  # 1, 3
    ("abc", ["a", "=b", "=c"], ["1=2 a b", "2=3 b c"], []),  # 3: each with its neighbour
    ("aba", ["a", "=b", "=a"], ["1=2 a b", "2=3 b a"], []),  # 1: back again is another run
    ("a?a", ["a", "?", "a"], [], []),  # 2: a gap is never taken for its neighbours
    ("a!a", ["a", "!", "a"], [], []),  # 2: nor is a failure, and neither is a change
    ("a?!a", ["a", "?", "!", "a"], [], []),  # 1, 2: two states are two runs
    ("???", ["???"], [], []),  # 1, 2
    ("?a", ["?", "a"], [], []),  # 2: what is first compared has nothing to differ from
    ("!-", ["!", "-"], [], []),  # 2
    ("a?", ["a", "?"], [], []),  # 2
    ("a?b", ["a", "?", "~b"], ["1~3 a b"], []),  # 3: after the first, by the second
    ("a!?b", ["a", "!", "?", "~b"], ["1~4 a b"], []),  # 3
    ("a?bb?b", ["a", "?", "~bb", "?", "b"], ["1~3 a b"], []),  # 2, 3
    ("a?ab", ["a", "?", "a", "=b"], ["3=4 a b"], []),  # 3: the nearest one counts
    ("ab?a", ["a", "=b", "?", "~a"], ["1=2 a b", "2~4 b a"], []),  # 3
    ("-a", ["-", "=a"], [], ["1=2 absent present"]),  # 4: no verdict moved
    ("a--", ["a", "=--"], [], ["1=2 present absent"]),  # 4
    ("a-a", ["a", "=-", "=a"], [], ["1=2 present absent", "2=3 absent present"]),  # 4
    ("a-b", ["a", "=-", "=b"], [], ["1=2 present absent", "2=3 absent present"]),  # 4
    ("a?-", ["a", "?", "~-"], [], ["1~3 present absent"]),  # 3, 4
    ("-!?b", ["-", "!", "?", "~b"], [], ["1~4 absent present"]),  # 3, 4
]


def written(change: Change) -> str:
    """Return a change as the test's table writes it."""
    edge = f"{change.before_release}{'=' if change.exact else '~'}{change.after_release}"
    return f"{edge} {change.before} {change.after}"


@pytest.mark.parametrize(("timeline", "expected"), [row[:2] for row in TABLE])
def test_runs(timeline: str, expected: list[str]) -> None:
    letters = {one.release: letter for one, letter in zip(cells(timeline), timeline, strict=True)}
    found = history.runs(cells(timeline), MEASURED)
    assert [
        ("=" if run.exact else "~") * run.changed + "".join(letters[c.release] for c in run.cells)
        for run in found
    ] == expected


@pytest.mark.parametrize(("timeline", "expected"), [(row[0], row[2]) for row in TABLE])
def test_changes_of_the_verdict(timeline: str, expected: list[str]) -> None:
    assert [written(change) for change in changes(timeline, MEASURED)] == expected


@pytest.mark.parametrize(("timeline", "expected"), [(row[0], row[3]) for row in TABLE])
def test_changes_of_existence(timeline: str, expected: list[str]) -> None:
    assert [written(change) for change in changes(timeline, EXISTENCE)] == expected


def test_changes_come_aspect_by_aspect_and_oldest_first() -> None:
    found = [(change.kind, change.after_release) for change in changes("aba-")]
    order = list(KINDS)
    assert found == sorted(found, key=lambda each: (order.index(each[0]), each[1]))
    assert [kind for kind, _ in found] == [
        EXISTENCE,
        *(kind for kind in order[1:] for _ in range(2)),
    ]


@given(TIMELINES, ASPECTS)
def test_runs_partition_the_timeline(timeline: str, kind: Kind) -> None:
    """1. A run is a maximal range of neighbouring releases with the same state and value."""
    found = history.runs(cells(timeline), kind)
    assert tuple(chain.from_iterable(run.cells for run in found)) == cells(timeline)
    for run in found:
        values = {(one.state, kind.value(one)) for one in run.cells}
        assert values == {(run.state, run.value)}
        assert (run.first, run.last) == (run.cells[0].release, run.cells[-1].release)
    for one, other in pairwise(found):
        assert (one.state, one.value) != (other.state, other.value)


@given(TIMELINES)
def test_what_was_not_compared_is_no_change(timeline: str) -> None:
    """2. A release that was not reached, or whose probe failed, is never a change."""
    for kind in KINDS:
        for run in history.runs(cells(timeline), kind):
            assert run.state in COMPARED or not (run.changed or run.value)
    touched = {
        one for each in changes(timeline) for one in (each.before_release, each.after_release)
    }
    assert not any(one.release in touched for one in cells(timeline) if one.state not in COMPARED)


def says(one: Cell, kind: Kind) -> bool:
    """Tell whether a cell has a value, or none to have; what was not recorded has not (5)."""
    return one.state is State.ABSENT or kind.value(one) is not None


@given(TIMELINES, ASPECTS)
def test_a_change_is_where_comparable_neighbours_differ(timeline: str, kind: Kind) -> None:
    """3, 5. A change joins the two nearest releases that could be compared."""
    row = cells(timeline)
    expected = [
        (row[i].release, row[j].release, j == i + 1)
        for i, j in combinations(range(len(row)), 2)
        if says(row[i], kind) and says(row[j], kind)
        if not any(says(one, kind) for one in row[i + 1 : j])
        if kind is EXISTENCE or row[i].state is row[j].state
        if kind.value(row[i]) != kind.value(row[j])
    ]
    found = changes(timeline, kind)
    assert [(one.before_release, one.after_release, one.exact) for one in found] == expected


@given(TIMELINES, ASPECTS)
def test_a_run_begins_with_a_change_where_there_is_one(timeline: str, kind: Kind) -> None:
    """3, 4. A run is marked at every change of its kind, and where its symbol comes or goes."""
    marked = {
        (run.after, run.first, run.exact)
        for run in history.runs(cells(timeline), kind)
        if run.changed
    }
    edges = changes(timeline, kind, EXISTENCE)
    assert marked == {(one.before_release, one.after_release, one.exact) for one in edges}


@given(st.text("abc-!?", min_size=1, max_size=12), st.data())
def test_a_release_less_creates_no_change(timeline: str, data: st.DataObject) -> None:
    """Without one release, changes elsewhere stay, and those at it become one with a wider edge."""
    at = data.draw(st.integers(0, len(timeline) - 1))
    before, after = changes(timeline), changes(timeline[:at] + "?" + timeline[at + 1 :])
    gone = str(at + 1)
    elsewhere = [c for c in before if gone not in (c.before_release, c.after_release)]
    assert [change for change in after if change in before] == elsewhere
    for wider in (change for change in after if change not in before):
        assert not wider.exact
        assert int(wider.before_release) < at + 1 < int(wider.after_release)
        within = [
            one
            for one in before
            if one.kind in (wider.kind, EXISTENCE)
            and int(wider.before_release) <= int(one.before_release)
            and int(one.after_release) <= int(wider.after_release)
        ]
        assert within


@given(TIMELINES)
def test_backwards_the_changes_are_the_same(timeline: str) -> None:
    size = len(timeline) + 1
    turned = {
        (c.kind, size - int(c.after_release), size - int(c.before_release), c.after, c.before)
        for c in changes(timeline[::-1])
    }
    assert turned == {
        (c.kind, int(c.before_release), int(c.after_release), c.before, c.after)
        for c in changes(timeline)
    }


@pytest.mark.parametrize("name", sorted(NO_LAW))
def test_draws_without_a_law_are_one_run_only_if_the_same_was_measured(name: str) -> None:
    """7. Two draws in which no law was recognised are not the same because neither has a name."""
    drawn = [world.measured(law) for law in ("he_normal", "he_normal", "glorot_uniform")]
    found = [
        replace(cell("a", str(at)), verdict=Verdict(name=name), evidence=Evidence(measured=(one,)))
        for at, one in enumerate(drawn, 1)
    ]
    runs = history.runs(found, MEASURED)
    assert [(run.first, run.last, run.changed) for run in runs] == [
        ("1", "2", False),
        ("3", "3", False),
    ]
