"""Test the printed pages, and the screenshots."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pypdf
import pytest

from tests.support import screenshots
from tests.support.browser import Watched, at, go

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page


def test_printed_it_unfolds_what_is_folded(browser: Browser, sites: Path) -> None:
    with Watched(browser, **at(1280)) as seen:
        go(seen.page, sites / "wide", "index.html")
        seen.page.set_viewport_size({"width": 1039, "height": 718})
        seen.page.emulate_media(media="print")
        folded = seen.page.locator("details li").last
        assert folded.evaluate("node => node.getBoundingClientRect().height") > 0
        assert seen.page.evaluate("document.querySelector('.matrix').offsetWidth") <= 1040
        heads = (
            "[...document.querySelectorAll('.version > a')].map(a => getComputedStyle(a).fontSize)"
        )
        assert "0px" not in seen.page.evaluate(heads)


def printed(page: Page) -> Iterator[str]:
    """Yield the text of the first two printed pages, without spaces; reading one takes a while."""
    data = page.pdf(prefer_css_page_size=True, page_ranges="1-2")
    sheets = pypdf.PdfReader(io.BytesIO(data)).pages
    return ("".join(sheet.extract_text().split()) for sheet in sheets)


def test_printed_the_head_of_a_table_has_a_row_below_it(browser: Browser, sites: Path) -> None:
    """Wherever on the paper the table begins; and it begins on the first sheet."""
    with Watched(browser, **at(1280)) as seen:
        go(seen.page, sites / "wide", "about.html")
        table = seen.page.locator("table")  # strict: there is one
        texts = table.evaluate("({rows}) => [rows[0].innerText, rows[1].cells[0].innerText]")
        head, row = ("".join(text.split()) for text in texts)
        assert head in next(printed(seen.page))
        for gap in range(0, 700, 20):  # a sheet is 718 px high
            table.evaluate("(table, gap) => { table.style.marginTop = `${gap}px` }", gap)
            assert row in next(text for text in printed(seen.page) if head in text)


def test_pictures_are_as_wide_as_their_look_and_the_print_is_a_pdf(
    browser: Browser, sites: Path, tmp_path: Path
) -> None:
    assert browser.is_connected()  # else skipped: there is nothing to take them with
    command = [sys.executable, "-m", "tests.support.screenshots", "--site", str(sites / "mini")]
    done = subprocess.run(
        [*command, "--output", str(tmp_path)], capture_output=True, text=True, check=True
    )
    files = [Path(line) for line in done.stdout.splitlines()]
    assert len(files) == len(screenshots.PAGES) * 4
    for path in files:
        data, look = path.read_bytes(), path.stem.rpartition("-")[2]
        if look == "print":
            assert data.startswith(b"%PDF-")
        else:  # the width is in a PNG's first chunk
            width = screenshots.LOOKS[look]["viewport"]["width"]
            assert int.from_bytes(data[16:20], "big") == width
    shown = {path.name: path.read_bytes() for path in files}
    assert shown["index-wide.png"] != shown["index-dark.png"]


def test_pictures_of_no_site_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(screenshots.ScreenshotError, match="nox -s report"):
        list(screenshots.take(tmp_path, tmp_path / "out"))
    assert not (tmp_path / "out").exists()
