"""The program that draws a symbol's weights after a seed call, and what it prints.

It is what the probes do in a release, written as a user would: nothing but the seed call, the
smallest input and the symbol. A layer's input is a placeholder in a graph, an array otherwise.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec

from report.evidence import Draw, Form, Release, Symbol
from report.matrix import Cell, Change, Index, Row
from report.verdict import Degree

SEED = 20150206  # the probes' own
PRINTED = 4  # weights; the draws keep the first four
SMALL, WIDE = 1e-4, 1000  # from where on NumPy prints exponents
DECIMALS = 8  # the most decimal places that it prints
# The first NumPy that leaves out digits that are not needed to tell a float32 from its neighbours,
# and the space for a sign that no weight has.
TERSE = (1, 14)
SINGLE = (2, 0)  # the first that rounds SMALL to a float32 before it compares a weight with it
_VERSION = re.compile(r"(\d+)\.(\d+)")
V1 = "tf.compat.v1"
NUMPY = "numpy.random"  # the operation of weights that NumPy drew
IMPORTS = {
    "random.": "import random",
    "np.": "import numpy as np",
    "tf.": "import tensorflow as tf",
    "keras.": "import keras",
    "tf_keras.": "import tf_keras",
}


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """A program for one release, and the weights that it prints."""

    release: str
    source: str
    prints: str


def program(index: Index, row: Row, release: str, call: str) -> Program | None:
    """Return the program of a row with a seed call; None if that doesn't repeat its numbers."""
    cell = index.cell(row, release)
    draw = next((one.draws[0] for one in cell.evidence.numbers if one.call == call), None)
    if draw is None:
        return None
    return Program(
        release=release,
        source="\n".join(_lines(row, cell, call, draw)),
        prints=printed(draw, _numpy(index.releases[release])),
    )


def of_change(index: Index, change: Change) -> tuple[Program, ...]:
    """Return the programs that show a change of numbers, before and after; none if there is none.

    They use the seed call by which the two releases were compared.
    """
    if change.relation is None or change.relation.degree is Degree.NOT_COMPARABLE:
        return ()
    ends = zip((change.before_release, change.after_release), change.relation.calls, strict=True)
    found = (
        program(index, index.rows[change.key], release, call)
        for release, calls in ends
        for call in calls
    )
    return tuple(each for each in found if each)


@cache
def printed(draw: Draw, numpy: tuple[int, ...] = SINGLE) -> str:
    """Return the first weights of a draw as a version of NumPy prints them."""
    values = [_single(value) for value in draw.values[:PRINTED]]
    form = _form(values, _single(SMALL) if numpy >= SINGLE else SMALL)
    return _terse(values, form) if numpy >= TERSE else _padded(values, form)


def _numpy(release: Release) -> tuple[int, ...]:
    """Return the version of a release's NumPy; one that prints as today's if it is not known."""
    found = _VERSION.match(release.packages.get("numpy") or "")
    return tuple(map(int, found.groups())) if found else SINGLE


def _padded(values: Sequence[float], form: str) -> str:
    if form == "e":
        return f"[{' '.join(f'{value:16.{DECIMALS}e}' for value in values)}]"
    places = max(len(_decimals(value, "f")) for value in values)
    width = len(str(int(max(map(abs, values))))) + places + 2
    texts = (f"{value:#{width}.{places}f}" for value in values)
    return f"[{' '.join(text.rstrip('0').ljust(width) for text in texts)}]"


def _terse(values: Sequence[float], form: str) -> str:
    places = [_places(value, form) for value in values]
    if form == "e":
        places = [max(places)] * len(places)
    texts = [f"{value:#.{own}{form}}" for value, own in zip(values, places, strict=True)]
    left = max(text.index(".") for text in texts)
    padded = [f"{' ' * (left - text.index('.'))}{text}" for text in texts]
    longest = max(map(len, padded))
    return f"[{' '.join(text.ljust(longest) for text in padded)}]"


def _form(values: Sequence[float], small: float) -> str:
    """Return whether NumPy prints float32s with exponents ("e") or without ("f").

    Their quotient is a float32, too.
    """
    sizes = [abs(value) for value in values if value] or [1.0]
    return "e" if min(sizes) < small or _single(max(sizes) / min(sizes)) > WIDE else "f"


def _single(value: float) -> float:
    """Return the nearest float32."""
    nearest: float = struct.unpack("f", struct.pack("f", value))[0]
    return nearest


