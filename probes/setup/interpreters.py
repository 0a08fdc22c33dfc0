"""Find or fetch the CPython that a release needs."""

import os
import subprocess
from functools import lru_cache
from glob import escape, glob

from probes.setup.places import FETCHED, SHARED

_QUESTION = "import sys; print(sys.implementation.name, '%d.%d' % sys.version_info[:2])"
_PATIENCE = 30  # seconds


def search_path():
    """Return the folders that may hold interpreters, joined as in PATH."""
    return os.pathsep.join(_folders())


def _folders():
    """Return the folders of PATH, of pyenv, of uv, and of .nox.

    pyenv's shims are left out: they exist also for versions that are not installed.
    """
    pyenv = os.path.expanduser(os.environ.get("PYENV_ROOT") or "~/.pyenv")
    data = os.path.expanduser(os.environ.get("XDG_DATA_HOME") or "~/.local/share")
    store = os.environ.get("UV_PYTHON_INSTALL_DIR") or os.path.join(data, "uv", "python")
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    kept = [folder for folder in folders if folder and not folder.rstrip("/").endswith("shims")]
    for place in (os.path.join(pyenv, "versions"), store, str(FETCHED)):
        kept += sorted(glob(os.path.join(escape(place), "*", "bin")))
    return kept


def _candidates(python):
    """Yield path and identity of each program named after a version, such as python3.9."""
    for folder in _folders():
        program = os.path.join(folder, "python" + python)
        if os.path.isfile(program) and os.access(program, os.X_OK):
            yield program, _identity(program)


@lru_cache(maxsize=None)
def _identity(program):
    """Return an interpreter's implementation and version, "cpython 3.9", or None if it fails."""
    try:
        answer = subprocess.run(
            [program, "-B", "-I", "-S", "-c", _QUESTION],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.decode("utf-8", "replace").strip()


def find(python):
    """Return the path of the CPython of a version such as 3.6, or None."""
    fit = (program for program, name in _candidates(python) if name == "cpython " + python)
    return next(fit, None)


def missing(pythons):
    """Return the given Python versions that are not installed."""
    return [python for python in pythons if not find(python)]


def uv_offers(python):
    """Return whether uv can fetch a Python version: 3.8 or newer."""
    return python not in ("3.6", "3.7")


def get(session, uv, python):
    """Return the path of an interpreter, or None; have uv fetch it into .nox if that is allowed.

    ``uv(session)`` returns the path of uv.
    """
    allowed = os.environ.get("UV_PYTHON_DOWNLOADS") != "never"
    if not find(python) and uv_offers(python) and allowed:
        session.log("CPython %s is not on this machine: uv fetches it into .nox" % python)
        patience = {"UV_HTTP_TIMEOUT": "10", "UV_HTTP_RETRIES": "0"}
        session.run_install(
            *(uv(session), "python", "install", "--no-bin", python),
            *("--install-dir", str(FETCHED), "--cache-dir", str(SHARED)),
            env={name: os.environ.get(name) or ours for name, ours in patience.items()},
            success_codes=range(256),
        )
    return find(python)


def how_to_get(python):
    """Return a sentence that says how to install a missing Python version."""
    ways = ("pyenv install", "uv python install") if uv_offers(python) else ("pyenv install",)
    commands = " or ".join("`%s %s`" % (way, python) for way in ways)
    return "CPython %s is not on this machine: get it with %s" % (python, commands)


def why_missing(python):
    """Return how to install a Python version, and why programs with its name don't fit."""
    others = ["%s %s" % (path, _not_it(name)) for path, name in _candidates(python)]
    return how_to_get(python) + (" (%s)" % "; ".join(others) if others else "")


def _not_it(name):
    return "is %s" % name if name else "does not run"
