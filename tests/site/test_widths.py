"""Test in a browser that every kind of page fits, from a phone's width to a wide screen's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from report.matrix import Index
from report.site.pages import missing
from tests.support import world
from tests.support.browser import PAGES, WIDE_SYMBOL, Watched, go
from tests.support.fits import misfits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

WIDE = ("index.html", "scope.html", WIDE_SYMBOL, "compare.html")


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """Open one empty page, on which each test opens its own."""
    with Watched(browser) as seen:
        yield seen.page


def largest(site: Path, pattern: str) -> str:
    """Return the largest page that matches a pattern."""
    path = max(site.glob(pattern), key=lambda path: (path.stat().st_size, path.name))
    return path.relative_to(site).as_posix()


def every_misfit(page: Page, site: Path, paths: Iterable[str], *widths: int) -> list[str]:
    """Return what doesn't fit on pages of a site."""
    found = []
    for path in paths:
        go(page, site, path)
        found += [f"{path}: {misfit}" for misfit in misfits(page, *([widths] if widths else []))]
    return found


def test_each_kind_of_page_fits(page: Page, published: Path) -> None:
    """The pages that have their own content, and the largest of those that are alike."""
    own = [path.relative_to(published).as_posix() for path in published.glob("*.html")]
    answers = [path.relative_to(published).as_posix() for path in published.glob("answer/*.html")]
    alike = [largest(published, f"{kind}/*.html") for kind in ("symbol", "release", "compare")]
    assert every_misfit(page, published, [*own, *answers, *alike]) == []


def test_each_comparison_fits_a_tablet(page: Page, published: Path) -> None:
    pairs = [f"compare/{path.name}" for path in published.glob("compare/*.html")]
    assert every_misfit(page, published, pairs, 768) == []


def test_the_comparison_of_the_form_fits(page: Page, published: Path) -> None:
    pair = largest(published, "compare/*.html").removeprefix("compare/").removesuffix(".html")
    go(page, published, "index.html")
    assert every_misfit(page, published, [f"compare.html#{pair}"]) == []
    expect(page.locator("#difference table").first).to_be_visible()


def test_pages_of_invented_releases_fit(page: Page, sites: Path) -> None:
    """Forty columns, states that no real release has, and names that are thousands of letters."""
    assert every_misfit(page, sites / "wide", WIDE) == []
    assert every_misfit(page, sites / "mini", PAGES, 320) == []
    own = [largest(sites / "hostile", pattern) for pattern in ("index.html", "*/*.html")]
    assert every_misfit(page, sites / "hostile", [*own, "release/1.0.1.html"], 320, 768) == []


def test_the_page_for_a_missing_address_fits(page: Page, sites: Path, tmp_path: Path) -> None:
    index = Index(matrix=world.mini(), built="2026-11-23", address="https://example.org/")
    ((path, text),) = missing.pages(index)
    (tmp_path / path).write_text(text.replace('="/', f'="{(sites / "mini").as_uri()}/'), "utf-8")
    assert every_misfit(page, tmp_path, [path]) == []
    assert page.evaluate("getComputedStyle(document.querySelector('nav')).display") == "flex"


@pytest.mark.parametrize(
    ("markup", "misfit"),
    [
        ('<div style="width: 330px">wide</div>', "the page scrolls sideways"),
        ('<p style="width: 12px; overflow-wrap: anywhere">letters</p>', "one letter a line"),
        ('<p>one</p><p style="margin-top: -34px">two</p>', "overlap"),
        (
            '<div style="overflow-x: auto"><p style="width: 900px">wide</p></div>',
            "scrolls without focus or label",
        ),
    ],
)
def test_what_does_not_fit_is_found(page: Page, markup: str, misfit: str) -> None:
    page.goto("about:blank")
    page.set_content(f"<!DOCTYPE html><title>test</title>{markup}")
    (found,) = misfits(page, [320])
    assert found.startswith(f"320 px: {misfit}")


def test_what_is_clipped_or_scrolls_by_keyboard_fits(page: Page) -> None:
    page.goto("about:blank")
    page.set_content(
        '<!DOCTYPE html><title>test</title><div tabindex="0" aria-label="a table" '
        'style="overflow-x: auto"><p style="width: 900px">wide</p></div><p>one</p>'
        '<p style="margin-top: -34px; height: 1px; overflow: hidden">two</p>'
    )
    assert misfits(page, [320]) == []