def _places(value: float, form: str) -> int:
    """Return with how many decimal places a float32 can be read back, at most ``DECIMALS``."""
    for places in range(DECIMALS):
        if _single(float(f"{value:.{places}{form}}")) == value:
            return places
    return len(_decimals(value, form))


def _decimals(value: float, form: str) -> str:
    """Return the digits after the point of a float32 that is printed with ``DECIMALS`` places."""
    mantissa = f"{value:.{DECIMALS}{form}}".partition("e")[0]
    return mantissa.rstrip("0").partition(".")[2]


def _lines(row: Row, cell: Cell, call: str, draw: Draw) -> Iterator[str]:
    graph = _in_graph(row.symbol, cell, draw)
    home = V1 if _is_v1(row.symbol, cell.release) else "tf"
    # a call for every generator names three functions
    seeds = [f"{name}({SEED})" for name in call.replace("numpy.", "np.").split(", ")]
    body = [*seeds, *_made(row, draw, home if graph else None)]
    words = " ".join(body).replace("=", " ").replace("(", " ").split()
    for root, line in IMPORTS.items():
        if (graph and root == "tf.") or any(word.startswith(root) for word in words):
            yield line
    yield ""
    if graph:
        yield "with tf.Graph().as_default():"
        yield from (f"    {line}" for line in body)
        yield f"    with {home}.Session() as session:"
        yield from (f"        {line}" for line in _run(row))
    else:
        yield from body
    yield f"print(weights.ravel()[:{PRINTED}])"


def _in_graph(symbol: Symbol, cell: Cell, draw: Draw) -> bool:
    """Return whether the weights were drawn in a graph: only there an operation has a place."""
    if symbol.form in {Form.FUNCTION, Form.VARIABLE}:
        return True
    if draw.stream is not None:
        return draw.stream.position is not None
    resolved = cell.evidence.resolved
    return resolved is not None and resolved.op is not None


def _is_v1(symbol: Symbol, release: str) -> bool:
    """Return whether sessions and placeholders are those of ``tf.compat.v1``."""
    return symbol.path.startswith(f"{V1}.") or int(release.partition(".")[0]) > 1


def _made(row: Row, draw: Draw, home: str | None) -> Iterator[str]:
    """Yield the lines that make the weights; ``home`` has the names for a graph, if it is one.

    Early Keras draws some with NumPy, in no graph; they are an array.
    """
    symbol, shape = row.symbol, draw.shape
    given = [f"{key}={_argument(value)}" for key, value in sorted(symbol.arguments.items())]
    if symbol.form is Form.INITIALIZER:
        drawn = f"{symbol.path}({', '.join(given)})(shape={shape})"
        array = draw.stream is not None and draw.stream.operation == NUMPY
        yield f"weights = {drawn}" if home or array else f"weights = {drawn}.numpy()"
        return
    if symbol.form is Form.VARIABLE:
        yield f"{row.role} = {symbol.path}({', '.join([repr(row.role), str(shape), *given])})"
        return
    # a dense layer takes units, a convolution filters and the size of its kernel
    size = [str(shape[-1]), *([str(shape[:-2])] if shape[:-2] else []), *given]
    smallest = str([1, *shape[:-1]])
    if home:
        yield f"inputs = {home}.placeholder(tf.float32, {smallest})"
    else:
        yield f'inputs = np.zeros({smallest}, "float32")'
    if symbol.form is Form.FUNCTION:
        yield f"{symbol.path}({', '.join(['inputs', *size])})"
        yield f"{row.role} = {home}.global_variables()[{symbol.roles.index(row.role)}]"
        return
    yield f"layer = {symbol.path}({', '.join(size)})"
    yield "layer(inputs)"
    yield f"{row.role} = layer.{row.role}" if home else f"weights = layer.{row.role}.numpy()"


def _run(row: Row) -> Iterator[str]:
    if row.symbol.form is Form.INITIALIZER:
        yield "weights = session.run(weights)"
    else:
        yield f"session.run({row.role}.initializer)"
        yield f"weights = session.run({row.role})"


def _argument(value: bool | float | str) -> str:  # noqa: FBT001 - a recorded argument
    """Return an argument as source: a public path is called, any other value is passed."""
    return f"{value}()" if isinstance(value, str) and "." in value else repr(value)
