"""Test that two real releases observe the same on another processor, byte for byte."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.checkout import CI, OBSERVATIONS, ROOT, copied, nox

if TYPE_CHECKING:
    from pathlib import Path

CPU = "Haswell"  # with AVX2 and without AVX-512
RELEASES = {"1.0.1": "3.6", "2.21.0": "3.11"}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the checkout."""
    if not CI and shutil.which("qemu-x86_64") is None:
        pytest.skip("qemu-x86_64 is not on this machine")
    return copied(tmp_path_factory.mktemp("processors") / "check out")


@pytest.mark.parametrize("version", RELEASES)
def test_the_symbols_are_the_same_on_a_processor_that_is_emulated(
    checkout: Path, version: str
) -> None:
    done = nox(checkout, "-s", "elsewhere", "--", version, "--cpu", CPU, "--symbols")
    if not CI and f"CPython {RELEASES[version]} is not on this machine" in done.stdout:
        pytest.skip(f"CPython {RELEASES[version]} is not on this machine")
    assert done.returncode == 0, done.stdout
    assert f"The same in all that was asked for: {version}" in done.stdout
    (place,) = (checkout / ".nox" / "observed" / CPU).glob(f"*/{version}.json")
    found, stored = (read(path) for path in (place, ROOT / OBSERVATIONS / place.name))
    assert found.pop("tutorial") is None
    assert stored.pop("tutorial")
    assert found == stored


def read(path: Path) -> dict[str, Any]:
    """Return the JSON of an observation."""
    data: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return data
