"""Test that the short answer claims nothing that the cells don't show."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from report import places
from report.evidence import State, Status, Style
from report.matrix import build
from report.matrix.index import Index
from report.story import answer, wording
from report.story.answer import Why
from report.verdict.families import NO_LAW
from tests.support import damage

if TYPE_CHECKING:
    from report.matrix.records import Cell, Matrix
    from report.story.answer import Claim

ASKED = (Style.LAYER, Style.VARIABLE)
REACH = re.compile(
    r" in (?:all (\d+)|(both)|the (only)|(\d+) of (\d+)) "
    r"(observed releases?|releases? in which (?:it was|they were) observed) \("
)


def column(found: Matrix, claim: Claim, version: str) -> list[Cell]:
    """Return the observed cells of one release that a claim is about."""
    return [
        cell
        for row in found.rows
        if row.symbol.style in ASKED
        if (row.symbol.layer, row.role) == (claim.layer, claim.role)
        for cell in row.cells
        if cell.release == version
        if cell.state is State.OBSERVED
    ]


def drawn(cell: Cell) -> str | None:
    """Return the law of a cell; None if its evidence conflicts."""
    return None if cell.conflict or cell.verdict is None else cell.verdict.name


def assert_true(found: Matrix) -> None:
    """Check every claim, every exception and the sentence against the raw cells."""
    index = Index(matrix=found)
    made = answer.claims(index)
    for claim in made:
        assert claim.law not in NO_LAW
        holds = [
            release.version
            for release in found.releases
            if {drawn(cell) for cell in column(found, claim, release.version)} == {claim.law}
        ]
        assert list(claim.releases) == holds != []
    laws = {(claim.layer, claim.role): claim.law for claim in made}
    failed = {release.version for release in found.releases if release.status is Status.FAILED}
    expected: set[tuple[object, ...]] = set()
    for row in (row for row in found.rows if row.symbol.style in ASKED):
        law = laws.get((row.symbol.layer, row.role))
        for cell in row.cells:
            key = (cell.symbol, cell.role, cell.release)
            if cell.state is State.FAILED and cell.release not in failed:
                expected.add((Why.FAILED, None, *key))
            elif cell.state is State.OBSERVED and cell.conflict:
                expected.add((Why.CONFLICT, None, *key))
            elif cell.state is State.OBSERVED and cell.verdict and cell.verdict.name != law:
                expected.add((Why.LAW, cell.verdict.name, *key))
    listed = [
        (odd.why, odd.law, symbol, role, version)
        for odd in answer.outliers(index)
        for symbol, role in odd.rows
        for version in odd.releases
    ]
    assert len(listed) == len(set(listed))
    assert set(listed) == expected
    assert_printed(index, made)


def assert_printed(index: Index, made: tuple[Claim, ...]) -> None:
    """Check that the sentence has each claim's law and number of releases, and no other."""
    sentence = wording.plain(answer.headline(index))
    observed = sum(release.status is Status.OBSERVED for release in index.matrix.releases)
    if not observed:
        assert sentence == answer.NOTHING
        return
    if sentence == answer.NO_DEFAULT:
        rows = [row for row in index.matrix.rows if row.symbol.style in ASKED]
        assert not any(cell.state is State.OBSERVED for row in rows for cell in row.cells)
        return
    counts = set()
    for every, both, only, some, of, where in REACH.findall(sentence):
        total = int(of or every or 2 * bool(both) or bool(only))
        assert where.startswith("observed") == (total == observed)
        counts.add((int(some or total), total))
    versions = [release.version for release in index.matrix.releases]
    assert counts == {
        (len(one.releases), sum(bool(column(index.matrix, one, each)) for each in versions))
        for one in made
    }
    assert all(claim.law in sentence for claim in made)
    odd = len(answer.outliers(index))
    assert ("exception" in sentence) == bool(odd and made)
    assert sentence.count("exception") <= 1


