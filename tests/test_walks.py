"""What moved on the walk between two ways: who decides, and which steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from report.site import page
from report.story import walks, wording
from report.story.call_path import Path, Step
from tests import world

if TYPE_CHECKING:
    import pathlib

A, B, SCOPE = "tensorflow/a.py", "tensorflow/b.py", "tensorflow/scope.py"


def walk(*steps: str, declared: str | None = "kernel_initializer=None", span: str = "1.0") -> Path:
    """Return a path; a step is written ``function file:line``."""
    return Path(
        id=f"kernel-{span}",
        span=span,
        shown=span,
        steps=tuple(
            Step(function=step.split()[0], place=step.split()[1], href=None, wrapper=False)
            for step in steps
        ),
        noise=0,
        declared=declared,
    )


DECIDERS = (
    # a signature that names an initializer decides, whatever the walk
    (
        walk(f"call {A}:1", f"_get_default_initializer {SCOPE}:2", declared="k='glorot_uniform'"),
        "the signature, k='glorot_uniform'",
    ),
    # one that says None leaves it to the walk
    (
        walk(f"call {A}:1", f"add_weight {B}:2", f"_get_default_initializer {SCOPE}:2"),
        f"_get_default_initializer in {SCOPE}",
    ),
    # the last of two that are given nothing is the one that chooses
    (
        walk(f"add_weight {A}:1", f"add_weight {B}:2", f"_get_single_variable {SCOPE}:2"),
        f"add_weight in {B}",
    ),
    (walk(f"call {A}:1", f"_get_single_variable {SCOPE}:2"), f"_get_single_variable in {SCOPE}"),
    # nobody known: the call itself; and a signature that was not recorded says nothing
    (walk(f"call {A}:1", f"__call__ {B}:2", declared=None), f"call in {A}"),
)


@pytest.mark.parametrize(("path", "said"), DECIDERS)
def test_who_decides(path: Path, said: str) -> None:
    assert wording.plain(walks.decides(path)) == said


def moved(older: Path, newer: Path) -> dict[str, list[str]]:
    """Return the functions that are gone, new and moved."""
    kinds = walks.against(newer, older).moves
    return {word: [f for move in moves for f in move.functions] for (_, word), moves in kinds}


MOVES: tuple[tuple[tuple[str, ...], tuple[str, ...], dict[str, list[str]]], ...] = (
    # rule: a line that moved is no other step
    ((f"a {A}:1", f"b {B}:2"), (f"a {A}:9", f"b {B}:8"), {}),
    # nor is a folder that wheels rename
    (("a tensorflow_core/a.py:1",), (f"a {A}:1",), {}),
    (("a keras/a.py:1",), ("a keras/src/a.py:1",), {}),
    ((f"a {A}:1",), (f"a {A}:1", f"b {B}:2"), {"new": ["b"]}),
    ((f"a {A}:1", f"b {B}:2"), (f"a {A}:1",), {"gone": ["b"]}),
    ((f"a {A}:1", f"b {A}:2"), (f"a {A}:1", f"b {B}:2"), {"moved": ["b"]}),
    # steps of one place are told together
    ((f"a {A}:1",), (f"a {A}:1", f"b {B}:2", f"c {B}:3"), {"new": ["b", "c"]}),
    # a name that many steps have tells none from another
    ((f"__call__ {A}:1",), (f"__call__ {B}:1",), {"gone": ["__call__"], "new": ["__call__"]}),
    (("__call__ x/a.py:1",), ("__call__ y/a.py:1",), {"moved": ["__call__"]}),
)


@pytest.mark.parametrize(("older", "newer", "said"), MOVES)
def test_what_moved(
    older: tuple[str, ...], newer: tuple[str, ...], said: dict[str, list[str]]
) -> None:
    assert moved(walk(*older), walk(*newer)) == said


def test_who_decided_before_is_said_only_if_it_was_another() -> None:
    older = walk(f"call {A}:1", f"_get_default_initializer {SCOPE}:2", span="1.0")
    newer = walk(f"call {A}:1", f"add_weight {B}:2", span="1.1")
    found = walks.histories([newer, older])
    assert found[1] is None
    assert found[0] is not None
    assert wording.plain(found[0].was) == f"_get_default_initializer in {SCOPE}"
    assert (found[0].span, found[0].id) == ("1.0", "kernel-1.0")
    lines = walk(f"call {A}:9", f"_get_default_initializer {SCOPE}:8", span="1.1")
    assert walks.against(lines, older).was == ()


def test_a_walk_of_few_differences_is_told_by_them_and_line_by_line() -> None:
    steps = [f"step{n} {A}:{n}" for n in range(8)]
    kernel = walk(*steps)
    bias = walk(*steps[:-1], f"step7 {A}:99")
    found = walks.like(bias, [("a kernel", "a.html#kernel", kernel)])
    assert found is not None
    assert (found.name, found.href) == ("a kernel", "a.html#kernel")
    (((_, word), (move,)),) = found.moves
    assert (word, move.was, move.now) == ("moved", f"{A}:7", f"{A}:99")
    other = walk(*[f"other{n} {A}:{n}" for n in range(8)])
    assert walks.like(other, [("a kernel", "a.html#kernel", kernel)]) is None


def test_of_two_walks_the_one_with_fewer_differences_tells() -> None:
    steps = [f"step{n} {A}:{n}" for n in range(8)]
    near, same = walk(*steps[:-1]), walk(*steps)
    found = walks.like(walk(*steps), [("near", "n", near), ("same", "s", same)])
    assert found is not None
    assert (found.name, found.moves) == ("same", ())


def test_the_page_says_in_words_and_signs_what_moved(tmp_path: pathlib.Path) -> None:
    """In the wide world every walk loses its first step in the same release."""
    page.build(world.wide(), tmp_path / "site")
    (made,) = (tmp_path / "site" / "path").glob("*.symbol1-class.html")
    said = made.read_text("utf-8")
    assert "<b>−</b> gone: <code>step0</code>" in said  # noqa: RUF001
    assert "<b>≠</b> who decides changed from <code>step0</code>" in said
