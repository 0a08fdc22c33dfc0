"""Test paths that can't be written or read, as after a `sudo nox`: one sentence each."""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from probes.setup import interpreters, switches
from tests.support import fake, small
from tests.support.checkout import copied, nox

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.small import Checkout

GIVE_BACK = "where nox ran as another user, `sudo chown -R"
# Root without the capabilities to read and write all files.
AS_A_USER = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")


def as_a_user(
    checkout: Path, *arguments: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run nox as a user without root's permissions."""
    prefix = AS_A_USER if os.geteuid() == 0 else ()
    if prefix and shutil.which(prefix[0]) is None:
        fake.unmet("setpriv is not on this machine, and to root no place is closed")
    return subprocess.run(
        [*prefix, sys.executable, "-m", "nox", *arguments],
        cwd=checkout,
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """Return a checkout with small releases."""
    return small.checkout(tmp_path_factory.mktemp("places"))


@pytest.fixture
def checkout(original: Checkout) -> Path:
    """Return the checkout without anything of nox's."""
    place = original.root / ".nox"
    if place.is_symlink() or place.is_file():
        place.unlink()
    elif place.exists():
        subprocess.run(["chmod", "-R", "u+rwX", place], check=True)
        shutil.rmtree(place)
    return original.root


def dangling(place: Path) -> None:
    """Make a link to a folder that doesn't exist, as on an unmounted disk."""
    place.symlink_to("/nonexistent/disk")


def closed(place: Path) -> None:
    """Make a folder that is not writable."""
    place.mkdir(mode=0o555)


def of_another(place: Path) -> None:
    """Make a folder with the report's lock of another user."""
    place.mkdir()
    (place / "report.lock").touch(mode=0o444)


def of_another_with_its_mask(place: Path) -> None:
    """Make a folder with a ledger that only another user can read."""
    (place / "measured" / "linux-x86_64").mkdir(parents=True)
    (place / "measured").chmod(0)


@pytest.mark.parametrize(
    ("make", "session", "reason", "advice"),
    [
        (dangling, "explain", " leads to /nonexistent/disk, which is not there", "mount that disk"),
        (dangling, f"probe({small.ONE})", " leads to /nonexistent/disk", "remove the link"),
        (Path.touch, "report", " is no folder", "move it away"),
        (closed, "lint", " can't be written by this user", GIVE_BACK),
        (of_another, "report", "/report.lock can't be written by this user", GIVE_BACK),
        (of_another_with_its_mask, "types", "/measured can't be written by this user", GIVE_BACK),
    ],
)
def test_where_nothing_can_be_made_a_sentence_says_so_and_looking_still_works(
    checkout: Path, make: Callable[[Path], None], session: str, reason: str, advice: str
) -> None:
    make(checkout / ".nox")
    done = as_a_user(checkout, "-s", session)
    assert done.returncode == 1
    (sentence,) = done.stdout.splitlines()
    assert sentence.startswith(f"{checkout}/.nox{reason}")
    assert advice in sentence
    for looks in (["-l"], ["-s", "interpreters"]):
        done = as_a_user(checkout, *looks, UV_PYTHON_DOWNLOADS="never", CI="")
        assert "Traceback" not in done.stdout
        assert done.returncode == 0, done.stdout


def test_a_checkout_on_a_read_only_disk_is_told_before_anything_is_made(tmp_path: Path) -> None:
    with fake.mounted(tmp_path / "disk", "size=64m") as disk:
        checkout = copied(disk / "checkout")
        fake.make_read_only(disk)
        done = nox(checkout, "-s", "explain")
    assert (done.returncode, len(done.stdout.splitlines())) == (1, 1)
    assert f"{checkout} is on a disk that can't be written" in done.stdout


def test_an_envdir_that_can_not_be_made_is_told_too(checkout: Path) -> None:
    done = nox(checkout, "--envdir", "/dev/null/envs", "-s", "explain")
    assert (done.returncode, len(done.stdout.splitlines())) == (1, 1)
    assert "/dev/null is no folder, and environments are made below it" in done.stdout


def test_what_fails_later_is_a_sentence_with_the_path(checkout: Path) -> None:
    (checkout / ".nox" / "report.lock").mkdir(parents=True)
    done = nox(checkout, "-s", "report")
    assert done.returncode == 1
    assert f"{checkout}/.nox/report.lock: Is a directory; make room there" in done.stdout
    assert "Traceback" not in done.stdout


def test_what_can_not_be_removed_is_a_sentence_with_the_path(
    original: Checkout, checkout: Path
) -> None:
    kept = checkout / ".nox" / f"probe-{small.ONE}" / "of another"
    kept.mkdir(parents=True)
    (kept / "file").touch()
    kept.chmod(0o555)
    session = f"probe({small.ONE})"
    done = as_a_user(checkout, "-s", session, "--", "--force", **original.variables)
    assert done.returncode == 1
    assert f"{kept}/file: Permission denied; " in done.stdout or (
        ": Permission denied; " in done.stdout and "let this user write there" in done.stdout
    )
    assert "Traceback" not in done.stdout


def test_a_home_that_may_not_be_entered_is_no_obstacle(
    original: Checkout, checkout: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    (home / ".local" / "share" / "uv" / "python").mkdir(parents=True)
    home.chmod(0)
    own = dict.fromkeys(("XDG_DATA_HOME", "XDG_CONFIG_HOME", "PYENV_ROOT"), "") | {
        "HOME": str(home)
    }
    session = f"probe({small.ONE})"
    done = as_a_user(checkout, "-s", session, "--", "--force", **original.variables, **own)
    home.chmod(0o755)
    assert done.returncode == 0, done.stdout


def test_a_user_without_a_home_is_no_obstacle(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one whose number nobody knows, in a container."""

    def unknown(number: int) -> object:
        raise KeyError(number)

    for name in ("HOME", "PYENV_ROOT", "XDG_DATA_HOME", "UV_PYTHON_INSTALL_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    assert interpreters.search_path()


def test_a_command_to_paste_keeps_a_path_with_a_space_in_one_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "a space"
    folder.mkdir()
    monkeypatch.setattr(os, "access", lambda *_: False)
    (sentence,) = (
        each
        for each in switches.faults(switches.read(["--envdir", str(folder)]))
        if str(folder) in each
    )
    command = sentence.rpartition(GIVE_BACK)[2].rstrip("`")
    assert shlex.split(command) == [str(os.getuid()), str(folder)]
