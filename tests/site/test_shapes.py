"""Test that a page shows the verdict of each shape, and no figures that don't exist."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import html5lib  # type: ignore[import-untyped]
import pytest
from msgspec.structs import replace

from report.matrix.index import Index
from report.site import pages
from report.site.pages.symbol import sections
from report.verdict import PADDED, Verdict
from report.verdict.families import NOT_FINITE, ORTHOGONAL, UNRECOGNISED
from tests.support import world

if TYPE_CHECKING:
    from report.evidence import Measurement
    from report.matrix.records import Matrix
    from report.site.pages.symbol import Section
    from report.site.weights import Drawn

NAME = "tf.orthogonal_initializer"
WIDE, TALL = (48, 96), (120, 40)
RELEASE = replace(world.RELEASES[0], version="1.2.1", series="1.2")


def drawn(shape: tuple[int, ...], error: float | None) -> Measurement:
    """Return the measurement of a draw with a ``gram_error``."""
    return replace(world.measured("he_normal", shape, math.prod(shape)), gram_error=error)


def holding(measured: tuple[Measurement, ...], verdict: Verdict) -> Matrix:
    """Return a matrix with one initializer in one release."""
    cell = world.observed(NAME, "weights", "1.2.1", "he_normal")
    cell = replace(cell, evidence=replace(cell.evidence, measured=measured), verdict=verdict)
    return world.matrix([world.row(NAME, "weights", [cell], layer=None)], [RELEASE])


def section(matrix: Matrix) -> Section:
    """Return the evidence section of the only run."""
    index = Index(matrix=matrix)
    (only,) = sections(index, index.initializers[0])
    return only


def shown_of(matrix: Matrix) -> tuple[Drawn, ...]:
    """Return the records of what the page shows, one for each shape."""
    proof = section(matrix).proof
    assert proof is not None
    return proof.drawn


def page(matrix: Matrix) -> str:
    """Return the text of the only symbol's page."""
    index = Index(matrix=matrix)
    files = dict(pages.files(index))
    tree = html5lib.parse(files["symbol/tf.orthogonal_initializer.html"])
    return " ".join("".join(tree.itertext()).split())


def test_each_shape_says_what_it_shows_where_they_differ() -> None:
    """In 1.2 only the wide shape is padded; that no law fits was said beside a Gram error of 0."""
    shown = ((WIDE, PADDED), (TALL, ORTHOGONAL))
    verdict = Verdict(name=UNRECOGNISED, note="orthogonal at shape 120 × 40", at=shown)  # noqa: RUF001
    matrix = holding((drawn(WIDE, 0.9), drawn(TALL, 1e-6)), verdict)
    wide, tall = shown_of(matrix)
    assert (wide.alone, tall.alone) == (PADDED, ORTHOGONAL)
    assert wide.words.endswith("they form an orthogonal matrix that is padded with zeros.")
    assert tall.words.endswith("they form an orthogonal matrix.")
    assert {figure.name: figure.theory for figure in tall.figures}[
        "error of the Gram matrix"
    ] == "0"
    words = page(matrix)
    assert "no law fits" not in words
    assert f"{ORTHOGONAL} at this shape." in words
    assert f"{PADDED} at this shape." in words


def test_an_orthogonal_matrix_is_not_said_to_fit_no_law() -> None:
    verdict = Verdict(name=ORTHOGONAL)
    shapes = shown_of(holding((drawn(WIDE, 0.0), drawn(TALL, 0.0)), verdict))
    assert [one.alone for one in shapes] == ["", ""]
    assert all("orthogonal matrix" in one.words for one in shapes)


def test_a_law_of_one_shape_is_drawn_beside_its_weights() -> None:
    at = ((WIDE, "he_normal or he_normal_other"), (TALL, UNRECOGNISED))
    verdict = Verdict(name=UNRECOGNISED, note="he_normal at shape 48 × 96", at=at)  # noqa: RUF001
    wide, tall = shown_of(holding((drawn(WIDE, None), drawn(TALL, None)), verdict))
    assert wide.histogram is not None
    assert wide.histogram.theory
    assert "away from he_normal" in wide.words
    assert tall.words.endswith("no law fits them.")


@pytest.mark.parametrize("finite", [0.0, 0.25])
def test_weights_that_are_no_numbers_have_no_figures(finite: float) -> None:
    none = math.nan
    one = replace(drawn(TALL, None), finite=finite, histogram=(), kurtosis=None)
    one = replace(one, min=none, max=none, mean=none, std=none)
    verdict = Verdict(name=NOT_FINITE, note="some weights are not finite numbers")
    matrix = holding((one, one), verdict)
    assert f"of which {100 * (1 - finite):g} % are not finite numbers." in page(matrix)
    assert [each.histogram for each in shown_of(matrix)] == [None, None]
    assert {figure.measured for each in shown_of(matrix) for figure in each.figures} == {
        "–"  # noqa: RUF001
    }


def test_a_note_says_of_which_releases_it_is() -> None:
    releases = [RELEASE, replace(RELEASE, version="1.3.0", series="1.3")]
    cells = [
        replace(
            world.observed(NAME, "weights", each.version, "he_normal"),
            verdict=Verdict(name=UNRECOGNISED, note=f"nearest: he_normal, as in {each.version}"),
        )
        for each in releases
    ]
    matrix = world.matrix([world.row(NAME, "weights", cells, layer=None)], releases)
    assert section(matrix).notes == (
        ("1.2", "nearest: he_normal, as in 1.2.1"),
        ("1.3", "nearest: he_normal, as in 1.3.0"),
    )
