"""Let one process at a time, and what it starts, use something."""

import fcntl
import os
import subprocess
from contextlib import contextmanager

_GRACE = 0.5  # seconds


@contextmanager
def alone(path, wait):
    """Yield the lock that the file at ``path`` stands for; call ``wait`` where it isn't free."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            wait()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock


def run(lock, *command, **variables):
    """Run a command to its end, outside what the user has activated; return its exit code.

    ``variables`` are set for it alone.

    It holds the lock too: where this process is killed, the lock is free only when the command
    has ended as well. To it paths are UTF-8 whatever the locale.
    """
    kept = {name: text for name, text in os.environ.items() if name != "VIRTUAL_ENV"}
    process = subprocess.Popen(
        [str(word) for word in command],
        env=dict(kept, LC_ALL="C.UTF-8", **variables),
        stderr=subprocess.STDOUT,
        pass_fds=[lock.fileno()],
    )
    try:
        return process.wait()
    except KeyboardInterrupt:
        try:
            process.wait(_GRACE)  # Ctrl-C has reached it too
        except subprocess.TimeoutExpired:
            process.terminate()
            process.wait()
        raise
