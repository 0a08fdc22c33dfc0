"""Recognise what this machine lacks in what a release raised, or printed before it crashed.

A release that gets no memory, no thread or no library of the system reports that in many ways,
and none of them is evidence of the release.
"""

import errno
import re

_NUMBERS = {
    errno.EAGAIN, errno.EDQUOT, errno.EFBIG, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSPC,
}  # fmt: skip
_TYPES = ("MemoryError", "ResourceExhaustedError")  # the second is TensorFlow's own
_PATTERNS = (
    # threads, memory and room, as Python, C++ and C report them
    r"can't start new thread",
    r"pthread_create",
    r"Resource temporarily unavailable",
    r"std::bad_alloc",
    r"[Cc]annot allocate memory",
    r"No space left on device",
    r"File too large",
    r"Too many open files",
    # the loader of libraries: one that is missing or older, or a folder that nothing runs from
    r"cannot open shared object file",
    r"version `[^']*' not found",
    r"failed to map segment from shared object",
    r"cannot enable executable stack",
    r"cannot load any more object with static TLS",
)


def cause(error):
    """Return the first that reports a shortage, of an error and those it came from; or None."""
    found = None
    while error is not None:
        by_number = isinstance(error, OSError) and error.errno in _NUMBERS
        by_type = any(one.__name__ in _TYPES for one in type(error).__mro__)
        if by_number or by_type or is_named_in(_text(error)):
            found = error
        error = error.__cause__ or error.__context__
    return found


def is_named_in(text):
    """Tell whether what a process printed, or an error's text, reports a shortage."""
    return any(re.search(pattern, text) for pattern in _PATTERNS)


def _text(error):
    try:
        return str(error)
    except Exception:
        return ""  # it can't be had
