"""Measure ours: nox in a fresh clone of the checkout, with empty caches, as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks import floor
from benchmarks.clock import timed
from benchmarks.errors import BenchError
from benchmarks.scratch import Watch, held

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.clock import Run
    from report.evidence import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """The cost of a run from nothing.

    ``seconds`` is elapsed time, ``cpu`` processor time, ``each`` the seconds of each release's
    session. ``peak`` and ``end`` are the additional bytes used in the file system, at most and at
    the end; ``left`` is the size of .nox in bytes.
    """

    seconds: float
    cpu: float
    each: dict[str, float]
    peak: int
    end: int
    left: int


def clone(folder: Path) -> Path:
    """Clone the last commit of this checkout into a folder; return the clone's path."""
    target = folder / "checkout"
    command = ["git", "clone", "--quiet", str(floor.ROOT), str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchError(f"the checkout can't be cloned: {done.stderr.strip()}")
    return target


def nox(checkout: Path, *arguments: str) -> Run:
    """Run nox in a clone, with a separate uv cache."""
    changes = {"UV_CACHE_DIR": str(checkout.parent / "cache")}
    command = [sys.executable, "-m", "nox", *arguments]
    return timed(command, folder=checkout, changes=changes).checked(f"nox {' '.join(arguments)}")


def matrix(checkout: Path, rows: Sequence[Entry], *more: str) -> Run:
    """Run the probes of the releases that are not up to date, and the report."""
    wanted = [f"probe({row.version})" for row in rows]
    everything = len(rows) == len(floor.releases())
    chosen = ["-t", "all"] if everything else ["-s", *wanted, "report"]
    return nox(checkout, *chosen, *more)


def whole(checkout: Path, rows: Sequence[Entry]) -> Whole:
    """Run the probes of releases from nothing, and the report; return the cost."""
    log = checkout.parent / "report.json"
    with Watch(checkout) as disk:
        run = matrix(checkout, rows, "-j", str(floor.AT_ONCE), "--report", str(log))
    sessions = json.loads(log.read_text("utf-8"))["sessions"]
    each = {session["signatures"][0]: session["duration"] or 0.0 for session in sessions}
    missing = [row.version for row in rows if not each.get(f"probe({row.version})")]
    if missing or not _ledger(checkout, rows):
        raise BenchError(f"nox did not measure every release: {', '.join(missing) or 'see .nox'}")
    return Whole(
        seconds=run.seconds,
        cpu=run.cpu,
        each={row.version: each[f"probe({row.version})"] for row in rows},
        peak=disk.peak,
        end=disk.end,
        left=held(checkout / ".nox"),
    )


def changed(checkout: Path, rows: Sequence[Entry], one: Entry) -> float:
    """Return the seconds of a run in which one release has to be measured again."""
    for entry in _ledger(checkout, [one]):
        entry.unlink()
    seconds = matrix(checkout, rows).seconds
    if not _ledger(checkout, [one]):
        raise BenchError(f"{one.version} was not measured again")
    return seconds


def _ledger(checkout: Path, rows: Sequence[Entry]) -> list[Path]:
    """Return the paths of the releases' ledger entries; empty unless each has one."""
    found = [
        entry
        for row in rows
        for entry in (checkout / ".nox" / "measured").glob(f"*/{row.version}.txt")
    ]
    return found if len(found) == len(rows) else []
