"""How to keep the old behaviour in a newer release: a line of code, with its proof.

A pin is proved by the matrix itself. The best is a row that was measured as the pinned layer,
`tf.get_variable(initializer=tf.zeros_initializer())`: its name is the very call. Without
one, an initializer that was measured alone draws there what the layer drew before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from report import words
from report.edition import WEIGHTS
from report.model import State
from report.words import CODE, TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from report.edition import Edition
    from report.model import Cell, Row
    from report.words import Piece

PREFERRED = "tf.keras.initializers."


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """How to keep the old behaviour: a line of code with its proof, or why there is none."""

    code: str | None
    proof: tuple[Piece, ...]
    href: str | None = None


def pin(edition: Edition, row: Row, was: Cell, now: Cell, root: str = "") -> Pin:
    """Return what gives the older release's law in the newer one."""
    law = was.verdict.name if was.verdict else ""
    if now.state is State.ABSENT and row.role != WEIGHTS:
        return _successor(edition, row, law, now.release, root)
    layers = [each for each in edition.pins if each.symbol.name.startswith(f"{now.symbol}(")]
    if called := _drawing(edition, [each for each in layers if each.role == row.role], now, law):
        return _whole(edition, called[0], law, root)
    alone = sorted(_drawing(edition, edition.initializers, now, law), key=_preference)
    if alone and row.role == WEIGHTS:
        code, where = _call(alone[0].symbol), ""
    elif alone and now.declared:
        code = f"{now.declared['keyword']}={_call(alone[0].symbol)}"
        where = ", the initializer alone"
    else:
        missing: list[Piece] = [(TEXT, "cannot be pinned: no initializer measured in ")]
        said = (TEXT, f"{edition.label(now.release)} draws ")
        return Pin(code=None, proof=(*missing, said, (CODE, law)))
    return Pin(
        code=code,
        proof=((TEXT, f"measured in {edition.label(now.release)}{where}: it draws "), (CODE, law)),
        href=root + edition.anchor(alone[0]),
    )


def _whole(edition: Edition, cell: Cell, law: str, root: str) -> Pin:
    """Return a call that was measured as it stands."""
    release = edition.label(cell.release)
    return Pin(
        code=cell.symbol,
        proof=((TEXT, f"measured in {release} on the layer itself: it draws "), (CODE, law)),
        href=root + edition.anchor(cell),
    )


def _call(initializer: str) -> str:
    return initializer if initializer.endswith(")") else f"{initializer}()"


def _preference(cell: Cell) -> bool:
    """Sort an initializer of tf.keras before others."""
    return not cell.symbol.startswith(PREFERRED)


def _drawing(edition: Edition, rows: Iterable[Row], now: Cell, law: str) -> list[Cell]:
    """List the cells of a release, among these rows, whose weights came from a law."""
    cells = [row.cells[edition.place[now.release]] for row in rows]
    return [cell for cell in cells if cell.verdict and cell.verdict.name == law]


def _successor(edition: Edition, row: Row, law: str, release: str, root: str) -> Pin:
    """Name what starts with the same law where the symbol is gone, or can be made to."""
    now = row.cells[edition.place[release]]
    heirs = _drawing(edition, _kin(edition.layers, row), now, law)
    if heirs:
        names = [cell.symbol for cell in heirs]
        verb = " start" + "s" * (len(names) == 1) + " with it"
        href = root + edition.anchor(heirs[0])
        return Pin(code=None, proof=(*words.listed(names), (TEXT, verb)), href=href)
    if made := _drawing(edition, _kin(edition.pins, row), now, law):
        return _whole(edition, made[0], law, root)
    return Pin(code=None, proof=((TEXT, "no symbol of its kind there starts with "), (CODE, law)))


def _kin(rows: Iterable[Row], row: Row) -> list[Row]:
    return [each for each in rows if (each.symbol.layer, each.role) == (row.symbol.layer, row.role)]
