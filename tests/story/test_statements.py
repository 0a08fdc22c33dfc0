"""Test that each sentence on a page is about something observed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import html5lib  # type: ignore[import-untyped]
import pytest
from hypothesis import Phase, given, settings
from msgspec.structs import replace

from report.evidence import State, Status
from report.matrix.index import Index
from report.site import pages
from report.story import answer, marks, wording
from report.verdict.families import UNRECOGNISED
from tests.support import damage, world

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from report.matrix.records import Matrix

BUILT = "2026-11-23"
VERSIONS = [release.version for release in world.RELEASES]
NOT_SEEN = dict.fromkeys(range(5), Status.NOT_OBSERVED)
# text that must not appear: a count or a list of nothing, a range with one end
HOLLOW = re.compile(
    r"\b0 (?:changes|releases|observed)\b|[:,] [.;]|(?<!\w)\(\)|(?:in|by|:) None\b|nan\b"
    # nor broken English: a question with a colon, a verdict in place of a law
    r"|\?:|with unrecognised|of the 1 "
)
# pages about the report itself, which need no observation
APART = ("about.html",)
SEEN_BY_HAND = "machines.html"  # what a GPU gave, which no observation has


def site(matrix: Matrix) -> dict[str, ET.Element]:
    """Return the parsed pages of a matrix's site."""
    index = Index(matrix=matrix, built=BUILT)
    return {
        path: html5lib.parse(text, namespaceHTMLElements=False)
        for path, text in pages.files(index)
        if path.endswith(".html")
    }


def text(node: ET.Element) -> str:
    """Return the text of a node, with white space collapsed."""
    return " ".join(" ".join(node.itertext()).split())


def main(node: ET.Element) -> ET.Element:
    """Return the text of a page without its navigation."""
    found = node.find(".//main")
    assert found is not None
    return found


def seen(*places: int, fates: dict[tuple[int, int], damage.Fate] | None = None) -> Matrix:
    """Return the miniature world with only the releases at these positions observed."""
    gone = {place: status for place, status in NOT_SEEN.items() if place not in places}
    return damage.apply(damage.whole(), gone, fates or {})


def assert_sound(found: dict[str, ET.Element]) -> None:
    """Check that no page has a sentence without content, an empty list or an empty table."""
    for path, tree in found.items():
        if path in APART:
            continue
        written = (node for tag in ("p", "li", "dd", "caption") for node in main(tree).iter(tag))
        assert not [node for node in written if HOLLOW.search(text(node))], path
        for tag in ("ul", "ol", "dl", "tbody"):
            assert all(len(node) for node in main(tree).iter(tag)), (path, tag)
        for tag in ("p", "li", "dd", "h1", "h2"):
            hollow = [
                node for node in main(tree).iter(tag) if not text(node) and not node.get("id")
            ]
            assert not hollow, (path, tag)


WORLDS = {
    "none": seen(),
    "first": seen(0),
    "last": seen(4),
    "hole": seen(0, 1, 3, 4),
    "every": seen(0, 1, 2, 3, 4),
    "no row of a symbol": seen(0, 4, fates={(5, 0): State.UNREACHED, (5, 4): State.UNREACHED}),
    "nothing there": damage.apply(
        damage.whole(), {}, {(line, at): State.ABSENT for line in range(7) for at in range(5)}
    ),
    "nothing installed": damage.apply(
        damage.whole(),
        {},
        {(line, at): State.NOT_INSTALLED for line in range(7) for at in range(5)},
    ),
    "everything failed": damage.apply(damage.whole(), dict.fromkeys(range(5), Status.FAILED), {}),
    "two": seen(0, 1, fates={(0, 0): State.ABSENT, (1, 0): State.ABSENT, (0, 1): UNRECOGNISED}),
    "mini": world.mini(),
}


@pytest.mark.parametrize("name", WORLDS)
def test_no_page_has_a_hollow_sentence_or_an_empty_list(name: str) -> None:
    assert_sound(site(WORLDS[name]))


@given(damage.damages(damage.whole()))
@settings(max_examples=10, phases=(Phase.generate,))
def test_nor_has_any_page_of_any_subset_of_observations(harm: damage.Damage) -> None:
    assert_sound(site(damage.apply(damage.whole(), *harm)))


