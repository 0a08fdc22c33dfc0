"""Whether a release leads to the same numbers as the one before, for popular layers.

A table is of one API and seed call. Its steps are neighbouring observed releases, newest first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

import msgspec
from msgspec.structs import replace

from report.evidence import Seeds, State
from report.matrix import NUMBERS, Cell, Index, Row, Run, history, once
from report.story import comparison, marks, numbers, wording
from report.story.wording import Piece
from report.verdict import Degree
from report.verdict import numbers as compared

KERNEL = "kernel"
# The layers of each API, and where its initializers are.
APIS = {
    "tf.keras": (("tf.keras.layers.Dense", "tf.keras.layers.Conv2D"), ("tf.keras",)),
    "tf.compat.v1": (
        ("tf.compat.v1.layers.dense", "tf.compat.v1.layers.conv2d"),
        ("tf.compat.v1",),
    ),
    "tf.layers": (("tf.layers.dense", "tf.layers.conv2d"), ("tf", "tf.initializers")),
}
EXAMPLES = tuple(layers[0] for layers, _ in APIS.values())
GRAPHS = ("tf.compat.v1.get_variable", "tf.get_variable")
MISSING = "–"  # noqa: RUF001 - no symbol of the column is in both releases
OTHER_LAW, LOST = "another law", "no longer repeated"
NOT_THERE, NOT_REPEATED = marks.NEVER.text, marks.UNREPEATED.text
SAME = str(Degree.SAME)
QUIET = (SAME, MISSING, NOT_THERE, NOT_REPEATED)
LOUDEST = (OTHER_LAW, LOST, *map(str, reversed(Degree)), *QUIET[1:])


class Entry(msgspec.Struct, frozen=True):
    """How one column compares, in a few words."""

    text: str

    @property
    def quiet(self) -> bool:
        """Whether nothing changed, as far as it can be compared."""
        return self.text in QUIET


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """How each column of two neighbouring releases, or of a range of them, compares, and why.

    ``href`` is the page that compares them, if they are two.
    """

    before: str
    after: str
    span: str
    href: str
    entries: tuple[Entry, ...]
    why: str

    @property
    def quiet(self) -> bool:
        """Whether nothing changed in any column."""
        return all(entry.quiet for entry in self.entries)


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """The steps of one API after one seed call, which may have had several names."""

    api: str
    calls: tuple[str, ...]
    columns: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def called(self) -> list[Piece]:
        """The names of the seed call as text."""
        return wording.joined([[(wording.CODE, call)] for call in self.calls], " or ")


class Upgrade(msgspec.Struct, frozen=True, kw_only=True):
    """What the page on upgrades shows.

    ``stretches`` are the ranges of releases with the same numbers for the example. ``by_position``
    and ``by_place`` are the releases in which an unseeded operation's seed is its position among
    all operations of a graph, and among the random ones.
    """

    example: str
    href: str
    stretches: str
    tables: tuple[Table, ...]
    by_position: str
    by_place: str


@once
def upgrade(index: Index) -> Upgrade | None:
    """Return what the page on upgrades shows; None if no two releases can be compared."""
    tables = tuple(_tables(index))
    example = next((name for name in EXAMPLES if (name, KERNEL) in index.rows), None)
    if not tables or example is None:
        return None
    by_position, by_place = _numbered(index)
    runs = history.ranges(index.rows[example, KERNEL].runs[NUMBERS])
    return Upgrade(
        example=example,
        href=index.page(example),
        stretches=wording.enumerated([_stretch(index, run) for run in reversed(runs) if run.value]),
        tables=tables,
        by_position=by_position,
        by_place=by_place,
    )


def answer(found: Upgrade) -> str:
    """Return the answer in one line."""
    if not found.stretches:
        return f"No numbers of {found.example} are known: the tables have those of other symbols."
    return f"After a seed call, {found.example} has the same numbers within {found.stretches}."


def _stretch(index: Index, run: Run) -> str:
    """Return a run's range, with its only seed call if TensorFlow's does not repeat the numbers."""
    calls = [{one.seeds: one.call for one in cell.evidence.numbers} for cell in run.cells]
    common = set.intersection(*(set(each) for each in calls if each))
    alone = [calls[-1][each] for each in sorted(common) if Seeds.TENSORFLOW not in common]
    only = f" (after {alone[0]}, not after TensorFlow's own seed call)" if alone else ""
    return index.span(run.first, run.last) + only


def _numbered(index: Index) -> tuple[str, str]:
    """Return by what an unseeded operation of a graph is numbered, as ranges of releases."""
    found: dict[str, list[str]] = {"position": [], "place": []}
    rows = [index.rows[name, KERNEL] for name in GRAPHS if (name, KERNEL) in index.rows]
    for release in index.observed:
        drawn = [index.cell(row, release.version).evidence.numbers for row in rows]
        stream = next((each[0].draws[0].stream for each in drawn if each), None)
        if stream and stream.seeds and stream.position != stream.place:
            for how, releases in found.items():
                if getattr(stream, how) == stream.seeds[-1]:
                    releases.append(release.version)
    by_position, by_place = (wording.spans(index, releases) for releases in found.values())
    return by_position, by_place


def _tables(index: Index) -> Iterator[Table]:
    """Yield a table for each API and each seed call after which numbers were compared."""
    for api, (layers, homes) in APIS.items():
        columns = {
            name: [index.rows[name, KERNEL]] for name in layers if (name, KERNEL) in index.rows
        }
        named = [row for row in index.initializers if _is_of(row, homes)]
        for seeds in Seeds if columns else ():
            rows = [*columns.values(), named]
            calls = _calls(seeds, [row for each in rows for row in each])
            lines = [line for line in _lines(index, seeds, rows) if _tells(line.entries[:-1])]
            if calls and any(not line.quiet or Entry(SAME) in line.entries for line in lines):
                yield Table(
                    api=api,
                    calls=calls,
                    columns=(*columns, "named initializers"),
                    lines=tuple(_joined(index, lines)),
                )


def _tells(entries: Sequence[Entry]) -> bool:
    """Return whether a layer is in both releases."""
    return any(entry.text not in {MISSING, NOT_THERE} for entry in entries)


def _is_of(row: Row, homes: Sequence[str]) -> bool:
    """Return whether an initializer that draws is of one of these APIs, and not of its Keras."""
    keras = ".keras." in row.symbol.path and "tf.keras" not in homes
    drawn = any(cell.evidence.numbers for cell in row.cells)
    return drawn and not keras and wording.home(row.symbol.name) in homes


def _calls(seeds: Seeds, rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the names of a seed call, the newest one first."""
    cells = (cell for row in rows for cell in reversed(row.cells))
    samples = (compared.after_seed_calls(cell.evidence).get(seeds) for cell in cells)
    return tuple(dict.fromkeys(sample.call for sample in samples if sample))


