"""A row's history in one line, and no claim about a release that nobody saw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from report.evidence.records import State
from report.matrix.kinds import MEASURED, Kind
from report.matrix.spells import Start, few
from report.story import wording
from report.story.wording import STRONG, TEXT
from report.text import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from report.matrix.index import Edition
    from report.matrix.records import Row
    from report.matrix.spells import Spell
    from report.story.wording import Piece

_LACKING = {State.ABSENT: "not there", State.NOT_INSTALLED: "not installed"}


def story(edition: Edition, row: Row, kind: Kind = MEASURED) -> list[Piece]:
    """Return a row's history as one line: each value with its range, and what ended it."""
    found: list[Piece] = []
    history = edition.spells(row, kind)
    for index, spell in enumerate(history):
        earlier = [one.state for one in history[:index]]
        later = [one.state for one in history[index:]]
        unborn = spell.state is State.ABSENT and State.OBSERVED not in earlier
        if unborn and (State.OBSERVED in later or not found):
            continue  # not there yet; the value that follows says since when it is
        said = _statement(edition, spell, removed=earlier[-1:] == [State.OBSERVED])
        found += [*([(TEXT, ", ")] if found else []), *said]
    return found or [(TEXT, "in no release that was observed")]


def _statement(edition: Edition, spell: Spell, *, removed: bool) -> list[Piece]:
    """Return one value with its range; ``removed`` where the symbol was there just before."""
    if spell.state is State.ABSENT and removed:
        return [(TEXT, removal(edition, spell))]
    said: list[Piece] = (
        [(STRONG, short(spell.value))]
        if spell.state is State.OBSERVED
        else [(TEXT, _LACKING[spell.state])]
    )
    return [*said, (TEXT, f" {_range(edition, spell)}{_reserve(edition, spell)}")]


def removal(edition: Edition, spell: Spell) -> str:
    """Return when a symbol was removed."""
    return f"{wording.GONE.word} {_since(edition, spell)}"


def _since(edition: Edition, spell: Spell) -> str:
    first = edition.label(spell.first)
    if spell.start is Start.GAP and spell.after is not None:
        return wording.edge(edition.label(spell.after), first, exact=False)
    return f"from {first}"


def _range(edition: Edition, spell: Spell) -> str:
    """Return where a value was seen: "since" only if every release since then was compared."""
    first, last = edition.label(spell.first), edition.label(spell.last)
    if spell.first == spell.last and spell.start is not Start.GAP:
        return f"in {first}"
    if spell.whole and not spell.unseen:
        return f"in every release, {edition.span(spell.first, spell.last)}"
    since = _since(edition, spell)
    to = "" if spell.first == spell.last else f" to {last}"
    if spell.start is Start.GAP:
        if not (to or spell.current or spell.ended):
            return f"{since}, seen only in {first}"
        return f"{since}" if spell.current and not spell.unseen else f"{since}{to and f',{to}'}"
    if spell.start is Start.EXACT and spell.current and not spell.unseen:
        return f"since {first}"
    bounded = spell.start is Start.EXACT or edition.place[spell.first] == 0
    closed = bounded and (spell.ended or spell.current)
    return f"{'' if closed else 'seen '}{since}{to}"


def _reserve(edition: Edition, spell: Spell) -> str:
    """Return what a range does not hold, in brackets: releases not seen or in dispute."""
    parts = [
        f"{said} {_releases(edition, versions)}"
        for said, versions in (
            ("not seen in", spell.unseen),
            (f"{wording.CONFLICT.word} in", spell.disputed),
        )
        if versions
    ]
    return f" ({'; '.join(parts)})" if parts else ""


def _releases(edition: Edition, versions: Sequence[str]) -> str:
    if not few(versions):
        return wording.several(len(versions), "release")
    return wording.plain(wording.listed([edition.label(version) for version in versions]))
