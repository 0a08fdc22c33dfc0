"""The pages in a real browser: no sideways scrolling, nothing hidden, nothing fetched.

Needs a Chromium of the system; outside CI its absence is a skip with the reason.
"""

from __future__ import annotations

import functools
import http.server
import io
import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pypdf
import pytest
from playwright.sync_api import expect

from probes.setup import checkers
from report.site import page
from tests.conftest import missing
from tests.support import extreme, screenshots, world

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PAGES = (
    "index.html",
    "declared.html",
    "repeat.html",
    "initializers.html",
    "symbol/tf.layers.dense.html",
    "release/2.2.0rc0.html",
    "compare.html",
    "compare/1.1.0..2.2.0rc0.html",
    "about.html",
    "questions.html",
    "answer/default-initializer.html",
    "answer/nan-with-truncated-normal.html",
    "answer/xavier-with-relu.html",
)
WIDE_SYMBOL = "symbol/tf.compat.v1.pkg3.layers.symbol3-class.html"


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sites")
    page.build(world.mini(), folder / "mini", built="2026-11-23")
    page.build(extreme.wide(), folder / "wide", built="2026-11-23")
    return folder


class Watched:
    """A page that remembers what it was told and what it asked for."""

    def __init__(self, browser: Browser, **options: Any) -> None:  # noqa: ANN401
        """Open an empty page in a window of its own."""
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


def at(width: int, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"viewport": {"width": width, "height": 900}, **more}


def address(site: Path, path: str) -> str:
    name = re.split("[?#]", path)[0]
    return f"{(site / name).as_uri()}{path.removeprefix(name)}"


def go(page: Page, site: Path, path: str) -> None:
    page.goto(address(site, path))


# -- layout ----------------------------------------------------------------------------


@pytest.mark.parametrize("width", [320, 390, 700, 1000, 1280])
@pytest.mark.parametrize("path", ["index.html", "scope.html", WIDE_SYMBOL, "compare.html"])
def test_nothing_scrolls_sideways(browser: Browser, sites: Path, path: str, width: int) -> None:
    with Watched(browser, **at(width)) as seen:
        go(seen.page, sites / "wide", path)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", PAGES)
def test_no_page_of_the_miniature_world_scrolls_sideways_on_a_phone(
    browser: Browser, sites: Path, path: str
) -> None:
    with Watched(browser, **at(320)) as seen:
        go(seen.page, sites / "mini", path)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 320
        assert seen.said == []


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


CLIPPED = """() => [...document.querySelectorAll('.matrix td > a > b, .matrix td > a > span')]
  .filter(node => {
    const own = node.getBoundingClientRect(), cell = node.closest('td').getBoundingClientRect();
    const hidden = own.width <= 1 || getComputedStyle(node).fontSize === '0px';
    return !hidden && (own.left < cell.left - 1 || own.right > cell.right + 1);
  }).map(node => node.textContent)"""


@pytest.mark.parametrize("squeezed", [False, True])
def test_no_cell_clips_what_it_shows(browser: Browser, sites: Path, *, squeezed: bool) -> None:
    with Watched(browser, **at(1280)) as seen:
        go(seen.page, sites / "wide", "index.html")
        seen.page.locator("#squeeze").set_checked(squeezed)
        assert seen.page.evaluate(CLIPPED) == []


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
        expect(target).to_contain_text("removed")


# -- behaviour -------------------------------------------------------------------------


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
        assert seen.said == []


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
        assert seen.said == []


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
        assert seen.said == []


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
        assert seen.said == []


def test_the_script_and_the_page_of_a_pair_count_the_same(browser: Browser, sites: Path) -> None:
    with Watched(browser, **at(1280)) as seen:
        go(seen.page, sites / "wide", "compare/1.0.3..1.9.3.html")
        made = seen.page.locator(".lead").inner_text()
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


# -- without script, offline, printed ------------------------------------------------------


SCRIPTED = {"Find", "Only symbols that changed", "A cell for every release"}


@pytest.mark.parametrize("path", PAGES)
def test_without_script_the_text_is_the_same(browser: Browser, sites: Path, path: str) -> None:
    texts = []
    for script in (True, False):
        with Watched(browser, **at(1280, java_script_enabled=script)) as seen:
            go(seen.page, sites / "mini", path)
            seen.page.evaluate("document.querySelectorAll('.copy').forEach(each => each.remove())")
            found = seen.page.locator("main").inner_text()
            texts.append(
                [line for line in found.splitlines() if line.strip() and line not in SCRIPTED]
            )
    if path == "compare.html":
        assert set(texts[1]) <= set(texts[0])
    else:
        assert texts[0] == texts[1]


