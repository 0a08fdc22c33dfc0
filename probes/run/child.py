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

# The environment variables of a child. The user's are not passed on: no KERAS_BACKEND,
# TF_USE_LEGACY_KERAS, PYTHONPATH, GPU or secret.
_VARIABLES = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "PATH": os.defpath,
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
}
# Exceptions: these adapt OpenBLAS to the processor.
_PASSED_ON = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
# -I ignores PYTHON* and the user's site-packages. -B writes no .pyc files into the environment or
# this checkout. -S lets `_START` run `site` without sitecustomize. Of this checkout, only the
# package `probes` can be imported.
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
_ROOM = 65536  # bytes per read or write
# Signals that a program causes itself. Others are not evidence: they come from outside, such as
# SIGKILL when memory runs out, or from a missing processor instruction (SIGILL).
_OWN_SIGNALS = ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE")
# Keys of the messages that can be a child's last.
_FINAL = {"end", "import_error", "mistake", "lacking", "differences"}


class Fault(Exception):  # noqa: N818 - of this run
    """A failure of this run that is not evidence about the release."""


class Child:
    """The messages of one child process, and where and why it ended early.

    ``answers`` is {name: answer}; ``unanswered`` is the name whose answer did not arrive, or None.
    ``failure`` says how the process ended if it ended early, else None. ``evidence`` is whether
    the release may have caused that.
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
    """Observe all symbols except ``skipped`` in a child process; return its Child.

    ``deadline`` is in seconds without processor time. The child compares its environment with the
    lock file and the Python version.
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
    """Yield the read end of a pipe that kills the child when this process ends.

    The child inherits it (see ``_prepare``). When the write end is closed, even by SIGKILL of this
    process, Linux sends SIGIO to the child's process group, which terminates it.
    """
    reader, writer = os.pipe()
    try:
        yield reader
    finally:
        os.close(reader)
        os.close(writer)


def _prepare(lifeline):
    """Arm the lifeline in the child, disable core dumps, and set the usual stack size."""
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, -os.getpid())
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.FASYNC)
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    most = resource.getrlimit(resource.RLIMIT_STACK)[1]
    resource.setrlimit(resource.RLIMIT_STACK, (machine.STACK, most))


def _environment(home):
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return dict(_VARIABLES, HOME=home, KERAS_HOME=home, TMPDIR=home, **passed_on)


def _listen(process, reader, receiver, deadline):
    """Feed the receiver until the child ends; return how it ended and whether that is evidence."""
    watch, parent, pipes = Watch(process.pid, deadline), os.getppid(), [reader]
    while True:
        code = process.poll()  # before reading: if it ended, the pipe holds all it sent
        if select.select(pipes, [], [], 0 if code is not None else watch.period)[0]:
            answers = len(receiver.messages)
            data = os.read(reader, _ROOM)
            receiver.feed(data)
            if len(receiver.messages) > answers:
                watch.note_answer()
            if not data:
                pipes = []  # all writers closed it; the child may still run
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
    """Return whether the reader of stdout is gone, for example because nox was killed.

    If nox runs sessions in parallel, the parent of this process outlives it.
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
    """Raise OSError if the disk is full: a child's failure is then not evidence."""
    try:
        with open(os.path.join(home, "room"), "wb") as room:
            room.write(bytes(_ROOM))
    except OSError as error:
        raise OSError(error.errno, error.strerror, os.path.dirname(home)) from error
