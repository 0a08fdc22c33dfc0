"""The matrix as a table: which columns, which cells, and what each of them says.

A cell is a stretch of neighbouring releases that look the same: a run, cut where a
mark (a conflict, a release that cannot be installed) holds for only a part of it.
All arithmetic of the layout is here; templates only print.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from report.evidence import State
from report.matrix import EXISTENCE, LAW, MEASURED, Cell, Index, Kind, Row, Run
from report.site.columns import COLUMN, QUIET, Column, heads, majors
from report.story import Codes, Entry, note, wording
from report.text import short

LETTER, PADDING = 11, 36
NARROWEST = 23
FULLEST = 70


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One cell of the table: a code or glyph, its words, its range, its address."""

    code: str
    text: str
    span: str
    size: int
    href: str
    style: str
    tint: str
    changed: bool
    when: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the table."""

    id: str
    role: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A symbol with the lines of its roles; ``fresh`` where another family begins."""

    name: str
    stem: str
    leaf: str
    href: str
    fresh: bool
    moved: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table ready to print."""

    columns: tuple[Column, ...]
    majors: tuple[tuple[str, int], ...]
    groups: tuple[Group, ...]
    laws: tuple[Entry, ...]
    quiet: int
    moving: int
    rows: int


class Layout:
    """Lays out rows of one kind; ``root`` leads from the page to the site's root.

    A lane of a symbol's own page has no root: its cells lead to fragments of the page.
    """

    def __init__(
        self,
        index: Index,
        rows: Sequence[Row],
        kind: Kind,
        root: str | None = "",
        columns: tuple[Column, ...] = (),
    ) -> None:
        """Decide the columns once, unless several lanes share them."""
        self.index = index
        self.rows = rows
        self.kind = kind
        self.root = root
        self.codes = Codes(kind)
        kinds = LAW if kind is MEASURED else (kind, EXISTENCE)
        self.columns = columns or tuple(heads(index, rows, kinds, root or ""))
        self.widths = [QUIET if column.quiet else COLUMN for column in self.columns]

    def grid(self) -> Grid:
        """Return the whole table."""
        groups = tuple(self._groups())
        return Grid(
            columns=self.columns,
            majors=tuple(majors(self.index.matrix.releases)),
            groups=groups,
            laws=tuple(self.codes.met.values()),
            quiet=sum(column.quiet for column in self.columns),
            moving=sum(column.moved > 0 for column in self.columns),
            rows=len(self.rows),
        )

    def _groups(self) -> Iterator[Group]:
        family = None
        for name, members in groupby(self.rows, key=lambda row: row.symbol.name):
            stem, leaf = split(name)
            lines = tuple(self._line(row) for row in members)
            yield Group(
                name=name,
                stem=stem,
                leaf=leaf,
                href=f"{self.root or ''}symbol/{self.index.slug(name)}.html",
                fresh=stem != family,
                moved=any(box.changed for line in lines for box in line.boxes),
                lines=lines,
            )
            family = stem

    def _line(self, row: Row) -> Line:
        slug = self.index.slug(row.symbol.name)
        return Line(id=f"{slug}-{row.role}", role=row.role, boxes=tuple(self.boxes(row)))

    def boxes(self, row: Row) -> Iterator[Box]:
        """Yield a row's cells, oldest first."""
        ids = self.index.edges(row, self.kind) if self.root is None else {}
        for run in self.index.runs(row, self.kind):
            for index, (_, group) in enumerate(groupby(run.cells, key=self._look)):
                box = self._box(row, run, tuple(group), opens=index == 0)
                yield replace(box, id=ids.get(run.first, "")) if index == 0 and ids else box

    def _look(self, cell: Cell) -> tuple[object, ...]:
        """Return what makes two cells of one run look different."""
        return (note(cell, self.kind), self.index.releases[cell.release].status)

    def _box(self, row: Row, run: Run, cells: tuple[Cell, ...], *, opens: bool) -> Box:
        shown = self._shown(row, run, cells[0])
        place = self.index.place[cells[0].release]
        styles = [shown.style]
        code, text = shown.code, short(shown.text, FULLEST)
        said = note(cells[0], self.kind)
        if said:
            code = said.glyph + (code if len(cells) > 1 else "")
            text = f"{text}, {said.word}"
            styles.append(said.style)
        changed = opens and run.changed and not (run.value is None and run.state is State.OBSERVED)
        if changed:
            styles.append("changed" if run.exact else "gap")
        tight = sum(self.widths[place : place + len(cells)])
        return Box(
            code=code,
            text=text,
            span=self.index.span(cells[0].release, cells[-1].release),
            size=len(cells),
            href=self._address(cells[0]),
            style=" ".join([*styles, *fit(COLUMN * len(cells), tight, text)]),
            tint=shown.style,
            changed=changed,
            when="" if run.exact else wording.begun(self.index, run) if opens else "",
        )

    def _address(self, cell: Cell) -> str:
        if self.root is None:
            return f"#{cell.role}-{cell.release}"
        return self.root + self.index.anchor(cell)

    def _shown(self, row: Row, run: Run, cell: Cell) -> Entry:
        mark = wording.mark(self.index, row, cell, run.value)
        if mark or run.value is None:
            mark = mark or wording.SILENT
            return Entry(code=mark.glyph, text=mark.word, style=mark.style)
        return self.codes.entry(run.value)


def fit(full: int, tight: int, text: str) -> list[str]:
    """Say what does not fit: the words (n; t when squeezed), or not even the code (x)."""
    need = LETTER * len(text) + PADDING
    hidden = ["n"] if full < need else (["t"] if tight < need else [])
    return [*hidden, "x"] if tight < NARROWEST else hidden


def split(name: str) -> tuple[str, str]:
    """Part a public path into where it lives and what it is called."""
    stem, dot, _ = name.partition("(")[0].rpartition(".")
    return f"{stem}{dot}", name[len(stem) + len(dot) :]
