"""The call path: the frames from the user's call to the initializer's, and who decides on it.

A signature whose default names an initializer decides. One that says `None` leaves it to the
call path: to `_get_default_initializer` where it was seen, else to the `add_weight` that
chooses where a layer names nothing, else to the maker of a single variable.

Two steps are the same if function and file are. A line that moved makes no other step, nor does
a folder that one wheel calls `tensorflow_core` or `keras/src` and the next does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import groupby

from report.evidence import Frame
from report.matrix import DECLARED, MEASURED, Cell, Index, Row, pinned
from report.story import sources
from report.story.wording import CODE, TEXT, Piece
from report.text import short

CHOOSERS = ("_get_default_initializer", "add_weight", "_get_single_variable")
CALLER: tuple[Piece, ...] = ((TEXT, "the caller, who names the initializer"),)
NO_DEFAULT = "=None"
FOLDERS = (("tensorflow_core/", "tensorflow/"), ("keras/src/", "keras/"))
COMMON = ("__call__", "__init__", "<lambda>")  # names that tell no step from another


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One frame of a call path, with the address of its line at its release's tag."""

    file: str
    line: int
    function: str
    href: str | None
    wrapper: bool

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepChange:
    """Steps that are in only one of two call paths, or in another file, all in one place."""

    functions: tuple[str, ...]
    was: str | None
    now: str | None

    @property
    def places(self) -> tuple[str, ...]:
        """The files, the older one first."""
        return tuple(filter(None, (self.was, self.now)))


@dataclass(frozen=True, slots=True, kw_only=True)
class StepChanges:
    """The moves of one kind: a sign, a word, and where."""

    sign: str
    word: str
    changes: tuple[StepChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """How a call path differs from the one before it.

    ``decided`` is who decided there, if another; ``renamed`` where only a folder has another name.
    """

    span: str
    id: str
    decided: tuple[Piece, ...]
    kinds: tuple[StepChanges, ...]
    renamed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPath:
    """The call path of neighbouring releases that take the same steps.

    ``shown`` is the release whose lines are shown, where it is one of several, ``declared`` the
    default in the signature, ``decides`` who settles the initializer, and ``decider`` the step
    that does, if it is one.
    """

    id: str
    span: str
    shown: str
    steps: tuple[Step, ...]
    declared: str | None
    decides: tuple[Piece, ...] = ()
    decider: Step | None = None
    against: Against | None = None

    @property
    def wrappers(self) -> int:
        """How many steps only pass the call on."""
        return sum(step.wrapper for step in self.steps)


def call_paths(index: Index, row: Row) -> list[list[CallPath]]:
    """Return the call paths of each run of a row, oldest run and path first.

    Each is compared with the one before it. An initializer is called by its user alone.
    """
    found, before = [], None
    for run in index.runs(row, MEASURED):
        paths = []
        for path in _of_cells(index, run.cells):
            if not row.standalone:
                made = decided(replace(path, decides=CALLER) if pinned(row) else path)
                paths.append(replace(made, against=against(made, before) if before else None))
                before = made
            else:
                paths.append(path)
        found.append(paths)
    return found


def _of_cells(index: Index, cells: Sequence[Cell]) -> Iterator[CallPath]:
    """Yield the call paths of neighbouring cells; a line that moved is no other path."""
    for files, group in groupby(cells, key=_files):
        members = list(group)
        last = members[-1]
        if files:
            yield CallPath(
                id=f"path-{last.role}-{members[0].release}",
                span=index.span(members[0].release, last.release),
                shown=index.label(last.release) if len(members) > 1 else "",
                steps=steps(last),
                declared=DECLARED.value(last),
            )


def _files(cell: Cell) -> list[tuple[str, str]]:
    return [(frame.file, frame.function) for frame in cell.evidence.call_path]


def steps(cell: Cell) -> tuple[Step, ...]:
    """Return the frames that were seen in one release."""
    return tuple(map(_step, cell.evidence.call_path))


def _step(frame: Frame) -> Step:
    return Step(
        file=frame.file,
        line=frame.line,
        function=frame.function,
        href=sources.link(frame),
        wrapper=frame.wrapper,
    )


def decided(path: CallPath) -> CallPath:
    """Add who decides, unless that is known."""
    if path.decides:
        return path
    if path.declared is not None and not path.declared.endswith(NO_DEFAULT):
        signature = (TEXT, "the signature, "), (CODE, short(path.declared))
        return replace(path, decides=signature)
    step = _chooser(path.steps)
    return replace(path, decides=((CODE, step.function), (TEXT, f" in {step.file}")), decider=step)


def _chooser(steps: Sequence[Step]) -> Step:
    for name in CHOOSERS:
        if found := [step for step in steps if step.function == name]:
            return found[-1]
    return steps[0]


def against(newer: CallPath, older: CallPath) -> Against:
    """Compare a call path with the one before it, by files and not by lines."""
    deciders = [path.decider and _key(path.decider) for path in (newer, older)]
    kinds = tuple(_by_kind(_step_changes(older.steps, newer.steps)))
    files = [[step.file for step in path.steps] for path in (newer, older)]
    return Against(
        span=older.span,
        id=older.id,
        decided=older.decides if deciders[0] != deciders[1] else (),
        kinds=kinds,
        renamed=not kinds and files[0] != files[1],
    )


def _by_kind(changes: Iterable[StepChange]) -> Iterator[StepChanges]:
    """Yield gone, new and moved steps, in this order, and those of one place together."""
    places: dict[tuple[str | None, str | None], list[str]] = {}
    for change in changes:
        places.setdefault((change.was, change.now), []).extend(change.functions)
    found = [
        StepChange(functions=tuple(functions), was=was, now=now)
        for (was, now), functions in places.items()
    ]
    for sign, word, kind in (
        ("−", "gone", [change for change in found if not change.now]),  # noqa: RUF001
        ("+", "new", [change for change in found if not change.was]),
        ("→", "moved", [change for change in found if change.was and change.now]),
    ):
        if kind:
            yield StepChanges(sign=sign, word=word, changes=tuple(kind))


def _key(step: Step) -> tuple[str, str]:
    """Return what makes a step another one."""
    file = step.file
    for name, plain in FOLDERS:
        file = plain + file.removeprefix(name) if file.startswith(name) else file
    return file, step.function


def _step_changes(before: Sequence[Step], after: Sequence[Step]) -> Iterator[StepChange]:
    """Yield what differs, in the order of the calls."""
    keys = [_key(step) for step in before], [_key(step) for step in after]
    for kind, a, b, c, d in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from _replaced(before[a:b], after[c:d])


def _replaced(gone: Sequence[Step], new: Sequence[Step]) -> Iterator[StepChange]:
    """Pair the steps of one function that went to another file; the rest is gone or new."""
    left = list(new)
    for was in gone:
        now = next((step for step in left if _is_moved(was, step)), None)
        if now:
            left.remove(now)
        yield StepChange(functions=(was.function,), was=was.file, now=now.file if now else None)
    for now in left:
        yield StepChange(functions=(now.function,), was=None, now=now.file)


def _is_moved(was: Step, now: Step) -> bool:
    """Whether a step is another in another file, by a name that tells it from others."""
    files = [step.file.rpartition("/")[2] for step in (was, now)]
    return was.function == now.function and (was.function not in COMMON or files[0] == files[1])
