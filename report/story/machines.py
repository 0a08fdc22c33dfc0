"""What the page "On another machine" says of other platforms: how their observations compare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from report.evidence import Status
from report.matrix import EXISTENCE, KINDS, MEASURED, NUMBERS, Across, Cell, Index, Kind, Move
from report.story import confirmations, marks, moved, summary, wording
from report.story.platform_lines import CLAIMS, NOT_COMPARED, bound, is_other_law, named, spans
from report.story.wording import CODE, TEXT, Piece
from report.text import short
from report.verdict import Degree, Relation

SEVERITY = list(Degree)
Compared = Mapping[tuple[str, str], Mapping[str, Relation]]  # numbers, by row and release


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """How many cells of one kind of evidence were compared, and the result in words."""

    title: str
    page: str
    compared: int
    result: str


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """A symbol and its role; ``href`` is the path of its page, or empty."""

    symbol: str
    role: str
    href: str


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Rows that differ alike in one kind of evidence, and in which releases."""

    title: str
    rows: tuple[Named, ...]
    releases: str
    how: tuple[Piece, ...]


class Platform(msgspec.Struct, frozen=True, kw_only=True):
    """What the page says of one other platform; ``answer`` is the sentence to begin with.

    ``measured`` says in which releases by what and when it was measured, ``lacks`` which releases
    were not compared and why, and ``others`` which fields of observations differ beyond the cells.
    Each is a list of releases with a text.
    """

    key: str
    name: str
    answer: str
    measured: tuple[tuple[str, str], ...]
    counts: tuple[Count, ...]
    differences: tuple[Difference, ...]
    lacks: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, str], ...]
    problems: tuple[str, ...]


def platforms(index: Index) -> tuple[Platform, ...]:
    """Return what is said of each other platform that has observations."""
    return tuple(_platform(index, each) for each in index.across)


def _platform(index: Index, across: Across) -> Platform:
    return Platform(
        key=across.other.platform,
        name=named(across.other.platform),
        answer=_answer(index, across),
        measured=tuple(_measured(index, across)),
        counts=tuple(_counts(across)),
        differences=tuple(_differences(index, across)),
        lacks=tuple(_lacks(index, across)),
        others=tuple(_others(index, across)),
        problems=across.problems,
    )


def _answer(index: Index, across: Across) -> str:
    """Return how laws and numbers compare on another platform, in one sentence."""
    if not across.releases:
        return "Nothing was compared, as no release was observed on both platforms."
    compared = {key: across.relations(*key, NUMBERS) for key in across.pairs}
    found = _largest(compared).values()
    alike = wording.grouped(found, lambda relation: relation.degree)
    parts = [_laws([move for move in across.moves if move.kind is MEASURED])]
    of = f" of {wording.several(len(found), 'symbol')} with numbers"
    for degree, each in sorted(alike.items(), key=lambda pair: SEVERITY.index(pair[0])):
        parts.append(f"{CLAIMS[degree]}{bound(each)} for {len(each)}{of}")
        of = ""  # once is enough
    if lacking := _not_compared(index, across, compared):
        parts.append(f"not compared in each of these releases for {lacking}")
    said = wording.plain(wording.joined([[(TEXT, part)] for part in parts], ", ", ", and "))
    return f"In {spans(index, across.releases)}: {said}."


def _laws(moves: Sequence[Move]) -> str:
    """Return how the laws compare, given the moves of measured weights."""
    other = sum(map(is_other_law, moves))
    if other:
        return f"another law in {wording.several(other, 'cell')}"
    return "the same laws where one was recognised" if moves else "the same laws"


def _largest(compared: Compared) -> dict[str, Relation]:
    """Return, by symbol, how its numbers compare in the release in which they differ most."""
    found: dict[str, Relation] = {}
    for (symbol, _), relations in compared.items():
        for relation in relations.values():
            found[symbol] = max(found.get(symbol, relation), relation, key=_severity)
    return found


def _not_compared(index: Index, across: Across, compared: Compared) -> int:
    """Return how many symbols have numbers in a release in which they were not compared."""
    found = {
        row.symbol.name
        for row in index.matrix.rows
        for release in {*across.releases}.difference(compared.get(row.key, ()))
        if row.values[NUMBERS][index.place[release]]
    }
    return len(found)


def _severity(relation: Relation) -> tuple[int, float]:
    return SEVERITY.index(relation.degree), relation.largest or 0.0


