"""Test that hostile text of an observation is escaped in HTML, pictures and Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import cmarkgfm  # type: ignore[import-untyped]
import html5lib  # type: ignore[import-untyped]

from tests.support.markup import attribute, html

if TYPE_CHECKING:
    from pathlib import Path


def test_hostile_text_stays_text(sites: Path) -> None:
    for path, tree in html(sites / "hostile"):
        sources_ = [src for script in tree.iter("script") if (src := attribute(script, "src"))]
        own = ["compare.js"] * (path.name == "compare.html")
        assert [source.rpartition("/")[2] for source in sources_] == [*own, "report.js"], path
        raw = path.read_text("utf-8")
        assert "<script>alert" not in raw
        assert "\u202e" not in raw
        assert "\x00" not in raw
    for path in (sites / "hostile").rglob("*.svg"):
        ET.fromstring(path.read_text("utf-8"))  # noqa: S314 - made by the code under test
        assert "<script" not in path.read_text("utf-8")


def test_hostile_text_keeps_the_shape_of_markdown(sites: Path) -> None:
    made = cmarkgfm.github_flavored_markdown_to_html(
        (sites / "hostile" / "matrix.md").read_text("utf-8")
    )
    tree = html5lib.parse(made, namespaceHTMLElements=False)
    assert not list(tree.iter("script"))
    for table in tree.iter("table"):
        widths = {len(list(row)) for row in table.iter("tr")}
        assert len(widths) == 1
    assert max(len(line) for line in made.splitlines()) < 20_000
