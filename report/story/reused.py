"""What an initializer object gives when it is used twice, by ranges of releases, and remedies.

The title of the question is the beginning of the warning, as TensorFlow prints it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import msgspec

from report.evidence import Likeness, Reuse
from report.matrix import Cell, Index, Row, once, present
from report.story import numbers, wording
from report.text import short
from report.verdict import Alike, alike, reuse

EXAMPLE = "tf.keras.initializers.GlorotUniform"
OLDER = "tf.keras.initializers.glorot_uniform"  # the example's name before it had its own
LAYER = "tf.keras.layers.Dense(64, kernel_initializer={})"
NOTHING = "not asked"
LONGEST = 160  # characters of a title
Value = TypeVar("Value")
Ranges = tuple[tuple[str, Value], ...]  # a value for each range of releases, newest first


class Regime(msgspec.Struct, frozen=True, kw_only=True):
    """How the draws of one object and of two are alike, and whether it warns.

    ``older`` is whether they are those of the example's older name.
    """

    older: bool
    again: str
    shape: str
    seeded: str
    objects: str
    objects_shape: str
    warns: bool


class Remedy(msgspec.Struct, frozen=True, kw_only=True):
    """What to write instead: its code, and what its two draws are."""

    title: str
    code: str
    found: Ranges[str]


class Reused(msgspec.Struct, frozen=True, kw_only=True):
    """The example's regimes and remedies, and how many initializers are alike.

    ``warning`` is the whole text, ``words`` every word of the warnings of all symbols. ``again``
    says what an object without a seed gives when it is used twice; ``warned``, ``reworded`` and
    ``quiet`` are the ranges in which equal weights come with it, with another one, and with none.
    """

    symbol: str
    href: str
    title: str
    warning: str
    words: tuple[str, ...]
    regimes: Ranges[Regime]
    remedies: tuple[Remedy, ...]
    again: Ranges[str]
    warned: tuple[str, ...]
    reworded: tuple[str, ...]
    quiet: tuple[str, ...]
    alike: int
    asked: int
    older: str = OLDER
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
    equal = _ranges(index, row, lambda reuse: (_is_same(reuse), reuse.warns))
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
        regimes=(*_ranges(index, row, _regime), *_older(index, row)),
        remedies=_remedies(index, row),
        again=_ranges(index, row, lambda reuse: numbers.likeness(reuse.unseeded.again)),
        warned=tuple(span for span, (same, warns) in equal if same and warning in warns),
        reworded=tuple(
            span for span, (same, warns) in equal if same and warns and warning not in warns
        ),
        quiet=tuple(span for span, (same, warns) in equal if same and not warns),
        alike=sum(example is not None and _is_same(each) is _is_same(example) for each in known),
        asked=len(known),
    )


def _warns(cell: Cell) -> tuple[str, ...]:
    return cell.evidence.reuse.warns if cell.evidence.reuse else ()


def _is_same(reuse: Reuse) -> bool:
    return alike(reuse.unseeded.again) is Alike.SAME


def _ranges(index: Index, row: Row, value: Callable[[Reuse], Value]) -> Ranges[Value]:
    """Return a value of each release with evidence of reuse; equal neighbours are a range."""
    values = [(release, value(reuse)) for release, reuse in _evidence(row)]
    return _spans(index, values)


def _spans(index: Index, values: Iterable[tuple[str, Value]]) -> Ranges[Value]:
    ranges = wording.by_range(values)
    return tuple((index.span(oldest, newest), shared) for newest, oldest, shared in ranges)


def _evidence(row: Row) -> Iterator[tuple[str, Reuse]]:
    """Yield each release with evidence of reuse, newest first."""
    for cell in reversed(row.cells):
        if cell.evidence.reuse:
            yield cell.release, cell.evidence.reuse


def _older(index: Index, row: Row) -> Ranges[Regime]:
    """Return the regimes under the example's older name, before the example was there."""
    known = dict(_evidence(row))
    older = [each for each in index.named.get(OLDER, ()) if row.symbol.name == EXAMPLE]
    found = [pair for each in older for pair in _evidence(each) if pair[0] not in known]
    return _spans(index, [(release, _regime(reuse, older=True)) for release, reuse in found])


def _regime(reuse: Reuse, *, older: bool = False) -> Regime:
    seeded = reuse.seeded
    return Regime(
        older=older,
        again=alike(reuse.unseeded.again),
        shape=alike(reuse.unseeded.shape),
        seeded=alike(seeded.again) if seeded else NOTHING,
        objects=alike(seeded.object) if seeded else NOTHING,
        objects_shape=alike(seeded.object_shape) if seeded else NOTHING,
        warns=bool(reuse.warns),
    )


def _remedies(index: Index, row: Row) -> tuple[Remedy, ...]:
    """Return each remedy, with its code for the symbol of a row."""
    path = row.symbol.path
    copy = "initializer.from_config(initializer.get_config())"

    def remedy(title: str, objects: tuple[str, str], draw: Callable[[Reuse], Likeness]) -> Remedy:
        return Remedy(
            title=title,
            code="\n".join(map(LAYER.format, objects)),
            found=_ranges(index, row, lambda reuse: numbers.likeness(draw(reuse))),
        )

    return (
        remedy("An object each", (f"{path}()", f"{path}()"), lambda reuse: reuse.unseeded.object),
        remedy(
            "A seed each",
            (f"{path}(seed=1)", f"{path}(seed=2)"),
            lambda reuse: reuse.seeded.seed if reuse.seeded else None,
        ),
        remedy("A copy of the object", ("initializer", copy), lambda reuse: reuse.unseeded.copy),
    )


def answer(found: Reused) -> str:
    """Return the answer in one line."""
    parts = ", ".join(f"{how} in {span}" for span, how in found.again)
    return f"The two draws of one object without a seed are {parts}."
