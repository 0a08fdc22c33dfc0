"""Test the pages without JavaScript, from disk and a subfolder: equal text, no requests."""

from __future__ import annotations

import functools
import http.server
import threading
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.support.browser import PAGES, Watched, at, go

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

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
        assert all(url.startswith((sites / "mini").as_uri()) for url in seen.requests)
        assert len(seen.requests) <= 5
        assert seen.messages == []


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server that doesn't print its requests."""

    def log_message(self, *_: object) -> None:
        """Print nothing."""


def test_it_works_in_a_subfolder_under_its_policy(browser: Browser, sites: Path) -> None:
    handler = functools.partial(Quiet, directory=str(sites))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with Watched(browser, **at(1280)) as seen:
            seen.page.goto(f"http://127.0.0.1:{server.server_port}/mini/index.html")
            expect(seen.page.locator("#filters")).to_be_visible()
            assert seen.messages == []
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
            assert f"={quote(root, safe='')}badge%2Ftf.layers.dense-kernel.json)" in embed
            assert "SITE" not in embed
    finally:
        server.shutdown()
        server.server_close()
