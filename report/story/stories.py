"""A row's history in one line, and no claim about a release that nobody saw."""

from __future__ import annotations

from collections.abc import Sequence

from report.evidence import State
from report.matrix import MEASURED, Index, Kind, Row, Start, Statement, few
from report.story import wording
from report.story.wording import STRONG, TEXT, Piece
from report.text import short

_LACKING = {State.ABSENT: "not there", State.NOT_INSTALLED: "not installed"}


def story(index: Index, row: Row, kind: Kind = MEASURED) -> list[Piece]:
    """Return a row's history as one line: each value with its range, and what ended it."""
    found: list[Piece] = []
    history = index.statements(row, kind)
    for position, statement in enumerate(history):
        earlier = [one.state for one in history[:position]]
        later = [one.state for one in history[position:]]
        unborn = statement.state is State.ABSENT and State.OBSERVED not in earlier
        if unborn and (State.OBSERVED in later or not found):
            continue  # not there yet; the value that follows says since when it is
        said = _statement(index, statement, removed=earlier[-1:] == [State.OBSERVED])
        found += [*([(TEXT, ", ")] if found else []), *said]
    return found or [(TEXT, "in no release that was observed")]


def _statement(index: Index, statement: Statement, *, removed: bool) -> list[Piece]:
    """Return one value with its range; ``removed`` where the symbol was there just before."""
    if statement.state is State.ABSENT and removed:
        return [(TEXT, removal(index, statement))]
    said: list[Piece] = (
        [(STRONG, short(statement.value))]
        if statement.state is State.OBSERVED
        else [(TEXT, _LACKING[statement.state])]
    )
    return [*said, (TEXT, f" {_range(index, statement)}{_reserve(index, statement)}")]


def removal(index: Index, statement: Statement) -> str:
    """Return when a symbol was removed."""
    return f"{wording.GONE.word} {_since(index, statement)}"


def _since(index: Index, statement: Statement) -> str:
    first = index.label(statement.first)
    if statement.start is Start.GAP and statement.after is not None:
        return wording.edge(index.label(statement.after), first, exact=False)
    return f"from {first}"


def _range(index: Index, statement: Statement) -> str:
    """Return where a value was seen: "since" only if every release since then was compared."""
    first, last = index.label(statement.first), index.label(statement.last)
    if statement.first == statement.last and statement.start is not Start.GAP:
        return f"in {first}"
    if statement.whole and not statement.unseen:
        return f"in every release, {index.span(statement.first, statement.last)}"
    since = _since(index, statement)
    to = "" if statement.first == statement.last else f" to {last}"
    if statement.start is Start.GAP:
        if not (to or statement.current or statement.ended):
            return f"{since}, seen only in {first}"
        return (
            f"{since}"
            if statement.current and not statement.unseen
            else f"{since}{to and f',{to}'}"
        )
    if statement.start is Start.EXACT and statement.current and not statement.unseen:
        return f"since {first}"
    bounded = statement.start is Start.EXACT or index.place[statement.first] == 0
    closed = bounded and (statement.ended or statement.current)
    return f"{'' if closed else 'seen '}{since}{to}"


def _reserve(index: Index, statement: Statement) -> str:
    """Return what a range does not hold, in brackets: releases not seen or in dispute."""
    parts = [
        f"{said} {_releases(index, versions)}"
        for said, versions in (
            ("not seen in", statement.unseen),
            (f"{wording.CONFLICT.word} in", statement.disputed),
        )
        if versions
    ]
    return f" ({'; '.join(parts)})" if parts else ""


def _releases(index: Index, versions: Sequence[str]) -> str:
    if not few(versions):
        return wording.several(len(versions), "release")
    return wording.plain(wording.listed([index.label(version) for version in versions]))