def test_without_observations_nothing_is_said_of_tensorflow() -> None:
    found = site(WORLDS["none"])
    start = text(main(found["index.html"]))
    assert answer.NOTHING in start
    assert wording.NOTHING_COMPARED in start
    assert wording.NO_CHANGE not in start
    assert "Nothing has been measured on Linux x86-64 yet." in start
    laws = ("glorot", "zeros", "he_normal", "uniform", "yields", "keeps its own")
    for path, tree in found.items():
        if path not in (*APART, SEEN_BY_HAND):
            assert not [law for law in laws if law in text(main(tree)).lower()], path
    assert not [path for path in found if path.startswith(("answer/", "symbol/"))]
    assert "None yet" in text(main(found["questions.html"]))
    assert not list(main(found["compare.html"]).iter("a"))
    assert main(found["index.html"]).find(".//input[@id='filter']") is None
    pair = text(main(found["compare/1.0.1..1.1.0.html"]))
    assert "Nothing was compared: 1.0.1 and 1.1.0 were not observed." in pair


def test_with_one_release_nothing_is_said_to_have_changed_or_not() -> None:
    found = site(WORLDS["first"])
    assert wording.NOTHING_COMPARED in text(main(found["index.html"]))
    assert "No earlier release was observed" in text(main(found["release/1.0.1.html"]))
    assert "as it was not observed" in text(main(found["release/1.1.0.html"]))
    for version in VERSIONS:
        page = text(main(found[f"release/{version}.html"]))
        assert not re.search(r"the same|No change", page)


@pytest.mark.parametrize("name", ["every", "nothing installed", "unrecorded"])
def test_no_change_is_said_only_of_what_was_compared(name: str) -> None:
    """Two observed releases of which nothing was recorded were "no change" all the same."""
    silent = [world.with_cells(row, map(world.forgotten, row.cells)) for row in damage.whole().rows]
    known = WORLDS | {"unrecorded": world.matrix(silent, WORLDS["every"].releases)}
    found = {path: text(main(tree)) for path, tree in site(known[name]).items()}
    pages_of = {"reuse.html": name == "every", "index.html": name != "nothing installed"}
    for path, compared in pages_of.items():
        assert (wording.NO_CHANGE in found[path], wording.NOTHING_COMPARED in found[path]) == (
            compared,
            not compared,
        )
    last = found[f"release/{VERSIONS[-1]}.html"]
    assert ("No change was seen." in last) == (name != "nothing installed")


def test_a_release_is_compared_with_one_that_was_observed() -> None:
    """Against 2.0.4 it said "153 rows looked at, 153 without a change", and nobody saw 2.0.4."""
    found = site(WORLDS["hole"])
    page = text(main(found["release/2.1.4.html"]))
    assert "Compared with 1.1.0 , the nearest earlier release that was observed. The " in page
    assert "In law and existence " in page
    assert "0 rows differ, 7 are the same, 0 could not be compared." in page
    assert "2.0.4:" not in page.replace("← 2.0.4", "")
    links = [link.get("href") for link in main(found["release/2.1.4.html"]).iter("a")]
    assert "../compare/1.1.0..2.1.4.html" in links
    lost = text(main(found["release/2.0.4.html"]))
    assert f"{marks.UNSEEN.text.capitalize()}: as it was lost" in lost
    assert "the same" not in lost


def test_a_release_whose_probe_failed_says_so_and_nothing_of_its_symbols() -> None:
    matrix = damage.apply(damage.whole(), {1: Status.FAILED}, {})
    page = main(site(matrix)["release/1.1.0.html"])
    assert f"{marks.FAILED.text.capitalize()}: as it was lost" in text(page)
    assert "What layers start with" not in text(page)


def test_marks_of_a_release_are_on_its_page_and_its_head() -> None:
    whole = damage.whole()
    releases = (replace(whole.releases[0], old_lock=True), *whole.releases[1:])
    found = site(replace(whole, releases=releases))
    assert f"{marks.OLD_LOCK.code} {marks.OLD_LOCK.text}: {marks.OLD_LOCK.meaning}." in text(
        main(found["release/1.0.1.html"])
    )
    heads = [text(head) for head in main(found["index.html"]).iter("th")]
    marked = [head for head in heads if f"{marks.OLD_LOCK.code} {marks.OLD_LOCK.text}" in head]
    assert [head.split()[0] for head in marked] == ["1.0.1"]


def test_the_default_is_answered_by_what_was_seen_of_it() -> None:
    page = text(main(site(WORLDS["last"])["answer/default-initializer.html"]))
    assert "kernel: glorot_uniform in 2.2.0rc0" in page
    assert "yields to the scope in 2.2.0rc0" in page
    silent = seen(0, 1)
    rows = [world.with_cells(row, map(world.forgotten, row.cells)) for row in silent.rows]
    bare = text(main(site(world.matrix(rows, silent.releases))["answer/default-initializer.html"]))
    assert "scope" not in bare
    assert "The call path" not in bare
