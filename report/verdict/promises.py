"""Derive the law that an initializer's class and config promise, by a table of classes.

The same initializer has many names: a class of TensorFlow 1 or of Keras 2 and 3, a closure
of tf.contrib, a plain function of 0.12. They differ in case, underscores and a suffix, and share
a row here. A class without a row, or a config with unknown keys, raises UnreadableError.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from functools import cache
from inspect import signature
from typing import TYPE_CHECKING

import msgspec

from report.evidence import Resolved
from report.verdict import families
from report.verdict.families import CONTRIB, FAMILIES, FLAT, WIDE, Family
from report.verdict.standard_forms import NORMAL, POINT, TRUNCATED, UNIFORM, Form, Law, point

if TYPE_CHECKING:
    Shape = tuple[int, ...]
    Config = Mapping[str, object]
    At = Callable[[Shape], Law]

# Keys of a config that don't affect the law. The axes, of the newest Keras, do unless they are
# None: they change how fans are computed.
_BESIDE = frozenset({"seed", "dtype"})
_AXES = frozenset({"input_axes", "output_axes"})
# The factor by which a release widens its truncated normal law, for "normal" and ``*_normal``:
# from 1.10 on to the nominal variance. The constants in the graphs show it: stddev is
# sqrt(1/180) = 0.0745356 in 1.9 and 0.0847356 in 1.10.
_WIDENED = (((1, 10), WIDE), ((0, 0), 1.0))
# Shapes at which laws are compared: ranks 1, 2 and 4 distinguish all families.
_SHAPES = ((9,), (6, 10), (3, 3, 4, 7))


class UnreadableError(Exception):
    """No law is known for a class and config; the message says why."""


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """The law, for every shape, or the special matrix that an initializer promises.

    ``text`` is the family's name if it has one, else the call. ``matrix`` is "orthogonal" or
    "identity" if ``gain`` times such a matrix is promised; then ``law`` is None.
    """

    text: str
    law: At | None = None
    matrix: str | None = None
    gain: float = 1.0


def promised(resolved: Resolved, version: str) -> Promise:
    """Return what a class and config promise in a release; raise UnreadableError if unknown."""
    config = json.dumps(resolved.config, sort_keys=True)
    return _promised(resolved.class_name, config, widening(version))


def named(default: str, version: str) -> Promise | None:
    """Return what a declared default promises; None if its text names no law, or needs a config."""
    name = _NAMED.match(default)
    try:
        return _promised(name[1], "{}", widening(version)) if name else None
    except UnreadableError:
        return None


_NAMED = re.compile(r"(?:'|<(?:class '|function )?)(\w+)")


def widening(version: str) -> float:
    """Return the factor by which a release widens its truncated normal law."""
    major, minor = version.split(".")[:2]
    return next(width for since, width in _WIDENED if (int(major), int(minor)) >= since)


def distributions(width: float) -> Mapping[str, tuple[Form, float]]:
    """Return the form and stretch of each of VarianceScaling's distributions, by name.

    ``width`` is the factor by which a release widens its truncated normal law.
    """
    return {
        "uniform": (UNIFORM, FLAT),
        "normal": (TRUNCATED, width),
        "truncated_normal": (TRUNCATED, WIDE),
        "untruncated_normal": (NORMAL, 1.0),
    }


@cache
def _promised(name: str, config: str, width: float) -> Promise:
    found: Config = json.loads(config)
    plain = name.replace("_", "").lower()
    make = _MAKERS.get(plain) or _MAKERS.get(plain.removesuffix("initializer"))
    if make is None:
        raise UnreadableError(f"no law is known for {name}")
    wanted = signature(make).parameters
    reads = [key for key in wanted if key != "width"]
    extra = set(found) - set(reads) - _BESIDE
    extra -= {axes for axes in _AXES if found.get(axes) is None}
    if missing := set(reads) - set(found):
        raise UnreadableError(f"{name} without {', '.join(sorted(missing))}")
    if extra:
        raise UnreadableError(f"{name} with {', '.join(sorted(extra))}")
    try:
        promise = make(**{key: found.get(key, width) for key in wanted})
    except (TypeError, ValueError, KeyError) as error:
        raise UnreadableError(f"{name}: {error}") from error
    if isinstance(promise, Promise):
        return promise
    call = ", ".join(f"{key}={found[key]}" for key in reads)
    return Promise(text=_family(promise) or f"{name}({call})", law=promise)


def _family(law: At) -> str | None:
    """Return the name of the family, or constant, with this law at every rank; None if none."""
    first = law(_SHAPES[0])
    if first.form is POINT:
        return families.constant(first.center)
    laws = [(shape, law(shape)) for shape in _SHAPES]
    same = (
        name for name in FAMILIES if all(families.law(name, shape).near(one) for shape, one in laws)
    )
    return next(same, None)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(f"{value!r} is no number")
    return float(value)


def uniform(low: float, high: float) -> Law:
    """Return the uniform law between two ends; a point law if they are equal."""
    if low > high:
        raise ValueError(f"{low:g} is above {high:g}")
    if low == high:
        return point(low)
    return Law(form=UNIFORM, center=(low + high) / 2, scale=(high - low) / 2)


def normal(form: Form, mean: float, stddev: float) -> Law:
    """Return a law of a normal form; ``stddev`` is that before truncation, 0 gives a point law."""
    if stddev < 0:
        raise ValueError(f"a standard deviation of {stddev:g}")
    if not stddev:
        return point(mean)
    return Law(form=form, center=mean, scale=stddev)


def _fixed(law: Law) -> At:
    return lambda _: law


def _constant(value: object) -> At:
    return _fixed(point(_number(value)))


def _random_uniform(minval: object, maxval: object) -> At:
    return _fixed(uniform(_number(minval), 1.0 if maxval is None else _number(maxval)))


def _random_normal(mean: object, stddev: object) -> At:
    return _fixed(normal(NORMAL, _number(mean), _number(stddev)))


def _truncated_normal(mean: object, stddev: object) -> At:
    return _fixed(normal(TRUNCATED, _number(mean), _number(stddev)))


def _variance(scale: object, mode: object, distribution: object, width: float) -> At:
    return _scaled(*distributions(width)[str(distribution)], _number(scale), mode)


def _contrib(factor: object, mode: object, uniform: object) -> At:
    form, stretch = (UNIFORM, FLAT) if uniform else (TRUNCATED, CONTRIB)
    return _scaled(form, stretch, _number(factor), mode)


def _scaled(form: Form, stretch: float, factor: float, mode: object) -> At:
    if not factor > 0:
        raise ValueError(f"a scale of {factor:g}")
    by = str(mode).lower()
    law = Family(name=by, code="", form=form, stretch=stretch, factor=factor, mode=by).law
    law(_SHAPES[0])  # raises KeyError if the mode is unknown
    return law


def _unit(factor: object) -> At:
    # the limit is factor * sqrt(3 / n): the factor is not under the root
    return _scaled(UNIFORM, FLAT, _number(factor) * abs(_number(factor)), "input_size")


def _matrix(kind: str, gain: object) -> Promise:
    size = _number(gain)
    text = kind if size == 1 else f"{kind}(gain={size:g})"
    return Promise(text=text, matrix=kind, gain=size)


# For each class, in lower case, the function that makes its law. Its parameters are the keys of
# the config that it reads, and the release's ``width``.
_MAKERS: Mapping[str, Callable[..., At | Promise]] = {
    "zeros": lambda: _constant(0.0),
    "ones": lambda: _constant(1.0),
    "constant": _constant,
    "randomuniform": _random_uniform,
    "randomnormal": _random_normal,
    "truncatednormal": _truncated_normal,
    "variancescaling": _variance,
    "variancescalinginitializer": _contrib,  # tf.contrib's
    "uniformunitscaling": _unit,
    "orthogonal": lambda gain: _matrix(families.ORTHOGONAL, gain),
    "identity": lambda gain: _matrix("identity", gain),
    "glorotuniform": lambda width: _variance(1.0, "fan_avg", "uniform", width),
    "glorotnormal": lambda width: _variance(1.0, "fan_avg", "normal", width),
    "heuniform": lambda width: _variance(2.0, "fan_in", "uniform", width),
    "henormal": lambda width: _variance(2.0, "fan_in", "normal", width),
    "lecununiform": lambda width: _variance(1.0, "fan_in", "uniform", width),
    "lecunnormal": lambda width: _variance(1.0, "fan_in", "normal", width),
}
