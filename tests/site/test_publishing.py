"""Test docs/publishing.md by following its commands and settings."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from report import places
from tests.site.test_documentation import broken, run
from tests.support.browser import Watched, at, go

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGE = (places.ROOT / "docs" / "publishing.md").read_text("utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SOURCES = {
    "Any static host": {},
    "Sphinx": {
        "python": "docs/conf.py",
        "rst": "docs/index.rst",
        "css": "docs/_static/tables.css",
    },
    "MkDocs": {"yaml": "mkdocs.yml", "python": "hooks.py", "css": "docs/tables.css"},
}
SPACED = "my documentation"  # a path with a space
STARTED = {
    "Any static host": {},
    "Sphinx": {
        "docs/conf.py": "extensions = []\nexclude_patterns = []\n",
        "docs/index.rst": "Mine\n====\n\n",
    },
    "MkDocs": {
        "mkdocs.yml": "site_name: Mine\n",
        "docs/index.md": "# Mine\n\n[the matrix](initializers/index.html)\n",
    },
}


def section(title: str) -> str:
    """Return the text of the section with a heading."""
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def shell(text: str, folder: Path, **variables: str) -> int:
    """Run commands as they are pasted into a shell; return the exit code of the last one."""
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": programs, **variables}
    return subprocess.run(["sh", "-c", text], cwd=folder, env=environment, check=False).returncode


def done(title: str, parent: Path, published: Path) -> Path:
    """Follow the instructions of a section in a new documentation project; return its folder."""
    folder, checkout = parent / SPACED, parent / "the checkout"
    folder.mkdir()
    checkout.symlink_to(published.parent)
    for name, text in STARTED[title].items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for language, text in BLOCK.findall(section(title)):
        if language == "sh":
            assert shell(text, folder, CHECKOUT=str(checkout)) == 0
        else:
            file = folder / SOURCES[title][language]
            file.parent.mkdir(exist_ok=True)
            with file.open("a", encoding="utf-8") as source:
                source.write(text)
    return folder


@pytest.mark.parametrize(
    ("title", "index", "pages"),
    [
        ("Any static host", "www/initializers/index.html", []),
        (
            "Sphinx",
            "built/initializers/index.html",
            ["built/index.html", "built/initializers/matrix.html"],
        ),
        (
            "MkDocs",
            "site/initializers/index.html",
            ["site/index.html", "site/initializers/matrix/index.html"],
        ),
    ],
)
def test_a_new_user_publishes_it(
    title: str, index: str, pages: list[str], tmp_path: Path, published: Path
) -> None:
    folder = done(title, tmp_path, published)
    assert (folder / index).read_bytes() == (published / "index.html").read_bytes()
    for page in (index, *pages):
        assert broken(folder / page) == set()
        assert "initializers" in (folder / page).read_text("utf-8")


@pytest.mark.parametrize("title", STARTED)
@pytest.mark.parametrize("variables", [{"CHECKOUT": ""}, {"CHECKOUT": "/nowhere"}])
def test_where_there_is_no_site_nothing_is_removed(
    title: str, variables: dict[str, str], tmp_path: Path
) -> None:
    """The folders that the commands replace are there, with an older edition."""
    copying = next(text for _, text in BLOCK.findall(section(title)) if "$CHECKOUT" in text)
    folders = re.findall(r"(?:www|docs)/\S*initializers", copying)
    for name in folders:
        (tmp_path / name / "old").mkdir(parents=True, exist_ok=True)
    assert folders
    assert shell(copying, tmp_path, **variables) != 0
    assert all((tmp_path / name / "old").is_dir() for name in folders)


def test_every_block_of_the_page_is_of_a_section_that_is_done_here_or_points_at_a_symbol() -> None:
    blocks = [len(BLOCK.findall(section(title))) for title in (*STARTED, "Point at a symbol")]
    assert sum(blocks) == len(BLOCK.findall(PAGE))
    assert all(blocks)


def test_a_builder_of_another_format_takes_no_file_of_the_report_for_a_page(
    tmp_path: Path, published: Path
) -> None:
    folder = done("Sphinx", tmp_path, published)
    run(folder, "sphinx", "-q", "-n", "-W", "-b", "text", "docs", "text")
    pages = {path.relative_to(folder / "text").as_posix() for path in folder.glob("text/**/*.txt")}
    assert pages == {"index.txt", "initializers/matrix.txt", "initializers/changes.txt"}


@pytest.mark.parametrize(
    ("title", "page"),
    [
        ("Sphinx", "built/initializers/matrix.html"),
        ("MkDocs", "site/initializers/matrix/index.html"),
    ],
)
def test_a_wide_table_scrolls_and_the_page_does_not(
    title: str, page: str, tmp_path: Path, published: Path, browser: Browser
) -> None:
    folder = done(title, tmp_path, published)
    with Watched(browser, **at(390)) as watched:
        go(watched.page, folder, page)
        assert watched.page.evaluate("document.documentElement.scrollWidth") == 390
