"""What the short answer states, as typed claims over all rows that have a default.

A claim is about what was asked, a layer or a variable, and about one role of it. It holds in a
release if every public path observed there started with its law, and at least one was observed.
Everything observed that contradicts a claim, or decides nothing, is an exception to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from report.evidence import State, Status
from report.matrix import Cell, Index, Row
from report.verdict import NO_LAW


class Why(StrEnum):
    """Why a cell is an exception."""

    LAW = "law"  # it started with another law
    CONFLICT = "conflict"  # its evidence disagrees
    FAILED = "failed"  # its probe failed, in a release that was observed


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """Rows that are an exception for the same reason in the same neighbouring releases."""

    why: Why
    law: str | None
    releases: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Which law a role of a layer, or of a variable (None), starts with, and in which releases."""

    layer: str | None
    role: str
    law: str
    releases: tuple[str, ...]


def claims(index: Index) -> tuple[Claim, ...]:
    """Return a claim for each layer and role of which a law was observed."""
    return tuple(
        Claim(layer=layer, role=role, law=law, releases=_releases(rows, law))
        for (layer, role), rows in _asked(index).items()
        if (law := _usual(rows))
    )


def oddities(index: Index) -> tuple[Oddity, ...]:
    """Return what contradicts the claims or decides nothing, the most rows first."""
    found: dict[tuple[Why, str | None, tuple[str, ...]], list[tuple[str, str]]] = {}
    for rows in _asked(index).values():
        law = _usual(rows)
        for row in rows:
            for why, other, releases in _oddities(index, row, law):
                found.setdefault((why, other, releases), []).append((row.symbol.name, row.role))
    joined = [
        Oddity(why=why, law=law, releases=releases, rows=tuple(rows))
        for (why, law, releases), rows in found.items()
    ]
    return tuple(sorted(joined, key=lambda one: -len(one.rows)))


def _asked(index: Index) -> dict[tuple[str | None, str], list[Row]]:
    """Return the rows that have a default, by what they make and by role."""
    found: dict[tuple[str | None, str], list[Row]] = {}
    for row in index.layers:
        found.setdefault((row.symbol.layer, row.role), []).append(row)
    return found


def _settled(cell: Cell) -> str | None:
    """Return the law of a cell whose evidence decides it."""
    if cell.state is not State.OBSERVED or cell.verdict is None or cell.conflict:
        return None
    return None if cell.verdict.name in NO_LAW else cell.verdict.name


def _usual(rows: Sequence[Row]) -> str | None:
    """Return the law that holds in the most releases; None where none holds in any."""
    laws = {law for row in rows for cell in row.cells if (law := _settled(cell))}
    held = {law: len(releases) for law in laws if (releases := _releases(rows, law))}
    return min(held, key=lambda law: (-held[law], law), default=None)


def _releases(rows: Sequence[Row], law: str) -> tuple[str, ...]:
    columns = zip(*(row.cells for row in rows), strict=True)
    return tuple(cells[0].release for cells in columns if _holds(law, cells))


def _holds(law: str, cells: Sequence[Cell]) -> bool:
    observed = [cell for cell in cells if cell.state is State.OBSERVED]
    return bool(observed) and all(_settled(cell) == law for cell in observed)


def _oddities(
    index: Index, row: Row, law: str | None
) -> Iterator[tuple[Why, str | None, tuple[str, ...]]]:
    odd = [_oddity(index, cell, law) for cell in row.cells]
    for key, group in groupby(zip(odd, row.cells, strict=True), key=lambda pair: pair[0]):
        if key is not None:
            yield (*key, tuple(cell.release for _, cell in group))


def _oddity(index: Index, cell: Cell, law: str | None) -> tuple[Why, str | None] | None:
    if cell.state is State.FAILED and index.releases[cell.release].status is Status.OBSERVED:
        return Why.FAILED, None
    if cell.state is not State.OBSERVED:
        return None
    if cell.conflict:
        return Why.CONFLICT, None
    name = cell.verdict.name if cell.verdict else None
    return None if name == law and _settled(cell) else (Why.LAW, name)
