"""Test the table of goals: the ratios, and whether each goal is met."""

from __future__ import annotations

import pytest

from benchmarks import goals
from benchmarks.__main__ import table
from tests.support.performance import figures, line


@pytest.mark.parametrize(
    ("what", "figure", "verdict"),
    [
        # the median of 1.1, 1.05 and 1.1, not the ratio of the medians
        ("2 releases from nothing", "1.10 × the floor", "met"),
        ("one probe, with the tutorial: time", "1.20 × an import", "met"),
        ("one probe, with the tutorial: memory", "1.25 × an import", "met"),
        ("one probe, the symbols alone: time", "not measured", ""),
        ("nothing to do", "0.30 × the goal", "met"),
        ("one release changed", "0.90 × what it needs", "met"),
        ("the report of 10 times", "8.00 ×", "met"),
        ("disk, peak", "0.50 × the goal", "met"),
        ("growth", "1.00 × from 1 to 2", "met"),
        ("tox", "2.00 × ours", ""),
    ],
)
def test_a_line_has_its_ratio_first_and_says_whether_the_goal_is_met(
    what: str, figure: str, verdict: str
) -> None:
    found = line(figures(), what)
    assert (found.figure, found.verdict) == (figure, verdict)


def test_how_far_the_turns_are_apart_is_told() -> None:
    detail = line(figures(), "2 releases from nothing").detail
    assert detail == "110 s; the floor 100 s; 1.05 to 1.10 × in 3 turns; processor time 1.20 ×"
    data = figures()
    data["whole"] = {kind: values[:1] for kind, values in data["whole"].items()}
    detail = line(data, "2 releases from nothing").detail
    assert detail == "110 s; the floor 100 s; in one turn; processor time 1.20 ×"


def test_a_goal_is_not_met_where_one_release_alone_is_far_off() -> None:
    data = figures()
    data["probe"]["1.0.1"]["tutorial"] |= {"seconds": [9.0] * 3}
    found = line(data, "one probe, with the tutorial: time")
    assert found.verdict == "not met"
    assert "with 1.0.1" in found.detail


def test_a_peer_that_imports_nothing_is_not_fast() -> None:
    data = figures()
    data["peers"][0] |= {"imported": [], "seconds": 0, "ours": 0}
    assert line(data, "tox").figure == "imports 0 of 2"


def test_a_report_that_fails_meets_no_goal() -> None:
    data = figures()
    data["report"] |= {"many": [], "failed": "index.html is too heavy"}
    found = line(data, "the report of 10 times")
    assert (found.verdict, found.detail) == ("not met", "index.html is too heavy")


@pytest.mark.parametrize("part", sorted(figures().keys() - {"releases", "schema"}))
def test_what_was_not_measured_is_never_shown_as_a_result(part: str) -> None:
    data, whole = figures(), goals.lines(figures())
    del data[part]
    if part == "again":
        del data["changed"]
    for one in goals.lines(data):
        assert one in whole or (one.figure, one.verdict) == (goals.NOT_MEASURED, "")


def test_the_table_is_aligned() -> None:
    head, rule, *body = table(goals.lines(figures())).splitlines()
    starts = [0, *(index for index in range(1, len(rule)) if rule[index - 1 : index + 1] == " -")]
    assert [head[start:].split("  ")[0] for start in starts][:3] == ["what", "ratio", "goal"]
    for row in body:
        assert all(row[start - 2 : start].strip() == "" for start in starts[1:])
