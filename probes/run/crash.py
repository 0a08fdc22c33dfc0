"""The reason of a crash in a few lines, which are the same in every run."""

import re

from probes.run import shortage
from probes.run.record import clean

_LINES = 8
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
)
# Frames of a stack, and what announces them: Python's, glibc's, glog's and a debugger's.
_STACK = (
    r"^\s*File \"[^\"]*\", line \d+",
    r"^(?:Current t|T)hread 0x",
    r"^Extension modules:",
    r"^\s*(?:@|#\d+)\s+0x",
    r"^\*\*\* (?:Begin|End|Check failure|Received signal)",
    r"\[0x[0-9a-f]+\]\s*$",
    r"^\s+\S.*\+0x[0-9a-f]+",
)
# When a line was printed, and by which process: 2020-07-18 21:29:32.310794: F tensorflow/…,
# and F0718 21:29:32.310794   12345 env.cc:73] or F0000 00:00:1721338172.310794   12345 env.cc:73].
_STAMP = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?: ")
_GLOG_STAMP = re.compile(r"^([IWEF])\d{4} \d\d:\d\d:[\d.]+\s+\d+ ")


def reason(ending, printed, *folders):
    """Return how a process ended, and of what it printed last the lines that give the reason.

    Where no line does, these are the last ones that are no frames of a stack. ``folders`` are
    named in no reason.
    """
    lines = [_without_stamp(line) for line in printed.splitlines() if line.strip()]
    lines = [line for line in lines if not _matches(_STACK, line)]
    chosen = [line for line in dict.fromkeys(lines) if _gives_reason(line)] or lines
    return "\n".join([ending] + [clean(line, *folders) for line in chosen[-_LINES:]])


def _gives_reason(line):
    return _matches(_REASON, line) or shortage.is_named_in(line)


def _matches(patterns, line):
    return any(re.search(pattern, line) for pattern in patterns)


def _without_stamp(line):
    return _GLOG_STAMP.sub(r"\1 ", _STAMP.sub("", line))
