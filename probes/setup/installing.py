"""Install environments with uv: its version check, its commands, and advice if they fail."""

import json
import os
import shutil
import signal
import subprocess

from probes.setup.places import LOCKS, SHARED
from probes.setup.settings import own_home, unread

# The oldest version that passes the tests: older ones refuse CPython 3.6.
OLDEST_UV = (0, 10, 12)
_GET_IT = 'get it with `python -m pip install --upgrade "nox[uv]"`'
CRASHED = "uv itself crashed: its environment is made once more; for another uv, %s" % _GET_IT
_UNREAD = "%s: not read here, though an index is named in it; set UV_DEFAULT_INDEX to its address"
OFFLINE = "everything needed is in the cache: set UV_OFFLINE=1 to install it without a network"
# Prints where a Python installs packages, as uv determines it, and which configuration files it
# read. CPython 3.9 and older read those beside the standard library and in the current folder.
_WHERE = """
import json, sys, sysconfig
files = []
places = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
if sys.version_info < (3, 10):
    from distutils.dist import Distribution
    asked = Distribution()
    files = asked.find_config_files()
    asked.parse_config_files()
    install = asked.get_command_obj("install", create=True)
    install.finalize_options()
    places = [install.install_lib, install.install_purelib, install.install_platlib]
print(json.dumps([places, files]))
"""
_MISPLACED = "packages would go to %s and not into the environment: take [install] out of %s"
_CRASHES = (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT)
_NO_NETWORK = "failed to fetch"  # in uv's message for any network failure


def uv_fault(found, version):
    """Return why uv can't be used, or None.

    ``found`` is whether nox found a uv that runs; ``version`` is its version as a tuple.
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
    """Return the output of ``program --version``, or why there is none."""
    try:
        answer = subprocess.run(
            [program, "--version"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
    except OSError as error:
        return error.strerror
    words = answer.stdout.decode("utf-8", "replace").split()
    return " ".join(words) or "exit code %d" % answer.returncode


def of_a_release(install, requirements, environment):
    """Return the two commands that install exactly the packages of a lock file, by hash.

    Packages that releases share are copied from a persistent cache: with hard links, an edit would
    reach the next environment. All others use a cache inside the environment.
    """
    exact = (*install, "--no-deps", "--require-hashes", "-r", requirements)
    exact += ("--build-constraints", LOCKS / "build.txt")
    shared = ("--cache-dir", SHARED, "--link-mode", "copy", "--excludes", LOCKS / "unshared.txt")
    alone = ("--cache-dir", environment / "cache", "--link-mode", "hardlink")
    return (*exact, *shared), (*exact, *alone)


def of_a_group(group):
    """Return the options that install the packages of a requirements group, by hash."""
    return "--require-hashes", "-r", "requirements/%s.txt" % group


def misplacing(python, environment):
    """Return why a Python would install packages outside its environment, or None."""
    answer = subprocess.run(
        [str(python), "-B", "-I", "-c", _WHERE],
        env=dict(os.environ, **own_home(environment)),
        stdout=subprocess.PIPE,
        check=True,
    )
    places, files = json.loads(answer.stdout.decode("utf-8"))
    inside = os.path.join(_real(str(environment)), b"")
    outside = [place for place in places if not _real(place).startswith(inside)]
    return _MISPLACED % (outside[0], " and ".join(files) or "its settings") if outside else None


def _real(path):
    """Return a resolved path as bytes, which are the same in any locale."""
    return os.path.realpath(os.fsencode(path))


def ending(code):
    """Return how a command ended, as text: its exit code, or the signal that killed it."""
    if code >= 0:
        return "ended with exit code %d" % code
    name = next((one.name for one in signal.Signals if one == -code), "signal %d" % -code)
    return "was killed by %s" % name


def crashed(code):
    """Return whether an exit code is that of a program which crashed by a fault of its own."""
    return -code in _CRASHES


def advice(install):
    """Yield advice for a failed uv command, one sentence at a time."""
    if not os.environ.get("UV_OFFLINE") and _fails_for_the_network_alone(install):
        yield OFFLINE
    files = ", ".join(map(str, unread()))
    if files:
        yield _UNREAD % files


def _fails_for_the_network_alone(install):
    """Return whether uv fails only because of the network, and could install from its cache."""
    command = list(map(str, install))
    offline, _ = _answer([*command, "--offline", "--dry-run"])
    if offline:
        return False
    code, text = _answer([*command, "--dry-run"], UV_HTTP_RETRIES="0")
    return bool(code) and _NO_NETWORK in text.lower()


def _answer(command, **variables):
    """Return the exit code and the output of a command."""
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run(command, env=dict(os.environ, **variables), check=False, **both)
    return done.returncode, done.stdout.decode("utf-8", "replace")
