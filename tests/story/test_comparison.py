"""Test the comparison of two releases: the page and the script agree."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import html5lib  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from msgspec.structs import replace

from report import places
from report.evidence import State, Status
from report.matrix.build import build_matrix
from report.matrix.index import Index
from report.site.publish import write_site
from report.story import comparison, marks, wording
from report.verdict import Accord, Agreement
from tests.support import damage, roots, whole, world

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from report.matrix.records import Cell, Matrix, Row

VERSIONS = [release.version for release in world.RELEASES]
KERAS = ("2.6.5", "2.11.1")
UNSEEDED = whole.EVIDENCE["reuse"]["unseeded"]
OTHER: dict[str, Any] = {
    **whole.EVIDENCE,
    "reuse": {"unseeded": {**UNSEEDED, "again": "same"}, "seeded": None, "warns": []},
    "notices": ["it is deprecated"],
}


def varied() -> Matrix:
    """Return a matrix with every state, two unrecognised laws, and other evidence that changed."""
    fates = {
        (0, 0): State.NOT_INSTALLED,
        (0, 1): State.ABSENT,
        (1, 1): State.FAILED,
        (2, 0): "unrecognised",
        (2, 1): "unrecognised",
        (2, 3): "not_finite",
        (3, 3): "he_normal",
        (4, 3): State.UNREACHED,
        (4, 4): State.ABSENT,
        (6, 0): "not_finite",
        (6, 3): "not_finite",
    }
    found = damage.apply(damage.whole(), {2: Status.NOT_OBSERVED}, fates)
    return world.matrix(map(newer, found.rows), found.releases)


def settled() -> Matrix:
    """Return the miniature world without a conflict."""
    mini = world.mini()
    agreed = Agreement(state=Accord.AGREE, text="resolved it")
    rows = [
        world.with_cells(
            row, (replace(cell, agreement=agreed) if cell.conflict else cell for cell in row.cells)
        )
        for row in mini.rows
    ]
    return world.matrix(rows, mini.releases)


def newer(row: Row) -> Row:
    """Return a row with other evidence in the newest release."""
    last = row.cells[-1]
    other = replace(last, evidence=world.recorded(OTHER, last))
    return world.with_cells(row, (*row.cells[:-1], other))


def parts(html: str) -> set[tuple[str, ...]]:
    """Return of each row that differs its symbol, its role, and what it was and is, in words.

    The pages and the script set them in tables, and what is new in a list.
    """
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    found = set()
    for line in tree.iter("tr"):
        if line.find("th/a") is None:
            continue
        cells = [" ".join("".join(cell.itertext()).split()) for cell in line.iter("td")]
        cells = cells if cells[0] in {"kernel", "bias"} else ["weights", *cells]
        found |= {("".join(link.itertext()), *cells[:3]) for link in line.findall("th/a")}
    for line in tree.iterfind(".//ul[@class='columns']/li"):
        found.add(tuple("".join(line.itertext()).split()))
    return found


def by_hand(matrix: Matrix, before: str, after: str) -> tuple[int, int, int]:
    """Count the rows that differ, are equal or can't be compared, from the raw cells."""
    counts = [0, 0, 0]
    for row in matrix.rows:
        was, now = (
            next(cell for cell in row.cells if cell.release == version)
            for version in (before, after)
        )
        counts[fate(was, now)] += 1
    return counts[0], counts[1], counts[2]


def fate(was: Cell, now: Cell) -> int:
    """Return 0 for a difference, 1 for equal values, 2 if they can't be compared."""
    there = [cell.state is State.OBSERVED for cell in (was, now)]
    gone = [cell.state is State.ABSENT for cell in (was, now)]
    if any(not a and not b for a, b in zip(there, gone, strict=True)):
        return 2
    if all(gone):
        return 1
    if not all(there) or was.verdict is None or now.verdict is None:
        return 0
    if was.verdict.name != now.verdict.name:
        return 0
    return 2 if was.verdict.name in {"unrecognised", "not_finite"} else 1


@given(damage.damages(damage.whole()))
def test_what_is_counted_was_observed_in_both_releases(harm: damage.Damage) -> None:
    matrix = damage.apply(damage.whole(), *harm)
    index = Index(matrix=matrix)
    for before, after in combinations(VERSIONS, 2):
        found = comparison.comparison(index, before, after)
        expected = by_hand(matrix, before, after)
        assert (len(found.differences), found.equal, sum(found.unknown.values())) == expected
        lost = [each for each in (before, after) if each not in index.seen]
        assert [release.version for release in found.unseen] == lost
        if lost:
            assert found.counted.startswith("Nothing was compared: ")
            assert found.equal == 0
            assert "same" not in found.counted + found.further


def test_symbols_that_differ_in_another_kind_are_counted_by_kind() -> None:
    index = Index(matrix=varied())
    found = comparison.comparison(index, "1.1.0", "2.2.0rc0")
    kinds = {each.kind.title: (each.differ, each.compared) for each in found.kinds}
    assert kinds["Notices"] == (3, 3)
    assert kinds["Scope"] == (0, 3)
    assert found.further.startswith("Where the law is the same, symbols that differ in other")
    assert "Notices 3 of 3" in found.further
    quiet = comparison.comparison(index, "1.0.1", "1.1.0")
    assert "Notices 0 of 2" in quiet.further
    (reuse,) = [each for each in found.summary.findings if "used twice" in each.title]
    assert (reuse.title, reuse.text) == (
        "One object used twice without a seed",
        "independent → the same",
    )


