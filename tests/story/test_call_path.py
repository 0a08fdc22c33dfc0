"""Test call paths: who decides, what moved, and links to the source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from report.evidence.records import Frame
from report.matrix.index import Index
from report.site.publish import write_site
from report.story import wording
from report.story.call_path import CallPath, against, call_paths, decision, source
from tests.support import extreme, world

if TYPE_CHECKING:
    import pathlib

A, B, SCOPE = "tensorflow/a.py", "tensorflow/b.py", "tensorflow/scope.py"


def framed(
    function: str, file: str, line: int, distribution: str | None = None, version: str | None = None
) -> Frame:
    """Return a frame of a call path."""
    return Frame(
        distribution=distribution,
        version=version,
        file=file,
        line=line,
        function=function,
        wrapper=False,
    )


def path(*steps: str, declared: str | None = "kernel_initializer=None") -> CallPath:
    """Return a call path; each frame is written ``function file:line``."""
    words = [step.replace(":", " ").split() for step in steps]
    frames = tuple(framed(function, file, int(line)) for function, file, line in words)
    decides, decider = decision(frames, declared)
    return CallPath(
        id="path-kernel-1.0",
        span="1.0",
        shown="1.0",
        steps=frames,
        decides=decides,
        decider=decider,
    )


DECIDERS = (
    # a signature that names an initializer decides, whatever the call path
    (
        path(f"call {A}:1", f"_get_default_initializer {SCOPE}:2", declared="k='glorot_uniform'"),
        "the signature, k='glorot_uniform'",
    ),
    # a signature with None leaves it to the call path
    (
        path(f"call {A}:1", f"add_weight {B}:2", f"_get_default_initializer {SCOPE}:2"),
        f"_get_default_initializer in {SCOPE}",
    ),
    # the last of two frames that are given no initializer chooses it
    (
        path(f"add_weight {A}:1", f"add_weight {B}:2", f"_get_single_variable {SCOPE}:2"),
        f"add_weight in {B}",
    ),
    (path(f"call {A}:1", f"_get_single_variable {SCOPE}:2"), f"_get_single_variable in {SCOPE}"),
    # no known frame: the call itself; a signature that was not recorded decides nothing
    (path(f"call {A}:1", f"__call__ {B}:2", declared=None), f"call in {A}"),
)


@pytest.mark.parametrize(("made", "expected"), DECIDERS)
def test_who_decides(made: CallPath, expected: str) -> None:
    assert wording.plain(made.decides) == expected
    assert (made.decider is None) is expected.startswith("the signature")


def moved(older: CallPath, newer: CallPath) -> dict[str, list[str]]:
    """Return the functions that were removed, added and moved."""
    kinds = against(newer, older).kinds
    return {kind.word: [f for move in kind.changes for f in move.functions] for kind in kinds}


MOVES: tuple[tuple[tuple[str, ...], tuple[str, ...], dict[str, list[str]]], ...] = (
    # a frame whose line moved is the same frame
    ((f"a {A}:1", f"b {B}:2"), (f"a {A}:9", f"b {B}:8"), {}),
    # so is a frame whose folder was renamed in the wheel
    (("a tensorflow_core/a.py:1",), (f"a {A}:1",), {}),
    (("a keras/a.py:1",), ("a keras/src/a.py:1",), {}),
    ((f"a {A}:1",), (f"a {A}:1", f"b {B}:2"), {"new": ["b"]}),
    ((f"a {A}:1", f"b {B}:2"), (f"a {A}:1",), {"gone": ["b"]}),
    ((f"a {A}:1", f"b {A}:2"), (f"a {A}:1", f"b {B}:2"), {"moved": ["b"]}),
    # frames of one file are listed together
    ((f"a {A}:1",), (f"a {A}:1", f"b {B}:2", f"c {B}:3"), {"new": ["b", "c"]}),
    # a name that several frames have does not show a move
    ((f"__call__ {A}:1",), (f"__call__ {B}:1",), {"gone": ["__call__"], "new": ["__call__"]}),
    (("__call__ x/a.py:1",), ("__call__ y/a.py:1",), {"moved": ["__call__"]}),
)


@pytest.mark.parametrize(("older", "newer", "expected"), MOVES)
def test_what_moved(
    older: tuple[str, ...], newer: tuple[str, ...], expected: dict[str, list[str]]
) -> None:
    assert moved(path(*older), path(*newer)) == expected


def test_who_decided_before_is_said_only_if_it_was_another() -> None:
    older = path(f"call {A}:1", f"_get_default_initializer {SCOPE}:2")
    found = against(path(f"call {A}:1", f"add_weight {B}:2"), older)
    assert wording.plain(found.decided) == f"_get_default_initializer in {SCOPE}"
    assert found.before is older
    lines = path(f"call {A}:9", f"_get_default_initializer {SCOPE}:8")
    assert against(lines, older).decided == ()


def test_a_folder_of_another_name_is_said_and_moves_no_step() -> None:
    older, newer = path("a keras/a.py:1"), path("a keras/src/a.py:1")
    assert (against(newer, older).kinds, against(newer, older).renamed) == ((), True)
    assert not against(newer, path("a keras/src/a.py:7")).renamed


def test_a_path_is_compared_with_the_one_before_it_in_an_earlier_run_too() -> None:
    index = Index(matrix=extreme.wide())
    for row in index.layers:
        paths = [path for run in call_paths(index, row) for path in run]
        before = [path.against and path.against.before.id for path in paths]
        assert before == [None, *(path.id for path in paths[:-1])][: len(paths)]


def test_what_a_layer_is_given_and_what_an_initializer_is_asked_is_decided_by_the_caller() -> None:
    index = Index(matrix=world.mini())
    for row in (*index.pins, *index.initializers):
        paths = [path for run in call_paths(index, row) for path in run]
        words = {wording.plain(path.decides) for path in paths}
        assert words <= {"the caller, who names the initializer" if row in index.pins else ""}


def test_the_page_says_in_words_and_signs_what_moved(tmp_path: pathlib.Path) -> None:
    """In the wide world every call path loses its first step in the same release."""
    write_site(extreme.wide(), tmp_path / "site")
    (made,) = (tmp_path / "site" / "symbol").glob("*v1*.symbol1-class.html")
    shown = made.read_text("utf-8")
    assert "<b>−</b> gone: <code>step0</code>" in shown  # noqa: RUF001
    assert "<b>≠</b> who decides changed from <code>step0</code>" in shown


TF, KERAS = "tensorflow/tensorflow/blob/", "keras-team/keras/blob/"
FRAMES = (
    # distribution, version, file, address of the line below https://github.com/
    ("tensorflow", "1.15.5", "tensorflow_core/python/a.py", f"{TF}v1.15.5/tensorflow/python/a.py"),
    ("tensorflow-cpu", "2.22.0rc0", "tensorflow/a.py", f"{TF}v2.22.0-rc0/tensorflow/a.py"),
    ("keras", "2.6.0", "keras/a.py", f"{KERAS}v2.6.0/keras/a.py"),
    ("keras", "2.15.0", "keras/src/a.py", f"{KERAS}v2.15.0/keras/a.py"),
    ("keras", "3.3.3", "keras/src/a.py", f"{KERAS}v3.3.3/keras/src/a.py"),
    ("tf_keras", "2.16.0", "tf_keras/src/a.py", "keras-team/tf-keras/blob/v2.16.0/tf_keras/a.py"),
)
UNLINKED = (
    # distribution, version, file: made by the build, or in no repository that is known
    ("tensorflow", "2.5.3", "tensorflow/python/ops/gen_random_ops.py"),
    ("tensorflow", "2.5.3", "tensorflow/_api/v1/a.py"),
    ("numpy", "1.19.5", "numpy/a.py"),
    ("tensorflow", "nightly", "tensorflow/a.py"),
    ("tensorflow", "2.5.3", "tensorflow/../../a.py"),
)


@pytest.mark.parametrize(("distribution", "version", "file", "address"), FRAMES)
def test_a_frame_leads_to_its_line_at_its_tag(
    distribution: str, version: str, file: str, address: str
) -> None:
    frame = framed("call", file, 7, distribution, version)
    assert source(frame) == f"https://github.com/{address}#L7"


@pytest.mark.parametrize(("distribution", "version", "file"), UNLINKED)
def test_a_file_in_no_repository_is_not_linked(distribution: str, version: str, file: str) -> None:
    frame = framed("call", file, 7, distribution, version)
    assert source(frame) is None
