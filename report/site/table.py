"""Layout of the matrix as an HTML table: columns, rows and cells.

A column is a release. A cell spans neighbouring releases that look the same: a run, split if a
mark (a conflict, a release that cannot be installed) applies to only a part of it. All layout
arithmetic is here; templates only print.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

import msgspec
from msgspec.structs import replace

from report.evidence import State, Status
from report.matrix import EXISTENCE, LAW, MEASURED, Cell, Index, Kind, Row, Run, once, with_page
from report.story import Codes, Mark, marks, wording
from report.text import short

# Widths in pixels: a release's column, a quiet one when squeezed, the columns of names, margins.
COLUMN, QUIET, NAMES, MARGIN = 25, 7, 240, 32
LETTER, PADDING, NARROWEST = 11, 36, 23
LONGEST = 70
ROOMY = 4  # the name of a major version is abbreviated up to this many columns


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """The column of a release; ``moved`` is the number of rows that changed in it."""

    version: str
    keras: str | None
    notes: tuple[Mark, ...]
    quiet: bool
    moved: int = 0


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """One cell of the table: a code or glyph with its text, its range of releases and its link."""

    code: str
    text: str
    span: str
    size: int
    href: str
    style: str
    tint: str
    changed: bool
    when: str
    id: str


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table."""

    id: str
    role: str
    boxes: tuple[Box, ...]


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A symbol with the lines of its roles; ``fresh`` if its module is not the previous one's."""

    stem: str
    leaf: str
    href: str
    fresh: bool
    moved: bool
    lines: tuple[Line, ...]


class Grid(msgspec.Struct, frozen=True, kw_only=True):
    """A whole table, as templates print it; ``moving`` is the number of columns with changes."""

    columns: tuple[Column, ...]
    majors: tuple[tuple[str, int], ...]
    groups: tuple[Group, ...]
    laws: tuple[Mark, ...]
    moving: int
    rows: int


@once
def _unchanged(index: Index) -> tuple[Column, ...]:
    """Return the columns of a table in which nothing changed."""
    return tuple(
        Column(
            version=release.version,
            keras=index.keras(release),
            notes=marks.of_release(index, release),
            quiet=release.status is Status.OBSERVED,
        )
        for release in index.matrix.releases
    )


def heads(index: Index, rows: Sequence[Row], kinds: Collection[Kind]) -> tuple[Column, ...]:
    """Return the columns; one is quiet if it has no change, failure or conflict."""
    columns = _unchanged(index)
    moved: Counter[str] = Counter()
    loud = {columns[0].version, columns[-1].version}
    for row in rows:
        changes = index.changes_of.get(row.key, ())
        moved.update({change.after_release for change in changes if change.kind in kinds})
        loud |= {each.release for each in row.cells if each.conflict or each.state is State.FAILED}
    loud |= moved.keys()
    return tuple(
        replace(each, moved=moved[each.version], quiet=each.quiet and each.version not in loud)
        for each in columns
    )


def majors(index: Index) -> Iterator[tuple[str, int]]:
    """Yield each major version's name and number of releases."""
    for major, group in groupby(index.releases.values(), lambda each: each.series.split(".")[0]):
        size = len(list(group))
        yield f"TensorFlow {major}.x" if size > ROOMY else f"{major}.x", size


def sizes(index: Index) -> dict[str, int]:
    """Return the variables of the style sheet: the number of columns, and widths in pixels.

    The widest table fits from ``full`` on, and from ``tight`` on when squeezed.
    """
    full = NAMES + COLUMN * len(index.releases) + MARGIN
    squeezed = max(
        _squeezed(heads(index, rows, _kinds(kind)))
        for rows in (index.layers, index.initializers)
        for kind in with_page()
    )
    return {
        "columns": len(index.releases),
        "column": COLUMN,
        "quiet": QUIET,
        "full": full,
        "tight": min(NAMES + squeezed + MARGIN, full),
    }


