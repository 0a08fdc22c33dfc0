"""How much memory the processes that were started hold together, at most."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Self

import psutil

INTERVAL = 0.01  # seconds


class Memory:
    """Look at all descendants of this process while the context lasts.

    ``peak`` is the most that they held together, in bytes of proportional set size: a page
    that several of them share counts once. To look takes time from them, so nothing that
    is watched is timed.
    """

    def __init__(self) -> None:
        """Watch nothing yet."""
        self.peak = 0
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        """Begin to watch."""
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End the watch."""
        self._over.set()
        self._watcher.join()

    def _watch(self) -> None:
        while not self._over.wait(INTERVAL):
            self.peak = max(self.peak, _held())


def _held() -> int:
    held = 0
    own = psutil.Process()
    for process in own.children(recursive=True):
        with suppress(psutil.Error):  # it has ended meanwhile
            if process.cmdline() != own.cmdline():  # else it has yet to begin its own program
                held += process.memory_full_info().pss
    return held
