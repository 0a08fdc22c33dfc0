"""Distinguish exceptions of the release from those of the probes or of this machine.

Only calls into the release go inside a ``ReleaseCall``. An exception raised anywhere else
is not caught and ends the run.
"""

import os
import traceback

from probes.run.failure import shortage
from probes.run.record import error_text


class ReleaseError(Exception):
    """An exception that the release raised when called as users call it; its text is the reason."""

    state = "failed"


class ReleaseCall:
    """Context manager that turns exceptions of the release into a ReleaseError.

    Exceptions of probe code that is called inside, such as a trace function, pass unchanged, and
    so do resource shortages of this machine, SystemExit and KeyboardInterrupt. A RecursionError
    is attributed to the release, even if its last frame is probe code.
    """

    def __enter__(self):
        return self

    def __exit__(self, _kind, error, trace):
        if error is None or isinstance(error, (ReleaseError, SystemExit, KeyboardInterrupt)):
            return
        deep = isinstance(error, RecursionError)
        if not shortage(error) and (deep or not _is_ours(trace)):
            raise ReleaseError(error_text(error)) from error


def place(error):
    """Return file, line and function of the innermost probe frame in a traceback, as text."""
    steps = traceback.walk_tb(error.__traceback__)
    frame, line = [step for step in steps if package(step[0]) == "probes"][-1]
    file = frame.f_globals["__name__"].replace(".", "/") + ".py"
    return "%s, line %d, in %s" % (file, line, frame.f_code.co_name)


def _is_ours(trace):
    """Return whether probe code called in the block raised the exception, itself or in NumPy."""
    frames = [frame for frame, _ in traceback.walk_tb(trace)]
    last = max(i for i, frame in enumerate(frames) if i == 0 or _is_function_of_ours(frame))
    if last == 0:  # the block itself: a call that doesn't match a signature raises in its caller
        return False
    if last == len(frames) - 1:
        return True
    called = frames[last + 1]
    is_installed = os.sep + "site-packages" + os.sep in called.f_code.co_filename
    return package(called) == "numpy" or not is_installed


def _is_function_of_ours(frame):
    """Return whether a frame runs a probe function, not a comprehension (up to Python 3.11)."""
    return package(frame) == "probes" and not frame.f_code.co_name.startswith("<")


def package(frame):
    """Return the top-level package whose code a frame runs."""
    return frame.f_globals.get("__name__", "").split(".")[0]
