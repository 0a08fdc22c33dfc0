"""Test that missing evidence gives a state with a reason, and no change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from report.evidence import State, Status
from report.matrix import build
from report.matrix.kinds import MEASURED
from tests.support import samples
from tests.support.five_releases import (
    GONE,
    NOW,
    REASON,
    Fault,
    age,
    assert_complete,
    built,
    cells,
    fail,
    release,
)
from tests.support.roots import store

if TYPE_CHECKING:
    from pathlib import Path


def test_a_release_without_evidence_says_why(fault: Fault, root: Path) -> None:
    found = built(root)
    assert_complete(found)
    one = release(found, "1.1.0")
    status = Status.FAILED if fault.make is fail else Status.NOT_OBSERVED
    assert (one.status, one.stale) == (status, fault.make is age)
    assert one.reason is not None
    assert one.reason.startswith(fault.reason)
    assert found.problems == ((one.reason,) if fault.blamed else ())
    for cell in cells(found, "1.1.0"):
        assert (cell.state, cell.reason) == (fault.state, one.reason)
    others = [cell for version in ("1.0.1", "1.2.1", "2.0.4") for cell in cells(found, version)]
    assert {cell.state for cell in others} == {State.OBSERVED}


@pytest.mark.usefixtures("fault")
def test_a_gap_is_neither_change_nor_sameness(root: Path) -> None:
    assert built(root).changes == ()
    symbols = [samples.dense("he_uniform")]
    store(root, "1.0.1", samples.observation("1.0.1", symbols=symbols))
    edges = [change for change in built(root).changes if change.kind is MEASURED]
    assert [(one.before_release, one.after_release, one.exact) for one in edges] == [
        ("1.0.1", "1.2.1", False)
    ]


def test_an_unavailable_release_says_why(root: Path) -> None:
    found = built(root)
    one = release(found, GONE)
    assert (one.status, one.reason) == (Status.UNAVAILABLE, REASON)
    for cell in cells(found, GONE):
        assert (cell.state, cell.reason) == (State.UNREACHED, REASON)


def test_a_stale_observation_of_an_unavailable_release_is_no_problem(root: Path) -> None:
    store(root, GONE, samples.observation(GONE, protocol=NOW - 1))
    found = built(root)
    assert (release(found, GONE).reason, found.problems) == (REASON, ())


# the stored answer about tf.layers.dense, the state and the reason of its cells
ANSWERS: list[tuple[list[dict[str, Any]], State, str]] = [
    (
        [samples.blank(samples.dense(), "absent", "no attribute 'dense'")],
        State.ABSENT,
        "no attribute 'dense'",
    ),
    (
        [samples.blank(samples.dense(), "failed", "deadline")],
        State.FAILED,
        "deadline",
    ),
    ([], State.UNREACHED, "this symbol was not asked for"),
]


@pytest.mark.parametrize(("answer", "state", "reason"), ANSWERS)
def test_a_symbol_without_evidence_says_why(
    answer: list[dict[str, Any]], state: State, reason: str, root: Path
) -> None:
    data = samples.observation("1.1.0", symbols=[*answer, samples.variable()])
    store(root, "1.1.0", data)
    found = built(root)
    assert_complete(found)
    kernel, bias, other = cells(found, "1.1.0")
    assert (kernel.state, kernel.reason) == (bias.state, bias.reason) == (state, reason)
    assert other.state is State.OBSERVED


def test_a_role_that_was_not_asked_for_says_so(root: Path) -> None:
    older = samples.dense()
    older["roles"] = ["kernel"]
    del older["evidence"]["bias"]
    store(root, "1.0.1", samples.observation("1.0.1", symbols=[older, samples.variable()]))
    kernel, bias, _ = cells(built(root), "1.0.1")
    assert kernel.state is State.OBSERVED
    assert (bias.state, bias.reason) == (State.UNREACHED, "this role was not asked for")


def test_where_nothing_was_observed_there_are_no_rows_and_a_reason(root: Path) -> None:
    found = build.build_matrix(root, "plan9-mips")
    assert (found.rows, found.changes, found.problems) == ((), (), ())
    assert all(one.reason for one in found.releases)
    assert not any(one.status is Status.OBSERVED for one in found.releases)
