"""Test the matrix on its page: cells, states, changes, legend and header match the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from report.matrix.index import Index
from report.matrix.kinds import EXISTENCE, MEASURED, SCOPE, with_page
from report.site.table import grid
from report.story import marks
from report.verdict import families
from tests.support import extreme, world
from tests.support.browser import WIDE_SYMBOL
from tests.support.markup import Node, attribute, matrices, parsed, rows, text

if TYPE_CHECKING:
    from pathlib import Path


def test_every_cell_says_code_law_and_range_in_its_own_text(sites: Path) -> None:
    index = Index(matrix=extreme.wide())
    found = rows(parsed(sites / "wide" / "index.html"))
    for row in index.layers:
        cells = found[f"{index.slug(row.symbol.name)}-{row.role}"]
        assert len(cells) == len(row.runs[MEASURED])
        for cell, run in zip(cells, row.runs[MEASURED], strict=True):
            words = text(cell)
            assert index.label(run.first) in words
            assert index.label(run.last) in words
            assert int(cell.get("colspan", 1)) == len(run.cells)
            if run.value:
                assert words.startswith(f"{families.code(run.value)} {run.value} ")


STATES = (
    # the row, the index of the cell, its text
    ("tf.layers.dense-kernel", 0, "GU glorot_uniform 1.0"),
    ("tf.layers.dense-kernel", 1, f"≠ truncated_normal(stddev=0.1), {marks.CONFLICT.text} 1.1"),
    ("tf.layers.dense-kernel", 2, f"? {marks.UNSEEN.text} 2.0"),
    ("tf.layers.dense-kernel", 3, f"× {marks.UNAVAILABLE.text} 2.1"),  # noqa: RUF001
    (
        "tf.layers.dense-kernel",
        4,
        "GU glorot_uniform 2.2.0rc0, changed after 1.1, by 2.2.0rc0",
    ),
    ("tf.layers.dense-bias", 0, "Z zeros 1.0 – 1.1"),  # noqa: RUF001
    ("tf.layers.dense-bias", 3, f"⊘ {marks.GONE.text} 2.2.0rc0, changed after 1.1, by 2.2.0rc0"),
    ("tf.get_variable-kernel", 0, f"≈ uniform_unit_scaling, {marks.SEVERAL.text} 1.0"),
    ("tf.get_variable-kernel", 1, f"⊘ {marks.GONE.text} 1.1"),
    ("tf.keras.layers.dense-class-kernel", 0, f"· {marks.NEW.text} 1.0"),
    ("tf.keras.layers.dense-class-kernel", 1, f"! {marks.FAILED.text} 1.1"),
)


@pytest.mark.parametrize(("row", "index", "words"), STATES)
def test_every_state_has_its_glyph_and_its_words(
    sites: Path, row: str, index: int, words: str
) -> None:
    assert text(rows(parsed(sites / "mini" / "index.html"))[row][index]) == words


def test_a_value_that_was_not_recorded_is_not_drawn_as_one(sites: Path) -> None:
    cell = rows(parsed(sites / "mini" / "scope.html"))["tf.keras.layers.dense-class-kernel"][-1]
    assert text(cell).startswith(f"– {marks.SILENT.text}")  # noqa: RUF001
    assert "changed" not in attribute(cell, "class").split()


def test_silence_between_two_equal_values_is_no_change() -> None:
    """A release whose evidence is missing says nothing, like one that nobody observed."""
    name, role = "tf.layers.dense", "kernel"
    full = [world.observed(name, role, r.version, "glorot_uniform") for r in world.RELEASES]
    full[1] = world.observed(name, role, "1.1.0", "glorot_uniform", evidence={})
    index = Index(matrix=world.matrix([world.row(name, role, full)]))
    runs = index.layers[0].runs[SCOPE]
    assert [run.value for run in runs] == ["yields to the scope", None, "yields to the scope"]
    assert [run.changed for run in runs] == [False, False, False]
    assert index.matrix.changes == ()


def test_the_head_has_room_for_a_nightly_keras() -> None:
    release = replace(world.RELEASES[-1], packages={"keras": "3.16.0.dev2026100605"})
    assert Index(matrix=world.matrix([], [release])).keras(release) == "Keras 3.16.0.dev"


def hues(row: Node) -> set[str]:
    """Return the kinds of laws whose colours the cells of a row have."""
    words = (word for cell in row.iter("td") for word in attribute(cell, "class").split())
    return {*words} & {*marks.HUES}


def test_colour_means_the_kind_of_a_law_and_nothing_else(sites: Path) -> None:
    for kind in with_page():
        tables = matrices(parsed(sites / "wide" / kind.page))
        coloured = any(hues(row) for table in tables for row in table.iter("tr"))
        assert coloured == (kind is MEASURED)
    lanes = matrices(parsed(sites / "wide" / WIDE_SYMBOL))[0].iter("tr")
    titles = [text(next(lane.iter("th"))) for lane in lanes if hues(lane)]
    assert titles == [f"{MEASURED.title} {MEASURED.question}"]


def test_a_change_is_a_bar_and_a_gap_a_double_one(sites: Path) -> None:
    cells = rows(parsed(sites / "mini" / "index.html"))["tf.layers.dense-kernel"]
    bars = [{"changed", "gap"} & set(attribute(cell, "class").split()) for cell in cells]
    assert bars == [set(), {"changed"}, set(), set(), {"gap"}]


def test_the_legend_holds_every_code_of_the_matrix_and_every_state(site: Path) -> None:
    tree = parsed(site / "index.html")
    chips = {text(node) for node in tree.iter("span") if "chip" in attribute(node, "class").split()}
    used = {text(code) for table in matrices(tree) for code in table.iter("b")}
    noted = {mark.code for mark in marks.NOTES}
    assert {code.lstrip("≠≈") or code for code in used} <= chips
    assert {mark.code for mark in marks.STATES} | noted <= chips


def test_the_head_names_keras_where_it_is_a_package_of_its_own(sites: Path) -> None:
    (table,) = matrices(parsed(sites / "mini" / "index.html"))
    heads = [text(head) for head in table.iter("th") if "version" in attribute(head, "class")]
    assert heads[-1].replace(" ", "").endswith("Keras3.3.3")
    assert marks.STALE.text in heads[1]
    assert marks.RECORDED.text in heads[0]


def test_the_ruler_counts_the_rows_that_changed(sites: Path) -> None:
    index = Index(matrix=extreme.wide())
    (table,) = matrices(parsed(sites / "wide" / "index.html"))
    (ruler,) = [row for row in table.iter("tr") if attribute(row, "class") == "moves"]
    counts = [int(text(cell) or 0) for cell in ruler.iter("td")]
    for release, count in zip(index.matrix.releases, counts, strict=True):
        moved = {
            (c.symbol, c.role)
            for c in index.matrix.changes
            if c.after_release == release.version and c.kind in (EXISTENCE, MEASURED)
        }
        assert count == len(moved)


def test_a_release_candidate_and_the_end_of_a_run_are_named() -> None:
    index = Index(matrix=world.mini())
    assert index.span("1.0.1", "2.2.0rc0") == "1.0 – 2.2.0rc0"  # noqa: RUF001


def test_a_law_is_named_where_it_fits_and_only_coded_where_not() -> None:
    index = Index(matrix=extreme.wide())
    groups = grid(index, index.layers, MEASURED).groups
    boxes = [box for group in groups for line in group.lines for box in line.boxes]
    for box in boxes:
        fits = 25 * box.size >= 11 * len(box.text) + 36
        assert ("n" in box.style.split()) is not fits
