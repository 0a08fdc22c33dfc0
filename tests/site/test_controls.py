"""Test the controls of the pages in a browser: filter, runs, comparison, links and keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support import world
from tests.support.browser import Watched, address, at, go

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser


def test_the_filter_finds_counts_and_stays_in_the_address(browser: Browser, sites: Path) -> None:
    with Watched(browser, **at(1280)) as seen:
        go(seen.page, sites / "wide", "index.html")
        seen.page.locator("#filter").fill("symbol12")
        expect(seen.page.locator("#found")).to_have_text("1 of 24 symbols")
        assert seen.page.locator(".matrix > tbody:visible").count() == 1
        expect(seen.page).to_have_url(address(sites / "wide", "index.html?q=symbol12"))
        seen.page.reload()
        expect(seen.page.locator("#filter")).to_have_value("symbol12")
        assert seen.page.locator(".matrix > tbody:visible").count() == 1
        seen.page.locator("#filter").fill("")
        assert seen.page.locator(".matrix > tbody:visible").count() == 24
        assert seen.messages == []


def test_only_the_symbols_that_changed(browser: Browser, sites: Path) -> None:
    with Watched(browser, **at(1280)) as seen:
        go(seen.page, sites / "mini", "initializers.html")
        seen.page.locator("#moved").check()
        assert seen.page.locator(".matrix > tbody:visible").count() == 0
        expect(seen.page.locator("#found")).to_have_text("0 of 1 symbols")


CELLS = """() => [...document.querySelectorAll('.matrix > tbody > tr')].map(row =>
  [...row.querySelectorAll('td')].map(cell =>
    [cell.colSpan, cell.querySelector('b').textContent, cell.querySelector('a').href]))"""


@pytest.mark.parametrize("path", ["index.html", "declared.html", "initializers.html"])
def test_a_run_is_expanded_to_every_release_and_folded_again(
    browser: Browser, sites: Path, path: str
) -> None:
    """Each cell leads to its own release's place on the symbol's page."""
    with Watched(browser, **at(1280)) as seen:
        go(seen.page, sites / "mini", path)
        folded = seen.page.evaluate(CELLS)
        seen.page.locator("#every").check()
        for runs, cells in zip(folded, seen.page.evaluate(CELLS), strict=True):
            assert {size for size, _, _ in cells} == {1}
            assert [code for _, code, _ in cells] == [
                code for size, code, _ in runs for _ in range(size)
            ]
            ends = [href.rpartition("-")[2] for _, _, href in cells]
            assert ends == [release.version for release in world.RELEASES]
        expect(seen.page).to_have_url(address(sites / "mini", f"{path}?every=1"))
        seen.page.reload()
        expect(seen.page.locator("#every")).to_be_checked()
        seen.page.locator("#every").uncheck()
        assert seen.page.evaluate(CELLS) == folded
        assert seen.messages == []


def test_two_releases_are_compared_and_have_an_address(browser: Browser, sites: Path) -> None:
    with Watched(browser, **at(1280)) as seen:
        go(seen.page, sites / "mini", "compare.html")
        seen.page.locator("#from").select_option("1.1.0")
        seen.page.locator("#to").select_option("2.2.0rc0")
        result = seen.page.locator("#difference")
        expect(result).to_contain_text("From 1.1.0 to 2.2.0rc0")
        expect(result).to_contain_text("How to keep the old behaviour")
        expect(seen.page).to_have_url(address(sites / "mini", "compare.html#1.1.0..2.2.0rc0"))
        seen.page.locator("#from").select_option("1.0.1")
        seen.page.go_back()
        expect(result).to_contain_text("From 1.1.0 to 2.2.0rc0")
        assert seen.messages == []


def test_the_start_page_asks_for_two_releases_and_compares_them(
    browser: Browser, sites: Path
) -> None:
    with Watched(browser, **at(1280)) as seen:
        go(seen.page, sites / "mini", "index.html")
        seen.page.locator("#from").select_option("1.0.1")
        seen.page.locator("#to").select_option("1.1.0")
        seen.page.get_by_role("button", name="Compare").click()
        expect(seen.page.locator("#difference")).to_contain_text("From 1.0.1 to 1.1.0")
        expect(seen.page).to_have_url(
            address(sites / "mini", "compare.html?from=1.0.1&to=1.1.0#1.0.1..1.1.0")
        )
        assert seen.messages == []


def test_the_script_and_the_page_of_a_pair_count_the_same(browser: Browser, sites: Path) -> None:
    with Watched(browser, **at(1280)) as seen:
        go(seen.page, sites / "wide", "compare/1.0.3..1.9.3.html")
        made = seen.page.locator("main > p", has_text="In law and existence").inner_text()
        go(seen.page, sites / "wide", "compare.html#1.0.3..1.9.3")
        live = seen.page.locator("#difference [role=status]").inner_text()
        assert [int(n) for n in made.split() if n.isdigit()] == [
            int(n) for n in live.split() if n.isdigit()
        ]


def test_the_kinds_of_evidence_are_links(browser: Browser, sites: Path) -> None:
    with Watched(browser, **at(1280)) as seen:
        go(seen.page, sites / "mini", "index.html")
        seen.page.get_by_role("link", name="Scope", exact=True).click()
        expect(seen.page).to_have_title("Scope: TensorFlow's default initializers")
        seen.page.go_back()
        expect(seen.page.locator("h1")).to_contain_text("What TensorFlow's layers start with")


def test_the_keyboard_alone_reaches_the_matrix(browser: Browser, sites: Path) -> None:
    with Watched(browser, **at(1280)) as seen:
        go(seen.page, sites / "mini", "index.html")
        for _ in range(3):
            seen.page.keyboard.press("Tab")
        assert seen.page.evaluate("document.activeElement.textContent") == "Skip to the matrix"
        seen.page.keyboard.press("Enter")
        expect(seen.page).to_have_url(address(sites / "mini", "index.html#matrix"))
        expect(seen.page.locator("#matrix")).to_be_in_viewport()
