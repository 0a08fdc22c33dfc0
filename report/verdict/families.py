"""The candidate laws: which distribution each initializer draws from, for a given shape.

One row of the table is one family. Every law is a standard form with a centre and a scale; a
scaled family's scale is ``stretch * sqrt(factor / n)`` with n one of the shape's fans. Sources:

* glorot: Glorot & Bengio 2010, "Understanding the difficulty of training deep feedforward
  neural networks", eq. 12 (variance 2 / (fan_in + fan_out)) and 16 (its uniform law).
* he: He et al. 2015, "Delving Deep into Rectifiers", eq. 10 (variance 2 / fan_in).
* lecun: LeCun et al. 1998, "Efficient BackProp", section 4.6 (variance 1 / fan_in).
* fan_out: lecun with the other fan (variance 1 / fan_out), VarianceScaling(mode="fan_out").
* uniform_unit_scaling: Sussillo & Abbott 2014, "Random Walk Initialization for Training Very
  Deep Feedforward Networks", as TensorFlow 1 does it (limit sqrt(3 / input_size)).

``*_normal`` is truncated at two standard deviations and widened to the nominal variance;
``*_uncorrected`` is truncated and not widened; ``*_contrib`` is widened by sqrt(1.3), as
tf.contrib.layers.variance_scaling_initializer does; ``*_untruncated`` is not truncated.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cache

import msgspec

from report.verdict.standard_forms import NORMAL, POINT, TRUNCATED, UNIFORM, Form, Law

# Verdicts without a row in the table. ``ORTHOGONAL`` is a draw from the uniform (Haar)
# distribution over all orthogonal matrices; an orthogonal matrix that is not uniform has no law.
ORTHOGONAL, OTHER_ORTHOGONAL = "orthogonal", "orthogonal_not_uniform"
UNRECOGNISED, NOT_FINITE = "unrecognised", "not_finite"
NO_LAW = frozenset({OTHER_ORTHOGONAL, UNRECOGNISED, NOT_FINITE})


class Family(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that gives a law for every shape.

    ``mode`` is the fan by which the variance is divided; ``code`` is the label in narrow cells.
    """

    name: str
    code: str
    form: Form
    stretch: float
    factor: float = 1.0
    mode: str = "fixed"
    center: float = 0.0

    def law(self, shape: tuple[int, ...]) -> Law:
        """Return the distribution from which weights of this shape are drawn."""
        scale = self.stretch * math.sqrt(self.factor / fans(shape)[self.mode])
        return Law(form=self.form, center=self.center, scale=scale)


@cache
def fans(shape: tuple[int, ...]) -> Mapping[str, float]:
    """Return the numbers by which TensorFlow and Keras divide a variance, by mode, at least 1.

    Rank 1 has fan_in = fan_out = n; from rank 3 on both channels are multiplied by the
    receptive field. ``input_size`` is the product of all dimensions but the last.
    """
    field = math.prod(shape[:-2])
    fan_in = max(1, field * shape[-2] if len(shape) > 1 else math.prod(shape))
    fan_out = max(1, field * shape[-1] if len(shape) > 1 else math.prod(shape))
    return {
        "fan_in": fan_in,
        "fan_out": fan_out,
        "fan_avg": (fan_in + fan_out) / 2,
        "input_size": max(1, math.prod(shape[:-1])),
        "fixed": 1,
    }


# The scale of a form with standard deviation 1: uniform, truncated normal, and tf.contrib's
# approximation of the latter.
FLAT = math.sqrt(3)
WIDE = 1 / TRUNCATED.std
CONTRIB = math.sqrt(1.3)

