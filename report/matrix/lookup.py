"""Find the symbols that somebody means who types a name from memory, a page or an old program."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple

NEAREST, ALIKE = 3, 0.75  # so many names are suggested, if they are spelt so much alike
MISSPELT = 0.92  # two letters that changed places; a path with a part more is less alike
_NOT_LETTERS = re.compile(r"[^a-z0-9.]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The names that were meant, why they were chosen, and the nearest where none was.

    ``exact`` says that they are what was typed, but for what stands in brackets.
    """

    names: tuple[str, ...] = ()
    why: str = ""
    exact: bool = False
    nearest: tuple[str, ...] = ()


def find(typed: str, known: Sequence[str]) -> Found:
    """Return the names that fit best: all that fit in the first way in which any does."""
    asked = _path(typed)
    for same in (typed, asked):
        if same in known:
            return Found(names=(same,), why=_WAYS[0].why, exact=True)
    for way in _WAYS if asked else ():
        if way is _WAYS[-1] and (near := _misspelt(asked.lower(), known)):
            return Found(nearest=near)
        names = [name for name in known if way.fits(asked.lower(), _path(name).lower())]
        if names:
            names.sort(key=lambda name: _last(_path(name)) != _last(asked))
            return Found(names=tuple(names), why=way.why, exact=way is _WAYS[0])
    return Found(nearest=_nearest(asked.lower(), known))


def _path(name: str) -> str:
    """Return what stands before the bracket, under the usual name of the package."""
    path = name.strip().partition("(")[0].strip().strip("\"'`.,;:")
    return re.sub(r"^tensorflow\.", "tf.", path)


def _last(path: str) -> str:
    return path.rpartition(".")[2]


def _leaf(path: str) -> str:
    """Return the last part as spellings share it: GlorotUniform, glorot_uniform_initializer."""
    return _NOT_LETTERS.sub("", _last(path).removesuffix("_initializer"))


class _Way(NamedTuple):
    """A way to fit: the words for it, and a test of what was typed and of a symbol's path."""

    why: str
    fits: Callable[[str, str], bool]


_WAYS = (
    _Way("before the brackets it is the path of", lambda asked, path: path == asked),
    _Way("so end the paths of", lambda asked, path: path.endswith(f".{asked}")),
    _Way("so begin the paths of", lambda asked, path: path.startswith(asked)),
    _Way(
        "it begins with the path of", lambda asked, path: asked.startswith((f"{path}_", f"{path}."))
    ),
    _Way("it is in the paths of", lambda asked, path: asked in path),
    _Way("its last part is that of", lambda asked, path: _leaf(path) == _leaf(asked)),
)


def _misspelt(asked: str, known: Sequence[str]) -> tuple[str, ...]:
    """Return the names whose last part was typed, behind a path that is not quite theirs."""
    names = {_path(name).lower(): name for name in reversed(known)}
    near = get_close_matches(asked, names, n=NEAREST, cutoff=MISSPELT)
    return tuple(names[path] for path in near if _last(path) == _last(asked))


def _nearest(asked: str, known: Sequence[str]) -> tuple[str, ...]:
    """Return the names that are spelt most alike, by the whole path or by its last part."""
    names = {_path(name).lower(): name for name in reversed(known)}
    near = get_close_matches(asked, names, n=NEAREST, cutoff=ALIKE)
    if not near:
        leaves = {_leaf(path): path for path in names}
        near = [leaves[leaf] for leaf in get_close_matches(_leaf(asked), leaves, n=NEAREST)]
    return tuple(names[path] for path in near)
