"""The short answer in the README, between markers: written and kept true from the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from report import markdown
from report.errors import ReportError

if TYPE_CHECKING:
    from pathlib import Path

    from report.edition import Edition

BEGIN, END = "<!-- answer: begin -->", "<!-- answer: end -->"


def is_true(readme: Path, edition: Edition) -> bool:
    """Whether the README says what the observations say."""
    text = readme.read_text(encoding="utf-8")
    return _replaced(readme, text, edition) == text


def write(readme: Path, edition: Edition) -> None:
    """Put the short answer between the markers; raises ReportError where there are none."""
    text = readme.read_text(encoding="utf-8")
    readme.write_text(_replaced(readme, text, edition), encoding="utf-8", newline="\n")


def _replaced(readme: Path, text: str, edition: Edition) -> str:
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ReportError(
            f"{readme.name}: the markers {BEGIN} and {END} are missing; put them back"
        )
    return f"{before}{BEGIN}\n{markdown.short_answer(edition)}{END}{after}"
