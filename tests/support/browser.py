"""Open pages in a real browser, and record their console messages and requests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from pathlib import Path

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