# fmt: off
_SCALED = (
    # name                        code  form       stretch   factor mode
    ("glorot_uniform",            "GU", UNIFORM,   FLAT,     1.0,   "fan_avg"),
    ("glorot_normal",             "GN", TRUNCATED, WIDE,     1.0,   "fan_avg"),
    ("glorot_normal_uncorrected", "GR", TRUNCATED, 1.0,      1.0,   "fan_avg"),
    ("glorot_normal_contrib",     "GC", TRUNCATED, CONTRIB,  1.0,   "fan_avg"),
    ("glorot_normal_untruncated", "GF", NORMAL,    1.0,      1.0,   "fan_avg"),
    ("he_uniform",                "HU", UNIFORM,   FLAT,     2.0,   "fan_in"),
    ("he_normal",                 "HN", TRUNCATED, WIDE,     2.0,   "fan_in"),
    ("he_normal_uncorrected",     "HR", TRUNCATED, 1.0,      2.0,   "fan_in"),
    ("he_normal_contrib",         "HC", TRUNCATED, CONTRIB,  2.0,   "fan_in"),
    ("he_normal_untruncated",     "HF", NORMAL,    1.0,      2.0,   "fan_in"),
    # Before lecun_uniform, the same law from rank 2 on: the first name is the verdict's.
    ("uniform_unit_scaling",      "US", UNIFORM,   FLAT,     1.0,   "input_size"),
    ("lecun_uniform",             "LU", UNIFORM,   FLAT,     1.0,   "fan_in"),
    ("lecun_normal",              "LN", TRUNCATED, WIDE,     1.0,   "fan_in"),
    ("lecun_normal_uncorrected",  "LR", TRUNCATED, 1.0,      1.0,   "fan_in"),
    ("lecun_normal_contrib",      "LC", TRUNCATED, CONTRIB,  1.0,   "fan_in"),
    ("lecun_normal_untruncated",  "LF", NORMAL,    1.0,      1.0,   "fan_in"),
    ("fan_out_uniform",           "FU", UNIFORM,   FLAT,     1.0,   "fan_out"),
    ("fan_out_normal",            "FN", TRUNCATED, WIDE,     1.0,   "fan_out"),
)
# fmt: on
_FIXED = (("random_normal", "N", NORMAL), ("truncated_normal", "T", TRUNCATED))
_STDDEVS = (1.0, 0.1, 0.05, 0.02, 0.01)
_RANGES = ((-0.05, 0.05), (-0.1, 0.1), (0, 1), (-1, 1))

_CONSTANT = "constant("
_OTHER_CODES = {UNRECOGNISED: "??", NOT_FINITE: "NF", ORTHOGONAL: "OR", OTHER_ORTHOGONAL: "ON"}


def _table() -> Iterator[Family]:
    for name, code, form, stretch, factor, mode in _SCALED:
        yield Family(name=name, code=code, form=form, stretch=stretch, factor=factor, mode=mode)
    for name, code, form in _FIXED:
        for i, std in enumerate(_STDDEVS, 1):
            yield Family(name=f"{name}(stddev={std})", code=f"{code}{i}", form=form, stretch=std)
    for i, (low, high) in enumerate(_RANGES, 1):
        name, half, mid = f"random_uniform({low}, {high})", (high - low) / 2, (high + low) / 2
        yield Family(name=name, code=f"U{i}", form=UNIFORM, stretch=half, center=mid)
    yield Family(name="zeros", code="Z", form=POINT, stretch=1.0)
    yield Family(name="ones", code="O", form=POINT, stretch=1.0, center=1.0)


FAMILIES: Mapping[str, Family] = {family.name: family for family in _table()}


def constant(value: float) -> str:
    """Return the name of the initializer that sets every weight to ``value``."""
    return {0.0: "zeros", 1.0: "ones"}.get(value, f"{_CONSTANT}{value:g})")


def _family(name: str) -> Family:
    """Return the family of a name, or of ``constant(…)``; raise KeyError if there is none."""
    if name.startswith(_CONSTANT):
        value = float(name.removeprefix(_CONSTANT).removesuffix(")"))
        return Family(name=name, code="C", form=POINT, stretch=1.0, center=value)
    return FAMILIES[name]


@cache
def law(name: str, shape: tuple[int, ...]) -> Law:
    """Return the law of a family, or of ``constant(…)``, at a shape; raise KeyError otherwise."""
    return _family(name).law(shape)


def code(name: str) -> str:
    """Return the code of a verdict's name, for narrow cells; raise KeyError if there is none."""
    return _OTHER_CODES.get(name) or _family(name).code


def kind(name: str) -> str:
    """Return the colour group of a verdict's name: uniform, normal, constant or other."""
    return "other" if name in _OTHER_CODES else _family(name).form.kind