def _lines(index: Index, seeds: Seeds, columns: Sequence[Sequence[Row]]) -> Iterator[Line]:
    """Yield the line of each two neighbouring releases after one seed call, newest first."""
    for before, after in reversed(list(pairwise(release.version for release in index.observed))):
        entries, whys = [], []
        for rows in columns:
            pairs = [(index.cell(row, before), index.cell(row, after)) for row in rows]
            there = [each for each in pairs if all(cell.state is State.OBSERVED for cell in each)]
            found = [_entry(seeds, *each) for each in there]
            entries.append(_loudest([text for text, _ in found]))
            whys += [why for text, why in found if why and entries[-1].text.startswith(text)]
        yield Line(
            before=before,
            after=after,
            span=f"{index.label(before)} → {index.label(after)}",
            href=comparison.address(before, after),
            entries=tuple(entries),
            why=(whys or [""])[0],
        )


def _loudest(texts: Sequence[str]) -> Entry:
    """Return what is most worth saying of a column, with its number of symbols if not of all."""
    text = min(texts, key=LOUDEST.index, default=MISSING)
    count = texts.count(text)
    return Entry(text if count in {0, len(texts)} else f"{text} ({count} of {len(texts)})")


def _entry(seeds: Seeds, was: Cell, now: Cell) -> tuple[str, str]:
    """Return how the numbers of two cells compare after one seed call, and why they differ."""
    if was.law and now.law and was.law != now.law:
        return OTHER_LAW, ""
    known = [compared.after_seed_calls(cell.evidence) for cell in (was, now)]
    before, after = ({key: each[key] for key in each.keys() & {seeds}} for each in known)
    if not before:
        return _lack(seeds, was), ""
    if not after and _lack(seeds, now) == NOT_THERE:
        return NOT_THERE, ""
    # What no longer repeats is compared by another call, whose draws show what changed.
    draws = after or dict(zip(before, known[1].values(), strict=False))
    found = compared.relation(before, draws, (*was.evidence.measured, *now.evidence.measured))
    text = str(found.degree) if found and after else LOST
    return text, numbers.why(found, "") if found else ""


def _lack(seeds: Seeds, cell: Cell) -> str:
    """Return why a cell has no numbers after a seed call: there is none, or it doesn't repeat."""
    repeat = cell.evidence.repeat
    found = repeat and (repeat.tf if seeds is Seeds.TENSORFLOW else repeat.keras)
    return NOT_THERE if found is None else NOT_REPEATED


def _joined(index: Index, lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines, those joined that are alike and quiet."""
    for _, group in groupby(lines, key=lambda line: line.entries if line.quiet else line.span):
        newest, *older = group
        if older:
            span = index.span(older[-1].before, newest.after)
            yield replace(newest, span=span, href="")
        else:
            yield newest
