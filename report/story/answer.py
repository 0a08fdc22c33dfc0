"""The short answer, derived from the data: the default initializers and their exceptions.

A claim names the law that one role of a layer, or a variable, starts with. It holds in a release
if at least one public path was observed there and all that were observed started with that law.
Any other observed outcome is an exception: another law or none, conflicting evidence, a failed
probe.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import groupby

import msgspec

from report.evidence import State, Status
from report.matrix import WHOLE, Cell, Index, Row, once, present
from report.story import wording
from report.story.wording import STRONG, TEXT, History, Piece
from report.verdict import NO_LAW

FLAGSHIPS = (
    "tf.layers.conv2d",
    "tf.layers.dense",
    "tf.keras.layers.Conv2D",
    "tf.keras.layers.Dense",
    "tf.get_variable",
)
MOST = 4
VARIABLE = "a float32 get_variable"
NOTHING = "No release has been observed yet."
NO_DEFAULT = "No layer or variable was there in what was observed."

Subjects = tuple[str | None, ...]


class Why(StrEnum):
    """Why a cell is an exception."""

    LAW = "law"  # it started with another law
    CONFLICT = "conflict"  # its evidence disagrees
    FAILED = "failed"  # its probe failed, in a release that was observed


class Outlier(msgspec.Struct, frozen=True):
    """Rows that are an exception for the same reason in the same neighbouring releases."""

    why: Why
    law: str | None
    releases: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """The law of one role of a layer, or of a variable if ``layer`` is None, and its releases.

    ``seen`` is the number of releases in which at least one public path was observed.
    """

    layer: str | None
    role: str
    law: str
    releases: tuple[str, ...]
    seen: int


@once
def claims(index: Index) -> tuple[Claim, ...]:
    """Return a claim for each layer and role whose rows share a law in at least one release."""
    return tuple(
        Claim(layer=layer, role=role, law=usual[0], releases=tuple(usual[1]), seen=_seen(rows))
        for (layer, role), rows in _default_rows(index).items()
        if (usual := _usual(rows))
    )


@once
def outliers(index: Index) -> tuple[Outlier, ...]:
    """Return the exceptions to the claims, those with the most rows first."""
    found: list[tuple[tuple[Why, str | None, tuple[str, ...]], Row]] = []
    for rows in _default_rows(index).values():
        usual = _usual(rows)
        for row in rows:
            found += [(key, row) for key in _outliers(index, row, usual[0] if usual else None)]
    joined = [
        Outlier(why, law, releases, tuple(row.key for _, row in each))
        for (why, law, releases), each in wording.grouped(found, lambda pair: pair[0]).items()
    ]
    return tuple(sorted(joined, key=lambda one: -len(one.rows)))


def _default_rows(index: Index) -> dict[tuple[str | None, str], list[Row]]:
    """Return the rows of layers and variables, grouped by layer and role."""
    return wording.grouped(index.layers, lambda row: (row.symbol.layer, row.role))


def _settled(cell: Cell) -> str | None:
    """Return a cell's law; None if none was recognised or the evidence conflicts."""
    return None if cell.conflict or cell.law in NO_LAW else cell.law


def _usual(rows: Sequence[Row]) -> tuple[str, list[str]] | None:
    """Return the law that all rows share in the most releases, and those releases; or None."""
    held: dict[str, list[str]] = {}
    for cells in zip(*(row.cells for row in rows), strict=True):
        laws = {_settled(cell) for cell in present(cells)}
        if len(laws) == 1 and (law := laws.pop()):
            held.setdefault(law, []).append(cells[0].release)
    return min(held.items(), key=lambda item: (-len(item[1]), item[0]), default=None)


def _seen(rows: Sequence[Row]) -> int:
    """Return the number of releases in which at least one row was observed."""
    return sum(bool(present(cells)) for cells in zip(*(row.cells for row in rows), strict=True))


def _outliers(
    index: Index, row: Row, law: str | None
) -> Iterator[tuple[Why, str | None, tuple[str, ...]]]:
    for key, cells in groupby(row.cells, lambda cell: _why(index, cell, law)):
        if key:
            yield (*key, tuple(cell.release for cell in cells))


def _why(index: Index, cell: Cell, law: str | None) -> tuple[Why, str | None] | None:
    """Return why a cell is an exception and the law it has instead; None if it is not one."""
    if cell.state is State.FAILED and index.releases[cell.release].status is Status.OBSERVED:
        return Why.FAILED, None
    if cell.state is not State.OBSERVED:
        return None
    if cell.conflict:
        return Why.CONFLICT, None
    return None if cell.law == law and _settled(cell) else (Why.LAW, cell.law)


