"""Test the layout in a browser: nothing is clipped or covered; test_widths.py tests what fits."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from report.story import marks
from tests.support.browser import CLIPPED, WIDE_SYMBOL, Watched, at, go

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser


def test_forty_columns_fit_and_a_squeezed_one_is_seven_pixels(
    browser: Browser, sites: Path
) -> None:
    widths = "[...document.querySelectorAll('col.c')].map(c => c.getBoundingClientRect().width)"
    with Watched(browser, **at(1280)) as seen:
        go(seen.page, sites / "wide", "index.html")
        assert {round(width) for width in seen.page.evaluate(widths)} == {25}
        seen.page.locator("#squeeze").check()
        assert {round(width) for width in seen.page.evaluate(widths)} == {25, 7}
        quiet = seen.page.locator("col.q").count()
        assert sum(seen.page.evaluate(widths)) == pytest.approx(40 * 25 - quiet * 18, abs=1)


@pytest.mark.parametrize("squeezed", [False, True])
def test_no_cell_clips_what_it_shows(browser: Browser, sites: Path, *, squeezed: bool) -> None:
    with Watched(browser, **at(1280)) as seen:
        go(seen.page, sites / "wide", "index.html")
        seen.page.locator("#squeeze").set_checked(squeezed)
        assert seen.page.evaluate(CLIPPED) == []


@pytest.mark.parametrize("tag", ["b", "code"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_underline_of_a_link_does_not_hide_the_underscores_of_a_name(
    browser: Browser, sites: Path, tag: str, width: int
) -> None:
    with Watched(browser, **at(width)) as seen:
        go(seen.page, sites / "mini", "about.html")
        link = f"<p><a href='about.html'><{tag}>____</{tag}></a></p>"
        seen.page.locator("main").evaluate("(main, link) => { main.innerHTML = link; }", link)
        picture = Image.open(io.BytesIO(seen.page.locator("main p").screenshot())).convert("L")
        column = np.asarray(picture)[:, 12] < 160
        assert np.count_nonzero(np.diff(column.astype(int)) == 1) == 2  # lines that begin


SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
  word-spacing: .16em !important; } p { margin-bottom: 2em !important; }"""


def test_wider_text_spacing_clips_nothing(browser: Browser, sites: Path) -> None:
    with Watched(browser, **at(1280), bypass_csp=True) as seen:
        go(seen.page, sites / "wide", "index.html")
        seen.page.add_style_tag(content=SPACED)
        assert seen.page.evaluate(CLIPPED) == []
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 1280


COVERED = """() => {
  const head = document.querySelector('.matrix thead').getBoundingClientRect();
  const own = document.activeElement.getBoundingClientRect();
  return !!document.activeElement.closest('.matrix tbody') && own.top < head.bottom - 1;
}"""


def test_what_has_the_focus_is_never_behind_the_head(browser: Browser, sites: Path) -> None:
    with Watched(browser, **at(1280)) as seen:
        go(seen.page, sites / "wide", "index.html")
        links = seen.page.locator(".matrix tbody a")
        links.last.focus()
        covered = 0
        for _ in range(links.count() - 1):
            seen.page.keyboard.press("Shift+Tab")
            covered += seen.page.evaluate(COVERED)
        assert covered == 0


def test_a_deep_link_opens_on_its_cell(browser: Browser, sites: Path) -> None:
    with Watched(browser, **at(1280)) as seen:
        go(seen.page, sites / "wide", f"{WIDE_SYMBOL}#kernel-2.3.3")
        target = seen.page.locator(":target")
        expect(target).to_be_in_viewport()
        expect(target).to_have_text("2.3.3")


def test_the_address_of_a_change_opens_on_its_edge(browser: Browser, sites: Path) -> None:
    with Watched(browser, **at(1280)) as seen:
        go(seen.page, sites / "mini", "symbol/tf.layers.dense.html#bias-existence-2.2.0rc0")
        target = seen.page.locator("td:target")
        expect(target).to_be_in_viewport()
        expect(target).to_contain_text(marks.GONE.text)


def test_expanded_cells_of_forty_releases_clip_nothing(browser: Browser, sites: Path) -> None:
    with Watched(browser, **at(1280)) as seen:
        go(seen.page, sites / "wide", "index.html?every=1")
        assert seen.page.locator(".matrix > tbody td").count() == 48 * 40
        for squeezed in (False, True):
            seen.page.locator("#squeeze").set_checked(squeezed)
            assert seen.page.evaluate(CLIPPED) == []
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= 1280


PLACES = """() => {
  const at = (selector) => document.querySelector(selector).getBoundingClientRect();
  return [at('.matrix thead').top, at('.matrix tbody th').left, at('.matrix .role').left];
}"""


@pytest.mark.parametrize(("width", "sideways"), [(1280, False), (800, True)])
def test_the_head_and_the_first_columns_stay_in_view(
    browser: Browser, sites: Path, width: int, *, sideways: bool
) -> None:
    with Watched(browser, **at(width)) as seen:
        go(seen.page, sites / "wide", "index.html")
        seen.page.evaluate("document.querySelector('.matrix tbody:last-child').scrollIntoView()")
        if sideways:
            before = seen.page.evaluate(PLACES)
            seen.page.evaluate("document.querySelector('.scroll').scrollLeft = 300")
            assert seen.page.evaluate(PLACES) == before
        else:
            assert seen.page.evaluate(PLACES)[0] == 0
