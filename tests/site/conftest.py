"""Fixtures: the sites of the three matrices, which tests read and never change; a checkout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from report import places
from report.evidence import platforms
from report.site.publish import write_site
from tests.support import machines, roots, samples
from tests.support.extreme import WORLDS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the site of each matrix, beside another platform's; return the folder of all three."""
    folder = tmp_path_factory.mktemp("sites")
    for name, make in WORLDS.items():
        matrix = make()
        others = machines.beside(matrix)
        write_site(matrix, folder / name, built="2026-11-23", others=others)
    return folder


@pytest.fixture(params=WORLDS)
def site(request: pytest.FixtureRequest, sites: Path) -> Path:
    """Return the folder of one matrix's site."""
    found: Path = sites / request.param
    return found


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a checkout of two releases that were observed on this machine's platform."""
    monkeypatch.setattr(places, "ROOT", roots.observed(tmp_path, ("1.0.1", "1.1.0")))
    monkeypatch.setattr(platforms, "machine", lambda: samples.PLATFORM)
    return tmp_path
