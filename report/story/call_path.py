"""Call paths: the frames from the user's call to the initializer's, and who chooses it.

A signature whose default names an initializer decides. If the default is None, the call path
decides: `_get_default_initializer` if it is a step, else `add_weight`, which chooses for a layer
that names none, else `_get_single_variable`.

Two steps are equal if function and file are; line numbers are ignored. The folders
`tensorflow_core` and `keras/src`, which only some wheels have, count as `tensorflow` and `keras`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from operator import itemgetter
from urllib.parse import quote

import msgspec
from msgspec.structs import replace

from report.evidence import Frame
from report.matrix import DECLARED, MEASURED, Cell, Index, Row
from report.story.wording import CODE, TEXT, Piece, grouped
from report.text import short

CHOOSERS = ("_get_default_initializer", "add_weight", "_get_single_variable")
CALLER: tuple[Piece, ...] = ((TEXT, "the caller, who names the initializer"),)
NO_DEFAULT = "=None"
FOLDERS = (("tensorflow_core/", "tensorflow/"), ("keras/src/", "keras/"))
COMMON = ("__call__", "__init__", "<lambda>")  # names that many steps share
SIGNS = (("−", "gone"), ("+", "new"), ("→", "moved"))  # noqa: RUF001

TENSORFLOW = "https://github.com/tensorflow/tensorflow"
REPOSITORIES = {
    "tensorflow": TENSORFLOW,
    "tensorflow-cpu": TENSORFLOW,
    "tensorflow-cpu-aws": TENSORFLOW,
    "keras": "https://github.com/keras-team/keras",
    "tf-keras": "https://github.com/keras-team/tf-keras",
}
VERSION = re.compile(r"(\d+)\.(\d+)\.\d+(?:(rc)(\d+))?")
# Since this Keras the repository has the folder src/ itself; before, only the wheel had it.
KERAS_WITH_SRC = (3, 3)


class StepChange(msgspec.Struct, frozen=True):
    """Functions that are in only one of two call paths, or in another file.

    ``files`` holds the file of a gone or new function, and both files, older first, of a moved one.
    """

    functions: tuple[str, ...]
    files: tuple[str, ...]


class StepChanges(msgspec.Struct, frozen=True):
    """The step changes of one kind (gone, new or moved), with its sign and its word."""

    sign: str
    word: str
    changes: tuple[StepChange, ...]


class Against(msgspec.Struct, frozen=True, kw_only=True):
    """How a call path differs from the one before it.

    ``decided`` is who decided there, if that changed; ``renamed`` is true if only folders were
    renamed.
    """

    before: CallPath
    decided: tuple[Piece, ...]
    kinds: tuple[StepChanges, ...]
    renamed: bool


class CallPath(msgspec.Struct, frozen=True, kw_only=True):
    """The call path that neighbouring releases share.

    ``shown`` is the release whose line numbers are shown (empty if there is only one),
    ``decides`` says who chooses the initializer, and ``decider`` is the step that does, if it is a
    step.
    """

    id: str
    span: str
    shown: str
    steps: tuple[Frame, ...]
    decides: tuple[Piece, ...] = ()
    decider: Frame | None = None
    against: Against | None = None

    @property
    def wrappers(self) -> int:
        """The number of steps that only pass the call on."""
        return sum(step.wrapper for step in self.steps)


def call_paths(index: Index, row: Row) -> list[list[CallPath]]:
    """Return the call paths of each run of a row, oldest run and path first.

    Each is compared with the one before it, unless the row is an initializer called directly.
    """
    found, before = [], None
    for run in row.runs[MEASURED]:
        paths = []
        for files, group in groupby(run.cells, key=_files):
            if files:
                path = _call_path(index, row, list(group))
                paths.append(replace(path, against=before and against(path, before)))
                before = None if row.standalone else path
        found.append(paths)
    return found


def _files(cell: Cell) -> list[tuple[str, str]]:
    return [(frame.file, frame.function) for frame in cell.evidence.call_path]


def _call_path(index: Index, row: Row, cells: Sequence[Cell]) -> CallPath:
    """Return the call path that neighbouring cells of a row share but for line numbers."""
    first, last = cells[0], cells[-1]
    if row.pinned or row.standalone:
        decides, decider = CALLER if row.pinned else (), None
    else:
        decides, decider = decision(last.evidence.call_path, DECLARED.value(last))
    return CallPath(
        id=f"path-{last.role}-{first.release}",
        span=index.span(first.release, last.release),
        shown=index.label(last.release) if len(cells) > 1 else "",
        steps=last.evidence.call_path,
        decides=decides,
        decider=decider,
    )


def decision(
    steps: Sequence[Frame], declared: str | None
) -> tuple[tuple[Piece, ...], Frame | None]:
    """Return who chooses the initializer, and the step that does, if it is a step."""
    if declared is not None and not declared.endswith(NO_DEFAULT):
        return ((TEXT, "the signature, "), (CODE, short(declared))), None
    functions = {step.function: step for step in steps}  # the last of each
    step = next((functions[name] for name in CHOOSERS if name in functions), steps[0])
    return ((CODE, step.function), (TEXT, f" in {step.file}")), step


def against(newer: CallPath, older: CallPath) -> Against:
    """Compare a call path with the one before it, ignoring line numbers."""
    was, now = (path.decider and _key(path.decider) for path in (older, newer))
    kinds = tuple(_by_kind(_step_changes(older.steps, newer.steps)))
    files, new_files = ([step.file for step in path.steps] for path in (older, newer))
    return Against(
        before=older,
        decided=older.decides if was != now else (),
        kinds=kinds,
        renamed=not kinds and files != new_files,
    )


def _by_kind(changes: Iterable[tuple[str, str, tuple[str, ...]]]) -> Iterator[StepChanges]:
    """Yield the gone, new and moved steps, in this order, each grouped by file."""
    alike = grouped(changes, itemgetter(0, 2))
    for sign, kind in SIGNS:
        found = tuple(
            StepChange(tuple(function for _, function, _ in each), files)
            for (word, files), each in alike.items()
            if word == kind
        )
        if found:
            yield StepChanges(sign, kind, found)


def _key(step: Frame) -> tuple[str, str]:
    """Return what identifies a step: its file, with renamed folders unified, and its function."""
    file = step.file
    for name, plain in FOLDERS:
        file = plain + file.removeprefix(name) if file.startswith(name) else file
    return file, step.function


def _step_changes(
    before: Sequence[Frame], after: Sequence[Frame]
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield whether a function is gone, new or moved, its name and its files, in call order."""
    keys = [_key(step) for step in before], [_key(step) for step in after]
    for kind, a, b, c, d in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        left = list(after[c:d])
        for was in before[a:b]:
            if now := next((step for step in left if _is_moved(was, step)), None):
                left.remove(now)
                yield "moved", was.function, (was.file, now.file)
            else:
                yield "gone", was.function, (was.file,)
        yield from (("new", now.function, (now.file,)) for now in left)


def _is_moved(was: Frame, now: Frame) -> bool:
    """Return whether a step moved to another file; a common name must keep the file's name."""
    files = [step.file.rpartition("/")[2] for step in (was, now)]
    return was.function == now.function and (was.function not in COMMON or files[0] == files[1])


def source(frame: Frame) -> str | None:
    """Return the URL of a frame's line in its repository, at its release's tag.

    None if the file is generated by the build or the repository is unknown.
    """
    distribution = (frame.distribution or "").replace("_", "-").lower()
    version = VERSION.fullmatch(frame.version or "")
    if distribution not in REPOSITORIES or not version:
        return None
    if any(part in frame.file for part in ("/_api/", "/gen_", "..")):
        return None
    tag = "v" + version[0].replace("rc", "-rc")
    folder, slash, rest = frame.file.partition("/")
    folder = "tensorflow" if folder == "tensorflow_core" else folder
    early = (int(version[1]), int(version[2])) < KERAS_WITH_SRC
    if distribution == "tf-keras" or (distribution == "keras" and early):
        rest = rest.removeprefix("src/")
    return f"{REPOSITORIES[distribution]}/blob/{tag}/{quote(folder + slash + rest)}#L{frame.line}"
