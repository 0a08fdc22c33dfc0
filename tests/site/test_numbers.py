"""Test what the pages say of numbers and reuse, over four releases worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from playwright.sync_api import expect

from report.evidence import Form, State
from report.site.publish import write_site
from tests.site.test_accessibility import violations
from tests.support import drawn
from tests.support.browser import Watched, at, go
from tests.support.markup import attribute, parsed, table, text

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.support.markup import Node

WARNING = (
    "The initializer GlorotUniform is unseeded and being called multiple times, which will return "
    "identical values each time (even if the initializer is unseeded)."
)
TITLE = "The initializer GlorotUniform is unseeded and being called multiple times"
UPGRADE = "Will my weights be the same after an upgrade?"
DENSE, GLOROT = "tf.keras.layers.Dense", "tf.keras.initializers.GlorotUniform"
REPEATS: dict[str, Any] = {"tf": True, "keras": None}
WAS = {
    "numbers": [drawn.numbers("a")],
    "repeat": REPEATS,
    "reuse": drawn.likenesses(again=0.01, seeded="same"),
}
NOW = {
    "numbers": [drawn.numbers("b", 0.03, seeds=[20150206, 0])],
    "repeat": REPEATS,
    "reuse": drawn.likenesses(again="same", seeded="same", warns=WARNING),
}
CAUSE = (
    "in 2.2 a graph's random operations began to be numbered among themselves instead of among "
    "all operations"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the site of a layer and an initializer that changed in 2.2; return its folder."""
    rows = (
        drawn.row(drawn.symbol(DENSE), WAS, WAS, WAS, NOW),
        drawn.row(drawn.symbol(GLOROT, Form.INITIALIZER), WAS, WAS, WAS, NOW),
    )
    folder = tmp_path_factory.mktemp("drawn") / "site"
    write_site(drawn.index(*rows).matrix, folder)
    return folder


def main(site: Path, path: str) -> str:
    """Return the text of a page's content."""
    return text(next(parsed(site / path).iter("main")))


def lead(tree: Node) -> str:
    """Return the text of a page's first paragraph."""
    return text(next(node for node in tree.iter("p") if attribute(node, "class") == "lead"))


def test_a_comparison_begins_with_what_happened(site: Path) -> None:
    tree = parsed(site / "compare" / "2.1.4..2.2.3.html")
    assert lead(tree) == (
        "The same laws, other numbers, and objects used twice now give equal weights."
    )
    items = [text(item) for item in next(tree.iter("ul")).iter("li")]
    both = f"({DENSE} and {GLOROT})"
    assert items == [
        f"Numbers: other numbers; {CAUSE.removeprefix('in 2.2 ')} {both}",
        f"One object used twice without a seed: independent → the same {both}",
        f"Warning about reuse: no → yes {both}",
    ]


def test_a_release_says_numbers_and_reuse_unfolded(site: Path) -> None:
    tree = parsed(site / "release" / "2.2.3.html")
    open_items = [
        text(item) for part in next(tree.iter("main")).findall("ul") for item in part.findall("li")
    ]
    assert f"{DENSE}: other numbers; {CAUSE} proof of change 1 in layers in 2.2" in open_items
    reuse = "one object used twice without a seed; warning about reuse"
    assert any(reuse.partition(";")[0] in item for item in open_items)
    assert list(tree.iter("details")) == []


def test_a_change_has_a_program_and_what_it_prints_in_both_releases(site: Path) -> None:
    tree = parsed(site / "symbol" / f"{DENSE.lower()}-class.html")
    found = text(next(tree.iter("main")))
    assert "Other numbers under one law: 1 change, with programs to paste" in found
    assert f"In 2.2: other numbers; {CAUSE} (after tf.set_random_seed)." in found
    # 0.01 and 0.03, each downwards by 1/200
    assert "In 2.1.4 it prints [ 0.01 0.005 0. -0.005]" in found
    assert "In 2.2.3 it prints [0.03 0.025 0.02 0.015]" in found
    (block,) = [
        "".join(node.itertext()) for node in tree.iter("pre") if "set_random_seed" in text(node)
    ]
    assert block.startswith("import tensorflow as tf\n\nwith tf.Graph().as_default():\n    ")
    assert block.endswith("\nprint(weights.ravel()[:4])")


