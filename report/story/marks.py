"""The marks that cells show: codes of laws and values, glyphs of states, signs of doubt."""

from __future__ import annotations

import msgspec

from report.evidence import Release, State, Status
from report.matrix import (
    DECLARED,
    EXISTENCE,
    MEASURED,
    NUMBERS,
    OWN_SEED,
    REUSE,
    SCOPE,
    TO_AGREE,
    WHOLE,
    Cell,
    Index,
    Kind,
    Row,
)
from report.text import excerpt, short
from report.verdict import families

LONGEST = 400
# Fill colours of the kinds of laws in standalone pictures, which have a white background.
HUES = {"uniform": "#8fc1f4", "normal": "#ffe2a8", "constant": "#f1f3f5", "other": "#c98fc4"}
FILLS = "".join(f".{kind}{{fill:{hue}}}" for kind, hue in HUES.items())
# Of values of other kinds, which have no colour: the lightest for "silent", the others in turn.
QUIET, *TINTS = ("tint1", "tint2", "tint3", "tint4")


class Mark(msgspec.Struct, frozen=True):
    """A code or glyph with its text, its CSS class and an explanation for the legend.

    ``phrase`` is used instead of ``text`` before a range of releases in a row's history.
    """

    code: str
    text: str
    style: str
    meaning: str = ""
    phrase: str = ""


NEW = Mark("·", "not yet there", "new", "the symbol does not exist yet in that release")
NEVER = Mark("·", "not there", "new", "the symbol exists in no release that was observed")
GONE = Mark("⊘", "removed", "gone", "the symbol existed in an earlier release and no longer does")
NOT_INSTALLED = Mark(
    "○",
    "not installed with this release",
    "apart",
    "the package that holds the symbol was not installed there; says nothing of the symbol",
    phrase="not installed",
)
UNSEEN = Mark("?", "not observed", "unseen", "nobody looked; never counted as a change")
UNAVAILABLE = Mark("×", "cannot be installed", "off", "the release, not the symbol")  # noqa: RUF001
FAILED = Mark("!", "probe failed", "failed", "it was tried and broke; says nothing of the default")
SILENT = Mark("–", "not recorded", "unseen", "observed before this evidence was asked for")  # noqa: RUF001
CONSTANT = Mark("=", "no numbers", "unseen", "all weights are equal, so no seed changes them")
UNREPEATED = Mark("~", "not repeated", "unseen", "no seed call gives the same numbers again")
INAPPLICABLE = Mark("∅", "does not apply", "unseen", "it can't be asked of this symbol")
LACKING = (SILENT, CONSTANT, UNREPEATED, INAPPLICABLE)  # observed, and without a value
STATES = (NEW, GONE, NOT_INSTALLED, UNSEEN, UNAVAILABLE, FAILED, *LACKING)

CONFLICT = Mark("≠", "evidence disagrees", "conflict", "declared, resolved and measured differ")
SEVERAL = Mark("≈", "several laws fit", "several", "the shapes drawn could not tell them apart")
STALE = Mark("◷", "older protocol", "stale", "what a probe means has changed since")
OLD_LOCK = Mark("§", "older lock", "relocked", "its list of packages has changed since")
RECORDED = Mark("↧", "recorded elsewhere", "recorded", "read from a stored observation, not rerun")
NOTES = (CONFLICT, SEVERAL, STALE, OLD_LOCK, RECORDED)

STATUSES = {
    Status.OBSERVED: "observed",
    Status.FAILED: FAILED.text,
    Status.UNAVAILABLE: UNAVAILABLE.text,
    Status.NOT_OBSERVED: UNSEEN.text,
}


# Marks of states regardless of other releases; an observed cell usually shows its value instead.
BY_STATE = {
    State.OBSERVED: Mark("", "there", ""),
    State.ABSENT: NEVER,
    State.NOT_INSTALLED: NOT_INSTALLED,
    State.FAILED: FAILED,
    State.UNREACHED: UNSEEN,
}


def phrase(state: State) -> str:
    """Return the text of a state before a range of releases, as in "not there since 2.0"."""
    mark = BY_STATE[state]
    return mark.phrase or mark.text


