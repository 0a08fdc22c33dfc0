"""The pages of frequent questions: one each, and their list."""

from __future__ import annotations

from collections.abc import Iterator

from report.matrix import Index
from report.site.render import File, in_menu, page
from report.story import answer, questions

in_menu("Questions", "questions.html", place=30)


def pages(index: Index) -> Iterator[File]:
    """Yield the list of questions, and a page for each that the observations can answer."""
    asked = questions.answerable(index)
    yield page(index, "questions.html", "questions", questions=asked)
    facts, headline = questions.content(index), answer.headline(index)
    for question in asked:
        yield page(
            index,
            question.address,
            "question",
            question=question,
            others=[other for other in asked if other is not question],
            facts=facts,
            headline=headline,
        )
