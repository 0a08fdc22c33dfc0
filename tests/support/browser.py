"""Open pages in a real browser, and record their console messages and requests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

from report.matrix import Index
from report.site import pages
from tests.support import world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

ALL_DIFFERENT = ("", "answer")  # folders in which each page has its own content


def _pages() -> Iterator[str]:
    """Yield the pages of the miniature world's site; the longest of those that are alike."""
    folders: dict[str, list[tuple[int, str]]] = {}
    for path, text in pages.files(Index(matrix=world.mini(), built="2026-11-23")):
        folder = path.rpartition("/")[0]
        alike = path if folder in ALL_DIFFERENT else folder
        folders.setdefault(alike, []).append((len(text), path))
    yield from (max(found)[1] for found in folders.values())


PAGES = tuple(_pages())
WIDE_SYMBOL = "symbol/tf.compat.v1.pkg3.layers.symbol3-class.html"


class Watched:
    """A browser page with its console messages and errors, and the URLs of its requests."""

    def __init__(self, browser: Browser, **options: Any) -> None:  # noqa: ANN401
        """Open an empty page in a new browser context with these options."""
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.messages: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.messages.append(message.text))
        self.page.on("pageerror", lambda error: self.messages.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


def at(width: int, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the options of a browser context whose window has this width."""
    return {"viewport": {"width": width, "height": 900}, **more}


def address(site: Path, path: str) -> str:
    """Return the file URL of a page, with the query or fragment of ``path``."""
    name = re.split("[?#]", path)[0]
    return f"{(site / name).as_uri()}{path.removeprefix(name)}"


def go(page: Page, site: Path, path: str) -> None:
    """Open a page of a site."""
    page.goto(address(site, path))


CLIPPED = """() => [...document.querySelectorAll('.matrix td > a > b, .matrix td > a > span')]
  .filter(node => {
    const own = node.getBoundingClientRect(), cell = node.closest('td').getBoundingClientRect();
    const hidden = own.width <= 1 || getComputedStyle(node).fontSize === '0px';
    return !hidden && (own.left < cell.left - 1 || own.right > cell.right + 1);
  }).map(node => node.textContent)"""
