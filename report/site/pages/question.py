"""The pages of the questions: one each, and the list of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from report.site.render import render
from report.story import answer, questions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from report.matrix.index import Edition

LIST = "questions.html"


def pages(edition: Edition) -> Iterator[tuple[str, str]]:
    """Yield the list, and a page for each question that the observations can answer."""
    asked = questions.answerable(edition)
    yield LIST, render(edition, "questions.jinja", root="", questions=asked, page=LIST)
    facts = questions.facts(edition)
    for question in asked:
        yield (
            question.address,
            render(
                edition,
                "question.jinja",
                root="../",
                question=question,
                questions=asked,
                facts=facts,
                headline=answer.headline(edition),
                page="",
            ),
        )
