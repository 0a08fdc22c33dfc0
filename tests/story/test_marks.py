"""Test the letters of values that have no code in the table of laws."""

from __future__ import annotations

from report.story.marks import letters


def test_letters_go_on_after_z() -> None:
    assert [letters(index) for index in (0, 25, 26, 27, 52)] == ["A", "Z", "AA", "AB", "BA"]