def _measured(index: Index, across: Across) -> Iterator[tuple[str, str]]:
    """Yield when what is compared was last measured, on each platform, and what emulated it."""
    for matrix in (across.shown, across.other):
        compared = [each for each in matrix.releases if each.version in across.releases]
        for day, releases in wording.grouped(compared, confirmations.day).items():
            versions = spans(index, [each.version for each in releases])
            yield f"{named(matrix.platform)}, {versions}", day


def _counts(across: Across) -> Iterator[Count]:
    """Yield how many cells are the same in each kind of evidence."""
    for each in across.counts:
        kind = MEASURED if each.kind is EXISTENCE else each.kind  # they share a page
        some = f"{each.same:,} the same, {each.compared - each.same:,} not"
        yield Count(
            title=each.kind.title,
            page=kind.page,
            compared=each.compared,
            result="all the same" if each.same == each.compared else some,
        )


def _differences(index: Index, across: Across) -> Iterator[Difference]:
    """Yield every cell that differs; those together that do so alike in the same releases."""
    cells = wording.grouped(
        across.moves, lambda move: (move.kind, _how_it_differs(move), move.symbol, move.role)
    )
    alike = wording.grouped(
        cells, lambda key: (*key[:2], tuple(move.release for move in cells[key]))
    )
    order = (*KINDS, None)
    for (kind, how, releases), keys in sorted(alike.items(), key=lambda e: order.index(e[0][0])):
        moves = [move for key in keys for move in cells[key]]
        relations = [move.relation for move in moves if move.relation]
        yield Difference(
            title=kind.title if kind else NOT_COMPARED.capitalize(),
            rows=tuple(_row(index, symbol, role) for _, _, symbol, role in keys),
            releases=spans(index, releases),
            how=(*how, (TEXT, bound(relations))),
        )


def _lacks(index: Index, across: Across) -> Iterator[tuple[str, str]]:
    """Yield the releases that were not compared, and why."""
    other = Index(matrix=across.other)
    both = (index, other)
    reasons = {
        version: "; ".join(filter(None, (_lack(side, version) for side in both)))
        for version in across.not_compared
    }
    for reason, versions in wording.grouped(reasons, reasons.__getitem__).items():
        known = index if versions[0] in index.releases else other  # as for the others
        yield spans(known, versions), reason


def _lack(side: Index, version: str) -> str:
    """Return why a release was not observed on one platform; empty if it was."""
    name, release = named(side.matrix.platform), side.releases.get(version)
    if release is None:
        return f"the table of releases has none for {name}"
    if release.status is Status.OBSERVED:
        return ""
    return f"{marks.STATUSES[release.status]} on {name}: {release.reason}"


def _others(index: Index, across: Across) -> Iterator[tuple[str, str]]:
    """Yield which fields of observations differ beyond the cells, and in which releases."""
    texts = {release: _fields(fields) for release, fields in across.others.items() if fields}
    for text, releases in wording.grouped(texts, texts.__getitem__).items():
        yield spans(index, releases), text


def _fields(fields: Counter[str]) -> str:
    """Return names of fields as text, each with the number of cells that it differs in."""
    return ", ".join(
        f"{field} in {wording.several(count, 'cell')}" if count else field
        for field, count in sorted(fields.items())
    )


def _row(index: Index, symbol: str, role: str) -> Named:
    row = index.rows.get((symbol, role))
    return Named(
        symbol=symbol,
        role=row.layer_role if row else role,
        href=index.page(symbol) if symbol in index.named else "",
    )


def _how_it_differs(move: Move) -> tuple[Piece, ...]:
    """Return the class of a difference, or the values on both platforms, the shown one first."""
    kind, before, after = move.kind, move.before, move.after
    if kind is None or before is None or after is None or kind is EXISTENCE:
        return ((TEXT, f"{_state(before)} → {_state(after)}"),)
    relation = move.relation
    if relation and kind.bare(before) == kind.bare(after):
        return ((TEXT, CLAIMS[relation.degree]),)
    if facts := summary.fact_changes(kind, before, after):
        return ((TEXT, facts),)
    values = _value(kind, before), _value(kind, after)
    alike = f", {moved.UNSHOWN}" if values[0] == values[1] else ""
    return (values[0], (TEXT, " → "), values[1], (TEXT, alike))


def _value(kind: Kind, cell: Cell) -> Piece:
    value = kind.bare(cell)
    return (CODE, short(value, moved.LONGEST)) if value else (TEXT, marks.lacking(cell, kind).text)


def _state(cell: Cell | None) -> str:
    """Return a cell's state, with its reason if it says nothing of the symbol."""
    if cell is None:
        return moved.NOT_ASKED
    text = marks.BY_STATE[cell.state].text
    return f"{text} ({short(cell.reason)})" if cell.reason else text
