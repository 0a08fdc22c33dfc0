"""Test the stored figures, and the page and the plot made of them."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import cmarkgfm  # type: ignore[import-untyped]
import pytest

from benchmarks import figures as stored
from benchmarks import goals, plot
from tests.support.performance import figures

if TYPE_CHECKING:
    from pathlib import Path


def test_a_missing_file_is_no_figures_and_a_foreign_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "performance.json"
    assert stored.read(path) is None
    path.write_text(json.dumps(figures()), encoding="utf-8")
    assert stored.read(path) == figures()
    for text in ("{", "[]", '{"schema": 2}'):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(stored.FiguresError, match="run nox -s bench"):
            stored.read(path)


def test_the_page_in_the_checkout_is_made_of_the_figures_there_and_names_no_place() -> None:
    data = stored.read()
    assert data is not None
    plotted = stored.STORED.with_suffix(".svg").exists()
    page = stored.STORED.with_suffix(".md").read_text("utf-8")
    assert page == stored.page(data, plotted=plotted)
    assert "/tmp" not in json.dumps(data)  # noqa: S108 - looked for, not used


def test_the_page_has_a_row_for_each_line_and_shows_foreign_text_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "performance.json"
    stored.write(path, figures())
    assert json.loads(path.read_text("utf-8")) == figures()
    assert path.with_suffix(".svg").exists()
    made = cmarkgfm.github_flavored_markdown_to_html(path.with_suffix(".md").read_text("utf-8"))
    assert made.count("<tr>") == len(goals.lines(figures())) + 1
    assert "a &lt;processor&gt;, 2 cores, 24 GB" in made
    assert "ERROR: &lt;no&gt; wheel" in made
    assert 'src="performance.svg"' in made
    stored.write(path, {**figures(), "growth": []})
    assert not path.with_suffix(".svg").exists()
    assert "performance.svg)" not in path.with_suffix(".md").read_text("utf-8")


def test_the_plot_is_the_same_bytes_each_time() -> None:
    first = plot.draw(figures())
    assert first is not None
    assert first == plot.draw(figures())
    assert ET.fromstring(first).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - ours


def test_a_line_is_fitted_through_points_and_needs_two() -> None:
    assert plot.line([(1, 3.0), (2, 5.0), (3, 7.0)]) == pytest.approx((2, 1))
    assert plot.draw({"growth": [{"releases": 2, "ours": [1.0]}]}) is None
