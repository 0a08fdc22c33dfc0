"""Test the site inside other documentation, or linked from it, with strict Sphinx and MkDocs.

The site is copied unchanged, and its Markdown files are built as pages.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import html5lib  # type: ignore[import-untyped]
from sphinx.util.inventory import InventoryFile

FOLDER = "initializers"
PAGES = ("matrix", "changes")
CONFIGURATION = """
project = "Documentation"
extensions = ["myst_parser"]
html_extra_path = ["extra"]
"""


def run(folder: Path, *words: str) -> None:
    """Run a Python module in a folder; it must succeed and print nothing."""
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
    """Build documentation with Sphinx, with warnings as errors; return the pages."""
    run(folder, "sphinx", "--quiet", "-n", "-W", "--keep-going", ".", "built")
    return folder / "built"


def broken(page: Path) -> set[str]:
    """Return the links and images of a page whose files are missing."""
    tree = html5lib.parse(page.read_text("utf-8"), namespaceHTMLElements=False)
    named = {node.get("href") or node.get("src") or "" for node in tree.iter()}
    paths = {unquote(urlsplit(name).path) for name in named if not urlsplit(name).scheme}
    return {path for path in paths - {""} if not (page.parent / path).exists()}


def assert_taken(built: Path, sites: Path, page: str) -> None:
    """Check that built documentation has the sites, and their Markdown with links into them."""
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


# objects.inv

SYMBOL = "tf.layers.dense"
POINTING = """
:external+matrix:py:func:`tf.layers.dense` and :py:class:`tf.keras.layers.Dense`,
:external+matrix:doc:`compare`,
:external+matrix:py:func:`tf.get_variable(initializer=tf.uniform_unit_scaling_initializer())`
"""
MAPPED = """
project = "Documentation"
extensions = ["sphinx.ext.intersphinx"]
intersphinx_mapping = {"matrix": ("https://example.org/matrix/", "objects.inv")}
"""


def test_other_documentation_points_at_a_symbol(published: Path, tmp_path: Path) -> None:
    shutil.copyfile(published / "objects.inv", tmp_path / "objects.inv")
    (tmp_path / "index.rst").write_text(f"Start\n=====\n{POINTING}", encoding="utf-8")
    (tmp_path / "conf.py").write_text(MAPPED, encoding="utf-8")
    page = (sphinx(tmp_path) / "index.html").read_text("utf-8")
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    start = "https://example.org/matrix/"
    links = {node.get("href", "") for node in tree.iter("a")}
    assert {link.removeprefix(start) for link in links if link.startswith(start)} == {
        "symbol/tf.layers.dense.html",
        "symbol/tf.keras.layers.dense-class.html",
        "compare.html",
        "symbol/tf.get_variable-initializer-tf.uniform_unit_scaling_initializer.html",
    }


def test_the_inventory_has_every_symbol_and_leads_to_pages(site: Path) -> None:
    inventory = InventoryFile.loads((site / "objects.inv").read_bytes(), uri=f"{site}")
    pages = {item.uri for name in inventory.data for item in inventory.data[name].values()}
    assert {Path(page).name for page in pages if "/symbol/" in page} == {
        page.name for page in (site / "symbol").iterdir()
    }
    assert [page for page in pages if not Path(page).is_file()] == []