def headline(index: Index) -> list[Piece]:
    """Return the short answer as one sentence: each claim, then the exception or their number."""
    made = claims(index)
    if not index.observed:
        return [(TEXT, NOTHING)]
    if not any(present(row.cells) for row in index.layers):
        return [(TEXT, NO_DEFAULT)]
    if not made:
        return [(TEXT, "No default was the same under every public path that was observed.")]
    pieces: list[Piece] = [(TEXT, "By default, under every public path that was observed, ")]
    before: Subjects = ()
    for position, (subjects, about) in enumerate(_joined(made)):
        joint = "" if not position else ", and " if subjects == before else "; "
        verb = "" if subjects == before else _subject(subjects)
        pieces += [(TEXT, f"{joint}{verb}with "), *_clause(index, about, several=len(subjects) > 1)]
        before = subjects
    return [*pieces, *_exception(index), (TEXT, ".")]


def exceptions(index: Index) -> list[list[Piece]]:
    """Return a sentence for each exception, and one that names the unobserved releases.

    A single exception is left out, as the headline names it.
    """
    odd = outliers(index)
    odd = () if len(odd) == 1 and claims(index) else odd
    found = [_sentence(_clause_of(index, each)) for each in odd[:MOST]]
    if len(odd) > MOST:
        found.append([(TEXT, f"And {len(odd) - MOST} more; the matrix has them all.")])
    unseen = [index.label(each) for each in index.releases if each not in index.seen]
    if unseen and index.observed:
        many: list[Piece] = [(TEXT, f"{len(unseen)} of {len(index.releases)} releases")]
        names = wording.listed(unseen) if len(unseen) <= MOST else many
        found.append([(TEXT, "Not observed, so nothing is said of: "), *names, (TEXT, ".")])
    return found


def _sentence(pieces: Sequence[Piece]) -> list[Piece]:
    """Return a clause as a sentence, with a capital letter (unless code) and a full stop."""
    (kind, text), *rest = pieces
    return [(kind, text[:1].upper() + text[1:] if kind == TEXT else text), *rest, (TEXT, ".")]


def flagships(index: Index) -> list[History]:
    """Return the histories of the most popular symbols."""
    known = wording.grouped(index.layers, lambda row: row.symbol.name)
    names = [name for name in FLAGSHIPS if name in known] or list(known)[:3]
    return wording.histories(index, [row for name in names for row in known[name]])


def _joined(made: Sequence[Claim]) -> list[tuple[Subjects, list[Claim]]]:
    """Group the claims of a layer that hold in the same releases, then layers with equal claims."""
    about = wording.grouped(made, lambda claim: (claim.layer, claim.releases, claim.seen))
    alike = wording.grouped(
        about,
        lambda key: (key[1:], tuple((one.role, one.law) for one in about[key]), key[0] is None),
    )
    return [(tuple(key[0] for key in keys), about[keys[0]]) for keys in alike.values()]


def _subject(subjects: Subjects) -> str:
    names = wording.enumerated(each or VARIABLE for each in subjects)
    return f"{names} start{'s' * (len(subjects) == 1)} "


def _clause(index: Index, about: Sequence[Claim], *, several: bool) -> list[Piece]:
    """Return the laws of one or more roles and the releases that have them."""
    parts: list[list[Piece]] = []
    for claim in about:
        role = "biases" if claim.role == "bias" else f"{claim.role}s"
        parts.append([(STRONG, claim.law), (TEXT, f" {role}" if claim.layer else "")])
    return [
        *wording.joined(parts, " and "),
        (TEXT, f" in {_reach(index, about[0], several=several)}"),
    ]


def _reach(index: Index, claim: Claim, *, several: bool) -> str:
    """Return the number of releases, out of all that could show it, with the first and the last."""
    some, span = len(claim.releases), index.span(claim.releases[0], claim.releases[-1])
    every = {1: "the only", 2: "both"}.get(claim.seen, f"all {claim.seen}")
    count = every if some == claim.seen else f"{some} of {claim.seen}"
    noun = "release" if claim.seen == 1 else "releases"
    if claim.seen == len(index.observed):
        return f"{count} observed {noun} ({span})"
    return f"{count} {noun} in which {'they were' if several else 'it was'} observed ({span})"


def _exception(index: Index) -> list[Piece]:
    """Return the one exception in full, or how many there are."""
    odd = outliers(index)
    if not odd:
        return []
    if len(odd) == 1:
        return [(TEXT, ". The one exception: "), *_clause_of(index, odd[0])]
    return [(TEXT, f". There are {len(odd)} exceptions")]


def _clause_of(index: Index, outlier: Outlier) -> list[Piece]:
    """Return an exception as a clause: its rows, the reason and the releases."""
    span = f" in {index.span(outlier.releases[0], outlier.releases[-1])}"
    which = wording.where(
        # a variable has a single role, which is not worth naming
        (symbol, role if index.rows[symbol, role].symbol.layer else WHOLE)
        for symbol, role in outlier.rows
    )
    match outlier.why:
        case Why.CONFLICT:
            return [(TEXT, "the evidence disagrees for "), *which, (TEXT, span)]
        case Why.FAILED:
            return [(TEXT, "the probe failed for "), *which, (TEXT, span)]
    if outlier.law is None or outlier.law in NO_LAW:
        return [*which, (TEXT, f" started with what no known law fits{span}")]
    return [*which, (TEXT, " started with "), (STRONG, outlier.law), (TEXT, span)]
