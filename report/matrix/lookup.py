"""Find symbols by an inexact name, typed from memory or copied from an old program."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from difflib import get_close_matches

import msgspec

NEAREST, ALIKE = 3, 0.75  # the most suggestions, and their least similarity
MISSPELT = 0.92  # similarity of a transposition; a path with an additional part has less
_NOT_LETTERS = re.compile(r"[^a-z0-9.]+")


# The ways in which a name may match, best first: in words, and as a test of the typed name and a
# symbol's path.
WAYS: tuple[tuple[str, Callable[[str, str], bool]], ...] = (
    ("before the brackets it is the path of", lambda asked, path: path == asked),
    ("so end the paths of", lambda asked, path: path.endswith(f".{asked}")),
    ("so begin the paths of", lambda asked, path: path.startswith(asked)),
    ("it begins with the path of", lambda asked, path: asked.startswith((f"{path}_", f"{path}."))),
    ("it is in the paths of", lambda asked, path: asked in path),
)
SAME_PATH, SAME_LEAF = WAYS[0][0], "its last part is that of"


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The matching names and why they match, or else the nearest names as suggestions.

    ``exact`` is true if their path is the typed one, ignoring the arguments in brackets.
    """

    names: tuple[str, ...] = ()
    why: str = ""
    exact: bool = False
    nearest: tuple[str, ...] = ()


def find(typed: str, known: Sequence[str]) -> Found:
    """Return the names that match ``typed`` best: all that match in the best way that has any."""
    asked = _path(typed)
    for same in (typed, asked):
        if same in known:
            return Found(names=(same,), why=SAME_PATH, exact=True)
    lower = asked.lower()
    if "(" not in typed and (bare := [name for name in known if name.lower() == lower]):
        return Found(names=tuple(bare), why=SAME_PATH, exact=True)
    paths = {name: _path(name).lower() for name in known}
    for why, fits in WAYS if asked else ():
        if names := [name for name, path in paths.items() if fits(lower, path)]:
            return _found(names, why, asked)
    names_of = {path: name for name, path in reversed(paths.items())}
    near = get_close_matches(lower, names_of, n=NEAREST, cutoff=MISSPELT)
    if misspelt := [names_of[path] for path in near if _last(path) == _last(lower)]:
        return Found(nearest=tuple(misspelt))
    if asked and (names := [name for name in known if _leaf(paths[name]) == _leaf(lower)]):
        return _found(names, SAME_LEAF, asked)
    near = get_close_matches(lower, names_of, n=NEAREST, cutoff=ALIKE)
    leaves = {_leaf(path): path for path in names_of}
    near = near or [leaves[leaf] for leaf in get_close_matches(_leaf(lower), leaves, n=NEAREST)]
    return Found(nearest=tuple(names_of[path] for path in near))


def _found(names: Sequence[str], why: str, asked: str) -> Found:
    """Return the result for matching names, with those first whose last part is the typed one."""
    names = sorted(names, key=lambda name: _last(_path(name)) != _last(asked))
    return Found(names=tuple(names), why=why, exact=why == SAME_PATH)


def _path(name: str) -> str:
    """Return a name's path without arguments, with ``tensorflow.`` abbreviated to ``tf.``."""
    path = name.strip().partition("(")[0].strip().strip("\"'`.,;:")
    return re.sub(r"^tensorflow\.", "tf.", path)


def _last(path: str) -> str:
    return path.rpartition(".")[2]


def _leaf(path: str) -> str:
    """Return the last part, normalized: GlorotUniform and glorot_uniform_initializer are equal."""
    return _NOT_LETTERS.sub("", _last(path).removesuffix("_initializer"))
