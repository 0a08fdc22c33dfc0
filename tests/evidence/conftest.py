"""Fixtures of the tests of report.evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import samples

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of the observation of 1.0.1, which doesn't exist yet."""
    folder = tmp_path / samples.PLATFORM
    folder.mkdir()
    return folder / "1.0.1.json"
