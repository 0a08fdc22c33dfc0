"""Unpack Debian's CPython and its libraries for another architecture into a folder of .nox.

apt gets private folders for its lists and its cache, so that this machine's packages and
architectures stay as they are. It downloads from the machine's own sources, with their keys.
"""

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
_NOT_HAD = "CPython %s for %s can't be had: %s: %s"
_NO_APT = "the Python of another platform is Debian's, and %s is not on this machine"


def interpreter(platform, python, emulator):
    """Return the path of a platform's CPython, which runs emulated; unpack it if it is missing.

    Raise EmulationError if apt can't get it.
    """
    folder = NOX / "roots" / ("%s-%s" % (platform, python))
    program = folder / "usr" / "bin" / ("python" + python)
    foreign = program.with_name(program.name + ".foreign")
    if not folder.exists():
        _unpack(folder, platform, python)
        program.rename(foreign)
    emulator.with_root(folder).wrap(program, foreign)
    return program


def _unpack(folder, platform, python):
    """Make the folder of a platform's system; it appears when it is complete."""
    scratch = folder.with_name(folder.name + ".new")
    shutil.rmtree(str(scratch), ignore_errors=True)
    for name in ("root", "lists/partial", "cache/archives/partial", "packages"):
        (scratch / name).mkdir(parents=True)
    (scratch / "status").touch()
    machine = platform.partition("-")[2]
    packages = [*(name % python for name in _CPYTHON), *_LIBRARIES, _DISTUTILS]
    for command in _commands(_ARCHITECTURES.get(machine, machine), packages):
        _run(command, scratch / "packages", (python, platform))
    for package in sorted((scratch / "packages").glob("*.deb")):
        _run(("dpkg-deb", "-x", package, scratch / "root"), scratch, (python, platform))
    (scratch / "root").rename(folder)
    shutil.rmtree(str(scratch))


def _commands(architecture, packages):
    """Yield the commands of apt, to be run in a folder beside those for its state."""
    own = {
        "APT::Architecture": architecture,
        "APT::Architectures": architecture,
        "APT::Sandbox::User": "",
        "Dir::State": "..",
        "Dir::State::status": "../status",
        "Dir::Cache": "../cache",
    }
    options = [word for pair in own.items() for word in ("-o", "%s=%s" % pair)]
    for command in (["update"], ["download", *packages]):
        yield ("apt-get", "--quiet", *options, *command)


def _run(command, folder, wanted):
    """Run a command in a folder; raise EmulationError with its last line if it fails."""
    try:
        done = subprocess.run(
            list(map(str, command)),
            cwd=str(folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except FileNotFoundError:
        raise EmulationError(_NO_APT % command[0]) from None
    if done.returncode:
        lines = done.stdout.decode("utf-8", "replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "no output")
        raise EmulationError(_NOT_HAD % (*wanted, command[0], last))
