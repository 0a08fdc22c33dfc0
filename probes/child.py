"""Start the asking process in isolation, wait for it with a deadline, tell how it ended."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress

from probes.record import clean

# The environment of a child is this list and nothing of the user's: no KERAS_BACKEND,
# TF_USE_LEGACY_KERAS, PYTHONPATH, GPU or secret reaches it.
_FIXED = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "PATH": os.defpath,
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
}
# What the processor needs to compute right, not what to compute.
_PASSED_ON = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
# -I keeps the user's site and PYTHON* out; our folder goes last on the path, so that
# it never shadows a package under test.
_START = (
    "import sys; sys.path.append(sys.argv[1]); del sys.argv[1]; "
    "from probes.observe import main; main(sys.argv[1], set(sys.argv[2:]))"
)
_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_TAIL = 8
_ROOM = 65536  # bytes; more than one answer takes


class Child:
    """What one child left: its answers, where it stood, and why it ended early."""

    def __init__(self, lines, failure):
        self.imported = next((line for line in lines if "tensorflow" in line), None)
        self.answers = [line["symbol"] for line in lines if "symbol" in line]
        self.tutorial = next((line for line in lines if "tutorial" in line), None)
        done = {answer["name"] for answer in self.answers}
        if self.tutorial:
            done.add(self.tutorial["name"])
        begun = [line["begin"] for line in lines if "begin" in line]
        self.current = begun[-1] if begun and begun[-1] not in done else None
        ended = any("end" in line for line in lines)
        self.failure = None if ended else failure


def run_child(skipped, deadline):
    """Ask for all symbols but ``skipped``; ``deadline`` is in seconds without progress."""
    home = tempfile.mkdtemp(prefix="probe-")
    try:
        progress = os.path.join(home, "progress")
        open(progress, "w").close()
        with open(os.path.join(home, "output"), "w+b") as output, _lifeline() as tied:
            process = subprocess.Popen(
                [sys.executable, "-I", "-c", _START, _ROOT, progress, *skipped],
                cwd=home,
                env=_environment(home),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                **tied,
            )
            try:
                ending = _wait(process, progress, deadline)
            finally:
                _kill_group(process)
            output.seek(0)
            printed = output.read().decode("utf-8", "replace")
        _prove_room(home)
        return Child(_lines(progress), _failure(ending, printed, home))
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _lifeline():
    """Yield options of Popen that end a new session when this process is no more.

    The child holds one end of a pipe. When the last holder of the other end closes it,
    even by SIGKILL, the kernel sends SIGIO to the child's group, which ends it (on Linux).
    """
    reader, writer = os.pipe()

    def tie():
        fcntl.fcntl(reader, fcntl.F_SETOWN, -os.getpid())
        fcntl.fcntl(reader, fcntl.F_SETFL, fcntl.FASYNC)

    try:
        yield {"pass_fds": (reader,), "preexec_fn": tie}
    finally:
        os.close(reader)
        os.close(writer)


def _environment(home):
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return dict(_FIXED, HOME=home, KERAS_HOME=home, TMPDIR=home, **passed_on)


def _wait(process, progress, deadline):
    """Return how the process ended, in words; kill it when it stops telling anything."""
    told = -1
    while True:
        try:
            code = process.wait(timeout=deadline)
        except subprocess.TimeoutExpired:
            size = os.path.getsize(progress)
            if size == told:
                return "deadline: nothing heard for %g s" % deadline
            told = size
        else:
            if code < 0:
                return "killed by %s" % signal.Signals(-code).name
            return "exit code %d" % code


def _kill_group(process):
    """End whatever the child started and left behind, and the child itself."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _prove_room(home):
    """Raise OSError where the disk is full: what a child did there is no evidence."""
    try:
        with open(os.path.join(home, "room"), "wb") as room:
            room.write(bytes(_ROOM))
    except OSError as error:
        raise OSError(error.errno, error.strerror, os.path.dirname(home)) from error


def _lines(progress):
    """Return the complete lines of a progress file; a torn last line is dropped."""
    with open(progress, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.endswith("\n")]


def _failure(ending, printed, home):
    last = [line for line in printed.splitlines() if line.strip()][-_TAIL:]
    return "\n".join([ending] + [clean(line, home, _ROOT) for line in last])
