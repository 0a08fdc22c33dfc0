"""Time the short commands: the report of 40 and of 400 releases, `nox -l`, `nox -s explain`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from benchmarks import ours
from benchmarks.clock import timed
from benchmarks.many import many

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TIMES = 10  # copies of every release
SYMBOL = "tf.layers.dense"


def reports(folder: Path, runs: int) -> dict[str, Any]:
    """Return the seconds of `python -m report site` for few and for many releases.

    ``failed`` is the last line of output if the report of many releases failed. The two alternate;
    the first run of each is only a warm-up.
    """
    roots = {"few": many(folder / "few", 1), "many": many(folder / "many", TIMES)}
    found: dict[str, Any] = {"few": [], "many": [], "copies": TIMES, "failed": None}
    for turn in range(runs + 1):
        for name, root in roots.items():
            run = timed([sys.executable, "-m", "report", "site"], folder=root)
            if name == "few":
                run.checked("python -m report")
            elif run.code:
                found["failed"] = run.output.strip().splitlines()[-1]
                continue
            if turn:
                found[name].append(run.seconds)
    return found


def nox(checkout: Path, runs: int) -> dict[str, list[float]]:
    """Return the seconds of `nox -l` and of `nox -s explain`."""
    commands: dict[str, Callable[[], float]] = {
        "list": lambda: ours.nox(checkout, "-l").seconds,
        "explain": lambda: ours.nox(checkout, "-s", "explain", "--", SYMBOL).seconds,
    }
    for command in commands.values():
        command()  # the first run creates the session's virtual environment
    return {name: [command() for _ in range(runs)] for name, command in commands.items()}
