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


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """How to keep the old behaviour: a line of code with its proof, or why there is none."""

    code: str | None
    proof: tuple[Piece, ...]
    href: str | None = None


def pin(index: Index, row: Row, was: Cell, now: Cell, root: str = "") -> Pin:
    """Return what gives the older release's law in the newer one."""
    if refused := _no_law(index, was):
        return Pin(code=None, proof=refused)
    if now.state is State.ABSENT and not row.standalone:
        return _successor(index, row, was, now.release, root)
    layers = [each for each in index.pins if each.symbol.path == now.symbol]
    if called := _drawing(index, [each for each in layers if each.role == row.role], now, was):
        return _whole(index, called[0], root)
    alone = sorted(_drawing(index, index.initializers, now, was), key=_preference)
    if alone and row.standalone:
        code, where = _call(alone[0].symbol), ""
    elif alone and now.declared:
        code = f"{now.declared.keyword}={_call(alone[0].symbol)}"
        where = ", the initializer alone"
    else:
        return Pin(code=None, proof=tuple(_tried(index, was, now.release)))
    release = index.label(now.release)
    return Pin(
        code=code,
        proof=((TEXT, f"measured in {release}{where}: it draws "), (CODE, _law(alone[0]))),
        href=root + index.anchor(alone[0]),
    )


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
    cells = (row.cells[index.place[release]] for row in rows)
    drawn = next((cell for cell in cells if cell.state is State.OBSERVED), None)
    if drawn is None:
        return "which was not measured there"
    doubt = ", and its evidence disagrees" if drawn.conflict else ""
    return f"which draws {_law(drawn)}{doubt}"


def _whole(index: Index, cell: Cell, root: str) -> Pin:
    """Return a call that was measured as it stands."""
    release = index.label(cell.release)
    return Pin(
        code=cell.symbol,
        proof=((TEXT, f"measured in {release} on the layer itself: it draws "), (CODE, _law(cell))),
        href=root + index.anchor(cell),
    )


def _call(initializer: str) -> str:
    return initializer if initializer.endswith(")") else f"{initializer}()"


def _preference(cell: Cell) -> bool:
    """Sort an initializer of tf.keras before others."""
    return not cell.symbol.startswith(PREFERRED)


def _drawing(index: Index, rows: Iterable[Row], now: Cell, was: Cell) -> list[Cell]:
    """List the cells of a release, among these rows, whose weights came from the law that was."""
    cells = [row.cells[index.place[now.release]] for row in rows]
    return [cell for cell in cells if same_law(cell.verdict, was.verdict) and not cell.conflict]


def _successor(index: Index, row: Row, was: Cell, release: str, root: str) -> Pin:
    """Name what starts with the same law where the symbol is gone, or can be made to."""
    now = row.cells[index.place[release]]
    heirs = _drawing(index, _kin(index.layers, row), now, was)
    if heirs:
        names = [cell.symbol for cell in heirs]
        verb = " start" + "s" * (len(names) == 1) + " with it"
        href = root + index.anchor(heirs[0])
        return Pin(code=None, proof=(*wording.listed(names), (TEXT, verb)), href=href)
    if made := _drawing(index, _kin(index.pins, row), now, was):
        return _whole(index, made[0], root)
    none: Piece = (TEXT, "no symbol of its kind there starts with ")
    return Pin(code=None, proof=(none, (CODE, _law(was))))


def _kin(rows: Iterable[Row], row: Row) -> list[Row]:
    return [each for each in rows if (each.symbol.layer, each.role) == (row.symbol.layer, row.role)]
