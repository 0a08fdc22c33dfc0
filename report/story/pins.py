"""How to keep the old behaviour in a newer release: a line of code, with its proof.

A pin is proved by the matrix itself. The best is a row that was measured as the pinned layer,
`tf.get_variable(initializer=tf.zeros_initializer())`: its name is the very call. Without
one, an initializer that was measured alone draws there what the layer drew before. What is kept
is a law, by its identity: a draw in which none was recognised, or whose evidence disagrees, is
neither kept nor a proof. Where nothing fits, the pin says which arguments were tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from report.evidence import State
from report.matrix import Cell, Index, Row
from report.story import wording
from report.story.wording import CODE, TEXT, Piece
from report.verdict import NO_LAW, calls, same_law

PREFERRED = "tf.keras.initializers."
ON_THE_LAYER, ALONE = " on the layer itself", ", the initializer alone"


@dataclass(frozen=True, slots=True)
class Pin:
    """How to keep the old behaviour: a line of code with its proof, or why there is none."""

    code: str | None
    proof: tuple[Piece, ...]
    href: str | None = None


def pin(index: Index, row: Row, was: Cell, now: Cell, root: str = "") -> Pin:
    """Return what gives the older release's law in the newer one."""
    if refused := _no_law(index, was):
        return Pin(None, refused)
    if now.state is State.ABSENT and not row.standalone:
        return _successor(index, row, was, now, root)
    given = [each for each in index.pins if (each.symbol.path, each.role) == (now.symbol, row.role)]
    if proofs := _drawing(index, given, now, was):
        return _measured(index, proofs[0], proofs[0].symbol, ON_THE_LAYER, root)
    alone = _drawing(index, index.initializers, now, was)
    if not alone or not (row.standalone or now.declared):
        return Pin(None, tuple(_tried(index, was, now.release)))
    proof = min(alone, key=lambda cell: not cell.symbol.startswith(PREFERRED))
    call = proof.symbol if proof.symbol.endswith(")") else f"{proof.symbol}()"
    if row.standalone or not now.declared:
        return _measured(index, proof, call, "", root)
    return _measured(index, proof, f"{now.declared.keyword}={call}", ALONE, root)


def _measured(index: Index, cell: Cell, code: str, what: str, root: str) -> Pin:
    """Return a pin whose proof is a cell, and of what it was measured."""
    words = f"measured in {index.label(cell.release)}{what}: it draws "
    return Pin(code, ((TEXT, words), (CODE, _law(cell))), root + index.anchor(cell))


def _no_law(index: Index, was: Cell) -> tuple[Piece, ...]:
    """Say why there is nothing to keep: no law was recognised, or the evidence disagrees."""
    release = index.label(was.release)
    if was.conflict:
        return ((TEXT, f"no law to keep: the evidence disagrees in {release}: {was.conflict}"),)
    if was.verdict is None or was.verdict.name in NO_LAW:
        return ((TEXT, f"no law to keep: none was recognised in {release}"),)
    return ()


def _law(cell: Cell) -> str:
    return cell.verdict.name if cell.verdict else ""


def _tried(index: Index, was: Cell, release: str) -> Iterator[Piece]:
    """Say that nothing measured draws the law, and what the arguments derived for it do there."""
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
    """Say what a derived call draws in a release, or that it was not measured there."""
    cells = (index.cell(row, release) for row in rows)
    drawn = next((cell for cell in cells if cell.state is State.OBSERVED), None)
    if drawn is None:
        return "which was not measured there"
    doubt = ", and its evidence disagrees" if drawn.conflict else ""
    return f"which draws {_law(drawn)}{doubt}"


def _drawing(index: Index, rows: Iterable[Row], now: Cell, was: Cell) -> list[Cell]:
    """List the cells of a release, among these rows, whose weights came from the law that was."""
    cells = [index.cell(row, now.release) for row in rows]
    return [cell for cell in cells if same_law(cell.verdict, was.verdict) and not cell.conflict]


def _successor(index: Index, row: Row, was: Cell, now: Cell, root: str) -> Pin:
    """Name what starts with the same law where the symbol is gone, or can be made to."""
    if heirs := _drawing(index, _kin(index.layers, row), now, was):
        verb = " start with it" if len(heirs) > 1 else " starts with it"
        names = wording.listed([cell.symbol for cell in heirs])
        return Pin(None, (*names, (TEXT, verb)), root + index.anchor(heirs[0]))
    if made := _drawing(index, _kin(index.pins, row), now, was):
        return _measured(index, made[0], made[0].symbol, ON_THE_LAYER, root)
    return Pin(None, ((TEXT, "no symbol of its kind there starts with "), (CODE, _law(was))))


def _kin(rows: Iterable[Row], row: Row) -> list[Row]:
    """List the rows of the same layer, or of a variable, and of the same role."""
    return [each for each in rows if (each.symbol.layer, each.role) == (row.symbol.layer, row.role)]
