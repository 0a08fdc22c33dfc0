"""The page "On another machine": other processors, and the observations of other platforms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from report.evidence import Status
from report.matrix import MEASURED, NUMBERS, Across, Count, Index, Move, once
from report.story import confirmations, marks, moved, numbers, wording
from report.story.platform_lines import is_other_law, named
from report.story.wording import TEXT, Piece
from report.verdict import Degree, Relation, severity


class Processor(msgspec.Struct, frozen=True):
    """A release that was run on an emulated processor of the x86-64 kind, with its result.

    Every byte compared was that of the stored observation, which a processor with AVX-512 gave.
    """

    release: str
    name: str
    extensions: str
    day: date
    emulator: str = "QEMU 7.2"
    compared: str = "all symbols"


PROCESSORS = (
    Processor("1.0.1", "Haswell", "AVX2", date(2026, 11, 27)),
    Processor("1.8.0", "Haswell", "AVX2", date(2026, 11, 26)),
    Processor("2.9.3", "Haswell", "AVX2", date(2026, 11, 26)),
    Processor("2.21.0", "Haswell", "AVX2", date(2026, 11, 27)),
    Processor("2.21.0", "SandyBridge", "AVX alone", date(2026, 11, 26)),
)


def processors() -> str:
    """Return the emulated processors with their vector instructions, as text."""
    return wording.enumerated(f"{each.name} ({each.extensions})" for each in PROCESSORS)


def tried() -> str:
    """Return the releases that were run on an emulated processor, as text."""
    return wording.enumerated(each.release for each in PROCESSORS)


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


@once
def platforms(index: Index) -> tuple[Platform, ...]:
    """Return what is said of each other platform that has observations."""
    return tuple(
        Platform(
            key=across.other.platform,
            name=named(across.other.platform),
            answer=_answer(index, across),
            measured=tuple(_measured(index, across)),
            counts=across.counts,
            differences=tuple(_differences(index, across)),
            lacks=tuple(_lacks(index, across)),
            others=tuple(_others(index, across)),
            problems=across.problems,
        )
        for across in index.across
    )


def _answer(index: Index, across: Across) -> str:
    """Return how laws and numbers compare on another platform, in one sentence."""
    if not across.releases:
        return "Nothing was compared, as no release was observed on both platforms."
    found = _largest(across)
    parts = [_laws([move for move in across.moves if move.kind is MEASURED])]
    of = f" of {wording.several(len(found), 'symbol')} with numbers"
    for degree in Degree:
        if each := [relation for relation in found if relation.degree is degree]:
            parts.append(f"{numbers.CLAIMS[degree]}{numbers.bound(each)} for {len(each)}{of}")
            of = ""  # once is enough
    lost = [move.before for move in across.moves if move.kind is None and move.before]
    if lacking := {cell.symbol for cell in lost if NUMBERS.value(cell)}:
        parts.append(f"not compared in each of these releases for {len(lacking)}")
    said = wording.plain(wording.joined([[(TEXT, part)] for part in parts], ", ", ", and "))
    return f"In {wording.spans(index, across.releases)}: {said}."


def _laws(moves: Sequence[Move]) -> str:
    """Return how the laws compare, given the moves of measured weights."""
    other = sum(map(is_other_law, moves))
    if other:
        return f"another law in {wording.several(other, 'cell')}"
    return "the same laws where one was recognised" if moves else "the same laws"


def _largest(across: Across) -> list[Relation]:
    """Return how each symbol's numbers compare in the release in which they differ most."""
    found: dict[str, Relation] = {}
    for cell, other in across.pairs:
        if relation := NUMBERS.relate(cell, other):
            found[cell.symbol] = max(found.get(cell.symbol, relation), relation, key=severity)
    return list(found.values())


def _measured(index: Index, across: Across) -> Iterator[tuple[str, str]]:
    """Yield when what is compared was last measured, on each platform, and what emulated it."""
    for matrix in (across.shown, across.other):
        compared = [each for each in matrix.releases if each.version in across.releases]
        for day, releases in wording.grouped(compared, confirmations.day).items():
            versions = wording.spans(index, [each.version for each in releases])
            yield f"{named(matrix.platform)}, {versions}", day


def _differences(index: Index, across: Across) -> Iterator[Difference]:
    """Yield every cell that differs; those together that do so alike in the same releases."""
    for kind, how, rows in moved.alike(across.moves, lambda each: numbers.CLAIMS[each.degree]):
        relations = [move.relation for row in rows for move in row if move.relation]
        yield Difference(
            title=kind.title if kind else moved.NOT_COMPARED,
            rows=tuple(_row(index, row[0]) for row in rows),
            releases=wording.spans(index, [move.release for move in rows[0]]),
            how=(*how, (TEXT, numbers.bound(relations))),
        )


def _row(index: Index, move: Move) -> Named:
    row = index.rows.get((move.symbol, move.role))
    return Named(
        symbol=move.symbol,
        role=row.layer_role if row else move.role,
        href=index.page(move.symbol) if move.symbol in index.named else "",
    )


def _lacks(index: Index, across: Across) -> Iterator[tuple[str, str]]:
    """Yield the releases that were not compared, and why."""
    other = Index(matrix=across.other)
    both = (index, other)
    reasons = {
        version: "; ".join(filter(None, (_lack(side, version) for side in both)))
        for version in across.versions
        if version not in across.releases
    }
    for reason, versions in wording.grouped(reasons, reasons.__getitem__).items():
        known = index if versions[0] in index.releases else other  # as for the others
        yield wording.spans(known, versions), reason


def _lack(side: Index, version: str) -> str:
    """Return why a release was not observed on one platform; empty if it was."""
    name, release = named(side.matrix.platform), side.releases.get(version)
    if release is None:
        return (
            f"the table of releases begins with {side.label(next(iter(side.releases)))} for {name}"
        )
    if release.status is Status.OBSERVED:
        return ""
    return f"{marks.STATUSES[release.status]} on {name}: {release.reason}"


def _others(index: Index, across: Across) -> Iterator[tuple[str, str]]:
    """Yield which fields of observations differ beyond the cells, and in which releases."""
    texts = {
        release: wording.plain(moved.fields(fields)) for release, fields in across.others.items()
    }
    for text, releases in wording.grouped(texts, texts.__getitem__).items():
        yield wording.spans(index, releases), text
