"""Start the child process in isolation, read its messages, and report how it ended."""

import fcntl
import os
import resource
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress

from probes.run import machine
from probes.run.failure import crash_reason, reports_shortage
from probes.run.files import own_prefix, remove_abandoned
from probes.run.messages import NOT_SENT, Receiver
from probes.run.watch import Watch

# A child gets these variables and none of the user's: no KERAS_BACKEND, TF_USE_LEGACY_KERAS,
# PYTHONPATH, GPU or secret.
_VARIABLES = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "PATH": os.defpath,
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
}
# These choose how the processor computes, not what.
_PASSED_ON = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
# -I keeps the user's site and PYTHON* out. -B writes no compiled files into the environment or
# this checkout. With -S, `_START` calls `site`, without the sitecustomize of a system or its user.
# Only the package `probes` of this checkout can be imported.
_OPTIONS = ("-I", "-B", "-S")
_START = """
import site, sys
site.execsitecustomize = lambda: None
site.main()
root, *given = sys.argv[1:]
del sys.argv[1:]
sys.path.insert(0, root)
import probes
del sys.path[0]
from probes.child_main import main
main(*given)
"""
_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_HOME = "tensorflow-probe."  # prefix of the children's home folders
_ROOM = 65536  # bytes, to write and to read
# By these a program ends itself. Any other signal comes from outside, as SIGKILL where memory has
# run out, or from a processor without an instruction, as SIGILL, and is not evidence.
_OWN_SIGNALS = ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE")
# Messages that nothing follows.
_FINAL = {"end", "import_error", "mistake", "lacking", "differences"}


class Fault(Exception):  # noqa: N818 - of this run
    """A failure of this run that is not evidence about the release."""


class Child:
    """The messages of one child process, and where and why it ended early.

    ``answers`` are by name; ``unanswered`` is the last name asked for, if no answer came.
    ``failure`` is how the process ended before all was answered, or None. ``evidence`` tells
    whether the release may have caused that.
    """

    def __init__(self, messages, failure, evidence):
        content, self.answers, self.unanswered = {}, {}, None
        for message in messages:
            content.update(message)
            if "begin" in message:
                self.unanswered = message["begin"]
            elif "answer" in message:
                self.answers[self.unanswered], self.unanswered = message["answer"], None
        self.version, self.packages = content.get("version"), content.get("packages")
        self.import_error = content.get("import_error")
        self.mistake, self.lacking = content.get("mistake"), content.get("lacking")
        self.differences = content.get("differences")
        complete = messages and _FINAL.intersection(messages[-1])
        self.failure = None if complete else failure
        self.evidence = evidence


def run_child(lock, python, skipped, deadline):
    """Ask for all symbols but ``skipped``; ``deadline`` is in seconds without processor time.

    The environment must be the one of a ``lock`` and a ``python`` version.
    """
    remove_abandoned(os.path.join(tempfile.gettempdir(), _HOME))
    home = tempfile.mkdtemp(prefix=own_prefix(_HOME))
    try:
        with open(os.path.join(home, "output"), "w+b") as output, _lifeline() as lifeline:
            reader, writer = os.pipe()
            receiver = Receiver(os.urandom(16).hex())
            given = (str(writer), receiver.secret, os.path.abspath(lock), python, *skipped)
            process = subprocess.Popen(
                [sys.executable, *_OPTIONS, "-c", _START, _ROOT, *given],
                cwd=home,
                env=_environment(home),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                pass_fds=(writer, lifeline),
                preexec_fn=lambda: _prepare(lifeline),  # noqa: PLW1509 - there are no threads here
            )
            os.close(writer)
            try:
                ending, evidence = _listen(process, reader, receiver, deadline)
            finally:
                _kill_group(process)
                os.close(reader)
            printed = _last_output(output)
        _check_room(home)
        evidence = evidence and not reports_shortage(printed)
        return Child(receiver.messages, crash_reason(ending, printed, home, _ROOT), evidence)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _last_output(output):
    output.seek(max(0, output.seek(0, os.SEEK_END) - _ROOM))
    return output.read().decode("utf-8", "replace")


@contextmanager
def _lifeline():
    """Yield one end of a pipe that ends the child's session when this process ends.

    The child holds it (see ``_prepare``). When the other end is closed, even by SIGKILL of its
    last holder, the kernel sends SIGIO to the child's group, which ends it (on Linux).
    """
    reader, writer = os.pipe()
    try:
        yield reader
    finally:
        os.close(reader)
        os.close(writer)


def _prepare(lifeline):
    """Tie the child to this process; forbid core dumps, and set the usual stack."""
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, -os.getpid())
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.FASYNC)
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    most = resource.getrlimit(resource.RLIMIT_STACK)[1]
    resource.setrlimit(resource.RLIMIT_STACK, (machine.STACK, most))


def _environment(home):
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return dict(_VARIABLES, HOME=home, KERAS_HOME=home, TMPDIR=home, **passed_on)


def _listen(process, reader, receiver, deadline):
    """Feed the receiver until the process ends; return how it ended, and if that is evidence."""
    watch, parent, pipes = Watch(process.pid, deadline), os.getppid(), [reader]
    while True:
        code = process.poll()  # before the pipe is read, which then holds all it sent
        if select.select(pipes, [], [], 0 if code is not None else watch.period)[0]:
            answers = len(receiver.messages)
            data = os.read(reader, _ROOM)
            receiver.feed(data)
            if len(receiver.messages) > answers:
                watch.note_answer()
            if not data:
                pipes = []  # closed by all its holders, some of which may still run
        elif code is not None:
            return _ending(code)
        if os.getppid() != parent or _is_output_closed():
            raise Fault("the process that started this one has ended")
        verdict = watch.verdict()
        if verdict == "hangs":
            return "deadline: no processor time for %g s" % deadline, True
        if verdict == "computes":
            return "more than %g processor seconds without an answer" % watch.limit, False


def _is_output_closed():
    """Tell whether the reader of this process's output is gone, as when nox was killed.

    If nox runs sessions in parallel, the parent of this process outlives nox.
    """
    output = select.poll()
    output.register(1, 0)
    return any(event & select.POLLERR for _, event in output.poll(0))


def _ending(code):
    if code == NOT_SENT:
        return "the probe itself failed, and nothing could be sent", False
    if code >= 0:
        return "exit code %d" % code, True
    name = next((one.name for one in signal.Signals if one == -code), "signal %d" % -code)
    return "killed by %s" % name, name in _OWN_SIGNALS


def _kill_group(process):
    """Kill the child and the processes that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _check_room(home):
    """Raise OSError if the disk is full: what a child did on it is not evidence."""
    try:
        with open(os.path.join(home, "room"), "wb") as room:
            room.write(bytes(_ROOM))
    except OSError as error:
        raise OSError(error.errno, error.strerror, os.path.dirname(home)) from error
