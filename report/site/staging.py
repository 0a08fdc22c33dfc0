"""Atomic replacement of the site: the new one takes the old one's place once it is complete.

It is written into a temporary folder beside the site, which is locked as long as the process runs.
An unlocked folder was left by a killed process, and the next run removes it.

A mount point, or a folder of a container's image, can't be renamed. Its content is then copied
into the temporary folder and replaced in place. Meanwhile readers can see an incomplete site; if
the process is killed, the next run restores the old content.
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

# In the temporary folder: the complete old site, the new site, and an incomplete copy of either.
OLD, NEW, PART = "old", "new", "part"
CAN_NOT_BE_RENAMED = (errno.EXDEV, errno.EBUSY)
# The file system's own, in the root of every ext4 volume.
KEPT = "lost+found"


@contextmanager
def staged(site: Path) -> Iterator[Path]:
    """Yield a folder to write to; replace the site with it if the block ends without an error.

    If ``site`` is a symbolic link, its target is replaced. Raise NotADirectoryError if ``site``
    exists and is not a folder.
    """
    site = Path(os.path.realpath(site))
    if os.path.lexists(site) and not site.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(site))
    site.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        with _locked(site.parent):
            _remove_abandoned(site)
            folder = Path(tempfile.mkdtemp(prefix=f".{site.name}-", dir=site.parent))
            held.callback(_clean_up, site, folder)
            held.enter_context(_locked(folder))
        (folder / NEW).mkdir()
        yield folder / NEW
        with _locked(site.parent):
            _replace(site, folder)


def _replace(site: Path, folder: Path) -> None:
    if site.exists() and not _renamed(site, folder / OLD):
        with tempfile.TemporaryFile(dir=site):
            pass  # fail before anything is removed, if the site can't be written
        _copy(site, folder / PART)
        (folder / PART).rename(folder / OLD)
        _empty(site)
    _put(folder / NEW, site)


def _put(content: Path, site: Path) -> None:
    """Move a folder's content to the site, which is empty or missing; ``content`` is then gone."""
    if not _renamed(content, site):
        _copy(content, site)
        content.rename(content.with_name(PART))


def _renamed(folder: Path, name: Path) -> bool:
    """Rename a folder; return False, without a change, if the file system can't."""
    try:
        folder.rename(name)
    except OSError as error:
        if error.errno not in CAN_NOT_BE_RENAMED:
            raise
        return False
    return True


def _copy(source: Path, target: Path) -> None:
    """Copy a folder's content; unlike shutil.copytree, raise the first error at once."""
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


def _clean_up(site: Path, folder: Path) -> None:
    with _locked(site.parent):
        _restore(site, folder)


def _restore(site: Path, folder: Path) -> None:
    """Restore the old site if the new one did not take its place, and remove the folder."""
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
        # locked by another process, or owned by another user
        with suppress(OSError), _lock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB):
            if {path.name for path in folder.iterdir()} <= {NEW, OLD, PART}:
                _restore(site, folder)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder; without one if its file system has no locks."""
    with ExitStack() as held:
        with suppress(OSError):
            held.enter_context(_lock(folder, fcntl.LOCK_EX))
        yield


@contextmanager
def _lock(folder: Path, how: int) -> Iterator[None]:
    """Hold the lock of a folder. Raise OSError if it can't be acquired."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)
