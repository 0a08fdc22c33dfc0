"""Test that nox options and locations that would change an environment are refused."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.support import small
from tests.support.checkout import copied, nox

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.small import Checkout

LEAVE_IT_OUT = (
    "can't be used here: each session makes the environment that it needs, with uv; leave it out"
)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """Return a checkout with two small releases."""
    return small.checkout(tmp_path_factory.mktemp("switches"))


def entry(checkout: Checkout) -> Path:
    """Return the path of a release's entry in the ledger."""
    return checkout.root / ".nox" / "measured" / "linux-x86_64" / f"{small.ONE}.txt"


@pytest.mark.parametrize(
    ("switch", "session"),
    [
        (["--force-venv-backend=virtualenv"], "lint"),
        (["--force-venv-backend=conda"], "report"),
        (["--no-venv"], "explain"),
        (["-fb", "uv"], f"probe({small.ONE})"),
    ],
)
def test_another_backend_is_refused_before_anything_is_made(
    tmp_path: Path, switch: list[str], session: str
) -> None:
    checkout = copied(tmp_path / "checkout")
    done = nox(checkout, *switch, "-s", session)
    assert done.returncode != 0
    assert LEAVE_IT_OUT in done.stdout
    assert "Traceback" not in done.stdout
    assert not (checkout / ".nox").exists()


@pytest.mark.parametrize("switch", [["-P", "3.8"], ["--force-python", "3.8"], []])
def test_a_release_is_measured_on_its_own_python_alone(
    checkout: Checkout, switch: list[str]
) -> None:
    forced = None if switch else "3.8"
    done = nox(checkout.root, *switch, "-s", f"probe({small.ONE})", NOXFORCEPYTHON=forced)
    assert done.returncode != 0
    assert f"{small.ONE} is measured on CPython 3." in done.stdout
    assert "alone: leave out --force-python and unset NOXFORCEPYTHON" in done.stdout
    assert "Traceback" not in done.stdout


def test_a_default_backend_of_the_users_is_not_ours(tmp_path: Path) -> None:
    checkout = copied(tmp_path / "checkout")
    done = nox(checkout, "-s", "explain", "--", "--help", NOX_DEFAULT_VENV_BACKEND="conda")
    assert done.returncode == 0, done.stdout


def test_what_is_only_installed_was_not_measured(checkout: Checkout) -> None:
    entry(checkout).unlink(missing_ok=True)
    before = checkout.observation(small.ONE).read_bytes()
    done = nox(checkout.root, "--install-only", "-s", f"probe({small.ONE})", **checkout.variables)
    assert done.returncode == 0, done.stdout
    assert f"{checkout.environment(small.ONE)} is installed and stays; nothing was measured" in (
        done.stdout
    )
    assert list(checkout.packages(small.ONE).glob("tensorflow_cpu-*"))
    assert not entry(checkout).exists()
    assert checkout.observation(small.ONE).read_bytes() == before
    done = checkout.run(small.ONE)
    assert done.returncode == 0, done.stdout
    assert entry(checkout).exists()
    assert not checkout.environment(small.ONE).exists()


def test_with_envdir_on_another_disk_a_release_is_measured_and_nothing_stays(
    checkout: Checkout,
) -> None:
    elsewhere = "/dev/shm"  # noqa: S108 - of another file system than the checkout
    place = f"{elsewhere}/envs-{os.getpid()}"
    session = ("-s", f"probe({small.OTHER})", "--", "--force")
    try:
        done = nox(checkout.root, "--envdir", place, *session, **checkout.variables)
        assert done.returncode == 0, done.stdout
        assert "Traceback" not in done.stdout
        assert not checkout.environment(small.OTHER).exists()
        assert not os.path.exists(place)  # noqa: PTH110 - which nox never made
    finally:
        shutil.rmtree(place, ignore_errors=True)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("12:30", "has : in its name, at which PATH splits, so that another Python would run"),
        ("of $HOME", "has $ in its name, which nox takes for a variable"),
    ],
)
def test_below_a_folder_whose_name_is_read_otherwise_nothing_is_made(
    tmp_path: Path, name: str, why: str
) -> None:
    checkout = copied(tmp_path / name / "checkout")
    for arguments in (["-s", f"probe({small.ONE})"], ["-s", "lint"], []):
        done = nox(checkout, *arguments)
        assert done.returncode != 0
        assert f"{checkout} {why}; move the checkout to a folder without it" in done.stdout
    assert not (checkout / ".nox").exists()


def test_an_envdir_where_path_would_split_is_refused(checkout: Checkout, tmp_path: Path) -> None:
    done = nox(checkout.root, "--envdir", str(tmp_path / "12:30"), "-s", "lint")
    assert done.returncode != 0
    assert "give --envdir a folder without it" in done.stdout
    assert not (tmp_path / "12:30").exists()
