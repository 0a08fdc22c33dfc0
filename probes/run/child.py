"""Start the child process in isolation, listen to it, and report how it ended."""

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

from probes.run import crash, machine, shortage
from probes.run.files import own_prefix, remove_abandoned
from probes.run.messages import NOT_SENT, Receiver
from probes.run.watch import Watch

# The environment of a child is this list and nothing of the user's: no KERAS_BACKEND,
# TF_USE_LEGACY_KERAS, PYTHONPATH, GPU or secret reaches it.
_VARIABLES = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "PATH": os.defpath,
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
}
# What the processor needs to compute right, not what to compute.
_PASSED_ON = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
# -I keeps the user's site and PYTHON* out. -B writes no compiled files: the environment stays
# as it was installed, and this checkout as it is. With -S it is we who call `site`, without the
# sitecustomize that a system or its user has beside the standard library. Of this checkout our
# package alone can be imported: whatever else lies there is none of the release's.
_OPTIONS = ("-I", "-B", "-S")
_START = """
import site, sys
site.execsitecustomize = lambda: None
site.main()
from importlib.util import module_from_spec, spec_from_file_location
root, *given = sys.argv[1:]
del sys.argv[1:]
spec = spec_from_file_location("probes", root + "/probes/__init__.py")
sys.modules["probes"] = module_from_spec(spec)
spec.loader.exec_module(sys.modules["probes"])
from probes.child_main import main
main(*given)
"""
_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_HOME = "tensorflow-probe."  # how the names of the children's homes begin
_ROOM = 65536  # bytes, to write and to read
# By these a program ends itself. Any other signal came from outside, as SIGKILL does where
# the system has run out of memory, or from a processor that lacks an instruction, as SIGILL
# does, and is no evidence of the release.
_OWN_SIGNALS = ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE")
# Messages that nothing follows.
_FINAL = {"end", "import_error", "mistake", "lacking", "differences"}


class Fault(Exception):  # noqa: N818 - of this run
    """What befell this run and is no evidence of the release, in words."""


class Child:
    """What one child process left, and where and why it ended early.

    ``unanswered`` is the name that it was asked for last, where no answer came. ``failure`` is
    how the process ended before all was answered, or None, and ``evidence`` whether that can be
    the release's doing.
    """

    def __init__(self, messages, failure, evidence):
        content = {}
        for message in messages:
            content.update(message)
        self.answers = [message["symbol"] for message in messages if "symbol" in message]
        self.network = content.get("tutorial")
        self.version, self.packages = content.get("version"), content.get("packages")
        self.import_error = content.get("import_error")
        self.mistake, self.lacking = content.get("mistake"), content.get("lacking")
        self.differences = content.get("differences")
        asked = [one for one in messages if not {"mistake", "lacking"}.intersection(one)]
        self.unanswered = asked[-1].get("begin") if asked else None
        complete = messages and _FINAL.intersection(messages[-1])
        self.failure = None if complete else failure
        self.evidence = evidence


def run_child(lock, python, skipped, deadline):
    """Ask for all symbols but ``skipped``, in the environment of a lock and a Python version.

    ``deadline`` is in seconds without processor time.
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
        _prove_room(home)
        evidence = evidence and not shortage.is_named_in(printed)
        return Child(receiver.messages, crash.reason(ending, printed, home, _ROOT), evidence)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _last_output(output):
    output.seek(max(0, output.seek(0, os.SEEK_END) - _ROOM))
    return output.read().decode("utf-8", "replace")


@contextmanager
def _lifeline():
    """Yield the end of a pipe that ends a new session when this process is no more.

    The child holds it (see ``_prepare``). When the last holder of the other end closes that,
    even by SIGKILL, the kernel sends SIGIO to the child's group, which ends it (on Linux).
    """
    reader, writer = os.pipe()
    try:
        yield reader
    finally:
        os.close(reader)
        os.close(writer)


def _prepare(lifeline):
    """Tie the child to this process; give it no core to dump, and the usual stack."""
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, -os.getpid())
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.FASYNC)
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    most = resource.getrlimit(resource.RLIMIT_STACK)[1]
    resource.setrlimit(resource.RLIMIT_STACK, (machine.STACK, most))


def _environment(home):
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return dict(_VARIABLES, HOME=home, KERAS_HOME=home, TMPDIR=home, **passed_on)


def _listen(process, reader, receiver, deadline):
    """Feed the receiver until the process ends; return how, in words, and if it is evidence."""
    watch, parent, pipes = Watch(process.pid, deadline), os.getppid(), [reader]
    while True:
        code = process.poll()  # before the look at the pipe, which then holds all it sent
        if select.select(pipes, [], [], 0 if code is not None else watch.period)[0]:
            answers = len(receiver.messages)
            data = os.read(reader, _ROOM)
            receiver.feed(data)
            if len(receiver.messages) > answers:
                watch.note_answer()
            if not data:
                pipes = []  # closed by all who held it, of whom some may still run
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
    """Tell whether nobody is left to read what this process prints, as when a nox was killed.

    Where nox runs sessions at once, the one that started this process outlives it.
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
