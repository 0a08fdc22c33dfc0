"""Write files atomically, and remove temporary files of killed runs."""

import glob
import os
import shutil
import tempfile
from contextlib import suppress


def own_prefix(start):
    """Return a name prefix for files or folders of this process."""
    return "%s%d." % (start, os.getpid())


def remove_abandoned(start):
    """Remove files and folders with the ``own_prefix(start)`` of processes that have ended."""
    for path in glob.glob(glob.escape(start) + "*"):
        try:
            os.kill(int(path[len(start) :].split(".")[0]), 0)
        except ProcessLookupError:
            _remove(path)
        except (ValueError, PermissionError):
            pass  # not such a name, or another user's running process


def _remove(path):
    if os.path.isdir(path):
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):  # it is gone, or another user's
            os.unlink(path)


def write(path, text):
    """Replace the file at ``path`` atomically."""
    folder = os.path.dirname(os.path.abspath(path))
    os.makedirs(folder, exist_ok=True)
    start = ".%s." % os.path.basename(path)
    remove_abandoned(os.path.join(folder, start))
    handle, partial = tempfile.mkstemp(prefix=own_prefix(start), suffix=".part", dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(partial, 0o644)
        os.replace(partial, path)
    except BaseException:
        os.unlink(partial)
        raise
