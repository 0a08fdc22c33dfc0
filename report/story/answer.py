"""The short answer, made from the data: what the defaults are, and what is the exception."""

from __future__ import annotations

from collections.abc import Sequence

from report.matrix import WHOLE, Index, present
from report.story import claims, wording
from report.story.claims import Claim, Oddity, Why
from report.story.wording import STRONG, TEXT, Piece
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


def headline(index: Index) -> list[Piece]:
    """Return the short answer in one sentence: each claim, and what is the exception."""
    made = claims.claims(index)
    if not index.observed:
        return [(TEXT, NOTHING)]
    if not any(present(row.cells) for row in index.layers):
        return [(TEXT, NO_DEFAULT)]
    if not made:
        return [(TEXT, "No default was the same under every public path that was observed.")]
    said: list[Piece] = [(TEXT, "By default, under every public path that was observed, ")]
    before: Subjects = ()
    for position, (subjects, about) in enumerate(_joined(made)):
        joint = "" if not position else ", and " if subjects == before else "; "
        verb = "" if subjects == before else _subject(subjects)
        said += [(TEXT, f"{joint}{verb}with "), *_clause(index, about)]
        before = subjects
    return [*said, *_exception(index), (TEXT, ".")]


def exceptions(index: Index) -> list[list[Piece]]:
    """Return a sentence for each exception, the widest first, and what nobody looked at.

    One that is the only one is in the short answer itself.
    """
    odd = claims.oddities(index)
    odd = () if len(odd) == 1 and claims.claims(index) else odd
    said = [_sentence(_oddity(index, each)) for each in odd[:MOST]]
    if len(odd) > MOST:
        said.append([(TEXT, f"And {len(odd) - MOST} more; the matrix has them all.")])
    unseen = [index.label(each) for each in index.releases if each not in index.seen]
    if unseen and index.observed:
        many: list[Piece] = [(TEXT, f"{len(unseen)} of {len(index.releases)} releases")]
        names = wording.listed(unseen) if len(unseen) <= MOST else many
        said.append([(TEXT, "Not observed, so nothing is said of: "), *names, (TEXT, ".")])
    return said


def _sentence(pieces: Sequence[Piece]) -> list[Piece]:
    """Begin with a capital letter, unless with a symbol, and end with a full stop."""
    (kind, text), *rest = pieces
    return [(kind, text[:1].upper() + text[1:] if kind == TEXT else text), *rest, (TEXT, ".")]


def flagships(index: Index) -> list[tuple[str, list[tuple[str, list[Piece]]]]]:
    """Return the history of the symbols that are asked about most, role by role."""
    known = {row.symbol.name for row in index.layers}
    names = [name for name in FLAGSHIPS if name in known] or list(
        dict.fromkeys(row.symbol.name for row in index.layers)
    )[:3]
    return [(name, _stories(index, name)) for name in names]


def _stories(index: Index, name: str) -> list[tuple[str, list[Piece]]]:
    rows = [row for row in index.layers if row.symbol.name == name]
    return [(row.role, wording.history_of(index, row)) for row in rows]


Subjects = tuple[str | None, ...]


def _joined(made: Sequence[Claim]) -> list[tuple[Subjects, tuple[Claim, ...]]]:
    """Join the claims about one thing that hold in the same releases, then equal things."""
    about: dict[tuple[str | None, tuple[str, ...]], list[Claim]] = {}
    for claim in made:
        about.setdefault((claim.layer, claim.releases), []).append(claim)
    alike: dict[object, list[tuple[str | None, tuple[Claim, ...]]]] = {}
    for (layer, releases), each in about.items():
        key = (releases, tuple((claim.role, claim.law) for claim in each), layer is None)
        alike.setdefault(key, []).append((layer, tuple(each)))
    return [(tuple(layer for layer, _ in each), each[0][1]) for each in alike.values()]


def _subject(subjects: Subjects) -> str:
    names = wording.plain(wording.listed([each or VARIABLE for each in subjects]))
    return f"{names} start{'s' * (len(subjects) == 1)} "


def _clause(index: Index, about: Sequence[Claim]) -> list[Piece]:
    """Return the laws of one or more roles, and in which of the observed releases."""
    said: list[Piece] = []
    for position, claim in enumerate(about):
        said += [(TEXT, " and " if position else ""), (STRONG, claim.law)]
        said += [(TEXT, f" {_plural(claim.role)}")] if claim.layer else []
    return [*said, (TEXT, f" in {_reach(index, about[0].releases)}")]


def _plural(role: str) -> str:
    return {"bias": "biases"}.get(role, f"{role}s")


def _reach(index: Index, releases: Sequence[str]) -> str:
    """Count releases out of those that were observed, and name the first and the last."""
    observed, span = len(index.observed), index.span(releases[0], releases[-1])
    if len(releases) < observed:
        return f"{len(releases)} of {observed} observed releases ({span})"
    every = {1: "the only observed release", 2: "both observed releases"}
    return f"{every.get(observed, f'all {observed} observed releases')} ({span})"


def _exception(index: Index) -> list[Piece]:
    """Return the one exception in full, or how many there are."""
    odd = claims.oddities(index)
    if not odd:
        return []
    if len(odd) == 1:
        return [(TEXT, ". The one exception: "), *_oddity(index, odd[0])]
    return [(TEXT, f". There are {len(odd)} exceptions")]


def _oddity(index: Index, odd: Oddity) -> list[Piece]:
    until = f" in {index.span(odd.releases[0], odd.releases[-1])}"
    which = wording.where((symbol, _part(index, symbol, role)) for symbol, role in odd.rows)
    match odd.why:
        case Why.CONFLICT:
            return [(TEXT, "the evidence disagrees for "), *which, (TEXT, until)]
        case Why.FAILED:
            return [(TEXT, "the probe failed for "), *which, (TEXT, until)]
    if odd.law is None or odd.law in NO_LAW:
        return [*which, (TEXT, f" started with what no known law fits{until}")]
    return [*which, (TEXT, " started with "), (STRONG, odd.law), (TEXT, until)]


def _part(index: Index, symbol: str, role: str) -> str:
    """Return the role of a layer's weight; a variable is its weights, and has no part."""
    return role if index.rows[symbol, role].symbol.layer else WHOLE
