"""Compare one probe with a bare import of TensorFlow, in the same environment, both warm.

Peak memory is that of all processes of a probe together: its supervisor and the child process.
"""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING

from benchmarks import floor
from benchmarks.clock import timed
from benchmarks.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.clock import Run
    from report.evidence import Entry

TUTORIAL = "the tutorial network"
Figures = dict[str, dict[str, list[float]]]


@cache
def can_skip() -> bool:
    """Return whether this checkout's probes have the option ``--skip``."""
    command = [sys.executable, "-m", "probes", "--help"]
    done = subprocess.run(command, cwd=floor.ROOT, capture_output=True, text=True, check=True)
    return "--skip" in done.stdout


def measure(release: Entry, environments: Path, runs: int) -> Figures:
    """Measure an import, the symbols alone, and the symbols with the tutorial; return the figures.

    Each runs once for its peak memory, which warms up the others; then they are timed in turn.
    """
    python = floor.python(environments, release)
    folder = environments / f"at-{release.version}"
    packages = next((python.parent.parent / "lib").glob("python*/site-packages"))
    # Some packages have files for another Python that don't compile, so the exit code is ignored.
    timed([python, "-m", "compileall", "-q", "-j", "2", packages], folder=folder)
    commands = _commands(python, release, folder)
    found: Figures = {kind: {"seconds": [], "cpu": [], "peak": []} for kind in commands}
    for kind, command in commands.items():
        with Memory() as memory:
            _run(kind, command, folder, release)
        found[kind]["peak"].append(memory.peak)
    for _ in range(runs):
        for kind, command in commands.items():
            run = _run(kind, command, folder, release)
            found[kind]["seconds"].append(run.seconds)
            found[kind]["cpu"].append(run.cpu)
    return found


def _run(kind: str, command: Sequence[str | Path], folder: Path, release: Entry) -> Run:
    place = folder if kind == "import" else floor.ROOT
    return timed(command, folder=place).checked(f"{kind} of {release.version}")


def _commands(python: Path, release: Entry, folder: Path) -> dict[str, list[str | Path]]:
    probe: list[str | Path] = [
        *(python, "-m", "probes", "--version", release.version, "--out", folder / "seen.json"),
        *("--distribution", release.distribution, "--python", release.python),
        *("--lock", floor.LOCKS / f"{release.version}.txt"),
    ]
    commands: dict[str, list[str | Path]] = {"import": [python, *floor.IMPORT]}
    if can_skip():
        commands["symbols"] = [*probe, "--skip", TUTORIAL]
    return commands | {"tutorial": probe}