def test_two_laws_that_nobody_recognised_are_not_the_same_law() -> None:
    found = comparison.comparison(Index(matrix=varied()), "1.0.1", "1.1.0")
    assert found.unknown == {
        marks.FAILED.text: 1,
        marks.NOT_INSTALLED.text: 1,
        comparison.UNRECOGNISED_BOTH: 1,
    }
    assert found.counted == (
        "In law and existence 1 row differs, 3 are the same, 3 could not be compared "
        f"(1 {marks.FAILED.text}, 1 {marks.NOT_INSTALLED.text}, "
        f"1 {comparison.UNRECOGNISED_BOTH})."
    )


def test_a_release_that_was_not_observed_is_compared_with_nothing() -> None:
    index = Index(matrix=varied())
    found = comparison.comparison(index, "1.1.0", "2.0.4")
    assert found.counted == "Nothing was compared: 2.0.4 was not observed."
    assert (found.differences, found.kinds, found.further) == ((), (), "")
    assert ("1.1.0", "2.1.4") in comparison.pairs(index)[0]


@pytest.mark.parametrize("make", [varied, world.mini, settled])
def test_the_script_says_of_any_two_releases_what_their_page_says(
    browser: Browser,
    tmp_path: Path,
    make: Any,  # noqa: ANN401
) -> None:
    matrix = make()
    index = Index(matrix=matrix)
    write_site(matrix, tmp_path / "site")
    shown = browser.new_page()
    shown.goto((tmp_path / "site" / "compare.html").as_uri())
    for before, after in combinations(VERSIONS, 2):
        found = comparison.comparison(index, before, after)
        shown.select_option("#from", before)
        shown.select_option("#to", after)
        result = shown.locator("#difference")
        if found.summary.sentence:
            assert result.locator("p").first.inner_text() == found.summary.sentence
        assert result.locator("ul:not(.columns) > li").all_inner_texts() == [
            f"{each.title}: {each.text} ({wording.plain(each.where)})"
            for each in found.summary.findings
        ]
        assert result.locator("[role=status]").inner_text() == found.counted
        assert result.locator("p.soft").all_inner_texts() == (
            [found.further] if found.further else []
        )
        made = tmp_path / "site" / comparison.address(before, after)
        assert result.locator("p a").count() == (made.exists() and not found.unseen)
        live = parts(result.evaluate("node => node.outerHTML"))
        assert len(live) == len(found.differences)
        if made.exists():
            text = made.read_text("utf-8")
            promised = "How to keep" in result.inner_text()
            assert promised is (">To keep" in text and not found.unseen)
            assert found.counted in text
            assert live == parts(text)
    shown.close()


def again(version: str) -> dict[tuple[str, str], str | float]:
    """Return what the real objects of each row give when used twice without a seed."""
    symbols = {symbol["name"]: symbol for symbol in roots.committed(version)["symbols"]}
    found = {}
    for name, symbol in symbols.items():
        if symbol["style"] == "pin" and symbol["form"] != "initializer":
            continue  # a layer that is told what to start with
        shared = symbols[symbol.get("same_as", name)]
        for role, evidence in shared.get("evidence", {}).items():
            if evidence["reuse"]:
                found[name, role] = evidence["reuse"]["unseeded"]["again"]
    return found


def test_the_reuse_that_changed_in_keras_is_counted_in_the_real_observations() -> None:
    """Where "0 rows differ, 153 are the same" was said, 48 symbols and more differ in reuse."""
    before, after = map(again, KERAS)
    moved = {
        name
        for (name, role), drawn in before.items()
        if after.get((name, role)) == "same" and drawn != "same"
    }
    real = Index(matrix=build_matrix(places.ROOT, "linux-x86_64"))
    found = comparison.comparison(real, *KERAS)
    assert "objects used twice now give equal weights" in found.summary.sentence
    (reuse,) = [
        each for each in found.summary.findings if "used twice without a seed" in each.title
    ]
    assert wording.plain(reuse.where).startswith(f"{len(moved)} symbols: ")
    assert len(moved) >= 48
    assert [each for each in found.differences if not each.existence] == []


def difference(before: str, after: str, symbol: str, role: str) -> comparison.Difference:
    """Return one row that differs between two releases of the miniature world."""
    found = comparison.comparison(Index(matrix=world.mini()), before, after)
    return next(row for row in found.differences if (row.symbol, row.role) == (symbol, role))


def test_a_pin_names_an_initializer_that_was_measured_in_the_newer_release() -> None:
    index = Index(matrix=settled())
    found = comparison.comparison(index, "1.1.0", "2.2.0rc0").differences
    pin = next(row.pin for row in found if row.symbol == "tf.layers.dense")
    assert pin is not None
    drawer = "tf.keras.initializers.TruncatedNormal(stddev=0.1)"
    assert pin.code == f"kernel_initializer={drawer}"
    sentence = "measured in 2.2.0rc0, the initializer alone: it draws truncated_normal(stddev=0.1)"
    assert wording.plain(pin.proof) == sentence


def test_what_no_initializer_draws_cannot_be_pinned() -> None:
    pin = difference("1.0.1", "1.1.0", "tf.layers.dense", "kernel").pin
    assert pin is not None
    assert pin.code is None
    assert wording.plain(pin.proof).startswith("cannot be pinned")


def test_a_comparison_counts_what_is_equal_and_what_is_unknown() -> None:
    found = comparison.comparison(Index(matrix=world.mini()), "1.0.1", "1.1.0")
    assert (len(found.differences), found.equal, found.unknown) == (2, 2, {marks.FAILED.text: 1})
    gap = comparison.comparison(Index(matrix=world.mini()), "1.1.0", "2.0.4")
    assert (len(gap.differences), gap.equal, gap.unknown) == (
        0,
        0,
        {marks.UNSEEN.text: 4, marks.FAILED.text: 1},
    )
