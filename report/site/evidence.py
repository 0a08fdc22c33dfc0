"""The evidence behind each run of a symbol, as its page shows it.

A run is shown by its newest release; what differs between its releases (a signature,
a call path, the bytes drawn) is shown as a list of ranges, so that nothing is merged
that is not equal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from report.evidence import Measurement, Release, State
from report.matrix import MEASURED, Index, Row, Run, kinds
from report.site import histogram
from report.site.histogram import Histogram, number
from report.site.table import Box, Column, Layout, heads
from report.story import CallPath, Codes, Fact, Mark, call_paths, facts, marks, ranges, wording
from report.verdict import (
    ORTHOGONAL,
    OTHER_ORTHOGONAL,
    POINT,
    Verdict,
    checks,
    families,
    haar,
    nearest_rival,
)

FOLDED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One kind of evidence along the time axis, and what its codes stand for."""

    title: str
    question: str
    boxes: tuple[Box, ...]
    entries: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table of figures: what was measured and what the law says."""

    name: str
    measured: str
    theory: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The weights of one shape: their picture and their figures.

    ``alone`` is what the shape shows by itself, where the shapes differ.
    """

    shape: str
    alone: str
    words: str
    histogram: Histogram | None
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One run: its range, its members, and either the evidence or why there is none."""

    id: str
    span: str
    mark: Mark
    when: str
    members: tuple[Release, ...]
    reasons: tuple[tuple[str, str], ...] = ()
    conflicts: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    also: tuple[tuple[str, str], ...] = ()
    release: Release | None = None
    rival: str | None = None
    environment: str = ""
    raw: bool = False
    drawn: tuple[Drawn, ...] = ()
    facts: tuple[Fact, ...] = ()
    paths: tuple[CallPath, ...] = ()

    @property
    def many_reasons(self) -> bool:
        """Whether the reasons are so many that they are folded."""
        return len(self.reasons) > FOLDED


def columns(index: Index, rows: Sequence[Row]) -> tuple[Column, ...]:
    """Return the heads of the lanes' columns; quiet ones changed in no kind of evidence."""
    return heads(index, rows, kinds.KINDS, "../")


def lanes(index: Index, row: Row, shared: tuple[Column, ...]) -> Iterator[Lane]:
    """Yield the kinds of evidence of one row, to be drawn under each other."""
    for kind in kinds.lanes():
        codes = Codes(kind)
        laid = tuple(Layout(index, codes, shared, lane=True).boxes(row))
        if row.standalone and kind is not MEASURED and not codes.met:
            continue  # what is asked of layers alone is no lane of an initializer
        yield Lane(
            title=kind.title,
            question=kind.question,
            boxes=laid,
            entries=tuple(codes.met.values()),
        )


def sections(index: Index, row: Row) -> list[Section]:
    """Return the runs of one row with their evidence, newest first."""
    runs = zip(index.runs(row, MEASURED), call_paths(index, row), strict=True)
    return [_section(index, row, run, paths) for run, paths in reversed(list(runs))]


def _section(index: Index, row: Row, run: Run, paths: Sequence[CallPath]) -> Section:
    section = Section(
        id=f"{row.role}-{run.first}",
        span=index.span(run.first, run.last),
        mark=marks.of_law(index, row, run.cells[0]),
        when=wording.begun(index, run),
        members=tuple(index.releases[cell.release] for cell in run.cells),
        reasons=ranges(index, run.cells, lambda cell: cell.reason or ""),
        conflicts=ranges(index, run.cells, lambda cell: cell.conflict or ""),
    )
    return section if run.state is not State.OBSERVED else _proved(index, run, section, paths)


def _proved(index: Index, run: Run, section: Section, paths: Sequence[CallPath]) -> Section:
    cell = run.cells[-1]
    verdict = cell.verdict
    return Section(
        **{name: getattr(section, name) for name in _OUTLINE},
        notes=ranges(index, run.cells, lambda cell: (cell.verdict and cell.verdict.note) or ""),
        also=ranges(
            index, run.cells, lambda cell: ", ".join(cell.verdict.also if cell.verdict else ())
        ),
        release=index.releases[cell.release],
        rival=nearest_rival(cell.measured),
        environment=_environment(index, index.releases[cell.release]),
        raw=cell.release in index.raw,
        drawn=_drawn(cell.measured, verdict) if verdict else (),
        facts=tuple(facts(index, run.cells)),
        paths=tuple(reversed(paths)),
    )


_OUTLINE = ("id", "span", "mark", "when", "members", "reasons", "conflicts")


def _environment(index: Index, release: Release) -> str:
    packages = (f"{name} {version}" for name, version in release.packages.items() if version)
    where = f"Python {release.python}", *packages, index.matrix.platform
    return ", ".join(where)


@cache
def _drawn(measured: tuple[Measurement, ...], verdict: Verdict) -> tuple[Drawn, ...]:
    """Return what each shape shows, once: one law under many paths draws the same weights."""
    rival = nearest_rival(measured)
    alone = dict(verdict.at)
    laws = [alone.get(one.shape, verdict.name).partition(" or ")[0] for one in measured]
    pictures = [
        (one, law, histogram.draw(one, law, rival if law == verdict.name else None))
        for one, law in zip(measured, laws, strict=True)
    ]
    return tuple(
        Drawn(
            shape=histogram.shape(one.shape),
            alone=alone.get(one.shape, ""),
            words=picture.words if picture else histogram.flat(one),
            histogram=picture,
            figures=tuple(_figures(one, law)),
        )
        for one, law, picture in pictures
    )


def _figures(one: Measurement, name: str) -> Iterator[Figure]:
    """Yield the figures of one shape beside those of a law, where it has any."""
    known = name not in histogram.MATRICES and families.kind(name) != "other"
    law = families.law(name, one.shape) if known else None
    low, high = law.support if law else (None, None)
    point = law is None or law.form is POINT
    spread = 0.0 if law is None or point else law.std
    kurtosis = None if law is None or point else law.form.kurtosis
    for title, measured, theory in (
        ("standard deviation", one.std, spread),
        ("mean", one.mean, law.center if law else None),
        ("smallest", one.min, low),
        ("largest", one.max, high),
        ("kurtosis", one.kurtosis, kurtosis),
    ):
        yield Figure(
            name=title,
            measured=number(measured),
            theory=number(theory if known else None),
        )
    if name in histogram.MATRICES and one.gram_error is not None:
        exact = number(0.0 if name in {ORTHOGONAL, OTHER_ORTHOGONAL} else None)
        yield Figure(name="error of the Gram matrix", measured=number(one.gram_error), theory=exact)
    if one.min < one.max:
        yield _independence(one, matrix=name in histogram.MATRICES)


def _independence(one: Measurement, *, matrix: bool) -> Figure:
    """Return how many tests a draw passes: those of independence, or of a uniform matrix."""
    tests = tuple(haar(one) if matrix else checks(one))
    name = "tests of uniformity" if matrix else "tests of independence"
    passed = sum(check.passed for check in tests)
    return Figure(name=name, measured=str(passed), theory=str(len(tests)))
