"""Test that a release gives the same observation on machines with other settings."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import fake, small
from tests.support.repository import git

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.support.small import Checkout

WORKSPACE = '[project]\nname = "outer"\nversion = "1"\n[tool.uv.workspace]\nmembers = ["**"]\n'
# A long path with characters that are special in shells, URLs, formats and globs.
ODD = "a b's %41 {0} [x] ü&;~" + 80 * "x"
HANDLES = 64  # file handles per process


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """Return a checkout with small releases: a worktree with an odd name in a uv workspace."""
    outer = tmp_path_factory.mktemp("machines")
    git(outer, "init", "--quiet")
    git(outer, "commit", "--quiet", "--allow-empty", "--message", "nothing yet")
    git(outer, "worktree", "add", "--quiet", str(outer / ODD / "checkout"))
    (outer / "pyproject.toml").write_text(WORKSPACE, encoding="utf-8")
    (outer / "uv.toml").write_text('[pip]\nprefix = "/nonexistent"\n', encoding="utf-8")
    return small.checkout(outer / ODD)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the observation of the release on a machine without special settings."""
    checkout = small.checkout(tmp_path_factory.mktemp("plain"))
    done = checkout.run(small.ONE)
    assert done.returncode == 0, done.stdout
    return evidence(checkout)


def evidence(checkout: Checkout) -> dict[str, Any]:
    """Return an observation without the digest of the lock."""
    observation = checkout.observed(small.ONE)
    del observation["release"]["lock"]
    return observation


def limit() -> None:
    """Limit this process to one processor and few file handles."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    resource.setrlimit(resource.RLIMIT_NOFILE, (HANDLES, HANDLES))


def run(
    checkout: Checkout,
    folder: Path,
    variables: Mapping[str, str],
    *options: str,
    prefix: tuple[str, ...] = (),
) -> str:
    """Run nox for the release in a folder, which must succeed; return its output."""
    done = subprocess.run(
        [*prefix, sys.executable, "-m", "nox", "-s", f"probe({small.ONE})", *options],
        cwd=folder,
        env=os.environ | dict(checkout.variables) | dict(variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=limit,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def active(place: Path) -> dict[str, str]:
    """Return the environment variables of an active conda and virtual environment."""
    (place / "bin").mkdir(parents=True)
    (place / "conda-meta").mkdir()
    path = f"{place}/bin{os.pathsep}{os.environ['PATH']}"
    names = ("VIRTUAL_ENV", "CONDA_PREFIX", "UV_PROJECT_ENVIRONMENT")
    return dict.fromkeys(names, str(place)) | {"CONDA_DEFAULT_ENV": "base", "OUTER_PATH": path}


def test_an_odd_path_a_workspace_above_active_environments_and_scarce_means(
    checkout: Checkout, plain: dict[str, Any], tmp_path: Path
) -> None:
    assert (checkout.root / ".git").is_file()  # as in a worktree
    linked = tmp_path / "link"
    linked.symlink_to(checkout.root)
    run(checkout, linked, active(tmp_path / "conda"), "--", "--force")
    assert evidence(checkout) == plain
    assert not checkout.environment(small.ONE).exists()
    assert {path.name for path in (tmp_path / "conda").rglob("*")} == {"bin", "conda-meta"}


def test_a_small_tmpdir_from_which_nothing_may_be_run(
    checkout: Checkout, plain: dict[str, Any], tmp_path: Path
) -> None:
    with fake.mounted(tmp_path / "tmp", "noexec") as scratch:
        run(checkout, checkout.root, {"TMPDIR": str(scratch)}, "--", "--force")
        assert list(scratch.iterdir()) == []
    assert evidence(checkout) == plain


@pytest.mark.parametrize("year", ["1975", "2040"])
def test_a_wrong_clock(checkout: Checkout, plain: dict[str, Any], year: str) -> None:
    """Archives know no time before 1980, and 32 bits none after 2038."""
    if shutil.which("faketime") is None:
        fake.unmet("faketime is not on this machine")
    prefix = ("faketime", f"{year}-01-01 00:00:00")
    run(checkout, checkout.root, {}, "--", "--force", prefix=prefix)
    assert evidence(checkout) == plain
    assert "the observation is current" in run(checkout, checkout.root, {})


def test_a_full_disk_and_after_it(checkout: Checkout, plain: dict[str, Any]) -> None:
    before = checkout.observation(small.ONE).read_bytes()
    shutil.rmtree(checkout.root / ".nox")
    with fake.mounted(checkout.root / ".nox", "size=16m") as disk:
        (disk / "something else").write_bytes(bytes(2**24 - 2**19))
        done = checkout.run(small.ONE, "--force")
        assert done.returncode == 1
        assert "No space left on device" in done.stdout
        assert "Traceback" not in done.stdout
        assert checkout.observation(small.ONE).read_bytes() == before
        (disk / "something else").unlink()
        run(checkout, checkout.root, {})
    assert evidence(checkout) == plain


def test_without_a_network_and_with_all_measured_nothing_is_asked_of_it(
    checkout: Checkout, tmp_path: Path
) -> None:
    run(checkout, checkout.root, {})
    nowhere = {"UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple", "UV_OFFLINE": ""}
    nowhere |= {"UV_FIND_LINKS": str(tmp_path), "ALL_PROXY": "http://127.0.0.1:9"}
    assert "the observation is current" in run(checkout, checkout.root, nowhere)
