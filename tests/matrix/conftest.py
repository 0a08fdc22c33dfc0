"""Fixtures: a checkout of five releases, intact or with a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import roots, samples
from tests.support.five_releases import FAULTS, GONE, REASON, VERSIONS, Fault

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a checkout of five releases: four observed, and one unavailable."""
    rows = [samples.row(version, tags=["tf1"]) for version in VERSIONS[:-1]]
    text = samples.table(*rows, samples.row(GONE, unavailable=REASON))
    roots.table(tmp_path, text)
    for version in VERSIONS[:-1]:
        roots.store(tmp_path, version, samples.observation(version))
    return tmp_path


@pytest.fixture(params=FAULTS, ids=lambda fault: fault.make.__name__)
def fault(request: pytest.FixtureRequest, root: Path) -> Fault:
    """Return a fault, after applying it to the checkout."""
    one: Fault = request.param
    one.make(root)
    return one
