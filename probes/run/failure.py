"""Classify failures: shortages of this machine, and the reason of a crash.

A release reports a lack of memory, threads or system libraries in many ways. None of them is
evidence about the release. The reason of a crash is the same in every run.
"""

import errno
import re

from probes.run.record import clean, error_text

_NUMBERS = {
    errno.EAGAIN, errno.EDQUOT, errno.EFBIG, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSPC,
}  # fmt: skip
_TYPES = {"MemoryError", "ResourceExhaustedError"}  # the latter is TensorFlow's
_SHORTAGE = (
    # threads, memory and disk space, as Python, C++ and C report them
    r"can't start new thread",
    r"pthread_create",
    r"Resource temporarily unavailable",
    r"std::bad_alloc",
    r"[Cc]annot allocate memory",
    r"No space left on device",
    r"File too large",
    r"Too many open files",
    # the dynamic loader: a missing or older library, or a folder mounted noexec
    r"cannot open shared object file",
    r"version `[^']*' not found",
    r"failed to map segment from shared object",
    r"cannot enable executable stack",
    r"cannot load any more object with static TLS",
)
# Lines that give the reason, as TensorFlow, C++, C and Python write them.
_REASON = (
    r"Check failed",
    r"^F\b|^\S+:\d+: F ",
    r"terminate called",
    r"^\s*what\(\):",
    r"LLVM ERROR",
    r"Fatal Python error",
    r"Assertion .* failed",
    r"error while loading shared libraries",
    r"\b(?:free|malloc|realloc|munmap_chunk|corrupted|double free)\b.*(?:\(\)|corruption|invalid)",
    r"stack smashing detected",
    *_SHORTAGE,
)
# Stack frames and their headings: Python's, glibc's, glog's and a debugger's.
_STACK = (
    r"^\s*File \"[^\"]*\", line \d+",
    r"^(?:Current t|T)hread 0x",
    r"^Extension modules:",
    r"^\s*(?:@|#\d+)\s+0x",
    r"^\*\*\* (?:Begin|End|Check failure|Received signal)",
    r"\[0x[0-9a-f]+\]\s*$",
    r"^\s+\S.*\+0x[0-9a-f]+",
)
# Time and process of a log line: 2020-07-18 21:29:32.310794: F tensorflow/…,
# and F0718 21:29:32.310794   12345 env.cc:73] or F0000 00:00:1721338172.310794   12345 env.cc:73].
_STAMP = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?: ")
_GLOG_STAMP = re.compile(r"^([IWEF])\d{4} \d\d:\d\d:[\d.]+\s+\d+ ")
_LINES = 8


def shortage(error):
    """Return the innermost exception in an error's chain that reports a shortage, or None."""
    found = None
    while error is not None:
        by_number = isinstance(error, OSError) and error.errno in _NUMBERS
        by_type = _TYPES.intersection(one.__name__ for one in type(error).__mro__)
        if by_number or by_type or reports_shortage(error_text(error)):
            found = error
        error = error.__cause__ or error.__context__
    return found


def reports_shortage(text):
    """Return whether an error's text, or the output of a process, reports a shortage."""
    return _matches(_SHORTAGE, text)


def crash_reason(ending, printed, *folders):
    """Return ``ending`` and the last printed lines that give the reason, as text.

    If no line does, the last lines that are not stack frames are used. The paths of ``folders``
    are removed.
    """
    lines = [_without_stamp(line) for line in printed.splitlines() if line.strip()]
    lines = [line for line in lines if not _matches(_STACK, line)]
    chosen = [line for line in dict.fromkeys(lines) if _matches(_REASON, line)] or lines
    return "\n".join([ending] + [clean(line, *folders) for line in chosen[-_LINES:]])


def _matches(patterns, text):
    return any(re.search(pattern, text) for pattern in patterns)


def _without_stamp(line):
    return _GLOG_STAMP.sub(r"\1 ", _STAMP.sub("", line))
