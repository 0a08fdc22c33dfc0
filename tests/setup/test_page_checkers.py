"""Test that the npm packages are optional outside CI, and that tests say if they are missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from probes.setup import checkers
from tests.site import test_accessibility, test_validity
from tests.support.checkout import copied

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Prints the environment variables that the tests would get, and the session's warnings.
FETCH = """
import json, subprocess, sys
from probes.setup import checkers
class Session:
    def create_tmp(self): return sys.argv[1]
    def warn(self, text): pass
    def run_install(self, *command, external, silent, success_codes):
        return subprocess.run(command, stdout=-1, stderr=-2, text=True).stdout
print(json.dumps(checkers.fetch(Session())))
"""


def fetched(checkout: Path, **variables: str) -> dict[str, str]:
    """Return the environment variables of tests in a checkout, with ``variables`` set."""
    (checkout / "tmp").mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", FETCH, str(checkout / "tmp")],
        cwd=checkout,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_a_registry_out_of_reach_is_named_and_nothing_else_fails(tmp_path: Path) -> None:
    found = fetched(
        copied(tmp_path / "checkout"),
        HOME=str(tmp_path),
        npm_config_registry="http://127.0.0.1:9",
        npm_config_fetch_retries="0",
    )
    assert list(found) == [checkers.MISSING]
    assert found[checkers.MISSING].startswith("npm ci failed: npm error code ECONNREFUSED")
    assert not (tmp_path / ".npm").exists()


def test_without_npm_that_is_the_reason(tmp_path: Path) -> None:
    found = fetched(copied(tmp_path / "checkout"), PATH=str(tmp_path))
    assert found == {checkers.MISSING: "npm is not on this machine"}


@pytest.mark.parametrize("look_for", [test_accessibility.axe, test_validity.validator])
def test_a_test_that_needs_them_is_skipped_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, look_for: Callable[[], object]
) -> None:
    monkeypatch.setenv(checkers.MISSING, "npm ci failed: of our own")
    for name in ("AXE_CORE", "HTML_VALIDATE"):
        monkeypatch.setenv(name, "/nonexistent")
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="npm ci failed: of our own"):
        look_for()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="npm ci failed: of our own"):
        look_for()
