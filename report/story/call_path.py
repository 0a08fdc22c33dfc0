"""The call path: who decides, from the user's call down to the initializer."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from report.matrix import history
from report.matrix.records import Aspect
from report.story import sources

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from report.evidence.records import Frame
    from report.matrix.index import Edition
    from report.matrix.records import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One frame of the call path."""

    place: str
    function: str
    href: str | None
    wrapper: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """The call path of neighbouring releases that take the same steps.

    ``declared`` is the default in the signature that the walk starts from, as text.
    """

    id: str
    span: str
    shown: str
    steps: tuple[Step, ...]
    noise: int
    declared: str | None = None


def paths(edition: Edition, cells: Sequence[Cell]) -> list[Path]:
    """Return the call paths, newest first; a line that moved is no other path."""
    return list(_paths(edition, cells))[::-1]


def _paths(edition: Edition, cells: Sequence[Cell]) -> Iterator[Path]:
    for steps, group in groupby(cells, key=_route):
        members = list(group)
        last = members[-1]
        if steps:
            yield Path(
                id=f"{last.role}-{members[0].release}",
                span=edition.span(members[0].release, last.release),
                shown=edition.label(last.release),
                steps=tuple(step(frame) for frame in last.evidence.call_path),
                noise=sum(frame.wrapper for frame in last.evidence.call_path),
                declared=history.value(last, Aspect.DECLARED),
            )


def _route(cell: Cell) -> tuple[tuple[str, str], ...]:
    return tuple((frame.file, frame.function) for frame in cell.evidence.call_path)


def step(frame: Frame) -> Step:
    """Return a frame as a step, with the address of its line at its release's tag."""
    return Step(
        place=f"{frame.file}:{frame.line}",
        function=frame.function,
        href=sources.link(frame),
        wrapper=frame.wrapper,
    )