@pytest.mark.parametrize("path", PAGES)
def test_from_disk_a_page_asks_only_for_its_own_files(
    browser: Browser, sites: Path, path: str
) -> None:
    with Watched(browser, **at(1280)) as seen:
        go(seen.page, sites / "mini", path)
        assert all(url.startswith((sites / "mini").as_uri()) for url in seen.asked)
        assert len(seen.asked) <= 5
        assert seen.said == []


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server that keeps what it was asked for out of the test's output."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_it_works_in_a_subfolder_under_its_policy(browser: Browser, sites: Path) -> None:
    handler = functools.partial(Quiet, directory=str(sites))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with Watched(browser, **at(1280)) as seen:
            seen.page.goto(f"http://127.0.0.1:{server.server_port}/mini/index.html")
            expect(seen.page.locator("#filters")).to_be_visible()
            assert seen.said == []
            blocked = seen.page.evaluate(
                "() => new Promise(done => {"
                " document.addEventListener('securitypolicyviolation',"
                "   e => done(e.effectiveDirective));"
                " const s = document.createElement('script'); s.textContent = '1';"
                " document.body.append(s); })"
            )
            assert blocked == "script-src-elem"
            root = f"http://127.0.0.1:{server.server_port}/mini/"
            seen.page.goto(f"{root}symbol/tf.layers.dense.html")
            embed = seen.page.locator("pre", has_text="badge").first.text_content() or ""
            assert f"={root}badge/tf.layers.dense-kernel.json)" in embed
            assert "SITE" not in embed
    finally:
        server.shutdown()
        server.server_close()


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


def printed(page: Page) -> list[str]:
    """Return the text of each sheet of paper, without spaces."""
    sheets = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    return ["".join(sheet.extract_text().split()) for sheet in sheets]


def test_printed_the_head_of_a_table_has_a_row_below_it(browser: Browser, sites: Path) -> None:
    """Wherever on the paper the table begins; and it begins on the first sheet."""
    with Watched(browser, **at(1280)) as seen:
        go(seen.page, sites / "wide", "about.html")
        table = seen.page.locator("table")  # strict: there is one
        said = table.evaluate("({rows}) => [rows[0].innerText, rows[1].cells[0].innerText]")
        head, row = ("".join(text.split()) for text in said)
        assert head in printed(seen.page)[0]
        for gap in range(0, 700, 20):  # a sheet is 718 px high
            table.evaluate("(table, gap) => { table.style.marginTop = `${gap}px` }", gap)
            assert row in next(text for text in printed(seen.page) if head in text)


# -- pictures ------------------------------------------------------------------------------


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
        else:  # the width stands in a PNG's first chunk
            width = screenshots.LOOKS[look]["viewport"]["width"]
            assert int.from_bytes(data[16:20], "big") == width
    shown = {path.name: path.read_bytes() for path in files}
    assert shown["index-wide.png"] != shown["index-dark.png"]


def test_pictures_of_no_site_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(screenshots.ScreenshotError, match="nox -s report"):
        list(screenshots.take(tmp_path, tmp_path / "out"))
    assert not (tmp_path / "out").exists()


# -- accessibility ---------------------------------------------------------------------


def axe() -> Path:
    found = Path(os.environ.get("AXE_CORE", "node_modules/axe-core/axe.min.js"))
    if not found.is_file():
        how = f"no axe-core at {found}; set AXE_CORE or run: npm install --no-save axe-core"
        missing(os.environ.get(checkers.MISSING, how))
    return found


LOOKS: tuple[tuple[int, dict[str, Any]], ...] = (
    (1280, {"color_scheme": "light"}),
    (1280, {"color_scheme": "dark"}),
    (390, {"color_scheme": "light"}),
    (320, {"color_scheme": "dark"}),
    (1280, {"color_scheme": "light", "forced_colors": "active"}),
)


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_wide_or_narrow_light_or_dark(
    browser: Browser, sites: Path, path: str
) -> None:
    source = axe().read_text("utf-8")
    with Watched(browser, **at(1280), bypass_csp=True) as seen:
        go(seen.page, sites / "mini", path)
        seen.page.evaluate(source)
        for width, media in LOOKS:
            seen.page.set_viewport_size({"width": width, "height": 900})
            seen.page.emulate_media(**media)
            result = seen.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            assert [
                (found["id"], found["nodes"][0]["html"][:200]) for found in result["violations"]
            ] == [], (width, media)
