"""Work that a copy of this process does meanwhile, whose errors are this one's."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import traceback
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from report.errors import SiteError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")


@contextmanager
def aside(work: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """Start work in a copy of this process; what is given waits for its result.

    An error that the copy meets is raised here, by who waits. The copy is gone at the end
    of the context, whether its work was done or not.
    """
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        # Threads of other libraries are not copied, and what they lock is not used here.
        warnings.simplefilter("ignore", DeprecationWarning)
        copy = os.fork()
    if copy == 0:
        _answer(work, writer)
    os.close(writer)
    try:
        with open(reader, "rb") as answer:  # noqa: PTH123 - a descriptor has no path
            yield lambda: _outcome(answer.read())
    finally:
        os.kill(copy, signal.SIGKILL)
        os.waitpid(copy, 0)


def _answer(work: Callable[[], object], writer: int) -> NoReturn:
    """Do the work, send its result or its error, and end without what an exit would do twice."""
    outcome: tuple[object, BaseException | None]
    try:
        outcome = (work(), None)
    except BaseException as error:  # noqa: BLE001 - raised again by who waits
        error.add_note(traceback.format_exc())
        outcome = (None, error)
    try:
        answer = pickle.dumps(outcome)
        with open(writer, "wb") as file:
            file.write(answer)
    except BrokenPipeError:
        pass  # nobody waits any more
    except Exception as unsent:  # noqa: BLE001 - an error that can't be sent is told at least
        traceback.print_exception(outcome[1] or unsent)
        sys.stderr.flush()
    os._exit(0)


def _outcome(answer: bytes) -> Any:  # noqa: ANN401 - whatever the work returns
    """Return or raise what a copy has answered."""
    if not answer:
        raise SiteError("a process that wrote pages ended early; is there too little memory?")
    result, error = pickle.loads(answer)  # noqa: S301 - our own process wrote it
    if error is not None:
        raise error
    return result
