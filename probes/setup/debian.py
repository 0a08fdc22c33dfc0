"""Unpack Debian's CPython and its libraries for another architecture into a folder of .nox.

apt gets private folders for its lists and its cache, so that this machine's packages and
architectures stay as they are. It downloads from the machine's own sources, with their keys.
"""

import fcntl
import os
import shutil
import subprocess

from probes.setup.emulation import EmulationError
from probes.setup.places import NOX

_ARCHITECTURES = {"aarch64": "arm64"}  # Debian's names
# The C and C++ runtimes, the libraries of CPython's extension modules, and OpenMP's.
_LIBRARIES = (
    *("libc6", "libstdc++6", "libgcc-s1", "libgomp1", "libcrypt1"),
    *("zlib1g", "libbz2-1.0", "liblzma5", "libexpat1", "libffi8", "libssl3", "libuuid1"),
    *("libsqlite3-0", "libdb5.3", "libncursesw6", "libtinfo6", "libreadline8"),
    *("libnsl2", "libtirpc3"),
)
_CPYTHON = ("python%s", "python%s-minimal", "libpython%s-minimal", "libpython%s-stdlib")
_DISTUTILS = "python3-distutils"  # to build packages from source; of Debian's one CPython
_FOREIGN = ".foreign"  # the suffix of the CPython that a script of its name starts
_NOT_HAD = "CPython %s for %s can't be had: %s: %s"
_NO_APT = "the Python of another platform is Debian's, and %s is not on this machine"


def interpreter(platform, python, emulator):
    """Return the path of a platform's CPython, which runs emulated; unpack it if it is missing.

    Raise EmulationError if apt can't get it.
    """
    folder = NOX / "roots" / ("%s-%s" % (platform, python))
    program = folder / "usr" / "bin" / ("python" + python)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(folder.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another session may be unpacking it
        foreign = program.with_name(program.name + _FOREIGN)
        if not foreign.exists():
            _unpack(folder, platform, python)
        emulator.with_root(folder).wrap(program, foreign)
    return program


def _unpack(folder, platform, python):
    """Make the folder of a platform's system anew; it appears when it is complete."""
    scratch = folder.with_name(folder.name + ".new")
    for old in (folder, scratch):
        shutil.rmtree(str(old), ignore_errors=True)
    for name in ("root", "lists/partial", "cache/archives/partial", "packages"):
        (scratch / name).mkdir(parents=True)
    (scratch / "status").touch()
    machine = platform.partition("-")[2]
    packages = [*(name % python for name in _CPYTHON), *_LIBRARIES, _DISTUTILS]
    apt = ("apt-get", "--quiet", *_options(_ARCHITECTURES.get(machine, machine)))
    _, warnings = _run((*apt, "update"), scratch / "packages")
    failed, lines = _run((*apt, "download", *packages), scratch / "packages")
    if failed:
        first = next((line for line in warnings if line.startswith(("W: ", "E: "))), None)
        reason = first or (lines or ["no output"])[-1]
        raise EmulationError(_NOT_HAD % (python, platform, "apt-get", reason))
    for package in sorted((scratch / "packages").glob("*.deb")):
        failed, lines = _run(("dpkg-deb", "-x", package, scratch / "root"), scratch)
        if failed:
            reason = (lines or ["no output"])[-1]
            raise EmulationError(_NOT_HAD % (python, platform, "dpkg-deb", reason))
    program = scratch / "root" / "usr" / "bin" / ("python" + python)
    if not program.exists():
        raise EmulationError(_NOT_HAD % (python, platform, "apt-get", "it downloaded nothing"))
    program.rename(program.with_name(program.name + _FOREIGN))
    (scratch / "root").rename(folder)
    shutil.rmtree(str(scratch))


def _options(architecture):
    """Return apt's options to work in a folder beside those for its state."""
    own = {
        "APT::Architecture": architecture,
        "APT::Architectures": architecture,
        "APT::Sandbox::User": "",
        "Dir::State": "..",
        "Dir::State::status": "../status",
        "Dir::Cache": "../cache",
    }
    return [word for pair in own.items() for word in ("-o", "%s=%s" % pair)]


def _run(command, folder):
    """Run a command in a folder; return its exit code and its lines of output."""
    try:
        done = subprocess.run(
            list(map(str, command)),
            cwd=str(folder),
            env=dict(os.environ, LC_ALL="C.UTF-8"),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except FileNotFoundError:
        raise EmulationError(_NO_APT % command[0]) from None
    lines = map(str.strip, done.stdout.decode("utf-8", "replace").splitlines())
    return done.returncode, list(filter(None, lines))
