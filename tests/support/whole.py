"""Whole evidence: two different values of every field, in an observation's format.

A new kind of evidence needs its two values here; the sample observations, the miniature world,
the hostile world and the timelines have them from here.
"""

from __future__ import annotations

from typing import Any

_FRAME = {"distribution": "tensorflow", "version": "1.0.1"}
FRAMES: list[dict[str, Any]] = [
    {
        **_FRAME,
        "file": "tensorflow/python/layers/core.py",
        "line": 250,
        "function": "dense",
        "wrapper": False,
    },
    {
        **_FRAME,
        "file": "tensorflow/python/util/deprecation.py",
        "line": 7,
        "function": "new_func",
        "wrapper": True,
    },
]
_RESOLVED = {
    "class": "GlorotUniform",
    "module": "tensorflow.python.ops.init_ops",
    "config": {"seed": None, "dtype": "float32"},
    "op": "RandomUniform",
    "constants": {"minval": -0.0912871, "maxval": 0.0912871},
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
        {"call": "tf.set_random_seed", "digest": "ab" * 32},
        {"call": "tf.set_random_seed", "digest": "cd" * 32},
    ),
    "repeat": ({"tf": True, "keras": None}, {"tf": False, "keras": True}),
    "scope": (True, False),
    "reuse": (
        {"unseeded": False, "seeded": True, "warns": []},
        {"unseeded": True, "seeded": False, "warns": []},
    ),
    "notices": ([], ["old"]),
}
EVIDENCE = {field: value for field, (value, _) in VALUES.items()}
OTHER = {field: value for field, (_, value) in VALUES.items()}
