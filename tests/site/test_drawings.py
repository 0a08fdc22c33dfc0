"""The README's picture is whole, small, and says in words what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from report.matrix.index import Index
from report.matrix.kinds import MEASURED
from report.site.exports import embed
from report.text import short
from tests.support import extreme, world

if TYPE_CHECKING:
    from collections.abc import Callable

    from report.matrix.records import Matrix

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    "make", [world.mini, extreme.wide, extreme.hostile, lambda: world.matrix([])]
)
def test_the_picture_is_small_and_each_row_fills_the_time_axis(make: Callable[[], Matrix]) -> None:
    index = Index(matrix=make())
    drawn = embed.picture(index)
    assert len(drawn.encode()) <= 8_000
    root = ET.fromstring(drawn)  # noqa: S314 - made by the code under test
    assert root.findtext(f"{SVG}title") == root.get("aria-label") == embed.words(index)
    boxes = [path for path in root.iter(f"{SVG}path") if path.get("class") != "edge"]
    names = [text for text in root.iter(f"{SVG}text") if text.get("class") == "n"]
    reach = sum(int((box.get("d") or "").partition("h")[2].partition("v")[0]) for box in boxes)
    assert reach == len(names) * embed.STEP * len(index.matrix.releases)


def test_it_shows_kernels_with_their_laws_and_changes() -> None:
    index = Index(matrix=extreme.wide())
    root = ET.fromstring(embed.picture(index))  # noqa: S314
    shown = {row.symbol.name for row in index.layers[:6]}
    assert {text.text for text in root.iter(f"{SVG}text") if text.get("class") == "n"} == {
        short(name, 29) for name in shown
    }
    runs = [
        run for row in index.layers[:6] if row.role == "kernel" for run in index.runs(row, MEASURED)
    ]
    edges = [path for path in root.iter(f"{SVG}path") if path.get("class") == "edge"]
    assert len(edges) == sum(run.changed for run in runs)
    assert {"glorot_uniform", "removed"} <= {text.text for text in root.iter(f"{SVG}text")}