def test_the_sentence_names_what_was_asked_where_it_holds_and_the_exception() -> None:
    plain = damage.whole()
    start = (
        "By default, under every public path that was observed, Conv2D and Dense start with "
        "glorot_uniform kernels and zeros biases in all 5 observed releases (1.0 – 2.2.0rc0); "  # noqa: RUF001
        "a float32 get_variable starts with glorot_uniform in "
    )
    every = "all 5 observed releases (1.0 – 2.2.0rc0)."  # noqa: RUF001
    assert wording.plain(answer.headline(Index(matrix=plain))) == start + every
    odd = damage.apply(plain, {}, {(5, 0): "he_normal"})
    some = "4 of 5 observed releases (1.1 – 2.2.0rc0). "  # noqa: RUF001
    but = "The one exception: tf.get_variable started with he_normal in 1.0."
    assert wording.plain(answer.headline(Index(matrix=odd))) == start + some + but


def test_one_layer_in_two_ranges_is_named_once() -> None:
    odd = damage.apply(damage.whole(), {}, {(4, 4): damage.CONFLICT, (1, 4): damage.CONFLICT})
    sentence = wording.plain(answer.headline(Index(matrix=odd)))
    assert "Conv2D and Dense start with glorot_uniform kernels in all 5" in sentence
    assert ", and with zeros biases in 4 of 5 observed releases (1.0 – 2.1)" in sentence  # noqa: RUF001
    assert sentence.endswith(
        ". The one exception: the evidence disagrees for "
        "tf.layers.conv2d and tf.layers.dense bias in 2.2.0rc0."
    )


@pytest.mark.parametrize("state", [State.ABSENT, State.UNREACHED])
def test_only_releases_in_which_a_layer_was_observed_are_counted(state: State) -> None:
    layers = {(line, 0): state for line in range(5)}
    variable = {(5, at): state for at in (1, 2, 4)}
    found = Index(matrix=damage.apply(damage.whole(), {}, layers | variable))
    assert wording.plain(answer.headline(found)).endswith(
        "Conv2D and Dense start with glorot_uniform kernels and zeros biases "
        "in all 4 releases in which they were observed (1.1 – 2.2.0rc0); "  # noqa: RUF001
        "a float32 get_variable starts with glorot_uniform "
        "in both releases in which it was observed (1.0 – 2.1)."  # noqa: RUF001
    )


def test_two_releases_are_both_and_every_exception_is_a_sentence() -> None:
    lost = dict.fromkeys(range(3), Status.NOT_OBSERVED)
    sentence = wording.plain(answer.headline(Index(matrix=damage.apply(damage.whole(), lost, {}))))
    assert sentence.count("in both observed releases (2.1 – 2.2.0rc0)") == 2  # noqa: RUF001
    fates: dict[tuple[int, int], damage.Fate] = {(1, 4): damage.CONFLICT, (0, 0): State.FAILED}
    found = answer.exceptions(Index(matrix=damage.apply(damage.whole(), {}, fates)))
    assert {wording.plain(each) for each in found} == {
        "The evidence disagrees for tf.layers.conv2d bias in 2.2.0rc0.",
        "The probe failed for tf.layers.conv2d kernel in 1.0.",
    }


@given(damage.damages(damage.whole()))
@settings(max_examples=300)
def test_the_short_answer_is_true_of_any_subset_of_observations(harm: damage.Damage) -> None:
    assert_true(damage.apply(damage.whole(), *harm))


@cache
def real() -> Matrix:
    """Return the matrix of the committed observations."""
    return build.build_matrix(places.ROOT, "linux-x86_64")


@given(st.data())
@settings(max_examples=20, suppress_health_check=list(HealthCheck))
def test_the_short_answer_is_true_of_any_subset_of_the_real_observations(
    data: st.DataObject,
) -> None:
    if not real().rows:
        pytest.skip("no observation of this protocol")
    assert_true(damage.apply(real(), *data.draw(damage.damages(real()))))
