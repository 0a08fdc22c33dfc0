"""Measure the peak memory of all child processes together."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Self

import psutil

INTERVAL = 0.01  # seconds


class Memory:
    """A context manager that samples the memory of all descendants of this process.

    ``peak`` is the largest sum, in bytes of proportional set size: a page that several processes
    share counts once. Sampling slows them down, so they must not be timed at the same time.
    """

    def __init__(self) -> None:
        """Prepare the sampling thread, without starting it."""
        self.peak = 0
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        """Start sampling."""
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop sampling."""
        self._over.set()
        self._watcher.join()

    def _watch(self) -> None:
        while not self._over.wait(INTERVAL):
            self.peak = max(self.peak, _held())


def _held() -> int:
    held = 0
    own = psutil.Process()
    for process in own.children(recursive=True):
        with suppress(psutil.Error):  # the process has ended
            if process.cmdline() != own.cmdline():  # else it is a fork before its exec
                held += process.memory_full_info().pss
    return held
