"""How a command of the report prints, and how it ends: with one sentence and an exit code."""

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
    """A signal stopped the command; no handler of errors may take it for one."""

    def __init__(self, number: int) -> None:
        """Keep which signal it was."""
        super().__init__(number)
        self.number = number


def run(command: Callable[[], int], interrupted: str) -> int:
    """Return the exit code of a command; an error or a signal that ends it prints one sentence.

    ``interrupted`` says what is left behind where a signal ends it.
    """
    _prepare_streams()
    before = {number: signal.getsignal(number) for number in STOPS}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:  # as `nohup` asks
            signal.signal(number, _stop)
    try:
        code = _code(command)
        with _printing():
            if sys.stdout is not None:
                sys.stdout.flush()
    except _Stopped as stop:
        complain(f"interrupted by {signal.Signals(stop.number).name}: {interrupted}")
        return 128 + stop.number  # as a shell does
    except ReportError as error:
        complain(str(error))
        return error.exit_code
    else:
        return code
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _code(command: Callable[[], int]) -> int:
    """Return the exit code of a command, whose options may already have ended it."""
    try:
        return command()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0


def say(text: str) -> None:
    """Print a line; raises OutputError where nobody can read it.

    A reader that has seen enough, as `head` has, is no error: what follows is dropped.
    """
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
    """End the command once: while it cleans up, further signals are ignored."""
    for each in STOPS:
        signal.signal(each, signal.SIG_IGN)
    raise _Stopped(number)


@contextmanager
def _printing() -> Iterator[None]:
    """Drop what no reader waits for any more; raise OutputError for what is lost otherwise."""
    try:
        yield
    except OSError as error:
        _drop(STANDARD_OUTPUT)
        if not isinstance(error, BrokenPipeError):
            sentence = f"standard output: {error.strerror}; what was to be printed is lost"
            raise OutputError(sentence) from error


def _drop(stream: int) -> None:
    """Let a stream that can't be written end nowhere, with what it still holds."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream)
    os.close(nowhere)


def _prepare_streams() -> None:
    """Keep the numbers of closed streams from the next files, and every letter printable."""
    while (nowhere := os.open(os.devnull, os.O_RDWR)) <= STANDARD_ERROR:
        os.set_inheritable(nowhere, True)  # noqa: FBT003 - its only argument
    os.close(nowhere)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
