"""Releases that the table lacks: found by the index, locked, measured, written and reported."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import fake, small, stand_in
from tests.support.checkout import OBSERVATIONS, ROOT
from tests.support.repository import git

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.small import Checkout

LOCKS = "probes/locks"
TABLE = "probes/releases.toml"
LAST, FINAL, LATER = "2.22.0rc0", "2.22.0", "2.23.1"  # the last of the table, and newer ones
TODAY = datetime.now(UTC).strftime("%Y-%m-%d")
UPLOADS = {f"tensorflow_cpu-{FINAL}-": "2026-10-20", f"tensorflow_cpu-{LATER}-": TODAY}
NOTHING = f"No release of TensorFlow is newer than the table, up to {LAST}.\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """Return a committed checkout, and beside it the wheels of what its table lists last."""
    made = small.checkout(tmp_path)
    offer(made, LAST)
    for version in (small.ONE, small.OTHER):
        shutil.copyfile(ROOT / LOCKS / f"{version}.txt", made.root / LOCKS / f"{version}.txt")
    wheels = tmp_path / "wheels"
    small.wheel(wheels, "tensorflow", "0.12.1", {})  # one of the old series is enough
    small.wheel(wheels, "tf_keras", FINAL, {"tf_keras.py": ""})
    git(made.root, "init", "--quiet")
    git(made.root, "add", "--all")
    git(made.root, "commit", "--quiet", "--message", "all of it")
    return made


def offer(checkout: Checkout, *versions: str) -> None:
    """Make wheels of releases, and leave their locks as they are."""
    for version in versions:
        lock = checkout.root / LOCKS / f"{version}.txt"
        before = lock.read_bytes() if lock.exists() else None
        checkout.install(version, fake.WORKING.replace(fake.VERSION, version))
        lock.unlink() if before is None else lock.write_bytes(before)


def run(checkout: Checkout, address: str) -> subprocess.CompletedProcess[str]:
    """Look for releases by an index; a package that it lacks comes from the usual one."""
    own = {"UV_OFFLINE": None, "UV_FIND_LINKS": None, "UV_INDEX": address, "NO_PROXY": "127.0.0.1"}
    variables = os.environ | checkout.variables | own | {"UV_HTTP_RETRIES": "0"}
    return subprocess.run(
        [sys.executable, "-m", "nox", "-s", "discover"],
        cwd=checkout.root,
        env={name: value for name, value in variables.items() if value is not None},
        capture_output=True,
        text=True,
        check=False,
    )


def discovered(checkout: Checkout) -> subprocess.CompletedProcess[str]:
    """Look for releases by an index of the wheels."""
    with stand_in.index(checkout.root.parent / "wheels", UPLOADS) as address:
        return run(checkout, address)


def rows(root: Path) -> dict[str, dict[str, Any]]:
    """Return the rows of the table by version."""
    table = tomllib.loads((root / TABLE).read_text("utf-8"))["releases"]
    return {row["version"]: row for row in table}


def test_what_the_index_has_and_the_table_lacks_is_added(checkout: Checkout) -> None:
    before = rows(checkout.root)
    offer(checkout, FINAL, LATER)
    done = discovered(checkout)
    assert done.returncode == 0, done.stderr
    after = rows(checkout.root)
    row = before[LAST]
    assert after.pop(FINAL) == row | {
        "version": FINAL,
        "cutoff": "2026-11-03",
        "beside": ["tf-keras==2.22.*"],
    }
    assert after.pop(LATER) == row | {"version": LATER, "cutoff": TODAY}
    assert after == {version: row for version, row in before.items() if version != LAST}
    changed = git(checkout.root, "status", "--short").splitlines()
    assert {line[3:]: line[:2].strip() for line in changed} == {
        "README.md": "M",
        "docs/answer.svg": "M",
        f"{OBSERVATIONS}/confirmed.toml": "??",
        f"{OBSERVATIONS}/{LAST}.json": "D",
        f"{OBSERVATIONS}/{FINAL}.json": "??",
        f"{OBSERVATIONS}/{LATER}.json": "??",
        f"{LOCKS}/{LAST}.txt": "D",
        f"{LOCKS}/{FINAL}.txt": "??",
        f"{LOCKS}/{LATER}.txt": "??",
        TABLE: "M",
    }
    for version in (FINAL, LATER):
        assert checkout.observed(version)["release"]["version"] == version
    released = json.loads((checkout.root / "site" / "data" / "matrix.json").read_text("utf-8"))
    assert [one["version"] for one in released["releases"]][-2:] == [FINAL, LATER]
    python = f"tensorflow-cpu on CPython {fake.PYTHON}"
    assert done.stdout.startswith(
        "Newer than the table, and measured now:\n\n"
        f"- **{FINAL}** (uploaded on 2026-10-20; {python}; packages as of 2026-11-03; "
        f"beside tf-keras==2.22.*; in the place of {LAST}): observed.\n"
        f"- **{LATER}** (uploaded on {TODAY}; {python}; packages as of {TODAY}; "
        "beside tf-keras): observed.\n"
        "# What moved since `HEAD`\n"
    )


def test_where_nothing_is_newer_it_says_so_and_writes_nothing(checkout: Checkout) -> None:
    done = discovered(checkout)
    assert done.returncode == 0, done.stderr
    assert done.stdout == NOTHING
    assert git(checkout.root, "status", "--short") == ""


def test_where_the_index_is_out_of_reach_there_is_a_sentence_and_nothing_is_written(
    checkout: Checkout,
) -> None:
    done = run(checkout, "http://127.0.0.1:9/simple")
    assert done.returncode != 0
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    (sentence,) = (line for line in done.stderr.splitlines() if "can't be asked" in line)
    assert "the index can't be asked for tensorflow-cpu>=2.22.0rc0" in sentence
    assert "Failed to fetch: " in sentence
    assert "; nothing was written" in sentence
    assert git(checkout.root, "status", "--short") == ""


def test_a_release_that_can_not_be_locked_leaves_the_table_as_it_was(checkout: Checkout) -> None:
    """A wheel that needs what nobody offers is found, and has no row without its lock."""
    offer(checkout, FINAL)
    small.wheel(checkout.root.parent / "wheels", "tensorflow_cpu", FINAL, {}, "tensorflow-cpu==0.1")
    done = discovered(checkout)
    assert done.returncode != 0
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert git(checkout.root, "status", "--short") == ""
