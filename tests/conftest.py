"""Fixtures that several test modules share."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import hypothesis
import pytest
from playwright.sync_api import sync_playwright

from report import places
from report.matrix import across, build_matrix
from report.site.publish import write_site
from tests.support import fake

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from report.matrix import Matrix

NAMES = ("chromium", "chromium-browser", "google-chrome")
PLATFORM = "linux-x86_64"

# A busy machine is no failure: no example has a time limit.
hypothesis.settings.register_profile("tests", deadline=None)
hypothesis.settings.load_profile("tests")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that use a browser."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set a date for what is built in a test, and no site URL."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795392000")
    monkeypatch.delenv("SITE_URL", raising=False)


@pytest.fixture(scope="session")
def real() -> Matrix:
    """Return the matrix of the observations in the checkout."""
    return build_matrix(places.ROOT, PLATFORM)


@pytest.fixture(scope="session")
def published(real: Matrix, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the site from the observations in the checkout; return its folder."""
    folder = tmp_path_factory.mktemp("published") / "site"
    others = across.with_others(places.ROOT, real)
    write_site(real, folder, built="2026-11-23", others=others)
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Return the path of the fake release's observation."""
    return tmp_path / "observations" / PLATFORM / f"{fake.VERSION}.json"


@pytest.fixture(scope="session")
def working(tmp_path_factory: pytest.TempPathFactory) -> fake.Environment:
    """Return an environment whose TensorFlow works."""
    return fake.Environment(tmp_path_factory.mktemp("working") / "environment")


@pytest.fixture(scope="session")
def whole(working: fake.Environment, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the observation of ``working``, in which nothing is wrong."""
    out = tmp_path_factory.mktemp("whole") / f"{fake.VERSION}.json"
    done = working.run(out)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [s["state"] for s in fake.observation(out)["symbols"]].count("observed") == 2
    return out.read_bytes()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the installed Chromium; skip the test without one, or fail it in CI."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        fake.unmet(f"no browser on PATH: looked for {', '.join(NAMES)}")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield made
        made.close()
