"""Two releases side by side: what differs, and the line that keeps the old behaviour."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

from report import answer, history, words
from report.codes import Codes, Entry
from report.edition import PAIRED, WEIGHTS, pinned
from report.model import Aspect, State
from report.pins import PREFERRED, pin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from report.edition import Edition
    from report.model import Cell, Release, Row
    from report.pins import Pin
    from report.words import Piece

MILESTONE = "milestone"
KNOWN = (State.OBSERVED, State.ABSENT)
OTHERS = tuple(aspect for aspect in Aspect if aspect not in PAIRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One row that differs between two releases."""

    symbol: str
    role: str
    href: str
    was: Entry
    now: Entry
    pin: Pin | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finer:
    """Rows that draw the same and differ alike in another kind of evidence."""

    where: tuple[Piece, ...]
    rows: int
    kind: str
    title: str
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Everything that differs between two releases, and how much does not."""

    before: Release
    after: Release
    href: str
    differences: tuple[Difference, ...]
    finer: tuple[Finer, ...]
    equal: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Rows of one role that differ in the same way and are kept in the same way."""

    rows: tuple[Difference, ...]

    @property
    def first(self) -> Difference:
        """The row that speaks for all."""
        return self.rows[0]


def alike(differences: Iterable[Difference]) -> list[Alike]:
    """Join the rows of which the same is to be said."""
    found: dict[object, list[Difference]] = {}
    for row in differences:
        found.setdefault((row.role, row.was, row.now, row.pin), []).append(row)
    return [Alike(rows=tuple(rows)) for rows in found.values()]


def pairs(edition: Edition) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the pairs with a page of their own: neighbours, and milestones."""
    releases = edition.matrix.releases
    neighbours = [(a.version, b.version) for a, b in pairwise(releases)]
    known = set(neighbours)
    marked = [release.version for release in releases if MILESTONE in release.tags]
    return neighbours, [pair for pair in combinations(marked, 2) if pair not in known]


def address(before: str, after: str) -> str:
    """Return the address of a pair's own page, from the site's root."""
    return f"compare/{before}..{after}.html"


def comparison(edition: Edition, before: str, after: str, *, root: str = "") -> Comparison:
    """Compare two releases, the older one first."""
    differences, same, equal, unknown = [], [], 0, 0
    at = (edition.place[before], edition.place[after])
    for row in edition.compared:
        was, now = row.cells[at[0]], row.cells[at[1]]
        if was.state not in KNOWN or now.state not in KNOWN:
            unknown += 1
        elif _measured(was) != _measured(now):
            differences.append(_difference(edition, row, was, now, root))
        else:
            equal += 1
            same.append((row, was, now))
    return Comparison(
        before=edition.releases[before],
        after=edition.releases[after],
        href=address(before, after),
        differences=tuple(differences),
        finer=tuple(_finer(same)),
        equal=equal,
        unknown=unknown,
    )


def _measured(cell: Cell) -> tuple[State, str | None]:
    return cell.state, history.value(cell, Aspect.VERDICT)


def _difference(edition: Edition, row: Row, was: Cell, now: Cell, root: str) -> Difference:
    return Difference(
        symbol=row.symbol.name,
        role=row.role,
        href=root + edition.anchor(now),
        was=entry(edition, row, was),
        now=entry(edition, row, now),
        pin=pin(edition, row, was, now, root) if was.verdict else None,
    )


def entry(edition: Edition, row: Row, cell: Cell) -> Entry:
    """Return what a row says in one release: a law, or a state without a value."""
    value = history.value(cell, Aspect.VERDICT)
    mark = words.mark(edition, row, cell, value)
    if mark:
        return Entry(code=mark.glyph, text=mark.word, style=mark.style)
    return Codes(Aspect.VERDICT).entry(value or "")


def _finer(same: Iterable[tuple[Row, Cell, Cell]]) -> Iterator[Finer]:
    """Yield each difference in other evidence, with all the rows that it was seen in."""
    found: dict[tuple[Aspect, str, str, bool], list[tuple[str, str]]] = {}
    for row, was, now in same:
        for aspect in OTHERS:
            before, after = history.value(was, aspect), history.value(now, aspect)
            if before is not None and after is not None and before != after:
                key = (aspect, before, after, row.role == WEIGHTS)
                found.setdefault(key, []).append((row.symbol.name, row.role))
    for (aspect, before, after, weights), rows in found.items():
        yield Finer(
            where=tuple(answer.where(rows)),
            rows=len(rows),
            kind="initializer" if weights else "row",
            title=words.TITLES[aspect],
            was=words.short(before, 120),
            now=words.short(after, 120),
        )


def data(edition: Edition) -> str:
    """Write what the page's script needs to compare any two releases, safe inside HTML."""
    values = [State.ABSENT.value]
    rows = []
    for row in edition.matrix.rows:
        runs = edition.runs(row, Aspect.VERDICT)
        lengths = []
        for run in runs:
            said = State.ABSENT.value if run.state is State.ABSENT else run.value
            if said is not None and said not in values:
                values.append(said)
            lengths += [-1 if said is None else values.index(said), len(run.cells)]
        keywords = [cell.declared["keyword"] for cell in row.cells if cell.declared]
        name, role, layer = row.symbol.name, row.role, row.symbol.layer
        keyword = keywords[-1] if keywords else ("" if role == WEIGHTS else None)
        told = [name.partition("(")[0]] if pinned(row) else []
        rows.append([name, role, layer, edition.slug(name), keyword, lengths, *told])
    rows.sort(key=lambda each: each[1] == WEIGHTS and not str(each[0]).startswith(PREFERRED))
    return embedded({"releases": list(edition.releases), "values": values, "rows": rows})


def embedded(value: dict[str, Any]) -> str:
    """Write JSON that no HTML parser takes for markup."""
    plain = json.dumps(value, separators=(",", ":"))
    return plain.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
