"""Real TensorFlow, end to end: nox installs and probes releases, and no byte may differ."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CI = os.environ.get("CI", "") not in {"", "0", "false"}
OBSERVATIONS = Path("observations") / "linux-x86_64"
# One TensorFlow 1 on CPython 3.6, one with Keras 2 and one with Keras 3.
RELEASES = {"1.0.1": "3.6", "2.10.1": "3.10", "2.21.0": "3.11"}


def nox(checkout: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run nox in a checkout as a user would, with a clean cache of its own."""
    return subprocess.run(
        [sys.executable, "-m", "nox", *arguments],
        cwd=checkout,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the checkout, without what is not tracked, in a path with a space."""
    copy = tmp_path_factory.mktemp("check out") / "initializer matrix"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy / name)
    return copy


@pytest.mark.parametrize("version", RELEASES)
def test_a_release_measured_again_gives_the_same_bytes(checkout: Path, version: str) -> None:
    stored = (ROOT / OBSERVATIONS / f"{version}.json").read_bytes()
    (checkout / OBSERVATIONS / f"{version}.json").unlink()
    hostile = {"KERAS_BACKEND": "jax", "TF_USE_LEGACY_KERAS": "1", "PYTHONHASHSEED": "7"}
    done = nox(checkout, "-s", f"probe({version})", "--", "--keep", **hostile)
    if not CI and f"CPython {RELEASES[version]} is not on this machine" in done.stderr:
        pytest.skip(f"CPython {RELEASES[version]} is not on this machine")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (checkout / OBSERVATIONS / f"{version}.json").read_bytes() == stored
    again = nox(checkout, "-s", f"probe({version})")
    assert "the observation is current" in again.stdout + again.stderr


def test_the_probes_own_tests_pass_on_a_real_3_6(checkout: Path) -> None:
    python = checkout / ".nox" / "probe-1-0-1" / "bin" / "python"
    if not CI and not python.exists():
        pytest.skip("CPython 3.6 is not on this machine")
    command = [str(python), "-m", "unittest", "discover", "-s", "tests/probes36", "-t", "."]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Ran " in done.stderr


def test_the_report_follows_and_marks_what_was_measured_here(checkout: Path) -> None:
    done = nox(checkout, "-s", "report")
    assert done.returncode == 0, done.stdout + done.stderr
    data = json.loads((checkout / "site" / "data" / "matrix.json").read_text(encoding="utf-8"))
    here = [r["version"] for r in data["releases"] if not r["recorded"]]
    ledger = checkout / ".nox" / "measured" / "linux-x86_64"
    assert here == [v for v in RELEASES if (ledger / f"{v}.json").exists()]
    assert here or not CI


def test_a_release_without_its_lock_says_what_to_do(checkout: Path) -> None:
    (checkout / "probes" / "locks" / "2.9.3.txt").unlink()
    done = nox(checkout, "-s", "probe(2.9.3)")
    if not CI and "is not on this machine" in done.stderr:
        pytest.skip("CPython 3.10 is not on this machine")
    assert done.returncode != 0
    assert "nox -s lock -- 2.9.3" in done.stdout + done.stderr
