"""How uv installs an environment: which uv, which commands, and what helps where that fails."""

import json
import os
import shutil
import signal
import subprocess

from probes.setup.places import LOCKS, SHARED
from probes.setup.settings import own_home, unread

# The oldest that was seen to work: older ones refuse CPython 3.6.
OLDEST_UV = (0, 10, 12)
_GET_IT = 'get it with `python -m pip install --upgrade "nox[uv]"`'
_UNREAD = "%s: not read here, though an index is named in it; set UV_DEFAULT_INDEX to its address"
OFFLINE = "everything needed is in the cache: set UV_OFFLINE=1 to install it without a network"
# Asks a Python as uv does where packages go, and which files were asked. CPython 3.9 and older
# follow what is beside their standard library and in the folder they are run in.
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
_NO_NETWORK = "failed to fetch"  # as uv says it, whatever kept it from an address


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


def of_a_group(group):
    """Return the options that install the packages of a group, by hashes."""
    return "--require-hashes", "-r", "requirements/%s.txt" % group


def misplacing(python, environment):
    """Return why a Python would put packages outside its environment; None where it would not."""
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
    """Return a path's bytes, which are the same whatever locale its letters were read in."""
    return os.path.realpath(os.fsencode(path))


def ending(code):
    """Return how a command ended, in words: by its exit code, or by the signal that killed it."""
    if code >= 0:
        return "ended with exit code %d" % code
    name = next((one.name for one in signal.Signals if one == -code), "signal %d" % -code)
    return "was killed by %s" % name


def advice(install):
    """Yield a sentence for each thing that may help where a command of uv's failed."""
    if not os.environ.get("UV_OFFLINE") and _fails_for_the_network_alone(install):
        yield OFFLINE
    files = ", ".join(map(str, unread()))
    if files:
        yield _UNREAD % files


def _fails_for_the_network_alone(install):
    """Tell whether uv would install from its cache, and can't do it online for the network."""
    command = list(map(str, install))
    offline, _ = _answer([*command, "--offline", "--dry-run"])
    if offline:
        return False
    code, text = _answer([*command, "--dry-run"], UV_HTTP_RETRIES="0")
    return bool(code) and _NO_NETWORK in text.lower()


def _answer(command, **variables):
    """Return the exit code of a command, and what it prints."""
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run(command, env=dict(os.environ, **variables), check=False, **both)
    return done.returncode, done.stdout.decode("utf-8", "replace")
