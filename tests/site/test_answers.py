"""Test the pages of the questions: each answer follows from the matrix and the networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from report.matrix.index import Index
from report.story import questions, source, wording
from report.verdict import families
from tests.support import damage, networks, whole, world
from tests.support.markup import attribute, parsed, table, text

if TYPE_CHECKING:
    from pathlib import Path


NAN, CUT = "answer/nan-with-truncated-normal.html", "truncated_normal(stddev=0.1)"


def test_each_question_has_a_page_that_is_linked_and_titled_so(sites: Path) -> None:
    asked = parsed(sites / "mini" / "questions.html")
    hrefs = [attribute(link, "href") for link in asked.iter("a")]
    known = questions.answerable(Index(matrix=world.mini()))
    assert len(known) > 3
    for question in known:
        tree = parsed(sites / "mini" / question.address)
        assert text(next(tree.iter("h1"))) == question.title == text(next(tree.iter("title")))
        assert question.address in hrefs
        others = {attribute(link, "href") for link in tree.iter("a")}
        assert {f"../{q.address}" for q in known if q != question} <= others


def test_what_nobody_trained_is_not_answered(sites: Path) -> None:
    found = questions.answerable(Index(matrix=damage.whole()))
    assert [question.slug for question in found] == [
        "default-initializer",
        "same-weights-after-upgrade",
    ]
    assert not (sites / "wide" / "answer").exists()  # it has none of the symbols asked about


def test_the_walk_leads_to_each_line_at_its_tag_without_the_wrappers(
    sites: Path,
) -> None:
    tree = parsed(sites / "mini" / "answer/default-initializer.html")
    (steps,) = [node for node in tree.iter("ol") if attribute(node, "class") == "path"]
    decide = [frame for frame in world.recorded(whole.EVIDENCE).call_path if not frame.wrapper]
    links = [(text(link), link.get("href")) for link in steps.iter("a")]
    assert [where for where, _ in links] == [f"{frame.file}:{frame.line}" for frame in decide]
    assert [href for _, href in links] == [source(frame) for frame in decide]
    assert "new_func" not in text(steps)


def test_the_default_of_each_symbol_is_told_by_release(sites: Path) -> None:
    index = Index(matrix=world.mini())
    found = text(parsed(sites / "mini" / "answer/default-initializer.html"))
    for name in ("tf.layers.dense", "tf.keras.layers.Dense"):
        for row in (row for row in index.layers if row.symbol.name == name):
            story = wording.plain(wording.history_of(index, row))
            assert (f"{row.role}: {story}" in found) is ("no release" not in story)


def test_the_nan_page_counts_the_releases_that_broke(sites: Path) -> None:
    lead = text(next(n for n in parsed(sites / "mini" / NAN).iter("p") if n.get("class") == "lead"))
    trained = [networks for networks in world.mini().networks.values() if networks]
    for initializer, loss, sentence in (
        (CUT, "by_hand", "it stopped being finite in {} of {} releases within a few steps"),
        (CUT, "stable", "TensorFlow's own softmax cross entropy in {} of {};"),
        ("default", "by_hand", "the loss by hand in {} of {}."),
    ):
        ends = [
            [getattr(step, loss) for step in network.steps]
            for networks in trained
            for network in networks
            if network.initializer == initializer
        ]
        assert sentence.format(sum(any(end) for end in ends), len(ends)) in lead


def test_the_nan_page_shows_gains_as_measured_and_by_theory(sites: Path) -> None:
    """In the miniature world each layer does what theory says, to the three digits stored."""
    lines = table(parsed(sites / "mini" / NAN), "Standard deviation of each layer's output")
    shown = {name.rsplit(" ", 2)[0]: cells for name, *cells in lines}
    assert set(shown) == {"default", CUT, "xavier_initializer(uniform=False)"}
    for initializer, law in (("default", "glorot_uniform"), (CUT, CUT)):
        cells = shown[initializer]
        for cell, shape in zip(cells, networks.LAYERS.values(), strict=False):
            gain, theory = (float(figure) for figure in cell.split("theory "))
            fan_in = shape[0] if len(shape) == 2 else shape[0] * shape[1] * shape[2]
            assert theory == pytest.approx(fan_in**0.5 * families.law(law, shape).std, rel=0.01)
            assert gain == pytest.approx(theory, rel=0.02)


def test_the_nan_page_lists_each_release_that_trained_the_network(sites: Path) -> None:
    lines = table(parsed(sites / "mini" / NAN), "Spread of the logits at the start")
    assert [line[0] for line in lines] == ["2.2.0rc0", "1.0.1"]
    endings = [[cell.rpartition("; ")[2] for cell in line[1:]] for line in lines]
    gone = "not in this release"
    assert endings == [["finite, 5", "3, 2", gone], ["finite, finite", "1, 1", "finite, finite"]]


def test_the_nan_page_says_after_how_many_steps(sites: Path) -> None:
    lines = table(parsed(sites / "mini" / NAN), "Four steps of plain gradient descent")
    shown = {tuple(line[:3]): line[3] for line in lines}
    assert shown[CUT, "by hand", "0.01"] == "not finite in 2 of 2, after 1 to 3 steps"
    assert shown["default", "by hand", "0.1"] == "not finite in 1 of 2, after 5 steps"
    assert shown["default", "softmax cross entropy", "0.1"] == "finite in all 2"