def test_the_evidence_of_a_run_has_each_seed_call(site: Path) -> None:
    found = main(site, f"symbol/{GLOROT.lower()}-class.html")
    for expected in (
        "tf.set_random_seed: 240×480 and 600×200: sha256 aaaaaaaaaaaa…, [ 0.01",  # noqa: RUF001
        "RandomUniform, seeds [20150206, 4], operations before it: 4, random ones: 0",
        WARNING,
    ):
        assert expected in found


def test_both_questions_are_on_the_start_page_with_an_answer_of_one_line(site: Path) -> None:
    tree = parsed(site / "index.html")
    (asked,) = [node for node in tree.iter("ul") if node.get("id") == "questions"]
    shown = [text(item) for item in asked]
    assert any(
        f"{UPGRADE} After a seed call, {DENSE} has the same numbers" in each for each in shown
    )
    assert any(
        f"{TITLE} The two draws of one object without a seed are the same in 2.2, independent in"
        in item
        for item in shown
    )


def test_the_page_on_the_warning_has_its_words_and_the_regimes(site: Path) -> None:
    path = site / "answer" / "unseeded-called-multiple-times.html"
    tree = parsed(path)
    assert text(next(tree.iter("h1"))) == text(next(tree.iter("title"))) == TITLE
    assert text(next(tree.iter("blockquote"))) == WARNING
    lines = table(tree, "Two draws of")
    assert [line[0] for line in lines] == ["2.2", "1.15 – 2.1"]  # noqa: RUF001
    assert [line[1].rpartition(": ")[2] for line in lines] == ["yes", "no"]
    assert [line[2].rpartition(": ")[2] for line in lines] == ["the same", "independent"]
    remedies = [text(node) for node in tree.iter("p") if text(node).startswith("Its two draws")]
    assert remedies == ["Its two draws are independent in 1.15 – 2.2."] * 3  # noqa: RUF001
    assert "The copy of one that has a seed has the same seed" in text(tree)


def test_the_page_on_upgrades_says_how_each_release_compares(site: Path) -> None:
    tree = parsed(site / "answer" / "same-weights-after-upgrade.html")
    lines = table(tree, "Numbers of tf.keras after tf.set_random_seed")
    assert [line[0].partition(",")[0] for line in lines] == ["2.1 → 2.2", "1.15 – 2.1"]  # noqa: RUF001
    assert [cell.rpartition(": ")[2] for cell in lines[0][1:3]] == ["other", "other"]
    assert lines[0][3] == CAUSE.removeprefix("in 2.2 ")
    assert [cell.rpartition(": ")[2] for cell in lines[1][1:]] == ["the same", "the same", ""]


def test_the_page_on_upgrades_says_of_which_layer_and_what_moves_its_numbers(site: Path) -> None:
    tree = parsed(site / "answer" / "same-weights-after-upgrade.html")
    assert "of the first layer that a program makes" in text(tree)
    (section,) = [node for node in tree.iter("h2") if attribute(node, "id") == "before"]
    assert any(attribute(link, "href") == "#before" for link in tree.iter("a"))
    moved = [text(node) for node in tree.iter("li") if "1.6.0" in text(node)]
    assert text(section) == "What comes before moves them"
    assert len(moved) == 3
    since = [text(node) for node in tree.iter("li") if "in 2.16.2 and 2.21.0" in text(node)]
    assert len(since) == 1  # what a layer that is made before it, or called before it, moves
    assert "random.seed repeats an unseeded layer" in text(tree)


def test_an_operation_with_a_seed_of_its_own_does_not_move_the_next_ones(tmp_path: Path) -> None:
    """The function `get_seed` of 2.2.3 numbers only those without one."""
    rows = (
        drawn.row(drawn.symbol(DENSE), WAS, WAS, WAS, NOW),
        drawn.row(drawn.symbol("tf.get_variable", Form.VARIABLE), WAS, WAS, WAS, NOW),
    )
    write_site(drawn.index(*rows).matrix, tmp_path / "site")
    found = main(tmp_path / "site", "answer/same-weights-after-upgrade.html")
    assert "In 1.15 – 2.1 that is the number of all operations made before it" in found  # noqa: RUF001
    assert "in 2.2 the number of random ones that had none either" in found


