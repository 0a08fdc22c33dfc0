"""Test the matrix as Markdown: its rows and links, and that changes of it are small."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING
from urllib.parse import unquote

import cmarkgfm  # type: ignore[import-untyped]
import html5lib  # type: ignore[import-untyped]
from markdown import Markdown  # type: ignore[import-untyped]

from report.matrix.index import Index
from report.site.exports import markdown
from tests.support import drawn, extreme
from tests.support.extreme import WORLDS

if TYPE_CHECKING:
    from pathlib import Path


def test_the_markdown_has_a_row_for_each_row_and_no_other_markup(sites: Path) -> None:
    for name in ("mini", "wide"):
        source = (sites / name / "matrix.md").read_text("utf-8")
        tree = html5lib.parse(
            cmarkgfm.github_flavored_markdown_to_html(source), namespaceHTMLElements=False
        )
        index = Index(matrix=WORLDS[name]())
        bodies = [len(list(table.iter("tr"))) - 1 for table in tree.iter("table")]
        assert len(index.layers) == bodies[0]
        assert len(index.matrix.releases) == bodies[-1]
        assert set(re.findall(r"</?([a-z]+)", source)) <= {"br"}
        assert len(source.encode()) < 200_000


def test_other_numbers_and_reuse_are_among_the_changes_as_on_the_start_page() -> None:
    was, now = (
        {"numbers": [drawn.numbers(digest, start)], "repeat": {"tf": True, "keras": None}}
        for digest, start in (("a", 0.01), ("b", 0.03))
    )
    index = drawn.index(drawn.row(drawn.symbol("tf.keras.layers.Dense"), was, was, was, now))
    for name, text in markdown.files(index):
        assert "TensorFlow 2.2\n\n- `tf.keras.layers.Dense`: other numbers" in text, name


def test_the_markdown_links_lead_somewhere(site: Path) -> None:
    source = (site / "matrix.md").read_text("utf-8")
    tree = html5lib.parse(cmarkgfm.github_flavored_markdown_to_html(source))
    for node in tree.iter():
        address = node.get("href") or node.get("src")
        if address and not address.startswith("http"):
            assert (site / unquote(address)).is_file(), address


def test_a_new_release_touches_only_the_rows_that_it_changes() -> None:
    """No padding that reflows: one row a line."""
    fewer, more = (markdown.page(Index(matrix=extreme.wide(count))) for count in (39, 40))
    before = {line for line in fewer.splitlines() if line.startswith("| [")}
    after = {line for line in more.splitlines() if line.startswith("| [")}
    assert {line.count(" | ") for line in after} == {3}
    assert len(before) == len(after)


def test_the_id_of_a_heading_is_a_selector(sites: Path) -> None:
    """The script of MkDocs' theme stops at an id that begins with a digit."""
    for name, file in product(WORLDS, ("matrix.md", "changes.md")):
        builder = Markdown(extensions=["toc"])
        builder.convert((sites / name / file).read_text("utf-8"))
        ids = re.findall(r'<li><a href="#([^"]*)', builder.toc)
        assert ids
        assert [each for each in ids if not each[0].isalpha()] == []
