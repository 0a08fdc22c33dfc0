"""Sample observations that follow the schema.

``observation`` returns a small one: one layer with a kernel and a bias, one variable. Its weights
are drawn by NumPy from a law's formula.
"""

from __future__ import annotations

import json
import math
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from probes.kinds.measured import measure
from report.evidence import reader
from tests.support import whole
from tests.support.whole import EVIDENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    Form = Callable[[np.random.Generator, tuple[int, ...]], NDArray[np.float64]]

PLATFORM = "linux-x86_64"
DENSE, VARIABLE = "tf.layers.dense", "tf.get_variable"
SHAPES = whole.SHAPES
BINS = 32


def observation(version: str = "1.0.1", /, **changed: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a valid observation of one release, with some fields changed."""
    release = {"version": version, "distribution": "tensorflow", "python": "3.6"}
    return {
        "schema": reader.SCHEMA,
        "protocol": reader.PROTOCOL,
        "platform": PLATFORM,
        "release": {**release, "lock": "0f" * 32},
        "status": "observed",
        "reason": None,
        "packages": {"numpy": "1.12.0", "keras": None, "tf_keras": None},
        "symbols": [dense(), variable()],
        "tutorial": {"state": "observed", "reason": None, "networks": [network()]},
    } | changed


def failed(version: str, reason: str) -> dict[str, Any]:
    """Return an observation of a release whose probe failed."""
    empty: dict[str, Any] = {"packages": {}, "symbols": [], "tutorial": None}
    return observation(version, status="failed", reason=reason, **empty)


def dense(kernel: str = "glorot_uniform") -> dict[str, Any]:
    """Return an observed layer with a kernel and a bias."""
    roles = {"kernel": evidence("kernel", kernel), "bias": evidence("bias", "zeros")}
    return _observed(DENSE, "Dense", roles)


def variable(kernel: str = "glorot_uniform") -> dict[str, Any]:
    """Return an observed variable."""
    return _observed(VARIABLE, None, {"kernel": evidence("kernel", kernel)})


def shared(symbol: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a symbol with another path, whose evidence is that of an earlier symbol."""
    kept = {key: symbol[key] for key in symbol if key != "evidence"}
    return {**kept, "name": name, "path": name, "same_as": symbol["name"]}


def blank(symbol: Mapping[str, Any], state: str, reason: str) -> dict[str, Any]:
    """Return a symbol without evidence, with a state and a reason."""
    keys = ("name", "path", "style", "form", "arguments", "layer", "roles")
    kept = {key: symbol[key] for key in keys}
    return {**kept, "state": state, "reason": reason}


def _observed(name: str, layer: str | None, roles: dict[str, Any]) -> dict[str, Any]:
    style, form = ("layer", "function") if layer else ("variable", "variable")
    call = {"name": name, "path": name, "style": style, "form": form, "arguments": {}}
    asked: dict[str, Any] = {**call, "layer": layer, "roles": list(roles)}
    return {**asked, "state": "observed", "reason": None, "notices": [], "evidence": roles}


def evidence(role: str, law: str) -> dict[str, Any]:
    """Return the evidence of one role whose weights are drawn from a law of ``LAWS``."""
    found: dict[str, Any] = json.loads(json.dumps(EVIDENCE))  # a copy
    del found["notices"]
    if law in CONSTANT:
        found |= {"numbers": [], "own_seed": None, "reuse": None}
    return found | {
        "declared": {"keyword": f"{role}_initializer", "default": repr(law)},
        "measured": [measured(law, shape) for shape in SHAPES],
        "resolved": resolved("".join(word.title() for word in law.split("_")), seed=None),
        "call_path": [
            whole.frame("layers/core.py", 250, "dense"),
            whole.frame("ops/init_ops.py", 7, "__call__"),
        ],
        "scope": role == "kernel",
    }


def resolved(name: str, /, op: str | None = None, **config: object) -> dict[str, Any]:
    """Return resolved evidence: a class and its config, without a graph operation by default."""
    module = "tensorflow.python.ops.init_ops"
    return {"class": name, "module": module, "config": config, "op": op, "constants": {}}


def network() -> dict[str, Any]:
    """Return a tutorial network of two layers, whose hand-written loss is not finite."""
    figures = {"weights_std": 0.1, "input_rms": 1.0, "output_std": 2.5}
    return {
        "initializer": "default",
        "symbol": None,
        "layers": [{"name": name, "shape": [25, 32], **figures} for name in ("conv1", "logits")],
        "logits_spread": 812.0,
        "loss": {"stable": 377.0, "by_hand": "nan"},
        "steps": [{"learning_rate": 0.01, "stable": None, "by_hand": 0}],
    }


def measured(law: str, shape: tuple[int, ...]) -> dict[str, Any]:
    """Return the statistics of weights drawn from a law; of a bias if the law is constant."""
    found: dict[str, Any] = json.loads(_measured(law, shape))
    return found


@cache
def _measured(law: str, shape: tuple[int, ...]) -> str:
    return json.dumps(measure(weights(law, shape), weights(law, shape, 1)))


@cache
def weights(law: str, shape: tuple[int, ...], *seed: int) -> NDArray[np.float32]:
    """Return weights drawn from a law's formula; a bias if the law is constant.

    The random generator's seed is the shape, followed by ``seed``.
    """
    if law in CONSTANT:
        return np.full(shape[-1:], CONSTANT[law], np.float32)
    form, variance = LAWS[law]
    drawn = form(np.random.default_rng((*shape, *seed)), shape)
    return (drawn * math.sqrt(variance(*shape))).astype(np.float32)


def flat(draw: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return draws from the uniform law of variance 1."""
    return draw.uniform(-math.sqrt(3), math.sqrt(3), shape)


def bell(draw: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return draws from the standard normal law."""
    return draw.standard_normal(shape)


def cut(draw: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return draws from the standard normal law truncated at 2."""
    drawn = draw.standard_normal(shape)
    while (far := np.abs(drawn) > 2).any():
        drawn[far] = draw.standard_normal(np.count_nonzero(far))
    return drawn


# The standard deviation of the truncated law, as TensorFlow writes it.
LEFT = 0.87962566103423978
CONSTANT = {"zeros": 0.0, "ones": 1.0, "constant(0.1)": 0.1}
# The form, and its variance before truncation by fan_in and fan_out.
LAWS: Mapping[str, tuple[Form, Callable[[int, int], float]]] = {
    "glorot_uniform": (flat, lambda i, o: 2 / (i + o)),
    "he_uniform": (flat, lambda i, _: 2 / i),
    "lecun_uniform": (flat, lambda i, _: 1 / i),
    "half_uniform": (flat, lambda i, _: 0.5 / i),
    "fan_out_uniform": (flat, lambda _, o: 1 / o),
    "random_uniform(-0.05, 0.05)": (flat, lambda *_: 0.05**2 / 3),
    "glorot_normal": (cut, lambda i, o: 2 / (i + o) / LEFT**2),
    "glorot_normal_uncorrected": (cut, lambda i, o: 2 / (i + o)),
    "glorot_normal_contrib": (cut, lambda i, o: 1.3 * 2 / (i + o)),
    "glorot_normal_untruncated": (bell, lambda i, o: 2 / (i + o)),
    "he_normal": (cut, lambda i, _: 2 / i / LEFT**2),
    "he_normal_contrib": (cut, lambda i, _: 1.3 * 2 / i),
    "lecun_normal_untruncated": (bell, lambda i, _: 1 / i),
    "random_normal(stddev=0.05)": (bell, lambda *_: 0.05**2),
    "truncated_normal(stddev=0.1)": (cut, lambda *_: 0.1**2),
}


def row(version: str, **more: object) -> str:
    """Return one row of a table of releases, as TOML."""
    fields = {
        "version": version,
        "distribution": "tensorflow",
        "python": "3.6",
        "cutoff": "2017-03-22",
        "tags": [],
        **more,
    }
    return f"{{ {', '.join(f'{key} = {json.dumps(value)}' for key, value in fields.items())} }}"


def table(*rows: str) -> str:
    """Return a table of releases, as TOML."""
    return f"releases = [\n{''.join(f'  {one},' + chr(10) for one in rows)}]\n"


def store(folder: Path, data: object, name: str = "1.0.1") -> Path:
    """Write an observation to a folder and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path
