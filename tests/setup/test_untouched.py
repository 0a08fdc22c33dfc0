"""Test that the main sessions don't change a user's files outside of the checkout."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support import fake, small
from tests.support.checkout import nox

if TYPE_CHECKING:
    from tests.support.small import Checkout

NAME = f"cpython-{fake.PYTHON}-ours"
# Parts of the standard library: compiled files, and packages that no session imports.
LEFT_OUT = shutil.ignore_patterns(
    "__pycache__", "test", "tests", "site-packages", "dist-packages", "idlelib", "config-*"
)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """Return a checkout with two small releases."""
    made = small.checkout(tmp_path_factory.mktemp("untouched"))
    small.keep(made, small.OTHER, "1.15.5")
    return made


def store(folder: Path) -> None:
    """Install the tests' Python in uv's store, with no compiled files, as uv does."""
    place = folder / NAME
    (place / "bin").mkdir(parents=True)
    shutil.copy(os.path.realpath(sys.executable), place / "bin" / f"python{fake.PYTHON}")
    library = Path(sysconfig.get_path("stdlib"))
    shutil.copytree(library, place / "lib" / library.name, ignore=LEFT_OUT)


def machine(home: Path) -> dict[str, str | None]:
    """Return the environment variables of a user whose folders are all below ``home``."""
    folders = {
        "HOME": home,
        "TMPDIR": home / "tmp",
        "XDG_BIN_HOME": home / ".local" / "bin",
        "XDG_CACHE_HOME": home / ".cache",
        "XDG_CONFIG_HOME": home / ".config",
        "XDG_DATA_HOME": home / ".local" / "share",
        "XDG_STATE_HOME": home / ".local" / "state",
        "PATH": home / "bin",  # which has no Python
    }
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    (home / "bin" / "git").symlink_to(str(shutil.which("git")))
    store(folders["XDG_DATA_HOME"] / "uv" / "python")
    nowhere = dict.fromkeys(("PYENV_ROOT", "UV_PYTHON_INSTALL_DIR", "PYTHONDONTWRITEBYTECODE"))
    return {name: str(folder) for name, folder in folders.items()} | nowhere


def listing(home: Path) -> dict[str, tuple[int, int] | None]:
    """Return all paths below a folder, with the time and the size of each file."""
    found = {path: path.lstat() for path in home.rglob("*")}
    return {
        str(path): None if path.is_dir() else (stat.st_mtime_ns, stat.st_size)
        for path, stat in found.items()
    }


def changed(before: dict[str, tuple[int, int] | None], home: Path) -> list[str]:
    """Return the paths that differ from those of an earlier listing."""
    after = listing(home)
    return [path for path in before | after if before.get(path, 0) != after.get(path, 0)]


def test_probes_leave_nothing_outside_the_checkout(checkout: Checkout, tmp_path: Path) -> None:
    variables = dict(checkout.variables) | machine(tmp_path) | {"UV_CACHE_DIR": None}
    before = listing(tmp_path)
    sessions = [f"probe({version})" for version in (small.ONE, small.OTHER)]
    done = nox(checkout.root, "-j", "2", "-s", *sessions, "--", "--force", **variables)
    assert done.returncode == 0, done.stdout
    assert f"{tmp_path}/.local/share/uv/python/{NAME}" in done.stdout
    assert changed(before, tmp_path) == []


def test_the_report_and_explain_leave_nothing_outside_the_checkout(
    checkout: Checkout, tmp_path: Path
) -> None:
    variables = machine(tmp_path)
    before = listing(tmp_path)
    done = nox(checkout.root, "-s", "report", **variables)
    assert "wrote site/index.html" in done.stdout, done.stdout
    done = nox(checkout.root, "-s", "explain", "--", "tf.layers.dense", **variables)
    assert done.returncode == 0, done.stdout
    assert changed(before, tmp_path) == []


def test_a_home_that_can_not_be_written_is_no_obstacle(checkout: Checkout) -> None:
    """Not even by root: it would have to be below a file."""
    names = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
    nowhere = {"HOME": "/dev/null/home", "UV_CACHE_DIR": None} | dict.fromkeys(names)
    done = nox(
        checkout.root,
        *("-s", f"probe({small.ONE})", "--", "--force"),
        **dict(checkout.variables) | nowhere,
    )
    assert done.returncode == 0, done.stdout
    done = nox(checkout.root, "-s", "explain", "--", "--help", **nowhere)
    assert done.returncode == 0, done.stdout
    assert (checkout.root / ".nox" / "cache").is_dir()
