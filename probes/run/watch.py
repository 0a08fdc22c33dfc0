"""Distinguish a hanging process from a slow one by processor time instead of the clock."""

import glob
import os
import time

_TICK = float(os.sysconf("SC_CLK_TCK"))
_SESSION, _TIMES = 3, slice(11, 15)  # fields of /proc/PID/stat after the state
_TRICKLE = 0.01  # share of a processor used by threads that wait for one another
_AWAKE = frozenset("RDT")  # states: running or runnable; waiting for a disk; stopped
_LIMIT = 5  # processor time without an answer, in deadlines


class Watch:
    """Measures the processor time of a session; ``deadline`` is in seconds."""

    def __init__(self, session, deadline):
        self.period = min(1.0, deadline / 4)
        self.limit = _LIMIT * deadline
        self._session, self._deadline = str(session), deadline
        self._looked = time.monotonic()
        self._silence = 0.0
        self._used = self._used_at_answer = self._used_awake = usage(self._session)[0]

    def note_answer(self):
        """Restart the limit on processor time, since the session answered."""
        self._used_at_answer = self._used

    def verdict(self):
        """Return "hangs", "computes" (for too long without an answer), or None."""
        now = time.monotonic()
        if now - self._looked >= self.period:
            # time in which this process did not run, such as machine sleep, does not count
            self._silence += min(now - self._looked, 2 * self.period)
            self._looked = now
            self._used, awake = usage(self._session)
            if awake or self._used - self._used_awake > _TRICKLE * self._deadline:
                self._silence, self._used_awake = 0.0, self._used
        if self._used - self._used_at_answer > self.limit:
            return "computes"
        return "hangs" if self._silence > self._deadline else None


def usage(session):
    """Return the processor seconds of a session's processes, and whether a thread is awake.

    On a system without /proc all time counts as processor time, and no hang is detected.
    """
    if not os.path.exists("/proc/self/stat"):
        return time.monotonic(), True
    seconds, awake = 0.0, False
    for path in glob.iglob("/proc/[0-9]*/stat"):
        fields = _fields(path)
        if fields[_SESSION : _SESSION + 1] == [session]:
            seconds += sum(map(int, fields[_TIMES])) / _TICK
            threads = glob.iglob(os.path.dirname(path) + "/task/*/stat")
            awake = awake or any(_AWAKE.intersection(_fields(one)[:1]) for one in threads)
    return seconds, awake


def _fields(path):
    """Return the fields after the command's name; empty if the process has ended."""
    try:
        with open(path, "rb") as stat:
            return stat.read().decode("ascii", "replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
