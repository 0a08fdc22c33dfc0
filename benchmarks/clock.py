"""Run a command, and measure its elapsed time and processor time."""

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

GRACE = 10.0  # seconds that a command has to clean up
TAIL = 12  # lines of output in an error message
# Environment variables of a surrounding nox or virtual environment that would affect a command.
DROPPED = {"VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONDONTWRITEBYTECODE"}

_running: set[subprocess.Popen[bytes]] = set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The result of a command.

    ``cpu`` is the processor time in seconds, of the command and its descendants: it varies less
    on a busy machine than elapsed time.
    """

    seconds: float
    cpu: float
    code: int
    output: str

    def checked(self, what: str) -> Run:
        """Return the run if it succeeded; raise BenchError with its last lines of output if not."""
        if self.code:
            last = "\n".join(self.output.splitlines()[-TAIL:])
            raise BenchError(f"{what} ended with exit code {self.code}; run it alone:\n{last}")
        return self


def search_path() -> str:
    """Return PATH without this virtual environment, whose Python must not be used for a release.

    pyenv's shims are removed too, as they exist for versions that are not installed.
    """
    ours = str(Path(sys.prefix) / "bin")
    folders = os.environ["PATH"].split(os.pathsep)
    return os.pathsep.join(
        folder for folder in folders if folder != ours and not folder.rstrip("/").endswith("shims")
    )


def variables(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return a command's environment: the user's without ``DROPPED``, plus ``changes``."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in DROPPED and not name.startswith("NOX")
    }
    return kept | {"PATH": search_path()} | dict(changes or {})


def timed(
    command: Sequence[str | Path], *, folder: Path, changes: Mapping[str, str] | None = None
) -> Run:
    """Run a command in a folder and wait until it ends."""
    with tempfile.TemporaryFile() as file:
        start = time.perf_counter()
        process = subprocess.Popen(
            list(map(str, command)),
            cwd=folder,
            env=variables(changes),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
        _running.add(process)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        _running.discard(process)
        file.seek(0)
        output = file.read().decode("utf-8", "replace")
    # The kernel counts the command and those of its descendants that were waited for.
    return Run(
        seconds=seconds,
        cpu=usage.ru_utime + usage.ru_stime,
        code=process.returncode,
        output=output,
    )


def stop() -> None:
    """End the commands that are still running: interrupt each process group, then kill it."""
    for process in list(_running):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
        end = time.monotonic() + GRACE
        while time.monotonic() < end and not _over(process.pid):
            time.sleep(0.1)
        if process in _running:  # timed() has not collected it yet
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _over(pid: int) -> bool:
    """Return whether a child process has ended; its status stays available to ``os.wait4``."""
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True
