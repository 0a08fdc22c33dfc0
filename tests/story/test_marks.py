"""Test the letters of values that have no code in the table of laws, and their texts."""

from __future__ import annotations

from report.matrix.kinds import NOTICES
from report.story import Codes
from report.story.marks import letters


def test_letters_go_on_after_z() -> None:
    assert [letters(index) for index in (0, 25, 26, 27, 52)] == ["A", "Z", "AA", "AB", "BA"]


def test_texts_that_are_cut_show_where_they_differ() -> None:
    codes = Codes(NOTICES, 60)
    head = "conv2d is deprecated and will be removed. Instructions for updating: use "
    values = [f"{head}{name} instead." for name in ("tf.keras.layers.Conv2D", "Conv2D", "a layer")]
    texts = [codes.of_value(value).text for value in values]
    assert texts[0].startswith("conv2d is deprecated")
    assert "Conv2D instead." in texts[1]
    assert "a layer instead." in texts[2]
    assert max(map(len, texts)) <= 60
    assert [codes.of_value(value).text for value in values] == texts
