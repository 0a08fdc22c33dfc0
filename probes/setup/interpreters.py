"""Find the Python that a release needs."""

import os
import shutil
from pathlib import Path

from probes.setup.places import FETCHED


def search_path():
    """Return the folders that may hold interpreters, as PATH lists them.

    They are those of PATH, of pyenv, of uv, and what was fetched into .nox, without pyenv's
    shims, which answer to versions that they lack.
    """
    pyenv = Path(os.environ.get("PYENV_ROOT") or "~/.pyenv").expanduser()
    data = Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser()
    store = Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or data / "uv" / "python")
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    kept = [folder for folder in folders if not folder.rstrip("/").endswith("shims")]
    for place in (pyenv / "versions", store, FETCHED):
        kept += map(str, sorted(place.glob("*/bin")))
    return os.pathsep.join(kept)


def find(python):
    """Return the path of an interpreter by its version, such as 3.6; None where there is none."""
    return shutil.which("python%s" % python, path=search_path())


def missing(pythons):
    """Return those Python versions that this machine does not have."""
    return [python for python in pythons if not find(python)]


def uv_offers(python):
    """Tell whether uv has an interpreter to fetch: 3.8 and newer."""
    return python not in ("3.6", "3.7")


def how_to_get(python):
    """Return the sentence that helps a user who lacks an interpreter."""
    uv = " or `uv python install %s`" % python if uv_offers(python) else ""
    return "CPython %s is not on this machine: get it with `pyenv install %s`%s" % (
        python,
        python,
        uv,
    )
