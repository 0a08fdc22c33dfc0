"""The changes by release, newest first; rows that changed in the same way share a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

import msgspec

from report.evidence import Release, State
from report.matrix import (
    EXISTENCE,
    LAW,
    MEASURED,
    NUMBERS,
    REUSE,
    Change,
    Index,
    Kind,
    Level,
    Row,
)
from report.story import marks, numbers, summary, wording
from report.story.wording import CODE, TEXT, Piece
from report.text import excerpt, short
from report.verdict import Degree, Reason

TOLD = (*LAW, NUMBERS, REUSE)  # kinds whose changes are listed where all releases are


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A change that one or more rows share; ``main`` if it is more than warnings and spelling."""

    pieces: tuple[Piece, ...]
    main: bool
    href: str


class ReleaseChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What changed in one release; ``others`` counts the changes of other kinds of evidence."""

    version: str
    label: str
    when: str
    keras: str | None
    events: tuple[Event, ...]
    others: tuple[str, ...] = ()


def by_release(
    index: Index, kinds: Collection[Kind] = LAW, *, rows: Sequence[Row] | None = None
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


def rows(index: Index, kind: Kind) -> tuple[Row, ...]:
    """Return the rows of a kind's page: layers, and initializers if one seed leads to it."""
    if kind.level is not Level.SEEDED:
        return index.layers
    every = (*index.layers, *index.initializers)
    return tuple(row for row in every if any(row.values[kind]))


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
        events=tuple(_events(index, shown)),
        others=tuple(f"{kind} {count}" for kind, count in others.items()),
    )


def _events(index: Index, changes: Sequence[Change]) -> Iterator[Event]:
    """Yield one event for all changes with the same wording, by level, most rows first.

    Numbers that changed with their law have none if the law's change has one.
    """
    laws = {(change.key, change.after_release) for change in changes if change.kind is MEASURED}
    told = [
        change
        for change in changes
        if (change.key, change.after_release) not in laws or not by_law(change)
    ]
    alike: dict[tuple[Piece, ...], list[Change]] = {}
    for group in wording.grouped(told, lambda change: _grouping_key(index, change)).values():
        first = group[0]
        after = "" if first.exact else f" (after {index.label(first.before_release)})"
        alike.setdefault((*transition(index, *group), (TEXT, after)), []).extend(group)
    for pieces, group in sorted(alike.items(), key=lambda e: (e[1][0].kind.level, -len(e[1]))):
        _, now = index.ends(group[0])
        yield Event(
            pieces=(*_where(group), (TEXT, ": "), *pieces),
            main=group[0].kind.level is not Level.FINE,
            href=index.anchor(now),
        )


def _grouping_key(index: Index, change: Change) -> tuple[object, ...]:
    """Return a key that is equal for changes to report together, as for a new symbol's roles."""
    if change.kind.samples and change.relation:
        why = numbers.why(change.relation, "")
        bare = _bare(index, change)
        return change.kind, change.relation.degree, why, bare, change.before_release
    role = "" if change.kind is EXISTENCE else change.role
    return change.symbol, change.kind, role, change.before, change.after, change.before_release


def _where(group: Sequence[Change]) -> list[Piece]:
    """Return the rows as text; only the symbols if these were added or removed with all roles."""
    pairs = [change.key for change in group]
    names = list(dict.fromkeys(symbol for symbol, _ in pairs))
    if group[0].kind.level is Level.SEEDED:
        return wording.counted(names)
    whole = group[0].kind is EXISTENCE and len(pairs) > len(names)
    return wording.listed(names) if whole else wording.where(pairs)


def transition(index: Index, *changes: Change) -> list[Piece]:
    """Return the values before and after a change, without its symbol and release.

    Several changes are the roles of one symbol that came or went, or have numbers that differ in
    the same degree, for the same reasons, with equal values apart from their epochs.
    """
    first = changes[0]
    if first.kind is EXISTENCE:
        return _existence(index, changes)
    if first.kind.samples:
        return _numbers(index, changes)
    if facts := summary.fact_changes(first.kind, *index.ends(first)):
        return [(TEXT, facts)]
    title = "" if first.kind is MEASURED else f"{first.kind.title.lower()} "
    return [(TEXT, title), *_arrow(first.before, first.after)]


def _existence(index: Index, changes: Sequence[Change]) -> list[Piece]:
    """Return that a symbol went, or came and with which law; of several roles with each one's."""
    first = changes[0]
    if first.after == State.ABSENT.value:
        return [(TEXT, marks.GONE.text)]
    earlier = index.rows[first.key].cells[: index.place[first.after_release]]
    again = any(cell.state is State.OBSERVED for cell in earlier)
    cells = [index.ends(change)[1] for change in changes]
    one = len(cells) == 1
    laws = [
        wording.law_and_role(cell.law or marks.SILENT.text, "" if one else cell.role)
        for cell in cells
        if cell.law or not one
    ]
    start: list[Piece] = [(TEXT, ", with "), *wording.joined(laws, " and ")] if laws else []
    return [(TEXT, "back" if again else "new"), *start]


def _numbers(index: Index, changes: Sequence[Change]) -> list[Piece]:
    """Return how much numbers changed, and why."""
    first = changes[0]
    before, after = _bare(index, first)
    pieces = [] if first.kind is NUMBERS else [(TEXT, f"{first.kind.title.lower()}: ")]
    pieces += _arrow(before, after) if before != after else []
    relations = [change.relation for change in changes if change.relation]
    if relations and relations[0].degree is not Degree.SAME:
        pieces.append((TEXT, "; " if before != after else ""))
        pieces.append((TEXT, numbers.differ(relations, wording.when(index, first))))
    return pieces


def _bare(index: Index, change: Change) -> tuple[str | None, ...]:
    """Return the values before and after a change of numbers, without their epochs."""
    return tuple(map(change.kind.bare, index.ends(change)))


def _arrow(before: str | None, after: str | None) -> list[Piece]:
    was, now = before or "", after or ""
    return [(CODE, short(excerpt(was, now))), (TEXT, " → "), (CODE, short(excerpt(now, was)))]


def by_law(change: Change) -> bool:
    """Whether numbers changed because the law did, so that the law's change tells it."""
    cause = change.relation.cause if change.relation else None
    return cause is not None and Reason.LAW in cause.reasons
