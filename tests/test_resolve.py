"""Declared, resolved, measured: which of them disagree, for weights drawn by known laws."""

from __future__ import annotations

import math
from typing import Any

import pytest

from report.model import Measurement
from report.resolve import agreement, promise
from report.verdicts import judge
from tests import samples
from tests.samples import resolved

CLOSURE = "variance_scaling_initializer"  # of tf.contrib.layers: a function, not a class
VARIANCE = "VarianceScaling"
UNIFORM, CUT = "uniform", "truncated_normal"

# what the layer holds, and the family that it names
PROMISES = [
    (resolved("GlorotUniform", seed=None), "glorot_uniform"),
    (resolved("glorot_normal"), "glorot_normal"),
    (resolved("he_uniform_initializer"), "he_uniform"),
    (resolved("UniformUnitScaling", factor=1.0), "uniform_unit_scaling"),
    (resolved("Orthogonal", gain=1.0), "orthogonal"),
    (resolved("Zeros"), "zeros"),
    (resolved("ones_initializer"), "ones"),
    # VarianceScaling: Glorot is fan_avg, He is 2 by fan_in, LeCun is 1 by fan_in
    (resolved(VARIANCE, scale=1.0, mode="fan_avg", distribution=UNIFORM), "glorot_uniform"),
    (resolved(VARIANCE, scale=1, mode="fan_avg", distribution="normal"), "glorot_normal"),
    (resolved(VARIANCE, scale=2.0, mode="fan_in", distribution=UNIFORM), "he_uniform"),
    (resolved(VARIANCE, scale=2.0, mode="fan_in", distribution=CUT), "he_normal"),
    (
        resolved(VARIANCE, scale=2.0, mode="fan_in", distribution="untruncated_normal"),
        "he_normal",
    ),
    (resolved(VARIANCE, scale=1.0, mode="fan_in", distribution=CUT), "lecun_normal"),
    (resolved(VARIANCE, scale=1.0, mode="fan_out", distribution=UNIFORM), "fan_out_uniform"),
    # contrib's closure says factor, FAN_AVG and uniform=True for the same
    (resolved(CLOSURE, factor=1.0, mode="FAN_AVG", uniform=True), "glorot_uniform"),
    (resolved(CLOSURE, factor=1.0, mode="FAN_AVG", uniform=False), "glorot_normal"),
    (resolved(CLOSURE, factor=2.0, mode="FAN_IN", uniform=False), "he_normal"),
    (resolved(CLOSURE, factor=1.0, mode="FAN_IN", uniform=True), "lecun_uniform"),
    # no family has this pair, or this class
    (resolved(VARIANCE, scale=0.333, mode="fan_out", distribution=UNIFORM), None),
    (resolved(VARIANCE, scale=2.0, mode="fan_avg", distribution=UNIFORM), None),
    (resolved(CLOSURE, factor=2.34, mode="FAN_IN", uniform=False), None),
    (resolved("TruncatedNormal", stddev=0.1), None),
    (resolved("lambda"), None),
    # a config that no release has: nothing is promised, and nothing is raised
    (resolved(VARIANCE), None),
    (resolved(CLOSURE), None),
    (resolved(VARIANCE, scale="2.0", mode="fan_in", distribution=UNIFORM), None),
    (resolved(VARIANCE, scale=None, mode=["fan_in"], distribution={}), None),
    (resolved(CLOSURE, factor=[2.0], mode=None, uniform=False), None),
]


@pytest.mark.parametrize(("held", "family"), PROMISES)
def test_promise(held: dict[str, Any], family: str | None) -> None:
    assert promise(held) == family


def told(
    law: str, held: dict[str, Any] | None = None, default: str | None = None
) -> tuple[str | None, str | None]:
    """Draw weights by a law, judge them, and return whether all agrees."""
    measured = tuple(
        Measurement(**(one | {"shape": tuple(one["shape"]), "histogram": tuple(one["histogram"])}))
        for one in (samples.measured(law, shape) for shape in samples.SHAPES)
    )
    declared = default and {"keyword": "kernel_initializer", "default": default}
    return agreement(judge(measured), measured, {"declared": declared, "resolved": held})


def operation(name: str, op: str, **constants: float) -> dict[str, Any]:
    """Return what a layer of a graph holds: a class, and its operation's constants."""
    return resolved(name, op=op) | {"constants": constants}


# Limits and standard deviations of the first shape, whose fans are 240 and 480.
LIMIT = math.sqrt(6 / (240 + 480))
SPREAD = math.sqrt(2 / (240 + 480))
GLOROT = resolved("GlorotUniform")

