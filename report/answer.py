"""The short answer, made from the data: what the defaults are, and what is the exception."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from report import words
from report.edition import WEIGHTS, present
from report.model import Aspect
from report.words import STRONG, TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from report.edition import Edition
    from report.model import Row
    from report.words import Piece

FLAGSHIPS = (
    "tf.layers.conv2d",
    "tf.layers.dense",
    "tf.keras.layers.Conv2D",
    "tf.keras.layers.Dense",
    "tf.get_variable",
)
MOST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """Rows that started with something else for a while."""

    value: str
    first: str
    last: str
    where: tuple[tuple[str, str], ...]


def headline(edition: Edition) -> list[Piece]:
    """Say in one sentence what a layer starts with, and in how many releases."""
    usual = _usual(edition)
    if not usual:
        return [(TEXT, "No release has been observed yet.")]
    laws: list[Piece] = []
    for role, value in usual.items():
        laws += [(TEXT, " and " if laws else ""), (STRONG, value), (TEXT, f" {_plural(role)}")]
    return [*laws, (TEXT, f" {_reach(edition, usual)}.")]


def exceptions(edition: Edition) -> list[list[Piece]]:
    """Say where a symbol started with something else, the widest first, and how many more."""
    odd = sorted(_oddities(edition, _usual(edition)), key=lambda each: -len(each.where))
    said = [_sentence(edition, each) for each in odd[:MOST]]
    if len(odd) > MOST:
        said.append([(TEXT, f"And {len(odd) - MOST} more; the matrix has them all.")])
    return said


def flagships(edition: Edition) -> list[tuple[str, list[tuple[str, list[Piece]]]]]:
    """Tell the history of the symbols that are asked about most, role by role."""
    known = {row.symbol.name for row in edition.layers}
    names = [name for name in FLAGSHIPS if name in known] or list(
        dict.fromkeys(row.symbol.name for row in edition.layers)
    )[:3]
    return [(name, _stories(edition, name)) for name in names]


def _stories(edition: Edition, name: str) -> list[tuple[str, list[Piece]]]:
    rows = [row for row in edition.layers if row.symbol.name == name]
    return [(row.role, words.story(edition, row)) for row in rows]


def _usual(edition: Edition) -> dict[str, str]:
    """Return the commonest verdict of each role, over all layers and releases."""
    seen: dict[str, Counter[str]] = {}
    for row in _layers(edition):
        names = (cell.verdict.name for cell in present(row.cells) if cell.verdict)
        seen.setdefault(row.role, Counter()).update(names)
    return {role: _first(names) for role, names in seen.items() if names}


def _first(names: Counter[str]) -> str:
    return min(names, key=lambda name: (-names[name], name))


def _layers(edition: Edition) -> list[Row]:
    return [row for row in edition.layers if row.symbol.layer is not None] or list(edition.layers)


def _plural(role: str) -> str:
    return {"bias": "biases"}.get(role, f"{role}s")


def _reach(edition: Edition, usual: dict[str, str]) -> str:
    cells = [cell for row in _layers(edition) for cell in present(row.cells)]
    odd = {
        cell.release
        for cell in cells
        if not cell.verdict or cell.verdict.name != usual.get(cell.role)
    }
    releases = [version for version in edition.releases if version in {c.release for c in cells}]
    whole = f"{edition.label(releases[0])} to {edition.label(releases[-1])}"
    observed = words.several(len(releases), "observed release")
    if not odd:
        return f"by default, under every public path, in all of {observed}, {whole}"
    return f"by default in {len(releases) - len(odd)} of {observed}, {whole}"


def _oddities(edition: Edition, usual: dict[str, str]) -> list[Oddity]:
    found: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for row, value, first, last in _odd(edition, edition.layers, usual):
        found.setdefault((value, first, last), []).append((row.symbol.name, row.role))
    return [
        Oddity(value=value, first=first, last=last, where=tuple(where))
        for (value, first, last), where in found.items()
    ]


def _odd(
    edition: Edition, rows: Iterable[Row], usual: dict[str, str]
) -> Iterator[tuple[Row, str, str, str]]:
    for row in rows:
        for run in edition.runs(row, Aspect.VERDICT):
            if run.value is not None and run.value != usual.get(row.role):
                yield row, run.value, run.first, run.last


def _sentence(edition: Edition, odd: Oddity) -> list[Piece]:
    until = edition.span(odd.first, odd.last)
    return [
        (TEXT, f"{until}: "),
        *where(odd.where),
        (TEXT, " started with "),
        (STRONG, odd.value),
        (TEXT, "."),
    ]


def where(pairs: Sequence[tuple[str, str]]) -> list[Piece]:
    """Name rows by symbol and role: roles of one symbol together, and symbols of the same roles."""
    roles: dict[str, list[str]] = {}
    for symbol, role in pairs:
        roles.setdefault(symbol, []).append(role)
    alike: dict[tuple[str, ...], list[str]] = {}
    for symbol, each in roles.items():
        alike.setdefault(tuple(each), []).append(symbol)
    pieces: list[Piece] = []
    for shared, symbols in alike.items():
        said = "" if shared == (WEIGHTS,) else f" {' and '.join(shared)}"
        pieces += [*([(TEXT, "; ")] if pieces else []), *words.listed(symbols), (TEXT, said)]
    return pieces
