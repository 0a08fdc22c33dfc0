"""Call paths side by side: who decides, and what moved from one way to the next.

Two steps are the same if function and file are. A line that moved is no other step, nor is a
folder that one wheel calls `tensorflow_core` or `keras/src` and the next does not.

A signature whose default names an initializer decides. One that says `None` leaves it to
the walk: to `_get_default_initializer` where it was seen, else to the `add_weight` that
chooses where a layer has nothing to say, else to the maker of a single variable.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from report.story import wording
from report.story.wording import CODE, TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from report.story.call_path import Path, Step
    from report.story.wording import Piece

CHOOSERS = ("_get_default_initializer", "add_weight", "_get_single_variable")
NOTHING = "=None"
GONE, NEW, MOVED = ("−", "gone"), ("+", "new"), ("→", "moved")  # noqa: RUF001
KINDS = (GONE, NEW, MOVED)
FOLDERS = (("tensorflow_core/", "tensorflow/"), ("keras/src/", "keras/"))
COMMON = ("__call__", "__init__", "<lambda>")  # names that tell no step from another
FEW = 0.25


Kind = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Steps that are in only one of two walks, or in another file or line, all in one place."""

    functions: tuple[str, ...]
    was: str | None
    now: str | None
    href: str | None = None

    @property
    def kind(self) -> Kind:
        """The glyph and the word for it."""
        return MOVED if self.was and self.now else GONE if self.was else NEW


Moves = tuple[tuple[Kind, tuple[Move, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """How a walk differs from the one before it; ``was`` is who decided there, if another.

    ``told`` names the role of which the same moves are told on the same page.
    """

    span: str
    id: str
    was: tuple[Piece, ...]
    moves: Moves
    told: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Like:
    """A walk that is written out elsewhere, and what differs from it."""

    name: str
    href: str
    moves: Moves
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """One call path, who decides on it, and the ways that it is told by."""

    path: Path
    decides: tuple[Piece, ...]
    against: Against | None
    like: Like | None = None


def decides(path: Path) -> tuple[Piece, ...]:
    """Say who settles which initializer it is."""
    if _signed(path):
        return (TEXT, "the signature, "), (CODE, wording.short(path.declared))
    step = _chooser(path)
    return (CODE, step.function), (TEXT, f" in {_file(step)}")


def _chooser(path: Path) -> Step:
    for name in CHOOSERS:
        if found := [step for step in path.steps if step.function == name]:
            return found[-1]
    return path.steps[0]


def against(newer: Path, older: Path) -> Against:
    """Compare a walk with the one before it, by files and not by lines."""
    deciders = [None if _signed(path) else _key(_chooser(path)) for path in (newer, older)]
    return Against(
        span=older.span,
        id=older.id,
        was=decides(older) if deciders[0] != deciders[1] else (),
        moves=by_kind(_moves(older.steps, newer.steps, lines=False)),
    )


def _signed(path: Path) -> bool:
    """Whether the signature decides."""
    return path.declared is not None and not path.declared.endswith(NOTHING)


def histories(ways: Sequence[Path]) -> list[Against | None]:
    """Compare each walk, newest first, with the next older one; the oldest with none."""
    return [*(against(*pair) for pair in pairwise(ways)), *([None] if ways else [])]


def like(path: Path, written: Iterable[tuple[str, str, Path]]) -> Like | None:
    """Find the walk that differs in the fewest steps, if these are few, line by line."""
    found = [
        Like(name=name, href=href, moves=by_kind(moves), count=len(moves))
        for name, href, other in written
        for moves in [tuple(_moves(other.steps, path.steps, lines=True))]
        if len(moves) <= FEW * len(path.steps)
    ]
    return min(found, key=lambda each: each.count, default=None)


def by_kind(moves: Iterable[Move]) -> Moves:
    """Group moves into gone, new and moved, in this order, and those of one place together."""
    places: dict[tuple[str | None, str | None, str | None], list[str]] = {}
    for move in moves:
        places.setdefault((move.was, move.now, move.href), []).extend(move.functions)
    found = [
        Move(functions=tuple(functions), was=was, now=now, href=href)
        for (was, now, href), functions in places.items()
    ]
    groups = ((kind, tuple(move for move in found if move.kind == kind)) for kind in KINDS)
    return tuple((kind, group) for kind, group in groups if group)


@lru_cache(maxsize=4096)
def _key(step: Step) -> tuple[str, str]:
    file = _file(step)
    for name, plain in FOLDERS:
        file = plain + file.removeprefix(name) if file.startswith(name) else file
    return file, step.function


def _file(step: Step) -> str:
    return step.place.rpartition(":")[0]


def _moves(before: Sequence[Step], after: Sequence[Step], *, lines: bool) -> Iterator[Move]:
    """Yield what differs, in the order of the walk."""
    keys = [_key(step) for step in before], [_key(step) for step in after]
    for kind, a, b, c, d in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from _replaced(before[a:b], after[c:d], lines=lines)
        elif lines:
            for was, now in zip(before[a:b], after[c:d], strict=True):
                if was.place != now.place:
                    yield _move(was, now, lines=True)


def _replaced(gone: Sequence[Step], new: Sequence[Step], *, lines: bool) -> Iterator[Move]:
    """Pair the steps of one function that went to another file; the rest is gone or new."""
    left = list(new)
    for was in gone:
        now = next((step for step in left if _went(was, step)), None)
        if now:
            left.remove(now)
        yield _move(was, now, lines=lines)
    for now in left:
        yield _move(None, now, lines=lines)


def _went(was: Step, now: Step) -> bool:
    """Whether a step is another in another file, by a name that tells it from others."""
    files = [_file(step).rpartition("/")[2] for step in (was, now)]
    return was.function == now.function and (was.function not in COMMON or files[0] == files[1])


def _move(was: Step | None, now: Step | None, *, lines: bool) -> Move:
    functions = [step.function for step in (now, was) if step]
    places = [(step.place if lines else _file(step)) if step else None for step in (was, now)]
    href = now.href if now and lines else None
    return Move(functions=(functions[0],), was=places[0], now=places[1], href=href)
