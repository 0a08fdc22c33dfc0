"""Run a command and tell how long it took and how it ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.errors import BenchError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GRACE = 10.0  # seconds in which a command may put its own house in order
TAIL = 12
# What a surrounding nox, environment or user would change about the contenders.
DROPPED = {"VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONDONTWRITEBYTECODE"}

_running: set[subprocess.Popen[bytes]] = set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A command that has ended.

    ``cpu`` are the seconds of processor time of all its processes, which a busy machine
    changes less.
    """

    seconds: float
    cpu: float
    code: int
    said: str

    def wanted(self, what: str) -> Run:
        """Return the run if it went well, else raise BenchError with its last words."""
        if self.code:
            last = "\n".join(self.said.splitlines()[-TAIL:])
            raise BenchError(f"{what} ended with exit code {self.code}; run it alone:\n{last}")
        return self


def search_path() -> str:
    """Return PATH without this environment, whose Python would pass for an interpreter.

    pyenv's shims go as well: they answer to versions that they do not have.
    """
    ours = str(Path(sys.prefix) / "bin")
    folders = os.environ["PATH"].split(os.pathsep)
    return os.pathsep.join(
        folder for folder in folders if folder != ours and not folder.rstrip("/").endswith("shims")
    )


def variables(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a contender: the user's, but for what would favour one."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in DROPPED and not name.startswith("NOX")
    }
    return kept | {"PATH": search_path()} | dict(changes or {})


def timed(
    command: Sequence[str | Path], *, folder: Path, changes: Mapping[str, str] | None = None
) -> Run:
    """Run a command in a folder to its end."""
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            list(map(str, command)),
            cwd=folder,
            env=variables(changes),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        _running.add(process)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        _running.discard(process)
        output.seek(0)
        said = output.read().decode("utf-8", "replace")
    # The kernel's figure is that of the command and of the children that were waited for.
    return Run(
        seconds=seconds,
        cpu=usage.ru_utime + usage.ru_stime,
        code=process.returncode,
        said=said,
    )


def stop() -> None:
    """End what is still running, each by its own group: kindly, then surely."""
    for process in list(_running):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
        end = time.monotonic() + GRACE
        while time.monotonic() < end and not _over(process.pid):
            time.sleep(0.1)
        if process in _running:  # not collected by the thread that waits for it
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _over(pid: int) -> bool:
    """Whether a child has ended; its status is left for whoever waits for it."""
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True
