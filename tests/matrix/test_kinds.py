"""Test that a new kind of evidence needs only a row in the table of kinds."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from report.matrix import kinds
from report.matrix.index import Index
from report.matrix.kinds import KINDS, Kind
from report.site.exports import atom, data, spreadsheet
from report.site.publish import write_site
from report.story import explain
from tests.support import world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from report.matrix.records import Cell

KEY, TITLE, QUESTION = "colour", "Colour", "Which colour has the layer?"
BEFORE, AFTER = "red as a kettle", "green as a gate"


def colour(cell: Cell) -> str:
    """Return a value that changes in the newest release of the miniature world."""
    return AFTER if cell.release == world.RELEASES[-1].version else BEFORE


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    """Return the index of the miniature world with an additional kind in ``KINDS``."""
    made_up = Kind(KEY, TITLE, QUESTION, colour)
    KINDS.append(made_up)
    try:
        yield Index(matrix=world.matrix(world.mini().rows), built="2026-11-23")
    finally:
        KINDS.remove(made_up)


@pytest.fixture(scope="module")
def site(index: Index, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the site with an additional kind; return its folder."""
    folder = tmp_path_factory.mktemp("made-up") / "site"
    write_site(index.matrix, folder)
    return folder


def test_every_key_and_title_is_one_of_its_own() -> None:
    assert len({kind.key for kind in KINDS}) == len({kind.title for kind in KINDS}) == len(KINDS)
    assert set(kinds.lanes()) == set(kinds.with_page()) == set(KINDS) - {kinds.EXISTENCE}


def test_a_new_kind_has_its_page_and_its_tab(site: Path) -> None:
    text = (site / f"{KEY}.html").read_text("utf-8")
    assert QUESTION in text
    assert BEFORE in text
    assert f'href="{KEY}.html"' in (site / "index.html").read_text("utf-8")


def test_a_new_kind_has_its_lane_and_its_lines_on_a_symbols_page(site: Path) -> None:
    text = (site / "symbol" / "tf.layers.dense.html").read_text("utf-8")
    assert QUESTION in text
    assert AFTER in text


def test_a_new_kinds_changes_are_in_the_feed_the_tables_and_the_json(index: Index) -> None:
    changed = [change for change in data.changes(index) if change["aspect"] == KEY]
    assert {(one["before"]["value"], one["after"]["value"]) for one in changed} == {(BEFORE, AFTER)}
    feed = atom.feed(index)
    assert feed is not None
    assert f'term="{KEY}"' in feed
    table = csv.DictReader(io.StringIO(spreadsheet.runs(index), newline=""))
    assert {run["value"] for run in table if run["aspect"] == KEY} >= {BEFORE, AFTER}
    assert any(change["aspect"] == KEY for change in data.matrix(index)["changes"])


def test_explain_prints_a_new_kinds_value_and_its_changes(index: Index) -> None:
    lines = list(explain.explain(index.matrix))
    assert f"    {KEY}    {AFTER}" in lines
    assert any(f"{KEY}: {BEFORE} → {AFTER}" in line for line in lines)
