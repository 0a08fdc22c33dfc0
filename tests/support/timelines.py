"""Timelines written as letters, one for each release, and their cells and changes."""

from __future__ import annotations

from hypothesis import strategies as st

from report.evidence import Form, State, Style, Symbol
from report.matrix import history
from report.matrix.kinds import KINDS, Kind
from report.matrix.records import Cell, Change
from report.verdict import Verdict
from tests.support import whole, world

STATES = {"-": State.ABSENT, "!": State.FAILED, "?": State.UNREACHED}
LACKING = ("declared", "resolved", "scope")  # not recorded in c, which else has b's values
EVIDENCE = {
    "a": world.recorded(whole.EVIDENCE),
    "b": world.recorded(whole.OTHER),
    "c": world.recorded(whole.OTHER | dict.fromkeys(LACKING)),
}
EPOCHS = {"a": "a", "b": "b", "c": "b"}
COMPARED = {State.OBSERVED, State.ABSENT}
TIMELINES = st.text("abc-!?", max_size=12)
ASPECTS = st.sampled_from(KINDS)


def cell(letter: str, release: str) -> Cell:
    """Return the cell of a letter: the values of every kind differ between a and b."""
    if letter in STATES:
        return Cell(symbol="s", role="kernel", release=release, state=STATES[letter])
    return Cell(
        symbol="s",
        role="kernel",
        release=release,
        state=State.OBSERVED,
        verdict=Verdict(name=letter),
        evidence=EVIDENCE[letter],
        epochs={kind.key: EPOCHS[letter] for kind in KINDS if kind.samples},
    )


def cells(timeline: str) -> tuple[Cell, ...]:
    """Return the cells of a timeline; releases are numbered from 1."""
    return tuple(cell(letter, str(number)) for number, letter in enumerate(timeline, 1))


def changes(timeline: str, *kinds: Kind) -> list[Change]:
    """Return the changes of a timeline, of the given kinds or of all."""
    symbol = Symbol(
        name="s",
        path="s",
        style=Style.VARIABLE,
        form=Form.VARIABLE,
        layer=None,
        roles=("kernel",),
    )
    found = history.changes(history.row(symbol, "kernel", cells(timeline)))
    return [change for change in found if not kinds or change.kind in kinds]
