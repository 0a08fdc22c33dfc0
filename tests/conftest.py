"""What several test modules share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from report import load, page
from report.matrix import build

if TYPE_CHECKING:
    from pathlib import Path

PLATFORM = "linux-x86_64"


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the site that is really published, from the observations in the checkout."""
    folder = tmp_path_factory.mktemp("published") / "site"
    page.build(build(load.ROOT, PLATFORM), folder, built="2026-11-23")
    return folder
