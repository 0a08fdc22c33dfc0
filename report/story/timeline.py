"""The changes by release, newest first; rows that changed in the same way share a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from report.evidence import Release, State
from report.matrix import EXISTENCE, LAW, MEASURED, Change, Index, Kind, Row
from report.story import changes as changing
from report.story import marks, numbers, wording
from report.story.wording import TEXT, Piece


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A change that one or more rows share; ``level`` is 0 for the law, and more below it."""

    pieces: tuple[Piece, ...]
    level: int
    href: str

    @property
    def main(self) -> bool:
        """Whether it is one of law, numbers, reuse or existence."""
        return self.level < changing.FINE


class ReleaseChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What changed in one release; ``others`` counts the changes of other kinds of evidence."""

    version: str
    label: str
    when: str
    keras: str | None
    href: str
    events: tuple[Event, ...]
    others: tuple[str, ...] = ()


def changes_by_release(
    index: Index,
    kinds: Collection[Kind] = LAW,
    *,
    rows: Sequence[Row] | None = None,
) -> list[ReleaseChanges]:
    """Return the changes of each release that has any in these kinds, newest release first.

    ``rows`` are the rows to look at, by default those of layers and variables.
    """
    known = {row.key for row in (index.layers if rows is None else rows)}
    changes = (change for change in index.matrix.changes if change.key in known)
    grouped = wording.grouped(changes, lambda change: change.after_release)
    return [
        _release_changes(index, release, grouped[release.version], kinds)
        for release in reversed(index.matrix.releases)
        if any(change.kind in kinds for change in grouped.get(release.version, ()))
    ]


def compared(
    index: Index, kinds: Collection[Kind] = LAW, *, rows: Sequence[Row] | None = None
) -> int:
    """Count the releases that could be compared with an earlier one in one of these kinds."""
    known = index.layers if rows is None else rows
    values = (enumerate(row.values[kind]) for row in known for kind in kinds)
    later = ([place for place, value in each if value is not None][1:] for each in values)
    return len({place for places in later for place in places})


def _release_changes(
    index: Index, release: Release, changes: list[Change], kinds: Collection[Kind]
) -> ReleaseChanges:
    others = Counter(c.kind.title.lower() for c in changes if c.kind not in kinds)
    shown = [change for change in changes if change.kind in kinds]
    label = index.label(release.version)
    return ReleaseChanges(
        version=release.version,
        label=label,
        when=f"In {label}" if all(change.exact for change in shown) else f"By {label}",
        keras=index.keras(release),
        href=f"release/{release.version}.html",
        events=tuple(events(index, shown)),
        others=tuple(f"{kind} {count}" for kind, count in others.items()),
    )


def events(index: Index, changes: Iterable[Change]) -> Iterator[Event]:
    """Yield one event for all changes with the same wording, by level, most rows first.

    Numbers that changed with their law have none if the law's change has one.
    """
    every = list(changes)
    laws = {(change.key, change.after_release) for change in every if change.kind is MEASURED}
    known = [
        change
        for change in every
        if (change.key, change.after_release) not in laws or not changing.by_law(change)
    ]
    together = wording.grouped(known, lambda change: _grouping_key(index, change)).values()
    alike: dict[tuple[Piece, ...], list[Change]] = {}
    for group in together:
        alike.setdefault(tuple(_change_text(index, group)), []).extend(group)
    for pieces, group in sorted(alike.items(), key=_order):
        first = group[0]
        yield Event(
            pieces=(*_where(group), (TEXT, ": "), *pieces),
            level=changing.level(first.kind),
            href=index.anchor(index.cell(index.rows[first.key], first.after_release)),
        )


def _order(item: tuple[object, Sequence[Change]]) -> tuple[int, int]:
    """Return the key by which events are sorted."""
    group = item[1]
    return changing.level(group[0].kind), -len(group)


def _grouping_key(index: Index, change: Change) -> tuple[object, ...]:
    """Return a key that is equal for changes to report together, as for a new symbol's roles."""
    if change.kind.samples and change.relation:
        why = numbers.why(change.relation, "")
        bare = changing.bare(index, change)
        return change.kind, change.relation.degree, why, bare, change.before_release
    role = "" if change.kind is EXISTENCE else change.role
    return change.symbol, change.kind, role, change.before, change.after, change.before_release


def _change_text(index: Index, group: Sequence[Change]) -> list[Piece]:
    """Return a change in words, with the law of each role if it is of several."""
    first = group[0]
    if first.kind.samples:
        pieces = changing.of_numbers(index, group)
    else:
        pieces = changing.transition(index, first)
    if first.kind is EXISTENCE and len(group) > 1 and first.after != State.ABSENT.value:
        cells = [index.cell(index.rows[each.key], each.after_release) for each in group]
        starts = [
            wording.law_and_role(
                cell.verdict.name if cell.verdict else marks.SILENT.text, cell.role
            )
            for cell in cells
        ]
        pieces = [pieces[0], (TEXT, ", with "), *wording.joined(starts, " and ")]
    if not first.exact:
        pieces.append((TEXT, f" (after {index.label(first.before_release)})"))
    return pieces


def _where(group: Sequence[Change]) -> list[Piece]:
    """Return the rows as text; only the symbols if these were added or removed with all roles."""
    pairs = [change.key for change in group]
    names = list(dict.fromkeys(symbol for symbol, _ in pairs))
    if group[0].kind in changing.SEEDED:
        return wording.counted(names)
    whole = group[0].kind is EXISTENCE and len(pairs) > len(names)
    return wording.listed(names) if whole else wording.where(pairs)
