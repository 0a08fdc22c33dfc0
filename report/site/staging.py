"""A new site takes the old one's place when all of it is written, and never before.

It is written into a folder beside the site, which its writer locks. The lock ends with the
process, however that ended: what nobody locks is left over, and the next run removes it.

A folder of a container's image, and one that something is mounted on, can't be renamed. The old
content is then copied beside it before the new content comes in. While that lasts a reader can see
a part of the site, and if the process is killed meanwhile, the next run restores what was there.
"""

from __future__ import annotations

import errno
import fcntl
import glob
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from report.errors import SiteError

# The old site in whole; the new one until it is the site; what is no longer or not yet either.
OLD, NEW, PART = "old", "new", "part"
CAN_NOT_BE_RENAMED = (errno.EXDEV, errno.EBUSY)
# In the root of every ext4 volume; it belongs to the file system.
KEPT = "lost+found"


@contextmanager
def staged(site: Path) -> Iterator[Path]:
    """Give a folder to write to, and let it take the site's place once all is written.

    Where the site is a link, what it leads to is replaced, and the link stays. Raises
    NotADirectoryError where something else is there.
    """
    site = Path(os.path.realpath(site))
    if os.path.lexists(site) and not site.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(site))
    site.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        with _locked(site.parent):
            _remove_abandoned(site)
            folder = Path(tempfile.mkdtemp(prefix=f".{site.name}-", dir=site.parent))
            held.callback(_leave, site, folder)
            held.enter_context(_locked(folder))
        (folder / NEW).mkdir()
        yield folder / NEW
        with _locked(site.parent):
            _replace(site, folder)


def _replace(site: Path, folder: Path) -> None:
    if site.exists() and not _renamed(site, folder / OLD):
        with tempfile.TemporaryFile(dir=site):
            pass  # before anything is removed: can it be written?
        _copy(site, folder / PART)
        (folder / PART).rename(folder / OLD)
        _empty(site)
    _put(folder / NEW, site)


def _put(content: Path, site: Path) -> None:
    """Let a folder be the site, which is empty or not there; its name is gone once it is."""
    if not _renamed(content, site):
        _copy(content, site)
        content.rename(content.with_name(PART))


def _renamed(folder: Path, name: Path) -> bool:
    """Rename a folder; return False, and change nothing, where that can't be done here."""
    try:
        folder.rename(name)
    except OSError as error:
        if error.errno not in CAN_NOT_BE_RENAMED:
            raise
        return False
    return True


def _copy(source: Path, target: Path) -> None:
    """Copy what is in a folder; unlike shutil's, it ends at the first error, and raises that."""
    target.mkdir(exist_ok=True)
    for path in _content(source):
        if path.is_dir() and not path.is_symlink():
            _copy(path, target / path.name)
        else:
            shutil.copy2(path, target / path.name, follow_symlinks=False)


def _empty(folder: Path) -> None:
    for path in _content(folder):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _content(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name != KEPT]


def _leave(site: Path, folder: Path) -> None:
    with _locked(site.parent):
        _clear(site, folder)


def _clear(site: Path, folder: Path) -> None:
    """Let the old site come back where the new one did not take its place; remove the folder."""
    old, new = folder / OLD, folder / NEW
    if old.exists() and (new.exists() or not site.exists()):
        try:
            if site.exists():
                _empty(site)
            _put(old, site)
        except OSError as error:
            raise SiteError(
                f"{site} is not whole: {error}; what was there is in {old}, mend that and run "
                "this again, or copy it back"
            ) from error
    shutil.rmtree(folder, ignore_errors=True)


def _remove_abandoned(site: Path) -> None:
    """Remove what killed runs left beside the site."""
    for folder in site.parent.glob(f".{glob.escape(site.name)}-*"):
        with suppress(OSError):  # another process writes there, or it is not ours to remove
            lock = _lock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            try:
                if {path.name for path in folder.iterdir()} <= {NEW, OLD, PART}:
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
