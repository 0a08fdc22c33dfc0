"""Manage the contenders' folders and the disk: a new folder for each, removed at the end.

On ext4 without a journal, an inode is not reused for a minute after its file was removed (five
minutes if that was not yet written to disk), and skipping thousands of them makes the next
environment up to four times slower. So folders are removed early only if disk space is needed,
and each contender starts after a pause.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from typing import TYPE_CHECKING, Self

from benchmarks.errors import BenchError

if TYPE_CHECKING:
    from pathlib import Path

GB = 10**9
REST = 61.0  # seconds
INTERVAL = 0.5  # seconds
BLOCK = 512  # bytes; the unit of st_blocks


class Scratch:
    """A folder in which each contender gets a folder of its own."""

    def __init__(self, base: Path, rest: float) -> None:
        """Create ``base``; ``rest`` is the pause before each contender, in seconds."""
        self.base, self.rest = base, rest
        self._count = 0
        self._retired: list[Path] = []
        if base.exists():
            raise BenchError(f"{base} is there: remove it if no other benchmark runs in it")
        base.mkdir(parents=True)

    def fresh(self, name: str, needed: int) -> Path:
        """Return a new folder after a pause; make sure that ``needed`` bytes are free."""
        self.room(needed)
        if self._count:
            self._settle()
        self._count += 1
        folder = self.base / f"{self._count:02}-{name}"
        folder.mkdir()
        return folder

    def retire(self, folder: Path) -> None:
        """Allow a folder to be removed if disk space is needed."""
        self._retired.append(folder)

    def room(self, needed: int) -> None:
        """Make sure that ``needed`` bytes are free, by removing retired folders; or BenchError."""
        removed = False
        while shutil.disk_usage(self.base).free < needed and self._retired:
            shutil.rmtree(self._retired.pop(0), ignore_errors=True)
            removed = True
        free = shutil.disk_usage(self.base).free
        if free < needed:
            raise BenchError(
                f"{free / GB:.0f} GB are free in {self.base}, {needed / GB:.0f} GB are needed: "
                "make room, take fewer releases, or give another folder with --scratch"
            )
        if removed:
            self._settle()

    def remove(self) -> None:
        """Remove the folder and everything in it."""
        shutil.rmtree(self.base, ignore_errors=True)

    def _settle(self) -> None:
        if self.rest:
            os.sync()
            time.sleep(self.rest)


class Watch(threading.Thread):
    """A thread that samples how many more bytes a file system holds than at the start.

    ``peak`` is the largest sample, ``end`` the last one.
    """

    def __init__(self, folder: Path) -> None:
        """Prepare to sample the file system that holds a folder."""
        super().__init__(daemon=True)
        self.folder = folder
        self.peak = self.end = 0
        self._start = self._used()
        self._over = threading.Event()

    def run(self) -> None:
        """Sample until the context ends."""
        while not self._over.wait(INTERVAL):
            self.peak = max(self.peak, self._used() - self._start)

    def __enter__(self) -> Self:
        """Start sampling."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop sampling, and take the last sample."""
        self._over.set()
        self.join()
        self.end = self._used() - self._start
        self.peak = max(self.peak, self.end)

    def _used(self) -> int:
        return shutil.disk_usage(self.folder).used


def held(folder: Path) -> int:
    """Return the size of a folder on disk in bytes; hard links to one file count once."""
    found = {
        (status.st_dev, status.st_ino): status.st_blocks * BLOCK
        for place, folders, names in os.walk(folder)
        for name in [*folders, *names]
        for status in [os.lstat(os.path.join(place, name))]  # noqa: PTH118 - 100,000 files
    }
    return sum(found.values())