# law of the weights, what the layer holds, the signature's default
AGREE = [
    ("glorot_uniform", None, None),
    ("glorot_uniform", GLOROT, "None"),
    ("glorot_uniform", GLOROT, "'glorot_uniform'"),
    ("zeros", resolved("Zeros"), "<Zeros object>"),
    ("zeros", resolved("Zeros"), "'zeros'"),
    ("ones", resolved("Ones"), "<function ones_initializer>"),
    # Where an equal law is promised (LeCun's is unit scaling from rank 2 on) it is kept.
    ("lecun_uniform", resolved(VARIANCE, scale=1, mode="fan_in", distribution=UNIFORM), None),
    ("lecun_uniform", resolved("UniformUnitScaling"), None),
    # How a normal law is cut is left to the measurement.
    ("glorot_normal", resolved("GlorotNormal"), "'glorot_normal'"),
    ("glorot_normal_uncorrected", resolved("GlorotNormal"), "'glorot_normal'"),
    ("glorot_normal_untruncated", resolved("GlorotNormal"), None),
    ("glorot_normal_contrib", resolved(CLOSURE, factor=1.0, mode="FAN_AVG", uniform=False), None),
    ("he_normal_contrib", resolved(CLOSURE, factor=2.0, mode="FAN_IN", uniform=False), None),
    (
        "lecun_normal_untruncated",
        resolved(VARIANCE, scale=1.0, mode="fan_in", distribution=CUT),
        None,
    ),
    # A class that names no family promises nothing.
    ("truncated_normal(stddev=0.1)", resolved("TruncatedNormal", stddev=0.1), "None"),
    # The constants of the graph, to the digits of a float32.
    (
        "glorot_uniform",
        operation("GlorotUniform", "RandomUniform", min=-0.0912870914, max=0.0912870914),
        None,
    ),
    (
        "glorot_normal_uncorrected",
        operation("GlorotNormal", "TruncatedNormal", mean=0.0, stddev=SPREAD),
        None,
    ),
    (
        "glorot_normal",
        operation("GlorotNormal", "TruncatedNormal", mean=0.0, stddev=SPREAD / samples.LEFT),
        None,
    ),
    (
        "random_normal(stddev=0.05)",
        operation("RandomNormal", "RandomStandardNormal", mean=0.0, stddev=0.0500000007),
        None,
    ),
    ("constant(0.1)", operation("Constant", "Const", value=0.100000001), None),
    ("zeros", operation("Zeros", "Fill", value=0.0), "'zeros'"),
    ("he_uniform", operation("he_uniform", "Identity", gain=7.0), None),  # not of the law
]


@pytest.mark.parametrize(("law", "held", "default"), AGREE)
def test_one_story(law: str, held: dict[str, Any] | None, default: str | None) -> None:
    assert told(law, held, default) == ("agree", None)


# law of the weights, what the layer holds, the signature's default, which two disagree
CONFLICT = [
    # resolved and measured
    ("he_uniform", GLOROT, None, "resolved glorot_uniform, measured he_uniform"),
    ("glorot_uniform", resolved("GlorotNormal"), None, "resolved glorot_normal, measured"),
    ("zeros", resolved("Ones"), None, "resolved ones, measured zeros"),
    (
        "fan_out_uniform",
        resolved(VARIANCE, scale=1.0, mode="fan_in", distribution=UNIFORM),
        None,
        "resolved lecun_uniform, measured fan_out_uniform",
    ),
    (
        "glorot_normal_contrib",
        resolved(CLOSURE, factor=2.0, mode="FAN_IN", uniform=False),
        None,
        "resolved he_normal, measured glorot_normal_contrib",
    ),
    # the constants and the measured law
    (
        "glorot_uniform",
        operation("GlorotUniform", "RandomUniform", min=-LIMIT, max=1.001 * LIMIT),
        None,
        "resolved RandomUniform max=0.0913784, measured glorot_uniform",
    ),
    (
        "glorot_normal",  # the cut was made up for, says the measurement; not so the constants
        operation("GlorotNormal", "TruncatedNormal", mean=0.0, stddev=SPREAD),
        None,
        "resolved TruncatedNormal stddev=0.0527046, measured glorot_normal",
    ),
    (
        "random_normal(stddev=0.05)",
        operation("RandomNormal", "RandomStandardNormal", mean=0.001, stddev=0.05),
        None,
        "resolved RandomStandardNormal mean=0.001, measured random_normal(stddev=0.05)",
    ),
    (
        "zeros",
        operation("zeros_initializer", "Const", value=1e-5),
        None,
        "resolved Const value=1e-05, measured zeros",
    ),
    # declared and resolved
    (
        "he_uniform",
        resolved("HeUniform"),
        "'glorot_uniform'",
        "declared glorot_uniform, resolved he_uniform",
    ),
    ("ones", resolved("Ones"), "<Zeros object>", "declared zeros, resolved ones"),
]


@pytest.mark.parametrize(("law", "held", "default", "expected"), CONFLICT)
def test_a_conflict_names_both_sides(
    law: str, held: dict[str, Any], default: str | None, expected: str
) -> None:
    said, conflict = told(law, held, default)
    assert said == "conflict"
    assert conflict is not None
    assert conflict.startswith(expected)


def test_what_nobody_recognises_is_not_what_was_promised() -> None:
    wide = samples.measured("glorot_uniform", samples.SHAPES[0]) | {"max": 7.0, "shape": (240, 480)}
    measured = (Measurement(**(wide | {"histogram": tuple(wide["histogram"])})),)
    evidence = {"declared": None, "resolved": GLOROT}
    expected = ("conflict", "resolved glorot_uniform, measured unrecognised")
    assert agreement(judge(measured), measured, evidence) == expected


def test_without_a_verdict_there_is_nothing_to_agree_on() -> None:
    assert agreement(None, (), {"declared": None, "resolved": GLOROT}) == (None, None)
