"""What happened between two releases: one sentence, and findings about numbers and reuse.

By level: law, then numbers and reuse, then existence. Numbers and reuse are compared in rows with
an unchanged law. A claim without a count holds in at least half of the symbols compared. compare.js
says the same of any two releases, with the words of this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from operator import itemgetter

import msgspec
from msgspec.structs import fields

from report.evidence import Decides, Repeat, Reuse, Seeded, State, Unseeded
from report.matrix import NUMBERS, OWN_SEED, REPEAT, REPEATS, REUSE, Cell, Index, Kind, Row
from report.story import numbers, wording
from report.story.wording import Piece
from report.verdict import Alike, Degree, Relation, alike

# What one seed leads to besides numbers: each fact has a text, or is unknown.
HOW = {
    "again": "one object used twice",
    "shape": "one object at two shapes",
    "object": "two objects",
    "object_shape": "two objects at two shapes",
    "seed": "two objects with two seeds",
    "copy": "an object and its copy",
}
REPEAT_AFTER = ("repeat after tf.random.set_seed", "repeat after keras.utils.set_random_seed")
FACETS = (
    *REPEAT_AFTER,
    "own seed decides",
    *(f"{HOW[each.name]} without a seed" for each in fields(Unseeded)),
    *(f"{HOW[each.name]} with a seed" for each in fields(Seeded) if each.name != "seed"),
    HOW["seed"],
    "warning about reuse",
)
OF_KIND = {REPEAT: range(len(REPEAT_AFTER)), REUSE: range(len(REPEAT_AFTER) + 1, len(FACETS))}
DECIDES = {
    Decides.OWN: "alone",
    Decides.BOTH: "with the global one",
    Decides.NEITHER: "not at all",
}
SAME, INCOMPARABLE = (numbers.CLAIMS[each] for each in (Degree.SAME, Degree.NOT_COMPARABLE))
# The claim about numbers is the first one that is true of any symbol; what could not be compared is
# said as well, and then both with their number of symbols.
CLAIMS = {
    numbers.CLAIMS[Degree.OTHER]: (Degree.OTHER, Degree.PARTLY),
    "numbers rounded differently": (Degree.ROUNDING,),
    INCOMPARABLE: (Degree.NOT_COMPARABLE,),
    SAME: (Degree.SAME,),
}
# What is said of the first of these facts that changed, by its place: the draws are the same now,
# or no longer.
TWICE = {
    FACETS.index(f"{HOW['again']} {seed}"): (f"{who} now give equal weights", f"{who} now differ")
    for seed, who in (
        ("without a seed", "objects used twice"),
        ("with a seed", "objects with a seed, used twice,"),
    )
}
ELSEWHERE = "in the others "  # before what is said of rows with an unchanged law
Facets = tuple[str | None, ...]
Pair = tuple[Cell, Cell]  # of one row in two releases, with the same law


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Symbols whose numbers compare alike, or of which one fact changed alike."""

    title: str
    where: tuple[Piece, ...]
    text: str


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What happened, as a sentence, and the findings about numbers and reuse."""

    sentence: str
    findings: tuple[Finding, ...]


def summary(
    index: Index, same: Iterable[Row], at: tuple[int, int], moved: tuple[int, int, int]
) -> Summary:
    """Return what happened between two releases, which are ``at`` two places of the table.

    ``same`` has the rows with an unchanged law; ``moved`` are the numbers of rows with another
    law, of those that appeared, and of those that disappeared.
    """
    laws, new, gone = moved
    every = ((row.cells[at[0]], row.cells[at[1]]) for row in same)
    pairs = [(was, now) for was, now in every if was.state is State.OBSERVED]
    related = list(_related(index, NUMBERS, pairs))
    claims = [claim for claim in (*_numbers(related), _reuse(pairs)) if claim]
    if laws and claims:
        claims[0] = f"{ELSEWHERE}{claims[0]}"
    other = "other laws" if laws > 1 else "another law"
    of_laws = (
        f"{other} in {wording.several(laws, 'row')}" if laws else "the same laws" * bool(pairs)
    )
    values = (of_laws, *claims)
    there = (
        wording.several(new, "new row") if new else "",
        f"{wording.several(gone, 'row')} removed" if gone else "",
    )
    own = list(_related(index, OWN_SEED, pairs))
    findings = (*_of_numbers(NUMBERS, related), *_of_numbers(OWN_SEED, own), *_changed(pairs))
    return Summary(sentence=_sentence(values, there), findings=findings)


def _sentence(values: Sequence[str], there: Sequence[str]) -> str:
    """Return what happened to values and to existence as a sentence: a, b, and c; d, e."""
    known = [each for each in values if each]
    *others, last = known or [""]
    joint = ", and " if len(others) > 1 else " and "
    parts = [joint.join(filter(None, (", ".join(others), last))), ", ".join(filter(None, there))]
    text = "; ".join(filter(None, parts))
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _share(text: str, some: Iterable[str], every: Iterable[str], *, alone: bool = True) -> str:
    """Return a claim about symbols; with their number unless it is alone and holds in most."""
    part, whole = len(set(some)), len(set(every))
    return text if alone and 2 * part >= whole else f"{text} for {part} of {whole} symbols"


def _numbers(related: Sequence[tuple[str, Relation]]) -> Iterator[str]:
    """Yield how the numbers of symbols compare, and which share could not be compared."""
    known = [name for name, _ in related]
    claims = {
        text: names
        for text, degrees in CLAIMS.items()
        if (names := [name for name, found in related if found.degree in degrees])
    }
    first = next(iter(claims), None)
    shown = [text for text in claims if text in {first, INCOMPARABLE}]
    for text in shown:
        yield _share(text, claims[text], known, alone=len(shown) == 1)


def _reuse(pairs: Sequence[Pair]) -> str:
    """Return what changed for an object that is used twice, in a few words."""
    for place, (equal, apart) in TWICE.items():
        found = [(was.symbol, facets(was)[place], facets(now)[place]) for was, now in pairs]
        known = [
            (name, was == Alike.SAME, now == Alike.SAME) for name, was, now in found if was and now
        ]
        names = [name for name, *_ in known]
        if same := [name for name, was, now in known if now and not was]:
            return _share(equal, same, names)
        if other := [name for name, was, now in known if was and not now]:
            return _share(apart, other, names)
    return ""


def _related(index: Index, kind: Kind, pairs: Iterable[Pair]) -> Iterator[tuple[str, Relation]]:
    """Yield each symbol with numbers of one kind, and how they compare."""
    for was, now in pairs:
        if found := index.relation(kind, was, now):
            yield was.symbol, found


def _of_numbers(kind: Kind, related: Sequence[tuple[str, Relation]]) -> Iterator[Finding]:
    """Yield how the numbers of one kind compare, those that differ first."""
    words = {found: numbers.differ([found], "") for _, found in related}
    alike = wording.grouped(related, lambda pair: words[pair[1]])
    for text, each in sorted(alike.items(), key=lambda item: (item[0] == SAME, -len(item[1]))):
        where = tuple(wording.counted(name for name, _ in each))
        if kind is NUMBERS or text != SAME:
            yield Finding(title=kind.title, where=where, text=text)


def _changed(pairs: Iterable[Pair]) -> Iterator[Finding]:
    """Yield the facts that changed, those together that did so alike in the same symbols."""
    names: dict[tuple[int, str], list[str]] = {}
    for was, now in pairs:
        for fact in _facts(was, now):
            names.setdefault(fact, []).append(was.symbol)
    by_place = sorted(names, key=itemgetter(0))
    alike = wording.grouped(by_place, lambda fact: (fact[1], tuple(names[fact])))
    for (text, symbols), facts in alike.items():
        title = "; ".join(FACETS[place] for place, _ in facts)
        title = title[:1].upper() + title[1:]
        yield Finding(title=title, where=tuple(wording.counted(symbols)), text=text)


def fact_changes(kind: Kind, was: Cell, now: Cell) -> str:
    """Return the facts of a kind that differ, those joined that do so alike; empty without any.

    If two draws of one object came or ceased to be the same, that is said first.
    """
    facts = [fact for fact in _facts(was, now) if fact[0] in OF_KIND.get(kind, ())]
    alike = wording.grouped(facts, itemgetter(1))
    titles = {text: "; ".join(FACETS[place] for place, _ in each) for text, each in alike.items()}
    each = "; ".join(f"{title}: {text}" for text, title in titles.items())
    claim = _reuse([(was, now)]) if kind is REUSE else ""
    return f"{claim} ({each})" if claim else each


def _facts(was: Cell, now: Cell) -> Iterator[tuple[int, str]]:
    """Yield the place of each fact that differs, and its texts before and after."""
    for place, (before, after) in enumerate(zip(facets(was), facets(now), strict=True)):
        if before != after and before and after:
            yield place, f"{before} → {after}"


def facets(cell: Cell) -> Facets:
    """Return the facts of a cell in the order of ``FACETS``; None for what was not observed."""
    evidence = cell.evidence
    own = evidence.own_seed
    return _facets(evidence.repeat, own and own.decides, evidence.reuse)


@cache
def _facets(repeat: Repeat | None, decides: Decides | None, reuse: Reuse | None) -> Facets:
    return (
        *((REPEATS[repeat.tf], REPEATS[repeat.keras]) if repeat else (None, None)),
        DECIDES[decides] if decides else None,
        *_alike(Unseeded, reuse.unseeded if reuse else None),
        *_alike(Seeded, reuse.seeded if reuse else None),
        REPEATS[bool(reuse.warns)] if reuse else None,
    )


def _alike(
    record: type[Unseeded | Seeded], draws: Unseeded | Seeded | None
) -> Iterator[str | None]:
    for each in fields(record):
        yield str(alike(getattr(draws, each.name))) if draws else None
