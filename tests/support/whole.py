"""Whole evidence: two different values of every field, in an observation's format.

A new kind of evidence needs its two values here; the sample observations, the miniature world,
the hostile world and the timelines have them from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

SHAPES = ((240, 480), (600, 200))  # of the samples' and the miniature world's kernels


def frame(file: str, line: int, function: str, *, wrapper: bool = False) -> list[Any]:
    """Return one frame of a call path, in TensorFlow's own code."""
    return [f"tensorflow/python/{file}", line, function, wrapper, "tensorflow", "1.0.1"]


def stream(position: int, place: int, second: int, **changed: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return what decided a draw in a graph; ``second`` is the operation's second seed."""
    seeds = [87654321, second]
    graph = {"operation": "RandomUniform", "seeds": seeds, "position": position, "place": place}
    return {**graph, "python": False, "numpy": False} | changed


def draws(
    digit: str,
    decided: dict[str, Any],
    shapes: Sequence[tuple[int, ...]] = SHAPES,
    start: float = 0.05,
) -> list[dict[str, Any]]:
    """Return a draw for each shape: a digest of one digit, and weights from ``start`` downwards."""
    values = [round(start - step / 200, 6) for step in range(16)]
    shared = {"digest": digit * 64, "values": values, "stream": decided}
    return [{"shape": list(shape), **shared} for shape in shapes]


FRAMES = [
    frame("layers/core.py", 250, "dense"),
    frame("util/deprecation.py", 7, "new_func", wrapper=True),
]
BY_POSITION, BY_PLACE = draws("a", stream(1, 0, 1)), draws("b", stream(1, 0, 0), start=0.03)
_RESOLVED = {
    "class": "GlorotUniform",
    "module": "tensorflow.python.ops.init_ops",
    "config": {"seed": None, "dtype": "float32"},
    "op": "RandomUniform",
    "constants": {"minval": -0.0912871, "maxval": 0.0912871},
}
_AGAIN: dict[str, Any] = {"again": -0.03, "shape": 0.04, "object": 0.0, "copy": None}
_SEEDED: dict[str, Any] = {
    "again": "same",
    "shape": 1.0,
    "object": "same",
    "object_shape": 0.7,
    "seed": -0.01,
}
# Measurements are missing: they are drawn from a law (samples.py) or computed from it (world.py).
VALUES: dict[str, tuple[Any, Any]] = {
    "declared": (
        {"keyword": "kernel_initializer", "default": "None"},
        {"keyword": "initializer", "default": "1"},
    ),
    "resolved": (_RESOLVED, {**_RESOLVED, "class": "VarianceScaling"}),
    "call_path": (FRAMES, FRAMES[:1]),
    "numbers": (
        [{"call": "tf.set_random_seed", "seeds": "tensorflow", "draws": BY_POSITION}],
        [{"call": "tf.set_random_seed", "seeds": "tensorflow", "draws": BY_PLACE}],
    ),
    "repeat": ({"tf": True, "keras": None}, {"tf": True, "keras": False}),
    "own_seed": (
        {"decides": "own", "draws": BY_POSITION},
        {"decides": "both", "draws": BY_PLACE},
    ),
    "scope": (True, False),
    "reuse": (
        {"unseeded": _AGAIN | {"copy": 0.01}, "seeded": _SEEDED | {"again": 0.02}, "warns": []},
        {"unseeded": _AGAIN | {"again": "same"}, "seeded": _SEEDED, "warns": ["called twice"]},
    ),
    "notices": ([], ["old"]),
}
EVIDENCE = {field: value for field, (value, _) in VALUES.items()}
OTHER = {field: value for field, (_, value) in VALUES.items()}
