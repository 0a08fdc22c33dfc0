"""The report in words: what a cell, a change and a row's history read like.

A text is a list of pieces, each with its own kind, so that the HTML and the
Markdown edition say the same sentence in their own way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from report.model import Aspect, State, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from report.edition import Edition
    from report.model import Cell, Change, Release, Row, Run

TEXT, CODE, STRONG = "text", "code", "strong"
Piece = tuple[str, str]
Spell = tuple[State, str | None, str, str, bool]
_STEERING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)

TITLES = {
    Aspect.VERDICT: "Measured",
    Aspect.EXISTENCE: "Existence",
    Aspect.DECLARED: "Declared",
    Aspect.RESOLVED: "Resolved",
    Aspect.REPEAT: "Repeat",
    Aspect.REUSE: "Reuse",
    Aspect.SCOPE: "Scope",
    Aspect.NOTICES: "Notices",
}
QUESTIONS = {
    Aspect.VERDICT: "What do the weights look like?",
    Aspect.DECLARED: "What does the signature say?",
    Aspect.RESOLVED: "Which initializer does it come to?",
    Aspect.REPEAT: "Does the usual seed call repeat it?",
    Aspect.REUSE: "What does one initializer object give when it is used twice?",
    Aspect.SCOPE: "Does it yield to the initializer of a variable scope?",
    Aspect.NOTICES: "Does it warn?",
}
NOT_RECORDED = "not recorded"


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
UNSEEN = Mark("?", "not observed", "unseen", "nobody looked; never counted as a change")
UNAVAILABLE = Mark("×", "cannot be installed", "off", "the release, not the symbol")  # noqa: RUF001
FAILED = Mark("!", "probe failed", "failed", "it was tried and broke; says nothing of the default")
SILENT = Mark("–", NOT_RECORDED, "unseen", "observed before this evidence was asked for")  # noqa: RUF001
MARKS = (NEW, GONE, UNSEEN, UNAVAILABLE, FAILED, SILENT)

CONFLICT = Mark("≠", "evidence disagrees", "conflict", "declared, resolved and measured differ")
SEVERAL = Mark("≈", "several laws fit", "several", "the shapes drawn could not tell them apart")
STALE = Mark("◷", "older protocol", "stale", "what a probe means has changed since")
RECORDED = Mark("↧", "recorded elsewhere", "recorded", "read from a stored observation, not rerun")
NOTES = (CONFLICT, SEVERAL, STALE, RECORDED)


def mark(edition: Edition, row: Row, cell: Cell, value: str | None) -> Mark | None:
    """Return the mark of a cell that has no value, or None where it has one."""
    match cell.state:
        case State.OBSERVED:
            return SILENT if value is None else None
        case State.ABSENT:
            return _absence(edition, row, cell)
        case State.FAILED:
            return FAILED
    off = edition.releases[cell.release].status is Status.UNAVAILABLE
    return UNAVAILABLE if off else UNSEEN


def _absence(edition: Edition, row: Row, cell: Cell) -> Mark:
    first = edition.first(row)
    if first is None:
        return NEVER
    return GONE if edition.place[cell.release] > first else NEW


def notes(edition: Edition, release: Release) -> tuple[Mark, ...]:
    """Return what is to be said of a whole release beside its number."""
    observed = release.status is Status.OBSERVED
    found = {
        UNSEEN: release.status is Status.NOT_OBSERVED,
        UNAVAILABLE: release.status is Status.UNAVAILABLE,
        RECORDED: observed and release.recorded and edition.mixed,
        STALE: release.stale,
    }
    return tuple(note for note, holds in found.items() if holds)


def moved(edition: Edition, change: Change) -> list[Piece]:
    """Say what a change replaced by what, without its symbol and release."""
    if change.aspect is Aspect.EXISTENCE:
        return _existence(edition, change)
    return [
        (TEXT, "" if change.aspect is Aspect.VERDICT else f"{TITLES[change.aspect].lower()} "),
        (CODE, short(change.before)),
        (TEXT, " → "),
        (CODE, short(change.after)),
    ]


def _existence(edition: Edition, change: Change) -> list[Piece]:
    if change.after == State.ABSENT.value:
        return [(TEXT, "removed")]
    row = edition.rows[change.symbol, change.role]
    place = edition.place[change.after_release]
    again = any(cell.state is State.OBSERVED for cell in row.cells[:place])
    verdict = row.cells[place].verdict
    start: list[Piece] = [(TEXT, ", with "), (CODE, verdict.name)] if verdict else []
    return [(TEXT, "back" if again else "new"), *start]


def story(edition: Edition, row: Row, aspect: Aspect = Aspect.VERDICT) -> list[Piece]:
    """Tell a row's history in one line: each value with its range, then what ended it."""
    told = [piece for part in _chapters(edition, row, aspect) for piece in [*part, (TEXT, ", ")]]
    return told[:-1] or [(TEXT, "in no release that was observed")]


def _chapters(edition: Edition, row: Row, aspect: Aspect) -> Iterator[list[Piece]]:
    spells = list(_spells(edition.runs(row, aspect)))
    for state, value, first, last, exact in spells:
        whole = len(spells) == 1 and first != last
        if state is State.OBSERVED and value is not None:
            yield [(STRONG, short(value)), (TEXT, _range(edition, first, last, whole=whole))]
        elif state is State.ABSENT and (first, last) != (spells[0][2], spells[0][3]):
            yield [(TEXT, f"removed {'from' if exact else 'by'} {edition.label(first)}")]


def _range(edition: Edition, first: str, last: str, *, whole: bool) -> str:
    if first == last:
        return f" in {edition.label(first)}"
    if whole:
        return f" in every release, {edition.span(first, last)}"
    if last == edition.matrix.releases[-1].version:
        return f" since {edition.label(first)}"
    return f" from {edition.label(first)} to {edition.label(last)}"


def _spells(runs: Sequence[Run]) -> Iterator[Spell]:
    """Join runs that say the same across releases that could not be compared."""
    spell: Spell | None = None
    for run in runs:
        if run.state not in (State.OBSERVED, State.ABSENT):
            continue
        if spell and spell[:2] == (run.state, run.value):
            spell = (*spell[:3], run.last, spell[4])
            continue
        if spell:
            yield spell
        spell = (run.state, run.value, run.first, run.last, run.exact)
    if spell:
        yield spell


def plain(pieces: Iterable[Piece]) -> str:
    """Join the pieces of a text."""
    return "".join(text for _, text in pieces)


def clean(text: str) -> str:
    """Show characters that would steer the reader's screen or break XML as their escapes."""
    if text.isprintable():  # as nearly all are, and far sooner seen
        return text
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def short(text: str | None, limit: int = 90) -> str:
    """Return a text as one line, cut where it would burst one."""
    line = clean(" ".join((text or "")[: 4 * limit].split()))
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


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
