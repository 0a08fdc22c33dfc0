"""How uv installs an environment: which uv, which commands, and what helps where that fails."""

import os
import shutil
import subprocess

from probes.setup.places import LOCKS, SHARED
from probes.setup.settings import unread

# The oldest that was seen to work: older ones refuse CPython 3.6.
OLDEST_UV = (0, 10, 12)
_GET_IT = 'get it with `python -m pip install --upgrade "nox[uv]"`'
_UNREAD = (
    "%s: not read here, though an index is named in it; "
    "set UV_DEFAULT_INDEX to its address (and PIP_INDEX_URL where uv is missing)"
)
OFFLINE = "everything needed is in the cache: set UV_OFFLINE=1 to install it without a network"


def uv_fault(found, version):
    """Return why there is no uv to work with, in a sentence; None where there is.

    ``found`` tells whether nox found one that answers, ``version`` are its numbers.
    """
    if found and version >= OLDEST_UV:
        return None
    if found:
        shown = [".".join(map(str, numbers)) for numbers in (version, OLDEST_UV)]
        return "uv %s is too old, %s is the oldest that works: %s" % (*shown, _GET_IT)
    program = shutil.which(os.environ.get("UV") or "uv")
    if program is None:
        return 'uv is not on this machine: get it with `python -m pip install "nox[uv]"`'
    return "%s can't be used (%s): %s" % (program, _last_words(program), _GET_IT)


def _last_words(program):
    """Return what a program says of its own version, or why it says nothing."""
    try:
        answer = subprocess.run(
            [program, "--version"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
    except OSError as error:
        return error.strerror
    words = answer.stdout.decode("utf-8", "replace").split()
    return " ".join(words) or "exit code %d" % answer.returncode


def of_a_release(install, requirements, environment):
    """Return the two commands that install a release, by hashes and exactly what its lock says.

    Packages that others need too are copied out of a cache that stays: through a hard link an
    edit in one environment would be in the next. The rest has a cache that goes with it.
    """
    exact = (*install, "--no-deps", "--require-hashes", "-r", requirements)
    exact += ("--build-constraints", LOCKS / "build.txt")
    shared = ("--cache-dir", SHARED, "--link-mode", "copy", "--excludes", LOCKS / "unshared.txt")
    alone = ("--cache-dir", environment / "cache", "--link-mode", "hardlink")
    return (*exact, *shared), (*exact, *alone)


def advice(install):
    """Yield a sentence for each thing that may help where a command of uv's failed."""
    offline = [*map(str, install), "--offline", "--dry-run"]
    if not os.environ.get("UV_OFFLINE") and _succeeds(offline):
        yield OFFLINE
    files = ", ".join(map(str, unread()))
    if files:
        yield _UNREAD % files


def _succeeds(command):
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.run(command, check=False, **quiet).returncode == 0
