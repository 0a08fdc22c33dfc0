"""Interrupt nox at two moments; `python -m tests.support.interrupt` does so at twenty."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from probes.setup import interpreters
from tests.support import interrupt, small
from tests.support.checkout import CI, ROOT, copied

if TYPE_CHECKING:
    from pathlib import Path

ROWS = tomllib.loads((ROOT / "probes" / "releases.toml").read_text("utf-8"))["releases"]
PYTHONS = {row["version"]: row["python"] for row in ROWS}


def test_a_small_release_that_was_interrupted_is_measured_whole(tmp_path: Path) -> None:
    checkout = small.checkout(tmp_path)
    found = list(interrupt.interruptions(checkout, small.OTHER, len(interrupt.KINDS)))
    assert len(found) == len(interrupt.KINDS)
    for one in found:
        assert one.harmless, str(one)


@pytest.mark.parametrize(
    ("version", "kind"), [("1.0.1", "SIGINT to the group"), ("2.21.0", "SIGKILL to the group")]
)
def test_a_real_release_that_was_interrupted_is_measured_whole(
    tmp_path: Path, version: str, kind: str
) -> None:
    if not CI and not interpreters.find(PYTHONS[version]):
        pytest.skip(f"CPython {PYTHONS[version]} is not on this machine")
    checkout = small.Checkout(root=copied(tmp_path / "checkout"), variables={})
    (found,) = interrupt.interruptions(checkout, version, 1, [kind], known=True)
    assert found.harmless, str(found)
