"""Texts derived from the matrix, shared by the HTML pages, the exports and the terminal."""

from report.story import (
    against,
    answer,
    changes,
    comparison,
    confirmations,
    elsewhere,
    explain,
    machines,
    marks,
    numbers,
    pins,
    platform_lines,
    program,
    questions,
    summary,
    wording,
)
from report.story.call_path import CallPath, call_paths, source
from report.story.fact import Fact, facts, spans
from report.story.marks import FILLS, HUES, Codes, Mark
from report.story.program import Program

__all__ = [
    "FILLS",
    "HUES",
    "CallPath",
    "Codes",
    "Fact",
    "Mark",
    "Program",
    "against",
    "answer",
    "call_paths",
    "changes",
    "comparison",
    "confirmations",
    "elsewhere",
    "explain",
    "facts",
    "machines",
    "marks",
    "numbers",
    "pins",
    "platform_lines",
    "program",
    "questions",
    "source",
    "spans",
    "summary",
    "wording",
]
