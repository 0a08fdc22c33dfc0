"""Other documentation takes the site in: Sphinx with MyST and MkDocs, both in their strict builds.

The site is copied whole, and what is written for Markdown is built as pages beside it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import html5lib  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "initializers"
PAGES = ("matrix", "changes")
CONFIGURATION = """
project = "Documentation"
extensions = ["myst_parser"]
html_extra_path = ["extra"]
"""


def run(folder: Path, *words: str) -> None:
    """Run a program of these tests in a folder, where it may print nothing."""
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


def sphinx(folder: Path) -> Path:
    """Build documentation with Sphinx, of which every warning is an error; return the pages."""
    run(folder, "sphinx", "--quiet", "-n", "-W", "--keep-going", ".", "built")
    return folder / "built"


def broken(page: Path) -> set[str]:
    """Return what a page links to or shows, and that is not beside it."""
    tree = html5lib.parse(page.read_text("utf-8"), namespaceHTMLElements=False)
    named = {node.get("href") or node.get("src") or "" for node in tree.iter()}
    paths = {unquote(urlsplit(name).path) for name in named if not urlsplit(name).scheme}
    return {path for path in paths - {""} if not (page.parent / path).exists()}


def assert_taken(built: Path, sites: Path, page: str) -> None:
    """Expect the sites in built documentation, and their Markdown as pages that lead into them."""
    for site in sites.iterdir():
        inside = built / FOLDER / site.name
        for name in PAGES:
            assert broken(inside / page.format(name)) == set()
        assert (inside / "index.html").read_bytes() == (site / "index.html").read_bytes()


def test_sphinx_takes_the_sites_in(sites: Path, tmp_path: Path) -> None:
    shutil.copytree(sites, tmp_path / "extra" / FOLDER)
    shutil.copytree(sites, tmp_path / FOLDER)
    start = f"# Start\n\n```{{toctree}}\n:glob:\n{FOLDER}/*/*\n```\n"
    (tmp_path / "index.md").write_text(start, encoding="utf-8")
    (tmp_path / "conf.py").write_text(CONFIGURATION, encoding="utf-8")
    built = sphinx(tmp_path)
    assert_taken(built, sites, "{}.html")
    assert not (built / "_downloads").exists()  # a page is read and not saved


def test_mkdocs_takes_the_sites_in(sites: Path, tmp_path: Path) -> None:
    shutil.copytree(sites, tmp_path / "docs" / FOLDER)
    (tmp_path / "docs" / "index.md").write_text("# Start\n", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text("site_name: Documentation\n", encoding="utf-8")
    run(tmp_path, "mkdocs", "build", "--strict", "--quiet")
    assert_taken(tmp_path / "site", sites, "{}/index.html")
