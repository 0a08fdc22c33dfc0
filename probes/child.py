"""Start the asking processes in isolation, wait with a deadline, tell how they ended."""

import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager, suppress

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
    # Threads take theirs from the same place, so that what one leaves another one finds.
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "1000000000",
    "MALLOC_TRIM_THRESHOLD_": "1000000000",
    "JEMALLOC_MALLOC_CONF": "lg_dirty_mult:-1",  # up to 1.12 TensorFlow's own allocator
}
# What the processor needs to compute right, not what to compute.
_PASSED_ON = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
# -I keeps the user's site and PYTHON* out, and -B spares compiled files in an environment
# that goes at once; ours stay. Our folder goes last on the path, so that it never shadows a
# package under test. A large import makes no garbage: looking for it takes a tenth of the time.
_START = (
    "import gc, sys; gc.disable(); sys.path.append(sys.argv[1]); del sys.argv[1]; "
    "import numpy; sys.dont_write_bytecode = False; from probes.asking import main; "
    "sys.dont_write_bytecode = True; "
    "main(*map(int, sys.argv[1:4]), skipped=set(sys.argv[4:]))"
)
_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_HOME = "tensorflow-probe."  # how the names of the children's homes begin
_TAIL = 8
_ROOM = 65536  # bytes, to write and to read; more than one answer takes


class Child:
    """What the two asking processes left: answers, and where and why one ended early.

    ``told`` holds the lines of each, ``failures`` how each would be said to have failed.
    ``current`` is a name that was begun and not done.
    """

    def __init__(self, told, failures):
        lines = [line for own in told for line in own]
        self.imported = next((line for line in lines if "tensorflow" in line), None)
        self.answers = [line["symbol"] for line in lines if "symbol" in line]
        self.tutorial = next((line for line in lines if "tutorial" in line), None)
        self.current = self.failure = None
        for own, failure in zip(told, failures):
            last = own[-1] if own else {}
            if self.failure is None and "end" not in last:
                self.current, self.failure = last.get("begin"), failure


def run_child(skipped, deadline):
    """Ask for all symbols but ``skipped``; ``deadline`` is in seconds without progress."""
    tidy(os.path.join(tempfile.gettempdir(), _HOME))
    home = tempfile.mkdtemp(prefix=mine(_HOME))
    try:
        with ExitStack() as stack:
            outputs = [stack.enter_context(_output(home, name)) for name in ("first", "second")]
            tied = stack.enter_context(_lifeline())
            told, tell = zip(os.pipe(), os.pipe())
            passed = (*tell, outputs[1].fileno())
            process = subprocess.Popen(
                [sys.executable, "-I", "-B", "-c", _START, _ROOT, *map(str, passed), *skipped],
                cwd=home,
                env=_environment(home),
                stdin=subprocess.DEVNULL,
                stdout=outputs[0],
                stderr=outputs[0],
                start_new_session=True,
                pass_fds=(*passed, tied),
                preexec_fn=lambda: _tie(tied),  # noqa: PLW1509 - there are no threads here
            )
            _close(tell)
            try:
                progress, ending = _listen(process, told, deadline)
            finally:
                _kill_group(process)
                _close(told)
            failures = [_failure(ending, _printed(output), home) for output in outputs]
        _prove_room(home)
        return Child([_lines(one) for one in progress], failures)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _output(home, name):
    return open(os.path.join(home, name), "w+b")


def _printed(output):
    output.seek(0)
    return output.read().decode("utf-8", "replace")


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
    """Return all that each pipe told, and how the process ended, in words."""
    progress = dict.fromkeys(told, b"")
    listening = set(told)
    while listening:
        ready = select.select(listening, [], [], deadline)[0]
        if not ready:
            code = process.poll()  # it may have ended, and left somebody to hold the line
            if code is None:
                return list(progress.values()), "deadline: nothing heard for %g s" % deadline
            return list(progress.values()), _ending(code)
        for pipe in ready:
            heard = os.read(pipe, _ROOM)
            progress[pipe] += heard
            if not heard:
                listening.remove(pipe)
    return list(progress.values()), _ending(process.wait())


def _ending(code):
    if code < 0:
        return "killed by %s" % signal.Signals(-code).name
    return "exit code %d" % code


def _kill_group(process):
    """End whatever the child started and left behind, and the child itself."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _close(pipes):
    for pipe in pipes:
        os.close(pipe)


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
