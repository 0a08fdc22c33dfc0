"""Pins: how to keep the old behaviour in a newer release, as a line of code with its proof.

The proof is another row of the matrix. The best is a row of the layer with that initializer, such
as `tf.get_variable(initializer=tf.zeros_initializer())`, whose name is the code. Otherwise an
initializer measured alone is used, if it draws from the same law in the newer release.
A cell without a recognised law, or with conflicting evidence, is neither kept nor a proof. If
nothing fits, the pin says which arguments were tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from report.evidence import State
from report.matrix import Cell, Index, Row
from report.story import wording
from report.story.wording import CODE, TEXT, Piece
from report.verdict import NO_LAW, calls, same_law

PREFERRED = "tf.keras.initializers."
ON_THE_LAYER, ALONE = " on the layer itself", ", the initializer alone"


class Pin(msgspec.Struct, frozen=True):
    """How to keep the old behaviour: a line of code with its proof, or why there is none."""

    code: str | None
    proof: tuple[Piece, ...]
    href: str | None = None


def pin(index: Index, row: Row, was: Cell, now: Cell) -> Pin:
    """Return how to get the older release's law (``was``) in the newer release (``now``)."""
    if refused := _no_law(index, was):
        return Pin(None, refused)
    if now.state is State.ABSENT and not row.standalone:
        return _successor(index, row, was, now)
    given = [each for each in index.pins if (each.symbol.path, each.role) == (now.symbol, row.role)]
    if proofs := _drawing(index, given, now, was):
        return _measured(index, proofs[0], proofs[0].symbol, ON_THE_LAYER)
    alone, declared = _drawing(index, index.initializers, now, was), now.evidence.declared
    if not alone or not (row.standalone or declared):
        return Pin(None, tuple(_not_pinned(index, was, now.release)))
    proof = min(alone, key=lambda cell: not cell.symbol.startswith(PREFERRED))
    call = proof.symbol if proof.symbol.endswith(")") else f"{proof.symbol}()"
    if row.standalone or not declared:
        return _measured(index, proof, call, "")
    return _measured(index, proof, f"{declared.keyword}={call}", ALONE)


def instead(index: Index, row: Row) -> Pin | None:
    """Return how to get a removed symbol's last law in the newest release that was observed.

    None if the symbol never was there, is there, or may be there.
    """
    there = [cell for cell in row.cells if cell.state is State.OBSERVED]
    now = index.cell(row, index.observed[-1].version) if there else None
    return pin(index, row, there[-1], now) if now and now.state is State.ABSENT else None


def _measured(index: Index, cell: Cell, code: str, what: str) -> Pin:
    """Return a pin proved by ``cell``; ``what`` says whether it was measured on the layer."""
    words = f"measured in {index.label(cell.release)}{what}: it draws "
    return Pin(code, ((TEXT, words), (CODE, _law(cell))), index.anchor(cell))


def _no_law(index: Index, was: Cell) -> tuple[Piece, ...]:
    """Return why there is no law to keep; empty if there is one."""
    release = index.label(was.release)
    if was.conflict:
        return ((TEXT, f"no law to keep: the evidence disagrees in {release}: {was.conflict}"),)
    if was.law is None or was.law in NO_LAW:
        return ((TEXT, f"no law to keep: none was recognised in {release}"),)
    return ()


def _law(cell: Cell) -> str:
    return cell.law or ""


def _not_pinned(index: Index, was: Cell, release: str) -> Iterator[Piece]:
    """Yield the sentence for a law that no initializer draws from, and the calls derived for it."""
    label = index.label(release)
    yield TEXT, f"cannot be pinned: no initializer measured in {label} draws "
    yield CODE, _law(was)
    derived = calls(_law(was), release)
    if not derived:
        yield TEXT, "; no arguments of another give it"
    for call in derived:
        asked = [row for row in index.initializers if call.is_of(row.symbol)]
        yield TEXT, "; tried " if asked else "; derived "
        yield CODE, str(call)
        yield TEXT, f", {_outcome(index, asked, release)}"


def _outcome(index: Index, rows: Iterable[Row], release: str) -> str:
    """Return what a derived call draws in a release, or that it was not measured there."""
    cells = (index.cell(row, release) for row in rows)
    drawn = next((cell for cell in cells if cell.state is State.OBSERVED), None)
    if drawn is None:
        return "which was not measured there"
    doubt = ", and its evidence disagrees" if drawn.conflict else ""
    return f"which draws {_law(drawn)}{doubt}"


def _drawing(index: Index, rows: Iterable[Row], now: Cell, was: Cell) -> list[Cell]:
    """Return the cells of ``rows`` in the newer release with the old law and no conflict."""
    cells = [index.cell(row, now.release) for row in rows]
    return [cell for cell in cells if same_law(cell.verdict, was.verdict) and not cell.conflict]


def _successor(index: Index, row: Row, was: Cell, now: Cell) -> Pin:
    """Return the pin of a removed symbol: others of its kind that have, or can have, its law."""
    if heirs := _drawing(index, _same_kind(index.layers, row), now, was):
        verb = " start with it" if len(heirs) > 1 else " starts with it"
        names = wording.listed([cell.symbol for cell in heirs])
        return Pin(None, (*names, (TEXT, verb)), index.anchor(heirs[0]))
    if made := _drawing(index, _same_kind(index.pins, row), now, was):
        return _measured(index, made[0], made[0].symbol, ON_THE_LAYER)
    return Pin(None, ((TEXT, "no symbol of its kind there starts with "), (CODE, _law(was))))


def _same_kind(rows: Iterable[Row], row: Row) -> list[Row]:
    """Return the rows with the same layer (None for variables) and role."""
    return [each for each in rows if (each.symbol.layer, each.role) == (row.symbol.layer, row.role)]