def _kinds(kind: Kind) -> tuple[Kind, ...]:
    return LAW if kind is MEASURED else (kind, EXISTENCE)


def _squeezed(columns: Iterable[Column]) -> int:
    return sum(QUIET if column.quiet else COLUMN for column in columns)


def grid(index: Index, rows: Sequence[Row], kind: Kind) -> Grid:
    """Return the table of one kind of evidence."""
    columns = heads(index, rows, _kinds(kind))
    layout = Layout(index, Codes(kind), columns)
    groups = tuple(_groups(layout, rows))
    return Grid(
        columns=columns,
        majors=tuple(majors(index)),
        groups=groups,
        laws=tuple(layout.codes.met.values()),
        moving=sum(column.moved > 0 for column in columns),
        rows=len(rows),
    )


def _groups(layout: Layout, rows: Sequence[Row]) -> Iterator[Group]:
    family = None
    for name, members in groupby(rows, key=lambda row: row.symbol.name):
        slug = layout.index.slug(name)
        lines = tuple(
            Line(id=f"{slug}-{row.role}", role=row.role, boxes=tuple(layout.boxes(row)))
            for row in members
        )
        stem = "".join(name.partition("(")[0].rpartition(".")[:2])  # the module: "tf.layers."
        yield Group(
            stem=stem,
            leaf=name.removeprefix(stem),
            href=layout.index.page(name),
            fresh=stem != family,
            moved=any(box.changed for line in lines for box in line.boxes),
            lines=lines,
        )
        family = stem


class Layout(msgspec.Struct, frozen=True):
    """Lays out rows of one kind of evidence, and collects the codes used.

    A ``lane`` is a row on a symbol's own page; its cells link to fragments of that page.
    """

    index: Index
    codes: Codes
    columns: Sequence[Column] = ()
    lane: bool = False

    def boxes(self, row: Row) -> Iterator[Box]:
        """Yield a row's cells, oldest first."""
        ids = self.index.edges(row, self.codes.kind) if self.lane else {}
        for run in row.runs[self.codes.kind]:
            for place, (_, cells) in enumerate(groupby(run.cells, key=self._look)):
                yield self._box(row, run, tuple(cells), ids, opens=not place)

    def _look(self, cell: Cell) -> tuple[object, ...]:
        """Return a key that differs for cells of a run that look different."""
        return (marks.of_doubt(cell, self.codes.kind), self.index.releases[cell.release].status)

    def _box(
        self, row: Row, run: Run, cells: tuple[Cell, ...], ids: Mapping[str, str], *, opens: bool
    ) -> Box:
        first, last = cells[0], cells[-1]
        shown = self.codes.of_cell(self.index, row, first)
        mark = marks.of_doubt(first, self.codes.kind)
        code, text, styles = shown.code, short(shown.text, LONGEST), [shown.style]
        if mark:
            code = mark.code + (code if len(cells) > 1 else "")
            text = f"{text}, {mark.text}"
            styles.append(mark.style)
        changed = opens and run.changed and not (run.value is None and run.state is State.OBSERVED)
        if changed:
            styles.append("changed" if run.exact else "gap")
        place = self.index.place[first.release]
        squeezed = _squeezed(self.columns[place : place + len(cells)])
        return Box(
            code=code,
            text=text,
            span=self.index.span(first.release, last.release),
            size=len(cells),
            href=f"#{first.role}-{first.release}" if self.lane else self.index.anchor(first),
            style=" ".join([*styles, *_hidden(text, COLUMN * len(cells), squeezed)]),
            tint=shown.style,
            changed=changed,
            when=wording.begun(self.index, run) if opens and not run.exact else "",
            id=ids.get(run.first, "") if opens else "",
        )


def _hidden(text: str, width: int, squeezed: int) -> list[str]:
    """Return the CSS classes that hide the text (n, or t if squeezed) and the code (x)."""
    need = LETTER * len(text) + PADDING
    words = "n" if width < need else "t" if squeezed < need else ""
    return [words, "x"] if squeezed < NARROWEST else [words] if words else []
