"""Wording that all outputs share: what changed and when, which rows, and a row's history.

A text is a list of pieces, each plain, code or strong, so that HTML and Markdown can print the
same sentence. No sentence claims anything about a release that was not observed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import TypeVar

import msgspec

from report.evidence import State
from report.matrix import MEASURED, WHOLE, Change, Index, Kind, Row, Run, history
from report.story import marks
from report.text import for_markdown, for_markdown_code, short
from report.verdict import UNRECOGNISED

TEXT, CODE, STRONG = "text", "code", "strong"
Piece = tuple[str, str]
Item = TypeVar("Item")
Key = TypeVar("Key", bound=Hashable)

NOTHING_COMPARED = "No two releases could be compared."
NO_CHANGE = "No change was seen between the releases that could be compared."
NAMED = 3  # releases, or rows, that are named; more are counted


def plain(pieces: Iterable[Piece]) -> str:
    """Return a text without markup."""
    return "".join(text for _, text in pieces)


def markdown(pieces: Iterable[Piece]) -> str:
    """Return a text as Markdown."""
    return "".join(_MARKDOWN[kind](text) for kind, text in pieces)


def _strong(text: str) -> str:
    return f"**{for_markdown(text)}**"


_MARKDOWN = {TEXT: for_markdown, CODE: for_markdown_code, STRONG: _strong}


def several(count: int, noun: str) -> str:
    """Return a count with its noun: 1 release, 2,000 releases."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def joined(parts: Sequence[Sequence[Piece]], joint: str, last: str = "") -> list[Piece]:
    """Join texts with ``joint``, or with ``last``, if given, before the last one."""
    pieces: list[Piece] = []
    for position, part in enumerate(parts):
        if position:
            pieces.append((TEXT, last if last and position == len(parts) - 1 else joint))
        pieces += part
    return pieces


def listed(names: Sequence[str]) -> list[Piece]:
    """Return names as an enumeration: a, b and c."""
    return joined([[(CODE, name)] for name in names], ", ", " and ")


def enumerated(names: Iterable[str]) -> str:
    """Return different names as an enumeration without markup."""
    return plain(listed(list(dict.fromkeys(names))))


def grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, list[Item]]:
    """Group items by key, in the order in which each key first occurs."""
    found: dict[Key, list[Item]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found


def by_range(values: Iterable[tuple[str, Item]]) -> Iterator[tuple[str, str, Item]]:
    """Yield the first and the last release of each range of neighbours with one value, and that."""
    for value, group in groupby(values, key=lambda each: each[1]):
        releases = [release for release, _ in group]
        yield releases[0], releases[-1], value


def where(pairs: Iterable[tuple[str, str]]) -> list[Piece]:
    """Return rows, given as symbol and role, as text; symbols with the same roles are grouped."""
    symbols = grouped(pairs, lambda pair: pair[0])
    alike = grouped(symbols, lambda symbol: tuple(role for _, role in symbols[symbol]))
    parts = [
        [*listed(names), (TEXT, "" if roles == (WHOLE,) else f" {' and '.join(roles)}")]
        for roles, names in alike.items()
    ]
    return joined(parts, "; ")


def counted(names: Iterable[str]) -> list[Piece]:
    """Return symbols as text: a few by name, more by their number in each API."""
    known = list(dict.fromkeys(names))
    if len(known) <= NAMED:
        return listed(known)
    homes = Counter(map(home, known)).most_common()
    if len(homes) == 1:
        return [(TEXT, f"{several(len(known), 'symbol')} of "), (CODE, homes[0][0])]
    parts: list[list[Piece]] = [[(TEXT, f"{count} of "), (CODE, name)] for name, count in homes]
    return [(TEXT, f"{several(len(known), 'symbol')}: "), *joined(parts, ", ", " and ")]


@cache
def home(name: str) -> str:
    """Return the API that a symbol is of, such as tf.keras or tf.compat.v1."""
    root, *parts = name.partition("(")[0].split(".")
    if root != "tf":
        return short(root)
    parts = parts[:-1]
    return ".".join([root, *parts[: 2 if parts[:1] == ["compat"] else 1]])


def edge(before: str, first: str, *, exact: bool) -> str:
    """Return when something changed: "in 2.1", or "after 1.15, by 2.1" if not exact."""
    return f"in {first}" if exact else f"after {before}, by {first}"


def when(index: Index, change: Change) -> str:
    """Return when a change happened."""
    releases = index.label(change.before_release), index.label(change.after_release)
    return edge(*releases, exact=change.exact)


def begun(index: Index, run: Run) -> str:
    """Return when the change that began a run happened; empty if no change began it."""
    if run.after is None:
        return ""
    return f"changed {edge(index.label(run.after), index.label(run.first), exact=run.exact)}"


def law_and_role(law: str, role: str = "") -> list[Piece]:
    """Return the text after "starts with": a law and a role, or that no known law fits."""
    if law == UNRECOGNISED:
        return [(TEXT, f"{role or 'weights'} that no known law fits")]
    return [(CODE, law), *([(TEXT, f" {role}")] if role else [])]


def neighbours(releases: Iterable[str], order: Sequence[str]) -> list[list[str]]:
    """Return releases, oldest first, in runs of neighbours; ``order`` has the table's releases."""
    places = sorted(map(order.index, releases))
    runs = groupby(enumerate(places), key=lambda each: each[1] - each[0])
    return [[order[place] for _, place in run] for _, run in runs]


def spans(index: Index, releases: Iterable[str]) -> str:
    """Return releases as text, oldest first; neighbours in the table are a range."""
    runs = neighbours(releases, list(index.releases))
    return enumerated(index.span(run[0], run[-1]) for run in runs)


class History(msgspec.Struct, frozen=True):
    """A symbol with the URL of its page and the history of each role as text."""

    name: str
    href: str
    roles: tuple[tuple[str, tuple[Piece, ...]], ...]


def histories(index: Index, rows: Iterable[Row], kind: Kind = MEASURED) -> list[History]:
    """Return the histories of rows, grouped by symbol."""
    symbols = grouped(rows, lambda row: row.symbol.name)
    return [
        History(
            name=name,
            href=index.page(name),
            roles=tuple((row.layer_role, tuple(history_of(index, row, kind))) for row in each),
        )
        for name, each in symbols.items()
    ]


def history_of(index: Index, row: Row, kind: Kind = MEASURED) -> list[Piece]:
    """Return a row's history as one line: each value with its range of releases."""
    parts: list[list[Piece]] = []
    ranges = history.ranges(row.runs[kind])
    states = [each.state for each in ranges]
    for position, each in enumerate(ranges):
        unborn = each.state is State.ABSENT and State.OBSERVED not in states[:position]
        if unborn and (State.OBSERVED in states[position:] or not parts):
            continue  # the next value names the release in which the symbol appeared
        if each.state is State.ABSENT and states[position - 1] is State.OBSERVED:
            parts.append([(TEXT, removal(index, each))])
            continue
        observed = each.state is State.OBSERVED
        value = (STRONG, short(each.value)) if observed else (TEXT, marks.phrase(each.state))
        ended = each is not ranges[-1]
        parts.append([value, (TEXT, f" {_range(index, each, kind, ended=ended)}")])
    return joined(parts, ", ") or [(TEXT, "in no release that was observed")]


def removal(index: Index, absent: Run) -> str:
    """Return when a symbol was removed; ``absent`` is the range in which it is missing."""
    return f"{marks.GONE.text} {_since(index, absent)}"


def _since(index: Index, run: Run) -> str:
    first = index.label(run.first)
    if run.after is not None and not run.exact:
        return edge(index.label(run.after), first, exact=False)
    return f"from {first}"


def _range(index: Index, run: Run, kind: Kind, *, ended: bool) -> str:
    """Return a value's range, and in brackets its releases that were not seen or conflict."""
    seen = [cell.state is run.state and kind.value(cell) == run.value for cell in run.cells]
    within = tuple(zip(run.cells, seen, strict=True))
    unseen = [cell.release for cell, known in within if not known]
    disputed = [cell.release for cell, known in within if known and cell.conflict]
    reserves = (("not seen in", unseen), (f"{marks.CONFLICT.text} in", disputed))
    parts = [f"{words} {_releases(index, releases)}" for words, releases in reserves if releases]
    reserve = f" ({'; '.join(parts)})" if parts else ""
    return f"{_ends(index, run, ended=ended, whole=not unseen)}{reserve}"


def _ends(index: Index, run: Run, *, ended: bool, whole: bool) -> str:
    """Return how a range begins and ends: "since" only if every release since was compared."""
    first, since = index.label(run.first), _since(index, run)
    to = "" if run.first == run.last else f" to {index.label(run.last)}"
    oldest = index.place[run.first] == 0
    current = run.last == index.matrix.releases[-1].version
    if not run.exact:
        if not (to or current or ended):
            return f"{since}, seen only in {first}"
        return since if not to or (current and whole) else f"{since},{to}"
    if not to:
        return f"in {first}"
    if current and whole and (oldest or run.changed):
        span = index.span(run.first, run.last)
        return f"in every release, {span}" if oldest else f"since {first}"
    closed = (oldest or run.changed) and (ended or current)
    return f"{'' if closed else 'seen '}{since}{to}"


def _releases(index: Index, versions: Sequence[str]) -> str:
    if len(versions) > NAMED:
        return several(len(versions), "release")
    return enumerated(map(index.label, versions))
