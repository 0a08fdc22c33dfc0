"""The README is true: what it says of the data is written by the report, not by hand."""

from __future__ import annotations

import re

import pytest

from report import load, readme
from report.__main__ import main

README = load.ROOT / "README.md"
# A number that is no version (2.16, 3.6) and no part of a word (x86-64, float32), or has a unit.
FIGURE = re.compile(r"(?<![\w.,-])\d[\d,]*\d(?![\w.-]*\w)|\d[\d.,]*\s?(?:%|[kMG]B\b|s\b|minutes)")


def prose(text: str) -> str:
    """Return what is typed by hand: all but what the report writes, and code."""
    typed = text.partition(readme.BEGIN)[0] + text.partition(readme.END)[2]
    return re.sub(r"`[^`]*`|^    .*$", "", typed, flags=re.MULTILINE)


def test_what_the_report_writes_is_what_the_observations_say() -> None:
    assert main(["--check"]) == 0


def test_no_figure_of_the_data_is_typed_by_hand() -> None:
    assert FIGURE.findall(prose(README.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "figure",
    [
        "all 40 releases",
        "0 of 34,068 draws",
        "errors of 2 % are seen",
        "needs 0.6 GB",
        "in 5 minutes",
    ],
)
def test_a_figure_is_seen(figure: str) -> None:
    assert FIGURE.search(prose(figure))


def test_versions_and_names_are_no_figures() -> None:
    text = "Linux x86-64 with Python 3.11: float32 since 2.16, Conv2D in 2.22.0rc0, one of 2 `40`"
    assert not FIGURE.search(prose(text))