class Model:
    """A model with two arrays of weights."""

    def __init__(self) -> None:
        """Draw the weights."""
        self.arrays = [np.random.default_rng().normal(size=size) for size in ((3, 4), (4,))]

    def get_weights(self) -> list[Any]:
        """Return the weights."""
        return self.arrays

    def set_weights(self, arrays: list[Any]) -> None:
        """Replace the weights."""
        self.arrays = arrays


def test_the_code_that_keeps_weights_gives_them_back(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = parsed(site / "answer" / "same-weights-after-upgrade.html")
    (code,) = ["".join(node.itertext()) for node in tree.iter("pre")]
    saving, loading = code.split("saved =")
    monkeypatch.chdir(tmp_path)
    before, after = Model(), Model()
    exec(saving, {"numpy": np, "model": before})  # noqa: S102 - what the page says to run
    exec(f"saved ={loading}", {"numpy": np, "model": after})  # noqa: S102 - as above
    assert all(map(np.array_equal, before.arrays, after.arrays))


@pytest.mark.parametrize(
    "typed",
    [
        TITLE,
        WARNING,
        f"/usr/lib/python3.10/site-packages/keras/initializers.py:120: UserWarning: {WARNING}",
        "unseeded",
    ],
)
def test_the_words_of_the_warning_find_its_page(browser: Browser, site: Path, typed: str) -> None:
    with Watched(browser, **at(1280)) as seen:
        go(seen.page, site, "index.html")
        seen.page.locator("#filter").fill(typed)
        link = seen.page.locator("#found a")
        expect(link).to_have_text(TITLE)
        link.click()
        expect(seen.page.locator("h1")).to_have_text(TITLE)


def test_the_form_promises_no_old_behaviour_where_no_law_changed(
    browser: Browser, site: Path
) -> None:
    with Watched(browser, **at(1280)) as seen:
        go(seen.page, site, "compare.html#2.1.4..2.2.3")
        link = seen.page.locator("#difference p a")
        expect(link).to_have_text("The page of these releases")
        link.click()
        expect(seen.page.locator("h1")).to_have_text("From 2.1.4 to 2.2.3")


def test_words_of_no_warning_find_no_question(browser: Browser, site: Path) -> None:
    with Watched(browser, **at(1280)) as seen:
        go(seen.page, site, "index.html")
        seen.page.locator("#filter").fill("bananas")
        expect(seen.page.locator("#found")).to_have_text("0 of 1 symbols")


@pytest.mark.parametrize(
    "path",
    [
        "answer/unseeded-called-multiple-times.html",
        "answer/same-weights-after-upgrade.html",
        "compare/2.1.4..2.2.3.html",
        "release/2.2.3.html",
        f"symbol/{DENSE.lower()}-class.html",
        "numbers.html",
    ],
)
def test_axe_finds_nothing_on_pages_about_numbers(browser: Browser, site: Path, path: str) -> None:
    assert violations(browser, site, path) == []


def test_the_kinds_of_one_seed_have_initializers_too(site: Path) -> None:
    for kind in ("numbers", "repeat", "reuse"):
        names = main(site, f"{kind}.html")
        assert DENSE in names
        assert GLOROT in names
    assert GLOROT not in main(site, "declared.html")


def test_a_page_of_numbers_says_that_its_letters_compare_no_rows(site: Path) -> None:
    said = "the same letter in two rows does not mean the same numbers"
    for page in ("numbers.html", "own_seed.html"):
        assert said in text(parsed(site / page))
    assert said not in text(parsed(site / "reuse.html"))


def test_what_has_no_numbers_says_so(tmp_path: Path) -> None:
    bare = {"repeat": {"tf": False, "keras": None}}
    row = drawn.row(drawn.symbol(DENSE), WAS, bare, State.ABSENT, {})
    write_site(drawn.index(row).matrix, tmp_path / "site")
    found = main(tmp_path / "site", f"symbol/{DENSE.lower()}-class.html")
    assert "not repeated" in found
    assert "not recorded" in found
