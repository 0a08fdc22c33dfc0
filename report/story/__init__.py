"""What is said of the matrix, in any medium: wording, answers, timeline, comparison."""

from report.story import answer, comparison, explain, questions, stories, timeline, wording
from report.story.call_path import CallPath, call_paths
from report.story.codes import FILLS, HUES, Codes, Entry, entry, note
from report.story.facts import Fact, facts, ranges
from report.story.timeline import ReleaseChanges
from report.story.wording import CODE, STRONG, TEXT, Mark, Piece

__all__ = [
    "CODE",
    "FILLS",
    "HUES",
    "STRONG",
    "TEXT",
    "CallPath",
    "Codes",
    "Entry",
    "Fact",
    "Mark",
    "Piece",
    "ReleaseChanges",
    "answer",
    "call_paths",
    "comparison",
    "entry",
    "explain",
    "facts",
    "note",
    "questions",
    "ranges",
    "stories",
    "timeline",
    "wording",
]
