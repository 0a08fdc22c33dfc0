"""Take screenshots of the main pages, to look at: `python -m tests.support.screenshots`.

Each page is shown wide, on a phone, in dark mode, and printed. This needs playwright, which is in
the tests' requirements, and an installed Chromium.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from report import terminal
from report.errors import ReportError
from report.terminal import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Of the pages that match a pattern, the largest is taken.
PAGES = (
    "index.html",
    "symbol/tf.layers.dense.html",
    "compare/*..*.html",
    "answer/default-initializer.html",
)
LOOKS: dict[str, dict[str, Any]] = {
    "wide": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
}


class ScreenshotError(ReportError):
    """A page, a browser or playwright is missing."""


def main(arguments: list[str] | None = None) -> int:
    """Take all screenshots and print their paths; return the exit code."""

    def command() -> int:
        options = _options(arguments)
        for path in take(options.site, options.output):
            say(str(path))
        return 0

    return terminal.run(command, "not all pictures were taken")


def take(site: Path, output: Path) -> Iterator[Path]:
    """Take the screenshots of a site, and yield the path of each."""
    pages = {page: _fullest(site, page) for page in PAGES}
    absent = [page for page, path in pages.items() if path is None]
    if absent:
        raise ScreenshotError(f"{site} has no {', '.join(absent)}: write it with `nox -s report`")
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise ScreenshotError(f"no browser on PATH: install one of {', '.join(BROWSERS)}")
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - of the tests alone
    except ImportError as error:
        raise ScreenshotError("no playwright: install requirements/tests.txt") from error
    output.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for path in filter(None, pages.values()):
            stem = "-".join(path.relative_to(site).with_suffix("").parts)
            yield from _page(browser, path.resolve().as_uri(), output / stem)
        browser.close()


def _fullest(site: Path, page: str) -> Path | None:
    return max(site.glob(page), key=lambda path: (path.stat().st_size, path.name), default=None)


def _page(browser: Browser, address: str, stem: Path) -> Iterator[Path]:
    """Take the screenshots of one page and print it to PDF; yield the path of each file."""
    for look, options in LOOKS.items():
        with browser.new_context(**options) as context:
            page = context.new_page()
            page.goto(address)
            page.screenshot(path=_named(stem, f"{look}.png"), full_page=True)
            yield _named(stem, f"{look}.png")
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address)
        page.pdf(path=_named(stem, "print.pdf"), prefer_css_page_size=True, print_background=True)
        yield _named(stem, "print.pdf")


def _named(stem: Path, ending: str) -> Path:
    return stem.with_name(f"{stem.name}-{ending}")


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--site", type=Path, default=Path("site"), help="the site to look at")
    add("--output", type=Path, default=Path("screenshots"), help="where the pictures go")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
