"""The page of each symbol: its kinds of evidence on one time axis, and the proof of each run.

A run is shown by its newest release. What differs between its releases (a signature, a call path,
the bytes drawn) is listed by range of releases, so that only equal values are merged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from report.evidence import Release, State
from report.matrix import KINDS, MEASURED, NUMBERS, Index, Level, Row, Run, kinds
from report.site.exports import embed
from report.site.render import File, page
from report.site.table import Box, Column, Layout, heads, majors
from report.site.weights import Drawn, drawn
from report.story import (
    CallPath,
    Codes,
    Fact,
    Mark,
    Program,
    call_paths,
    changes,
    facts,
    marks,
    numbers,
    pins,
    platform_lines,
    program,
    spans,
    wording,
)
from report.verdict import nearest_rival

FOLDED = 3
# symbols whose users often call `disable_v2_behavior`, which changes what Keras draws
OF_BEHAVIOR = ("tf.compat.v1.layers.", "tf.compat.v1.keras.")
LONGEST = 120  # characters of a value in a legend; the facts have it in full


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of evidence along the time axis, with the legend of its codes."""

    title: str
    question: str
    boxes: tuple[Box, ...]
    entries: tuple[Mark, ...]


class OtherNumbers(msgspec.Struct, frozen=True, kw_only=True):
    """A change of numbers: when, how much and why, and programs that show it before and after."""

    id: str
    when: str
    text: str
    detail: str
    programs: tuple[Program, ...]

    @property
    def alike(self) -> bool:
        """Whether one program shows it in both releases."""
        return len({each.source for each in self.programs}) == 1


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """The evidence of a run: the weights in its newest release, its facts and its call paths."""

    release: Release
    environment: str
    raw: bool
    rival: str | None
    drawn: tuple[Drawn, ...]
    facts: tuple[Fact, ...]
    paths: tuple[CallPath, ...]


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """The section of a run of releases: its range, and either its evidence or why it has none."""

    id: str
    span: str
    mark: Mark
    when: str
    versions: tuple[str, ...]
    reasons: tuple[tuple[str, str], ...]
    conflicts: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str], ...]
    also: tuple[tuple[str, str], ...]
    proof: Proof | None

    @property
    def many_reasons(self) -> bool:
        """Whether there are so many reasons that they are folded."""
        return len(self.reasons) > FOLDED


def pages(index: Index) -> Iterator[File]:
    """Yield a page for each symbol."""
    for name, rows in index.named.items():
        columns = heads(index, rows, KINDS)  # quiet only without a change in any kind
        yield page(
            index,
            index.page(name),
            "symbol",
            name=name,
            columns=columns,
            majors=list(majors(index)),
            parts=[_part(index, row, columns) for row in rows],
            newest=index.label(index.observed[-1].version) if index.observed else "",
            platforms=platform_lines.lines(index, rows),
            by_default=name.startswith(OF_BEHAVIOR),
            asked={
                row.symbol.name: f"{index.slug(row.symbol.name)}.html"
                for row in index.pins
                if row.symbol.path == name
            },
        )


def _part(index: Index, row: Row, columns: tuple[Column, ...]) -> dict[str, object]:
    """Return the template variables of one role."""
    return {
        "role": row.role,
        "history": wording.history_of(index, row),
        "instead": pins.instead(index, row),
        "lanes": list(_lanes(index, row, columns)),
        "sections": sections(index, row),
        "numbers": list(_other_numbers(index, row)),
        "picture": embed.stem(index, row),
        "embed": embed.markdown(index, row) if _embedded(row) else "",
    }


def _embedded(row: Row) -> bool:
    """Whether a row is shown elsewhere: of a layer, or the one that a pin's arguments are about."""
    if not row.pinned:
        return bool(row.layer_role)
    return any(key in {"initializer", f"{row.role}_initializer"} for key in row.symbol.arguments)


def _other_numbers(index: Index, row: Row) -> Iterator[OtherNumbers]:
    """Yield the changes of numbers under one law, newest first."""
    for change in reversed(index.changes_of.get(row.key, ())):
        if change.kind is NUMBERS and not changes.by_law(change):
            yield OtherNumbers(
                id=f"{row.role}-program-{change.after_release}",
                when=wording.when(index, change),
                text=wording.plain(changes.transition(index, change)),
                detail=numbers.detail(change.relation) if change.relation else "",
                programs=program.of_change(index, change),
            )


def _lanes(index: Index, row: Row, columns: tuple[Column, ...]) -> Iterator[Lane]:
    """Yield a lane for each kind of evidence of one row."""
    for kind in kinds.lanes():
        codes = Codes(kind, LONGEST)
        boxes = tuple(Layout(index, codes, columns, lane=True).boxes(row))
        if (
            kind is not MEASURED
            and not codes.met
            and (row.standalone or kind.level is Level.SEEDED)
        ):
            continue  # a kind that does not apply to the row
        entries = tuple(codes.met.values())
        yield Lane(title=kind.title, question=kind.question, boxes=boxes, entries=entries)


def sections(index: Index, row: Row) -> list[Section]:
    """Return the sections of one row's runs, newest first."""
    runs = zip(row.runs[MEASURED], call_paths(index, row), strict=True)
    return [_section(index, row, run, paths) for run, paths in reversed(list(runs))]


def _section(index: Index, row: Row, run: Run, paths: Sequence[CallPath]) -> Section:
    return Section(
        id=f"{row.role}-{run.first}",
        span=index.span(run.first, run.last),
        mark=marks.of_law(index, row, run.cells[0]),
        when=wording.begun(index, run),
        versions=tuple(cell.release for cell in run.cells),
        reasons=spans(index, run.cells, lambda cell: cell.reason or ""),
        conflicts=spans(index, run.cells, lambda cell: cell.conflict or ""),
        notes=spans(index, run.cells, lambda cell: (cell.verdict and cell.verdict.note) or ""),
        also=spans(
            index, run.cells, lambda cell: ", ".join(cell.verdict.also if cell.verdict else ())
        ),
        proof=_proof(index, run, paths) if run.state is State.OBSERVED else None,
    )


def _proof(index: Index, run: Run, paths: Sequence[CallPath]) -> Proof:
    cell = run.cells[-1]
    release = index.releases[cell.release]
    return Proof(
        release=release,
        environment=", ".join(
            (f"Python {release.python}", *release.installed, index.matrix.platform)
        ),
        raw=cell.release in index.matrix.files,
        rival=nearest_rival(cell.evidence.measured),
        drawn=drawn(cell.evidence.measured, cell.verdict) if cell.verdict else (),
        facts=tuple(facts(index, run.cells)),
        paths=tuple(reversed(paths)),
    )
