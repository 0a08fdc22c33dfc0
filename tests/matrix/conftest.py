"""Fixtures: a checkout of five releases, intact or with a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import samples
from tests.support.five_releases import FAULTS, GONE, REASON, VERSIONS, Fault, store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a checkout of five releases: four observed, and one unavailable."""
    (tmp_path / "probes").mkdir()
    rows = [samples.row(version, tags=["tf1"]) for version in VERSIONS[:-1]]
    text = samples.table(*rows, samples.row(GONE, unavailable=REASON))
    (tmp_path / "probes" / "releases.toml").write_text(text, encoding="utf-8")
    for version in VERSIONS[:-1]:
        store(tmp_path, version)
    return tmp_path


@pytest.fixture(params=FAULTS, ids=lambda fault: fault.make.__name__)
def fault(request: pytest.FixtureRequest, root: Path) -> Fault:
    """Return a fault, after applying it to the checkout."""
    one: Fault = request.param
    one.make(root)
    return one
