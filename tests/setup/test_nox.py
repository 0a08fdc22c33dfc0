"""Test nox when a release can't be installed, or fails."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.checkout import CI, OBSERVATIONS, ROOT, copied, nox

if TYPE_CHECKING:
    from pathlib import Path

BAD_HASH, NO_WHEEL, CURRENT = "2.19.1", "2.20.0", "2.21.0"  # all on one Python
# Enters a release in the ledger, as measuring it does.
CONFIRM = f"""
import noxfile
row = noxfile.BY_VERSION["{CURRENT}"]
noxfile.ledger.confirm(row, noxfile.ledger.fingerprint(row))
"""
UNREACHABLE = dict.fromkeys(("UV_INDEX_URL", "UV_DEFAULT_INDEX"), "http://127.0.0.1:9/simple")
UNREACHABLE["UV_HTTP_RETRIES"] = "0"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a checkout where one release is current and two can't be installed."""
    copy = copied(tmp_path_factory.mktemp("faults") / "checkout")
    subprocess.run([sys.executable, "-c", CONFIRM], cwd=copy, check=True)
    locks = copy / "probes" / "locks"
    zeros = "--hash=sha256:" + 64 * "0"
    (locks / f"{BAD_HASH}.txt").write_text(f"six==1.17.0 {zeros}\n", encoding="utf-8")
    (locks / f"{NO_WHEEL}.txt").write_text(f"pywin32==306 {zeros}\n", encoding="utf-8")
    return copy


def sessions(*versions: str) -> list[str]:
    """Return the arguments that run the probes of some releases."""
    return ["-s", *(f"probe({version})" for version in versions)]


def need(said: str) -> None:
    """Skip the test if the releases' interpreter is missing; fail it in CI."""
    if not CI and "CPython 3.11 is not on this machine" in said:
        pytest.skip("CPython 3.11 is not on this machine")


def test_what_can_not_be_installed_fails_alone_and_the_report_renders(checkout: Path) -> None:
    done = nox(checkout, *sessions(BAD_HASH, NO_WHEEL, CURRENT), "report")
    need(done.stdout)
    assert done.returncode != 0
    assert "Hash mismatch for `six==1.17.0`" in done.stdout
    assert "pywin32==306 has no wheels with a matching" in done.stdout
    assert f"{CURRENT}: the observation is current" in done.stdout
    *_, first, second, third, last = done.stdout.splitlines()
    assert f"probe({BAD_HASH}): failed" in first
    assert f"probe({NO_WHEEL}): failed" in second
    assert f"probe({CURRENT}): success" in third
    assert "report: " in last
    assert f"{BAD_HASH}.json: older lock" in done.stdout  # which the report has its own words for
    assert "wrote site/index.html" in done.stdout
    data = json.loads((checkout / "site" / "data" / "matrix.json").read_text(encoding="utf-8"))
    here = [one["version"] for one in data["releases"] if not one["recorded"]]
    assert here == [CURRENT]
    for version in (BAD_HASH, NO_WHEEL):
        name = OBSERVATIONS / f"{version}.json"
        assert (checkout / name).read_bytes() == (ROOT / name).read_bytes()


def test_an_unreachable_registry_fails_that_release_alone(checkout: Path) -> None:
    done = nox(checkout, *sessions(BAD_HASH, CURRENT), **UNREACHABLE)
    need(done.stdout)
    assert done.returncode != 0
    assert "Connection refused" in done.stdout
    assert f"probe({BAD_HASH}): failed" in done.stdout
    assert f"probe({CURRENT}): success" in done.stdout


def test_an_environment_without_its_release_is_no_evidence(checkout: Path) -> None:
    name = OBSERVATIONS / f"{NO_WHEEL}.json"
    (checkout / "probes" / "locks" / f"{NO_WHEEL}.txt").write_text("", encoding="utf-8")
    done = nox(checkout, *sessions(NO_WHEEL))
    need(done.stdout)
    assert done.returncode != 0
    assert "TensorFlow is not installed in this environment" in done.stdout
    assert (checkout / name).read_bytes() == (ROOT / name).read_bytes()
