"""Files that are written whole, and the removal of what a killed run has left."""

import glob
import os
import shutil
import tempfile
from contextlib import suppress


def own_prefix(start):
    """Return the beginning of a name for files or folders of this process alone."""
    return "%s%d." % (start, os.getpid())


def remove_abandoned(start):
    """Remove what processes that have ended left under names that begin with ``own_prefix``."""
    for path in glob.glob(glob.escape(start) + "*"):
        try:
            os.kill(int(path[len(start) :].split(".")[0]), 0)
        except ProcessLookupError:
            _remove(path)
        except (ValueError, PermissionError):
            pass  # no name of ours; or somebody else's, and running


def _remove(path):
    if os.path.isdir(path):
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):  # gone, or somebody else's
            os.unlink(path)


def write(path, text):
    """Replace ``path`` by ``text`` at once: whole, or not at all."""
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
