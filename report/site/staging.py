"""A new site takes the old one's place when all of it is written, and never before.

It is written into a folder beside the site, which its writer locks. The lock ends with the
process, however that ended: what nobody locks is left over, and the next run removes it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

NEW, OLD = "new", "old"


@contextmanager
def staged(site: Path) -> Iterator[Path]:
    """Give a folder to write to, and let it take the site's place once all is written.

    Where the site is a link, what it leads to is replaced, and the link stays.
    """
    site = site.resolve()
    site.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        with _locked(site.parent):
            _remove_leftovers(site)
            folder = Path(tempfile.mkdtemp(prefix=f".{site.name}-", dir=site.parent))
            held.callback(_leave, site, folder)
            held.enter_context(_locked(folder))
        (folder / NEW).mkdir()
        yield folder / NEW
        with _locked(site.parent):
            _replace(site, folder)


def _replace(site: Path, folder: Path) -> None:
    if site.exists():
        site.rename(folder / OLD)
    (folder / NEW).rename(site)


def _leave(site: Path, folder: Path) -> None:
    with _locked(site.parent):
        _clear(site, folder)


def _clear(site: Path, folder: Path) -> None:
    """Let the old site come back where no new one took its place, and remove the folder."""
    if (folder / OLD).exists() and not site.exists():
        (folder / OLD).rename(site)
    shutil.rmtree(folder, ignore_errors=True)


def _remove_leftovers(site: Path) -> None:
    """Remove what killed runs left beside the site."""
    for folder in site.parent.glob(f".{site.name}-*"):
        with suppress(OSError):  # another process writes there, or it is not ours to remove
            lock = _lock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            try:
                if {path.name for path in folder.iterdir()} <= {NEW, OLD}:
                    _clear(site, folder)
            finally:
                os.close(lock)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder, wherever its file system has locks."""
    lock = None
    with suppress(OSError):
        lock = _lock(folder, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if lock is not None:
            os.close(lock)


def _lock(folder: Path, how: int) -> int:
    """Return a descriptor that holds the lock; raises OSError where it can't be had."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, how)
    except OSError:
        os.close(handle)
        raise
    return handle
