"""Start the asking process in isolation, wait for it with a deadline, tell how it ended."""

import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress

from probes.leftovers import mine, tidy
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
    # NumPy's threads would wait for work by spinning, on the core of another release.
    "OPENBLAS_NUM_THREADS": "1",
    # Memory that was used once is kept: weights come and go, and each new page costs a fault.
    "MALLOC_MMAP_THRESHOLD_": "1000000000",
    "MALLOC_TRIM_THRESHOLD_": "1000000000",
}
# What the processor needs to compute right, not what to compute.
_PASSED_ON = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
# -I keeps the user's site and PYTHON* out, and -B spares compiled files in an environment
# that goes at once. Our folder goes last on the path, so that it never shadows a package
# under test. A large import makes no garbage: looking for it takes a tenth of the time.
_START = (
    "import gc, sys; gc.disable(); sys.path.append(sys.argv[1]); del sys.argv[1]; "
    "from probes.observe import main; main(int(sys.argv[1]), set(sys.argv[2:]))"
)
_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_HOME = "tensorflow-probe."  # how the names of the children's homes begin
_TAIL = 8
_ROOM = 65536  # bytes, to write and to read; more than one answer takes


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
    tidy(os.path.join(tempfile.gettempdir(), _HOME))
    home = tempfile.mkdtemp(prefix=mine(_HOME))
    try:
        with open(os.path.join(home, "output"), "w+b") as output, _lifeline() as tied:
            told, tell = os.pipe()
            process = subprocess.Popen(
                [sys.executable, "-I", "-B", "-c", _START, _ROOT, str(tell), *skipped],
                cwd=home,
                env=_environment(home),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                pass_fds=(tell, tied),
                preexec_fn=lambda: _tie(tied),  # noqa: PLW1509 - there are no threads here
            )
            os.close(tell)
            try:
                progress, ending = _listen(process, told, deadline)
            finally:
                _kill_group(process)
                os.close(told)
            output.seek(0)
            printed = output.read().decode("utf-8", "replace")
        _prove_room(home)
        return Child(_lines(progress), _failure(ending, printed, home))
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _lifeline():
    """Yield the end of a pipe that ends a new session when this process is no more.

    The child holds it (see ``_tie``). When the last holder of the other end closes that,
    even by SIGKILL, the kernel sends SIGIO to the child's group, which ends it (on Linux).
    """
    reader, writer = os.pipe()
    try:
        yield reader
    finally:
        os.close(reader)
        os.close(writer)


def _tie(reader):
    fcntl.fcntl(reader, fcntl.F_SETOWN, -os.getpid())
    fcntl.fcntl(reader, fcntl.F_SETFL, fcntl.FASYNC)


def _environment(home):
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return dict(_FIXED, HOME=home, KERAS_HOME=home, TMPDIR=home, **passed_on)


def _listen(process, told, deadline):
    """Return all that the child told, and how it ended, in words."""
    progress = b""
    while True:
        if not select.select([told], [], [], deadline)[0]:
            code = process.poll()  # it may have ended, and left somebody to hold the line
            if code is None:
                return progress, "deadline: nothing heard for %g s" % deadline
            return progress, _ending(code)
        heard = os.read(told, _ROOM)
        if not heard:
            return progress, _ending(process.wait())
        progress += heard


def _ending(code):
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
    """Return the complete lines of what was told; a torn last line is dropped."""
    return [json.loads(line) for line in progress.decode().split("\n")[:-1]]


def _failure(ending, printed, home):
    last = [line for line in printed.splitlines() if line.strip()][-_TAIL:]
    return "\n".join([ending] + [clean(line, home, _ROOT) for line in last])
