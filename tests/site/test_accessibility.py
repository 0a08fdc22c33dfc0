"""Test the accessibility of pages with axe-core, at each width and colour scheme."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from probes.setup import checkers
from tests.support import fake
from tests.support.browser import PAGES, Watched, at, go

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def axe() -> Path:
    """Return the path of axe-core; skip the test without it, or fail it in CI."""
    found = Path(os.environ.get("AXE_CORE", "node_modules/axe-core/axe.min.js"))
    if not found.is_file():
        how = f"no axe-core at {found}; set AXE_CORE or run: npm install --no-save axe-core"
        fake.unmet(os.environ.get(checkers.MISSING, how))
    return found


LOOKS: tuple[tuple[int, dict[str, Any]], ...] = (
    (1280, {"color_scheme": "light"}),
    (1280, {"color_scheme": "dark"}),
    (390, {"color_scheme": "light"}),
    (320, {"color_scheme": "dark"}),
    (1280, {"color_scheme": "light", "forced_colors": "active"}),
)


def violations(browser: Browser, site: Path, path: str) -> list[tuple[object, ...]]:
    """Return what axe finds on a page in each look, and the look."""
    source = axe().read_text("utf-8")
    found: list[tuple[object, ...]] = []
    with Watched(browser, **at(1280), bypass_csp=True) as seen:
        go(seen.page, site, path)
        seen.page.evaluate(source)
        seen.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        for width, media in LOOKS:
            seen.page.set_viewport_size({"width": width, "height": 900})
            seen.page.emulate_media(**media)
            result = seen.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            found += [
                (width, media, each["id"], each["nodes"][0]["html"][:200])
                for each in result["violations"]
            ]
    return found


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_wide_or_narrow_light_or_dark(
    browser: Browser, sites: Path, path: str
) -> None:
    assert violations(browser, sites / "mini", path) == []
