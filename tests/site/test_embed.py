"""Test the badges, which show the law in the newest release, and the README's picture.

A badge is grey if nothing was measured; the picture has a text alternative.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, unquote, urlsplit
from xml.etree import ElementTree as ET

import cmarkgfm  # type: ignore[import-untyped]
import html5lib  # type: ignore[import-untyped]
import pytest

from report.evidence import State
from report.matrix.index import Index
from report.matrix.kinds import MEASURED
from report.site.exports import embed
from report.site.publish import write_site
from report.story import marks
from report.text import short
from tests.support import extreme, world

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from report.matrix.records import Cell, Matrix

NAME, NEWEST = "tf.layers.dense", world.RELEASES[-1].version
SEEN = world.observed(NAME, "kernel", "1.0.1", "glorot_uniform")
CELLS = (
    # the cell of the newest release, the badge's text, its colour
    (
        world.observed(NAME, "kernel", NEWEST, "glorot_uniform"),
        "glorot_uniform in 2.2.0rc0",
        marks.HUES["uniform"],
    ),
    (
        world.observed(NAME, "kernel", NEWEST, "he_normal"),
        "he_normal in 2.2.0rc0",
        marks.HUES["normal"],
    ),
    (
        world.observed(NAME, "kernel", NEWEST, "zeros", conflict="declared ones"),
        f"{marks.CONFLICT.text} in 2.2.0rc0",
        embed.GREY,
    ),
    (
        world.blank(NAME, "kernel", NEWEST, State.ABSENT, "gone"),
        f"{marks.GONE.text} after 1.0, by 2.2.0rc0",
        embed.GREY,
    ),
    (
        world.blank(NAME, "kernel", NEWEST, State.FAILED, "SIGSEGV"),
        f"{marks.FAILED.text} in 2.2.0rc0",
        embed.GREY,
    ),
    (
        world.blank(NAME, "kernel", NEWEST, State.UNREACHED, "-"),
        f"{marks.UNSEEN.text} in 2.2.0rc0",
        embed.GREY,
    ),
)


@pytest.mark.parametrize(("cell", "message", "colour"), CELLS)
def test_a_badge_says_the_newest_release_and_is_grey_without_a_law(
    cell: Cell, message: str, colour: str
) -> None:
    between = [
        world.blank(NAME, "kernel", r.version, State.UNREACHED, "-") for r in world.RELEASES[1:-1]
    ]
    row = world.row(NAME, "kernel", [SEEN, *between, cell])
    badge = embed.badge(Index(matrix=world.matrix([row])), row)
    assert badge["schemaVersion"] == 1
    assert (badge["label"], badge["message"]) == ("tf.layers.dense kernel", message)
    assert badge["color"] == colour
    assert badge.get("isError", False) is (colour == embed.GREY)


def test_no_badge_is_green() -> None:
    for colour in (*marks.HUES.values(), embed.GREY):
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        assert green <= max(red, blue), colour


@pytest.mark.parametrize("make", [world.mini, extreme.hostile])
def test_every_layer_has_a_badge_and_an_embed_that_renders(
    make: Callable[[], Matrix], tmp_path: Path
) -> None:
    index = Index(matrix=make())
    write_site(index.matrix, tmp_path / "site")
    for row in index.layers:
        name = f"{index.slug(row.symbol.name)}-{row.role}"
        one = json.loads((tmp_path / "site" / f"badge/{name}.json").read_text("utf-8"))
        assert one == embed.badge(index, row)
        made = cmarkgfm.github_flavored_markdown_to_html(embed.markdown(index, row))
        tree = html5lib.parse(made, namespaceHTMLElements=False)
        pictures = [image.get("src") for image in tree.iter("img")]
        encoded = f"SITE%2Fbadge%2F{quote(name, safe='')}.json"
        assert pictures == [f"SITE/strip/{name}.svg", f"{embed.SHIELDS}{encoded}"]
        for address in (
            pictures[0],
            unquote(pictures[1]),
            *(link.get("href") for link in tree.iter("a")),
        ):
            file = address.partition("#")[0].rpartition("SITE/")[2]
            assert (tmp_path / "site" / file).is_file()


def test_the_address_in_the_link_of_a_badge_is_one_parameter() -> None:
    index = Index(matrix=world.mini(), address="https://example.org/a%20b/x+y/")
    row = index.layers[0]
    (badge,) = [part for part in re.split("[()]", embed.markdown(index, row)) if "shields" in part]
    file = f"badge/{embed.stem(index, row)}.json"
    assert parse_qs(urlsplit(badge).query) == {"url": [f"{index.address}{file}"]}


# The picture

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
    runs = [run for row in index.layers[:6] if row.role == "kernel" for run in row.runs[MEASURED]]
    edges = [path for path in root.iter(f"{SVG}path") if path.get("class") == "edge"]
    assert len(edges) == sum(run.changed for run in runs)
    assert {"glorot_uniform", marks.GONE.text} <= {text.text for text in root.iter(f"{SVG}text")}
