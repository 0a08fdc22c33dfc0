"""Run a command: its output streams, signals, error messages and exit code."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from report.errors import OutputError, ReportError
from report.text import for_terminal

STANDARD_OUTPUT, STANDARD_ERROR = 1, 2
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Stopped(BaseException):
    """A signal stopped the command; a BaseException, so that no ``except Exception`` catches it."""

    def __init__(self, number: int) -> None:
        """Keep the number of the signal."""
        super().__init__(number)
        self.number = number


def run(command: Callable[[], int], interrupted: str) -> int:
    """Run a command and return its exit code; print one sentence if an error or signal ends it.

    ``interrupted`` is the sentence for a signal: what state the command leaves behind.
    """
    _prepare_streams()
    before = {number: signal.getsignal(number) for number in STOPS}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:  # `nohup` ignores SIGHUP
            signal.signal(number, _stop)
    try:
        code = _code(command)
        with _printing():
            if sys.stdout is not None:
                sys.stdout.flush()
    except _Stopped as stop:
        complain(f"interrupted by {signal.Signals(stop.number).name}: {interrupted}")
        return 128 + stop.number  # the shell's convention
    except ReportError as error:
        complain(str(error))
        return error.exit_code
    else:
        return code
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _code(command: Callable[[], int]) -> int:
    """Run a command and return its exit code, also if argparse raised SystemExit."""
    try:
        return command()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0


def say(text: str) -> None:
    """Print a line. A closed pipe (as of ``head``) is no error; other failures are OutputError."""
    if sys.stdout is None:
        raise OutputError("standard output is closed; what was to be printed is lost")
    with _printing():
        print(for_terminal(text))


def complain(text: str) -> None:
    """Print a line on standard error, if there is one."""
    try:
        print(for_terminal(text), file=sys.stderr, flush=True)
    except OSError:
        _drop(STANDARD_ERROR)


def _stop(number: int, _: FrameType | None) -> None:
    """Handle a signal: end the command, and ignore further signals while it cleans up."""
    for each in STOPS:
        signal.signal(each, signal.SIG_IGN)
    raise _Stopped(number)


@contextmanager
def _printing() -> Iterator[None]:
    """Discard output to a closed pipe; raise OutputError if writing fails otherwise."""
    try:
        yield
    except OSError as error:
        _drop(STANDARD_OUTPUT)
        if not isinstance(error, BrokenPipeError):
            sentence = f"standard output: {error.strerror}; what was to be printed is lost"
            raise OutputError(sentence) from error


def _drop(stream: int) -> None:
    """Redirect a broken stream to the null device, so that flushing its buffer can't fail."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream)
    os.close(nowhere)


def _prepare_streams() -> None:
    """Open closed standard streams on the null device, and escape what can't be encoded.

    Otherwise the next file opened would get the descriptor of standard output or error.
    """
    while (nowhere := os.open(os.devnull, os.O_RDWR)) <= STANDARD_ERROR:
        os.set_inheritable(nowhere, True)  # noqa: FBT003 - its only argument
    os.close(nowhere)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
