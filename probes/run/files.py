"""What a run that was killed leaves behind: named after its process, removed by the next one."""

import glob
import os
import shutil
from contextlib import suppress


def mine(start):
    """Return the beginning of a name for this process's own files or folders."""
    return "%s%d." % (start, os.getpid())


def tidy(start):
    """Remove what processes that are no more have left under names made by ``mine``."""
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