def lacking(cell: Cell, kind: Kind) -> Mark:
    """Return the mark of an observed cell that has no value of a kind."""
    if kind in {DECLARED, SCOPE} and cell.role == WHOLE:  # asked of layers and variables alone
        return INAPPLICABLE
    if cell.evidence.repeat is None:  # nothing that a seed leads to was recorded
        return SILENT
    if kind is NUMBERS:
        constant = all(one.min == one.max for one in cell.evidence.measured)
        return CONSTANT if constant else UNREPEATED
    return INAPPLICABLE if kind in {OWN_SEED, REUSE} else SILENT


def of_state(index: Index, row: Row, cell: Cell, kind: Kind) -> Mark | None:
    """Return the mark of a cell that has no value, or None if it has one."""
    match cell.state:
        case State.OBSERVED:
            return lacking(cell, kind) if kind.value(cell) is None else None
        case State.ABSENT:
            there = (run for run in row.runs[EXISTENCE] if run.state is State.OBSERVED)
            if (first := next(there, None)) is None:
                return NEVER
            return GONE if index.place[first.first] < index.place[cell.release] else NEW
        case State.NOT_INSTALLED:
            return NOT_INSTALLED
        case State.FAILED:
            return FAILED
    off = index.releases[cell.release].status is Status.UNAVAILABLE
    return UNAVAILABLE if off else UNSEEN


def of_release(index: Index, release: Release) -> tuple[Mark, ...]:
    """Return the marks shown beside a release's number."""
    observed = release.status is Status.OBSERVED
    found = {
        FAILED: release.status is Status.FAILED,
        UNSEEN: release.status is Status.NOT_OBSERVED,
        UNAVAILABLE: release.status is Status.UNAVAILABLE,
        RECORDED: observed and release.recorded and index.mixed,
        STALE: release.stale,
        OLD_LOCK: observed and release.old_lock,
    }
    return tuple(mark for mark, holds in found.items() if holds)


def of_doubt(cell: Cell, kind: Kind) -> Mark | None:
    """Return the mark of a cell whose value is in doubt, or None if it is not."""
    if kind in TO_AGREE and cell.conflict:
        return CONFLICT
    several = kind is MEASURED and cell.verdict and cell.verdict.also
    return SEVERAL if several else None


def of_law(index: Index, row: Row, cell: Cell) -> Mark:
    """Return the mark of a cell's law, or of its state if it has none."""
    return Codes(MEASURED).of_cell(index, row, cell)


class Codes:
    """The short codes of one table: fixed ones for laws, letters for values of other kinds.

    A law has the hue of its kind, every other value a neutral tint: colour means a law.
    """

    def __init__(self, kind: Kind, longest: int = LONGEST) -> None:
        """Start a table without codes; letters are assigned in order of first use.

        A value is cut after ``longest`` characters.
        """
        self.kind, self.longest = kind, longest
        self.met: dict[str, Mark] = {}

    def of_cell(self, index: Index, row: Row, cell: Cell) -> Mark:
        """Return the mark of a cell's value, or of its state if it has none."""
        state = of_state(index, row, cell, self.kind)
        return state or self.of_value(self.kind.value(cell) or "")

    def of_value(self, value: str) -> Mark:
        """Return the mark of a value, and keep it in ``met`` for the legend."""
        if value not in self.met:
            if self.kind is MEASURED:
                mark = Mark(families.code(value), value, families.kind(value))
            else:
                met = len(self.met)
                style = QUIET if value == "silent" else TINTS[met % len(TINTS)]
                mark = Mark(letters(met), self._cut(value), style)
            self.met[value] = mark
        return self.met[value]

    def _cut(self, value: str) -> str:
        """Return a value as a short line, which differs from the lines of the other values."""
        line = short(value, self.longest)
        alike = next((other for other, mark in self.met.items() if mark.text == line), value)
        return short(excerpt(value, alike, self.longest), self.longest)


def letters(index: int) -> str:
    """Return a number as letters: A to Z, then AA, AB and so on."""
    rest, last = divmod(index, 26)
    return (letters(rest - 1) if rest else "") + chr(ord("A") + last)
