"""Tell what a release answers by raising from a mistake of ours, or of this machine.

Only calls into the release are made in a ``ReleaseCall``. What is raised anywhere else is no
answer of the release and is not caught: it ends the run.
"""

import os
import traceback

from probes.run import shortage
from probes.run.record import error_text


class ReleaseError(Exception):
    """What a release raised when it was called as its users call it; the text is the reason."""


class ReleaseCall:
    """A block of calls into the release: what it raises becomes a ReleaseError.

    It does not where code of ours raised that the release, or the block, called: a trace
    hook, for instance. Nor where this machine lacks memory, threads or libraries, whatever the
    release made of that. Where the stack is used up it is the release's doing, in whose call of
    ours it may end. An exit and an interruption pass.
    """

    def __enter__(self):
        return self

    def __exit__(self, _kind, error, trace):
        if error is None or isinstance(error, (ReleaseError, SystemExit, KeyboardInterrupt)):
            return
        deep = isinstance(error, RecursionError)
        if not shortage.cause(error) and (deep or not _is_ours(trace)):
            raise ReleaseError(error_text(error)) from error


def place(error):
    """Return the innermost line of ours that an exception came through, in words."""
    steps = traceback.walk_tb(error.__traceback__)
    frame, line = [step for step in steps if package(step[0]) == "probes"][-1]
    file = frame.f_globals["__name__"].replace(".", "/") + ".py"
    return "%s, line %d, in %s" % (file, line, frame.f_code.co_name)


def _is_ours(trace):
    """Tell whether code of ours, behind the block itself, raised or called NumPy, which did."""
    frames = [frame for frame, _ in traceback.walk_tb(trace)]
    last = max(i for i, frame in enumerate(frames) if i == 0 or _is_function_of_ours(frame))
    if last == 0:  # the block itself, where a call that does not fit a signature is raised
        return False
    if last == len(frames) - 1:
        return True
    called = frames[last + 1]
    is_installed = os.sep + "site-packages" + os.sep in called.f_code.co_filename
    return package(called) == "numpy" or not is_installed


def _is_function_of_ours(frame):
    """Tell a function from a comprehension, which is a frame of its own up to Python 3.11."""
    return package(frame) == "probes" and not frame.f_code.co_name.startswith("<")


def package(frame):
    """Return the top-level package whose code a frame runs."""
    return frame.f_globals.get("__name__", "").split(".")[0]
