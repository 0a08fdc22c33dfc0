"""Timelines written as letters, one for each release, and their cells and changes."""

from __future__ import annotations

from hypothesis import strategies as st

from report.evidence import State, Style, Symbol
from report.matrix import history
from report.matrix.kinds import KINDS, Kind
from report.matrix.records import Cell, Change, Row
from report.verdict import Verdict
from tests.support import world

STATES = {"-": State.ABSENT, "!": State.FAILED, "?": State.UNREACHED}
COMPARED = {State.OBSERVED, State.ABSENT}
TIMELINES = st.text("abc-!?", max_size=12)
ASPECTS = st.sampled_from(KINDS)


def cell(letter: str, release: str) -> Cell:
    """Return the cell of a letter; the values of all kinds depend on the letter."""
    if letter in STATES:
        return Cell(symbol="s", role="kernel", release=release, state=STATES[letter])
    return Cell(
        symbol="s",
        role="kernel",
        release=release,
        state=State.OBSERVED,
        verdict=Verdict(name=letter),
        evidence=world.recorded(
            {
                "declared": None
                if letter == "c"
                else {"keyword": "initializer", "default": letter},
                "resolved": None if letter == "c" else {"class": letter, "config": {}},
                "repeat": {"tf": letter == "a", "keras": None},
                "reuse": {"unseeded": letter == "a", "seeded": None},
                "scope": {"a": True, "b": False, "c": None}[letter],
                "notices": [letter] if letter == "a" else [],
            }
        ),
    )


def cells(timeline: str) -> tuple[Cell, ...]:
    """Return the cells of a timeline; releases are numbered from 1."""
    return tuple(cell(letter, str(number)) for number, letter in enumerate(timeline, 1))


def changes(timeline: str, *kinds: Kind) -> list[Change]:
    """Return the changes of a timeline, of the given kinds or of all."""
    symbol = Symbol(name="s", path="s", style=Style.VARIABLE, layer=None, roles=("kernel",))
    found = history.changes(Row(symbol=symbol, role="kernel", cells=cells(timeline)))
    return [change for change in found if not kinds or change.kind in kinds]
