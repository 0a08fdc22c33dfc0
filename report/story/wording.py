"""The report in words: what a cell, a change and a row's history read like.

A text is a list of pieces, each with its own kind, so that the HTML and the
Markdown edition say the same sentence in their own way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from report.evidence import Release, State, Status
from report.matrix import (
    EXISTENCE,
    MEASURED,
    Cell,
    Change,
    Index,
    Row,
    Run,
)
from report.text import short
from report.verdict import UNRECOGNISED

TEXT, CODE, STRONG = "text", "code", "strong"
Piece = tuple[str, str]

NOT_RECORDED = "not recorded"
NOTHING_COMPARED = "No two releases could be compared."
NO_CHANGE = "No change was seen between the releases that could be compared."


@dataclass(frozen=True, slots=True)
class Mark:
    """How a state without a value looks: a glyph, a word, and a class for its pattern."""

    glyph: str
    word: str
    style: str
    meaning: str


NEW = Mark("·", "not yet there", "new", "the symbol does not exist yet in that release")
NEVER = Mark("·", "not there", "new", "the symbol exists in no release that was observed")
GONE = Mark("⊘", "removed", "gone", "the symbol existed in an earlier release and no longer does")
APART = Mark(
    "○",
    "not installed with this release",
    "apart",
    "the package that holds the symbol was not installed there; says nothing of the symbol",
)
UNSEEN = Mark("?", "not observed", "unseen", "nobody looked; never counted as a change")
UNAVAILABLE = Mark("×", "cannot be installed", "off", "the release, not the symbol")  # noqa: RUF001
FAILED = Mark("!", "probe failed", "failed", "it was tried and broke; says nothing of the default")
SILENT = Mark("–", NOT_RECORDED, "unseen", "observed before this evidence was asked for")  # noqa: RUF001
MARKS = (NEW, GONE, APART, UNSEEN, UNAVAILABLE, FAILED, SILENT)

CONFLICT = Mark("≠", "evidence disagrees", "conflict", "declared, resolved and measured differ")
SEVERAL = Mark("≈", "several laws fit", "several", "the shapes drawn could not tell them apart")
STALE = Mark("◷", "older protocol", "stale", "what a probe means has changed since")
OLD_LOCK = Mark("§", "older lock", "relocked", "its list of packages has changed since")
RECORDED = Mark("↧", "recorded elsewhere", "recorded", "read from a stored observation, not rerun")
NOTES = (CONFLICT, SEVERAL, STALE, OLD_LOCK, RECORDED)


STATUSES = {
    Status.OBSERVED: "observed",
    Status.FAILED: FAILED.word,
    Status.UNAVAILABLE: UNAVAILABLE.word,
    Status.NOT_OBSERVED: UNSEEN.word,
}


def mark(index: Index, row: Row, cell: Cell, value: str | None) -> Mark | None:
    """Return the mark of a cell that has no value, or None where it has one."""
    match cell.state:
        case State.OBSERVED:
            return SILENT if value is None else None
        case State.ABSENT:
            return _absence(index, row, cell)
        case State.NOT_INSTALLED:
            return APART
        case State.FAILED:
            return FAILED
    off = index.releases[cell.release].status is Status.UNAVAILABLE
    return UNAVAILABLE if off else UNSEEN


def _absence(index: Index, row: Row, cell: Cell) -> Mark:
    first = index.first(row)
    if first is None:
        return NEVER
    return GONE if index.place[cell.release] > first else NEW


def notes(index: Index, release: Release) -> tuple[Mark, ...]:
    """Return what is to be said of a whole release beside its number."""
    observed = release.status is Status.OBSERVED
    found = {
        FAILED: release.status is Status.FAILED,
        UNSEEN: release.status is Status.NOT_OBSERVED,
        UNAVAILABLE: release.status is Status.UNAVAILABLE,
        RECORDED: observed and release.recorded and index.mixed,
        STALE: release.stale,
        OLD_LOCK: observed and release.old_lock,
    }
    return tuple(note for note, holds in found.items() if holds)


def edge(before: str, first: str, *, exact: bool) -> str:
    """Say in which release something changed, or between which two that were compared."""
    return f"in {first}" if exact else f"after {before}, by {first}"


def when(index: Index, change: Change) -> str:
    """Say when a change happened."""
    releases = index.label(change.before_release), index.label(change.after_release)
    return edge(*releases, exact=change.exact)


def begun(index: Index, run: Run) -> str:
    """Say when a run began with a change; nothing where it didn't."""
    if run.after is None:
        return ""
    return f"changed {edge(index.label(run.after), index.label(run.first), exact=run.exact)}"


def moved(index: Index, change: Change) -> list[Piece]:
    """Say what a change replaced by what, without its symbol and release."""
    if change.kind is EXISTENCE:
        return _existence(index, change)
    return [
        (TEXT, "" if change.kind is MEASURED else f"{change.kind.title.lower()} "),
        (CODE, short(change.before)),
        (TEXT, " → "),
        (CODE, short(change.after)),
    ]


def _existence(index: Index, change: Change) -> list[Piece]:
    if change.after == State.ABSENT.value:
        return [(TEXT, "removed")]
    row = index.rows[change.symbol, change.role]
    place = index.place[change.after_release]
    again = any(cell.state is State.OBSERVED for cell in row.cells[:place])
    verdict = row.cells[place].verdict
    start: list[Piece] = [(TEXT, ", with "), *start_of(verdict.name)] if verdict else []
    return [(TEXT, "back" if again else "new"), *start]


def start_of(law: str, role: str = "") -> list[Piece]:
    """Name what weights start with, behind "with": a law and their role, or that none fits."""
    if law == UNRECOGNISED:
        return [(TEXT, f"{role or 'weights'} that no known law fits")]
    return [(CODE, law), *([(TEXT, f" {role}")] if role else [])]


def plain(pieces: Iterable[Piece]) -> str:
    """Join the pieces of a text."""
    return "".join(text for _, text in pieces)


def several(count: int, noun: str) -> str:
    """Count a noun: 1 release, 2 releases."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def listed(names: Sequence[str]) -> list[Piece]:
    """Name things in a row: a, b and c."""
    pieces: list[Piece] = []
    for index, name in enumerate(names):
        if index:
            pieces.append((TEXT, " and " if index == len(names) - 1 else ", "))
        pieces.append((CODE, name))
    return pieces
