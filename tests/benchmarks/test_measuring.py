"""Test what the benchmarks measure: releases, time, disk space and the machine."""

from __future__ import annotations

import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from benchmarks import clock, floor, machine, measure, scratch
from benchmarks.errors import BenchError
from report import places

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("count", "expected"), [(40, [10, 20]), (5, [2]), (2, []), (8, [2, 4])])
def test_growth_starts_with_a_quarter_and_a_half(count: int, expected: list[int]) -> None:
    assert measure.sizes(count) == expected


@pytest.mark.parametrize("size", [1, 2, 10, 20, 40])
def test_a_choice_of_releases_is_spread_and_has_its_size(size: int) -> None:
    rows = floor.releases()
    chosen = [rows.index(row) for row in measure.spread(rows, size)]
    assert len(set(chosen)) == size
    assert {later - first for first, later in pairwise(chosen)} <= {40 // size}


def test_the_share_of_releases_in_a_run_is_that_of_their_sessions() -> None:
    assert measure.share(90.0, {"a": 1.0, "b": 2.0}, ["b"]) == pytest.approx(60)
    assert measure.share(90.0, {"a": 1.0, "b": 2.0}, []) == 0


def test_a_command_tells_time_and_end(tmp_path: Path) -> None:
    run = clock.timed(["python3", "-c", "import sys; print('x'); sys.exit(3)"], folder=tmp_path)
    assert (run.code, run.output) == (3, "x\n")
    assert run.seconds > 0
    with pytest.raises(BenchError, match="exit code 3"):
        run.checked("it")


HOLDS = """
import os, time
held = bytearray(b"x") * {held}  # written to, or it would be no memory
twin = os.fork()
more = bytearray(b"x") * {held} if twin and {more} else None
time.sleep(0.5)
os._exit(0) if not twin else os.wait()
"""
WATCHES = """
from pathlib import Path
from benchmarks import clock, memory
with memory.Memory() as watched:
    clock.timed(["python3", "-c", {holds!r}], folder=Path({folder!r}))
print(watched.peak)
"""


@pytest.mark.parametrize(("more", "times"), [(False, 1), (True, 2)])
def test_memory_is_that_of_all_processes_and_a_shared_page_counts_once(
    tmp_path: Path,
    more: bool,  # noqa: FBT001
    times: int,
) -> None:
    held, python = 50_000_000, 20_000_000
    script = WATCHES.format(holds=HOLDS.format(held=held, more=more), folder=str(tmp_path))
    # a process of its own, since a browser of other tests may be a child of this one
    run = clock.timed([sys.executable, "-c", script], folder=places.ROOT).checked("the watcher")
    assert times * held < int(run.output) < times * held + python


def test_a_contender_gets_nothing_of_a_surrounding_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NOX_CURRENT_SESSION", "bench")
    monkeypatch.setenv("VIRTUAL_ENV", "/somewhere")
    monkeypatch.setenv("PATH", "/a/shims:/b")
    given = clock.variables({"ADDED": "1"})
    assert not {"NOX_CURRENT_SESSION", "VIRTUAL_ENV"} & given.keys()
    assert (given["PATH"], given["ADDED"]) == ("/b", "1")


def test_without_room_nothing_starts_and_what_is_retired_goes_first(tmp_path: Path) -> None:
    place = scratch.Scratch(tmp_path / "bench", rest=0)
    first, second = place.fresh("a", 1), place.fresh("b", 1)
    place.retire(first)
    with pytest.raises(BenchError, match="make room"):
        place.room(10**18)
    assert not first.exists()
    assert second.exists()
    with pytest.raises(BenchError, match="remove it"):
        scratch.Scratch(tmp_path / "bench", rest=0)
    place.remove()
    assert list(tmp_path.iterdir()) == []


def test_what_is_linked_twice_is_held_once(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(100_000))
    before = scratch.held(tmp_path)
    (tmp_path / "b").hardlink_to(tmp_path / "a")
    assert scratch.held(tmp_path) == before >= 100_000


def test_the_machine_has_no_name() -> None:
    assert machine.describe().keys() == {"cpu", "cores", "memory", "kernel"}
