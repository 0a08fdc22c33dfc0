"""The changes in reading order: newest release first, rows that moved alike in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from report.evidence import Release, State
from report.matrix import EXISTENCE, LAW, Change, Index, Kind, Row, history
from report.story import marks, wording
from report.story.wording import TEXT, Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to one or many rows; ``main`` where a law or existence moved."""

    pieces: tuple[Piece, ...]
    rows: int
    kind: str
    main: bool
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseChanges:
    """What one release brought; ``others`` counts the kinds of evidence not spelled out."""

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
    root: str = "",
    weights: bool = False,
) -> list[ReleaseChanges]:
    """Return the releases that changed something in these kinds, newest first."""
    rows = _keys(index.initializers if weights else index.layers)
    changes = [change for change in index.matrix.changes if (change.symbol, change.role) in rows]
    changes.sort(key=lambda change: index.place[change.after_release])
    grouped = groupby(changes, key=lambda change: change.after_release)
    found = [
        _release_changes(index, index.releases[version], list(group), kinds, root)
        for version, group in grouped
    ]
    return [brought for brought in reversed(found) if brought.events]


def compared(index: Index, kinds: Collection[Kind] = LAW, *, weights: bool = False) -> int:
    """Count the releases that could be compared with an earlier one in one of these kinds."""
    rows = index.initializers if weights else index.layers
    found = (history.later(row.cells, kind) for row in rows for kind in kinds)
    return len({cell.release for cells in found for cell in cells})


def _keys(rows: Iterable[Row]) -> set[tuple[str, str]]:
    return {(row.symbol.name, row.role) for row in rows}


def _release_changes(
    index: Index,
    release: Release,
    changes: list[Change],
    kinds: Collection[Kind],
    root: str,
) -> ReleaseChanges:
    others = Counter(c.kind.title.lower() for c in changes if c.kind not in kinds)
    spelled = [change for change in changes if change.kind in kinds]
    exact = all(change.exact for change in spelled)
    label = index.label(release.version)
    return ReleaseChanges(
        version=release.version,
        label=label,
        when=f"In {label}" if exact else f"By {label}",
        keras=index.keras(release),
        href=f"{root}release/{release.version}.html",
        events=tuple(events(index, spelled, root)),
        others=tuple(f"{kind} {count}" for kind, count in others.items()),
    )


def events(index: Index, changes: Iterable[Change], root: str) -> Iterator[Event]:
    """Join changes that read the same, the most rows first."""
    alike: dict[tuple[Piece, ...], list[Change]] = {}
    for fate in _fates(changes):
        pieces = _happened(index, fate)
        if not fate[0].exact:
            pieces.append((TEXT, f" (after {index.label(fate[0].before_release)})"))
        alike.setdefault(tuple(pieces), []).extend(fate)
    for said, group in sorted(alike.items(), key=lambda item: -len(item[1])):
        first = group[0]
        row = index.rows[first.symbol, first.role]
        yield Event(
            pieces=(*_where(group), (TEXT, ": "), *said),
            rows=len(group),
            kind=first.kind.title,
            main=first.kind in LAW,
            href=root + index.anchor(row.cells[index.place[first.after_release]]),
        )


def _fates(changes: Iterable[Change]) -> Iterable[list[Change]]:
    """Keep what came or went together: the roles of one symbol."""
    found: dict[tuple[object, ...], list[Change]] = {}
    for change in changes:
        apart = change.role if change.kind is not EXISTENCE else ""
        edge = (change.before, change.after, change.before_release)
        found.setdefault((change.symbol, change.kind, apart, *edge), []).append(change)
    return found.values()


def _happened(index: Index, fate: list[Change]) -> list[Piece]:
    """Say what happened to a symbol, with what each of its roles starts."""
    first = fate[0]
    if len(fate) == 1 or first.after == State.ABSENT.value:
        return wording.was_and_is(index, first)
    word = wording.was_and_is(index, first)[0]
    pieces: list[Piece] = []
    for change in fate:
        cell = index.rows[change.symbol, change.role].cells[index.place[change.after_release]]
        law = cell.verdict.name if cell.verdict else marks.SILENT.text
        joint = " and " if pieces else ", with "
        pieces += [(TEXT, joint), *wording.law_and_role(law, change.role)]
    return [word, *pieces]


def _where(group: list[Change]) -> list[Piece]:
    """Name the rows; where symbols came or went as a whole, the symbols alone."""
    pairs = [(change.symbol, change.role) for change in group]
    names = list(dict.fromkeys(symbol for symbol, _ in pairs))
    whole = group[0].kind is EXISTENCE and len(pairs) > len(names)
    return wording.listed(names) if whole else wording.where(pairs)
