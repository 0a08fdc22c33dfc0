"""What an initializer object gives when it is used twice, by ranges of releases, and remedies.

The title of the question is the beginning of the warning, as TensorFlow prints it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

import msgspec

from report.evidence import Likeness, Reuse
from report.matrix import Cell, Index, Row, once, present
from report.story import numbers
from report.text import short
from report.verdict import Alike, alike, reuse

EXAMPLE = "tf.keras.initializers.GlorotUniform"
LAYER = "tf.keras.layers.Dense(64, kernel_initializer={})"
NOTHING = "not asked"
LONGEST = 160  # characters of a title


class Regime(msgspec.Struct, frozen=True, kw_only=True):
    """A range of releases in which the draws of one and two objects are alike in the same way."""

    span: str
    again: str
    shape: str
    seeded: str
    objects: str
    objects_shape: str
    warns: bool


class Remedy(msgspec.Struct, frozen=True, kw_only=True):
    """What to write instead: its code, and what its two draws are, by ranges of releases."""

    title: str
    code: str
    found: tuple[tuple[str, str], ...]


class Reused(msgspec.Struct, frozen=True, kw_only=True):
    """The example's regimes and remedies, newest first, and how many initializers are alike.

    ``warning`` is the whole text, ``words`` every word of the warnings of all symbols. ``again``
    says what an object without a seed gives when it is used twice; ``warned`` and ``quiet`` are
    the ranges in which equal weights come with and without the warning.
    """

    symbol: str
    href: str
    title: str
    warning: str
    words: tuple[str, ...]
    regimes: tuple[Regime, ...]
    remedies: tuple[Remedy, ...]
    again: tuple[tuple[str, str], ...]
    warned: tuple[str, ...]
    quiet: tuple[str, ...]
    alike: int
    asked: int
    independent: float = reuse.INDEPENDENT


@once
def reused(index: Index) -> Reused | None:
    """Return what the page on reused objects shows; None if no release warns of it."""
    rows = [row for row in index.matrix.rows if any(map(_warns, row.cells))]
    if not rows:
        return None
    row = next((row for row in rows if row.symbol.name == EXAMPLE), rows[0])
    warning = next(text for cell in reversed(row.cells) for text in _warns(cell))
    every = (text for row in rows for cell in row.cells for text in _warns(cell))
    ranges = [
        (_range(index, cells), _reuse(cells[0]))
        for cells in _ranges(row, lambda reuse: (alike(reuse.unseeded.again), bool(reuse.warns)))
    ]
    same = [(span, reuse) for span, reuse in ranges if _is_same(reuse)]
    last = present(row.cells)[-1].release
    others = [index.cell(each, last) for each in index.initializers]
    known = [cell.evidence.reuse for cell in others if cell.evidence.reuse]
    example = index.cell(row, last).evidence.reuse
    return Reused(
        symbol=row.symbol.name,
        href=index.page(row.symbol.name),
        title=short(warning.partition(",")[0], LONGEST),
        warning=warning,
        words=tuple(dict.fromkeys(word for text in every for word in text.split())),
        regimes=tuple(_regimes(index, row)),
        remedies=tuple(_remedies(index, row)),
        again=tuple(
            (_range(index, cells), numbers.likeness(_reuse(cells[0]).unseeded.again))
            for cells in _ranges(row, lambda reuse: alike(reuse.unseeded.again))
        ),
        warned=tuple(span for span, reuse in same if reuse.warns),
        quiet=tuple(span for span, reuse in same if not reuse.warns),
        alike=sum(example is not None and _is_same(each) is _is_same(example) for each in known),
        asked=len(known),
    )


def _warns(cell: Cell) -> tuple[str, ...]:
    return cell.evidence.reuse.warns if cell.evidence.reuse else ()


def _reuse(cell: Cell) -> Reuse:
    """Return the evidence of a cell that has some."""
    if cell.evidence.reuse is None:
        raise ValueError(f"{cell.symbol} in {cell.release} has no evidence of reuse")
    return cell.evidence.reuse


def _is_same(reuse: Reuse) -> bool:
    return alike(reuse.unseeded.again) is Alike.SAME


def _ranges(row: Row, key: Callable[[Reuse], object]) -> Iterator[list[Cell]]:
    """Yield neighbouring cells with one key, newest first; cells without evidence are left out."""
    cells = [cell for cell in reversed(row.cells) if cell.evidence.reuse]
    for _, group in groupby(cells, key=lambda cell: key(_reuse(cell))):
        yield list(group)


def _range(index: Index, cells: list[Cell]) -> str:
    return index.span(cells[-1].release, cells[0].release)


def _regimes(index: Index, row: Row) -> Iterator[Regime]:
    for cells in _ranges(row, _facts):
        again, shape, seeded, objects, objects_shape, warns = _facts(_reuse(cells[0]))
        yield Regime(
            span=_range(index, cells),
            again=again,
            shape=shape,
            seeded=seeded,
            objects=objects,
            objects_shape=objects_shape,
            warns=bool(warns),
        )


def _facts(reuse: Reuse) -> tuple[str, ...]:
    """Return how the draws of one and of two objects are alike, and "warns" if it warns."""
    unseeded, seeded = reuse.unseeded, reuse.seeded
    draws = (seeded.again, seeded.object, seeded.object_shape) if seeded else ()
    texts = [str(alike(each)) for each in (unseeded.again, unseeded.shape, *draws)]
    return (*texts, *[NOTHING] * (5 - len(texts)), "warns" if reuse.warns else "")


def _remedies(index: Index, row: Row) -> Iterator[Remedy]:
    """Yield each remedy, with its code for the symbol of a row."""
    path = row.symbol.path
    copy = "initializer.from_config(initializer.get_config())"
    for title, objects, draw in (
        ("An object each", (f"{path}()", f"{path}()"), _object),
        ("A seed each", (f"{path}(seed=1)", f"{path}(seed=2)"), _seed),
        ("A copy of the object", ("initializer", copy), _copy),
    ):
        ranges = _ranges(row, lambda reuse, draw=draw: alike(draw(reuse)))  # type: ignore[misc]
        yield Remedy(
            title=title,
            code="\n".join(LAYER.format(each) for each in objects),
            found=tuple(
                (_range(index, each), numbers.likeness(draw(_reuse(each[0])))) for each in ranges
            ),
        )


def _object(reuse: Reuse) -> Likeness:
    return reuse.unseeded.object


def _seed(reuse: Reuse) -> Likeness:
    return reuse.seeded.seed if reuse.seeded else None


def _copy(reuse: Reuse) -> Likeness:
    return reuse.unseeded.copy


def answer(found: Reused) -> str:
    """Return the answer in one line."""
    parts = ", ".join(f"{how} in {span}" for span, how in found.again)
    return f"The two draws of one object without a seed are {parts}."
