"""Test the agreement of declared, resolved and measured laws."""

from __future__ import annotations

import math
from typing import Any

import pytest

from report.verdict import Accord, Agreement, Verdict
from report.verdict.agreement import agreement_of
from report.verdict.judge import verdict_of
from tests.support.compared import (
    LIMIT,
    NEW,
    OLD,
    SPREAD,
    compared,
    evidence,
    judged,
    operation,
    weights,
)
from tests.support.samples import resolved

CLOSURE = "variance_scaling_initializer"  # of tf.contrib.layers: a function, not a class
VARIANCE = "VarianceScaling"
UNIFORM, CUT = "uniform", "truncated_normal"
GLOROT = resolved("GlorotUniform")
NORMAL = resolved("RandomNormal", mean=0.0, stddev=0.05)
FLAT = resolved("RandomUniform", minval=-0.05, maxval=0.05)

# law of the weights, resolved evidence, the declared default, the release, what agrees
AGREE = [
    ("glorot_uniform", GLOROT, None, NEW, "resolved glorot_uniform"),
    (
        "glorot_uniform",
        GLOROT,
        "'glorot_uniform'",
        NEW,
        "resolved glorot_uniform, declared glorot_uniform",
    ),
    ("glorot_uniform", None, "'glorot_uniform'", NEW, "declared glorot_uniform"),
    ("zeros", resolved("Zeros"), "<Zeros object>", OLD, "resolved zeros, declared zeros"),
    ("ones", resolved("Ones"), "None", NEW, "resolved ones"),
    ("constant(0.1)", resolved("Constant", value=0.1), None, NEW, "resolved constant(0.1)"),
    ("random_uniform(-0.05, 0.05)", FLAT, None, NEW, "resolved random_uniform(-0.05, 0.05)"),
    ("random_normal(stddev=0.05)", NORMAL, None, NEW, "resolved random_normal(stddev=0.05)"),
    # LeCun's law is unit scaling from rank 2 on: what is promised is what was measured
    (
        "lecun_uniform",
        resolved(VARIANCE, scale=1, mode="fan_in", distribution=UNIFORM),
        None,
        NEW,
        "resolved lecun_uniform",
    ),
    # "normal" is truncated and not widened up to 1.9
    (
        "glorot_normal_uncorrected",
        resolved(VARIANCE, scale=1.0, mode="fan_avg", distribution="normal"),
        "'glorot_normal'",
        OLD,
        "resolved glorot_normal_uncorrected, declared glorot_normal_uncorrected",
    ),
    (
        "he_normal_contrib",
        resolved(CLOSURE, factor=2.0, mode="FAN_IN", uniform=False),
        "<function _initializer>",
        OLD,
        "resolved he_normal_contrib",
    ),
    # the constants of the graph, to the digits of a float32
    (
        "glorot_uniform",
        operation("GlorotUniform", "RandomUniform", min=-0.0912870914, max=0.0912870914),
        None,
        OLD,
        "resolved glorot_uniform, resolved RandomUniform(min=-0.0912871, max=0.0912871)",
    ),
    # they decide if the class is unknown
    (
        "glorot_normal_uncorrected",
        operation("New", "StatelessTruncatedNormalV2", mean=0.0, stddev=SPREAD),
        None,
        NEW,
        "resolved StatelessTruncatedNormalV2(mean=0, stddev=0.0527046)",
    ),
    (
        "zeros",
        operation("New", "Fill", value=0.0),
        "'zeros'",
        OLD,
        "resolved Fill(value=0), declared zeros",
    ),
]


@pytest.mark.parametrize(("law", "held", "default", "version", "text"), AGREE)
def test_agreement_says_with_what(
    law: str, held: dict[str, Any] | None, default: str | None, version: str, text: str
) -> None:
    expected = Agreement(state=Accord.AGREE, text=text)
    assert compared(law, held, default, version) == expected


# law of the weights, resolved evidence, the declared default, which two disagree
CONFLICT = [
    # a config is compared by its numbers, not only by its class
    ("glorot_uniform", FLAT, None, "resolved random_uniform(-0.05, 0.05), measured glorot_uniform"),
    ("glorot_uniform", NORMAL, None, "resolved random_normal(stddev=0.05), measured "),
    ("glorot_uniform", resolved("Constant", value=0.5), None, "resolved constant(0.5), measured "),
    (
        "truncated_normal(stddev=0.1)",  # of a Keras that draws 0.1 whatever it is given
        resolved("TruncatedNormal", mean=0.0, stddev=0.05),
        None,
        "resolved truncated_normal(stddev=0.05), measured truncated_normal(stddev=0.1)",
    ),
    (
        "random_normal(stddev=0.05)",
        resolved("RandomNormal", mean=0.01, stddev=0.05),
        None,
        "resolved RandomNormal(mean=0.01, stddev=0.05), measured random_normal(stddev=0.05)",
    ),
    (
        "random_uniform(-0.05, 0.05)",
        resolved("RandomUniform", minval=0.0, maxval=0.05),
        None,
        "resolved RandomUniform(minval=0.0, maxval=0.05), measured ",
    ),
    ("zeros", resolved("Constant", value=1e-5), None, "resolved constant(1e-05), measured zeros"),
    ("glorot_uniform", resolved("Orthogonal", gain=1.0), None, "resolved orthogonal, measured "),
    ("glorot_uniform", resolved("Identity", gain=1.0), None, "resolved identity, measured "),
    ("he_uniform", GLOROT, None, "resolved glorot_uniform, measured he_uniform"),
    ("glorot_uniform", resolved("GlorotNormal"), None, "resolved glorot_normal, measured "),
    ("zeros", resolved("Ones"), None, "resolved ones, measured zeros"),
    (
        "fan_out_uniform",
        resolved(VARIANCE, scale=1.0, mode="fan_in", distribution=UNIFORM),
        None,
        "resolved lecun_uniform, measured fan_out_uniform",
    ),
    (
        "he_uniform",  # a scale that no family has
        resolved(VARIANCE, scale=2.34, mode="fan_in", distribution=UNIFORM),
        None,
        "resolved VarianceScaling(scale=2.34, mode=fan_in, distribution=uniform), measured ",
    ),
    # whether a normal law is widened depends on the config and the release
    (
        "lecun_normal_untruncated",
        resolved(VARIANCE, scale=1.0, mode="fan_in", distribution=CUT),
        None,
        "resolved lecun_normal, measured lecun_normal_untruncated",
    ),
    ("glorot_normal_uncorrected", resolved("GlorotNormal"), None, "resolved glorot_normal, "),
    # the constants and the measured law
    (
        "glorot_uniform",
        operation("GlorotUniform", "RandomUniform", min=-LIMIT, max=1.001 * LIMIT),
        None,
        "resolved RandomUniform(min=-0.0912871, max=0.0913784), measured glorot_uniform",
    ),
    (
        "glorot_normal",
        operation("GlorotNormal", "TruncatedNormal", mean=0.0, stddev=SPREAD),
        None,
        "resolved TruncatedNormal(mean=0, stddev=0.0527046), measured glorot_normal",
    ),
    (
        "glorot_uniform",
        operation("New", "RandomStandardNormal", mean=0.0, stddev=SPREAD),
        None,
        "resolved RandomStandardNormal(mean=0, stddev=0.0527046), measured glorot_uniform",
    ),
    (
        "zeros",
        operation("zeros_initializer", "Const", value=1e-5),
        None,
        "resolved Const(value=1e-05), measured zeros",
    ),
    # declared against both
    (
        "he_uniform",
        resolved("HeUniform"),
        "'glorot_uniform'",
        "declared glorot_uniform, resolved he_uniform",
    ),
    ("ones", resolved("Ones"), "<Zeros object>", "declared zeros, resolved ones"),
    ("he_uniform", None, "'glorot_uniform'", "declared glorot_uniform, measured he_uniform"),
]


@pytest.mark.parametrize(("law", "held", "default", "text"), CONFLICT)
def test_a_conflict_names_both_sides(
    law: str, held: dict[str, Any] | None, default: str | None, text: str
) -> None:
    found = compared(law, held, default)
    assert found.state is Accord.CONFLICT
    assert found.text.startswith(text)


# resolved evidence, the declared default, why nothing was compared
NOTHING = [
    (None, None, "no initializer was seen at work, and the signature names no law"),
    (None, "None", "no initializer was seen at work, and the signature names no law"),
    (resolved("Brand_New", scale=1.0), None, "no law is known for Brand_New"),
    (resolved("Brand_New"), "'random_normal'", "no law is known for Brand_New"),
    (resolved("RandomNormal", stddev=0.05), "None", "RandomNormal without mean"),
    # an operation whose constants are not all of its law
    (operation("New", "RandomUniform", max=1.0), None, "no law is known for New"),
    (operation("New", "Mul", x=1.0), None, "no law is known for New"),
]


@pytest.mark.parametrize(("held", "default", "why"), NOTHING)
def test_what_was_not_compared_does_not_agree(
    held: dict[str, Any] | None, default: str | None, why: str
) -> None:
    expected = Agreement(state=Accord.NOT_COMPARED, text=why)
    assert compared("glorot_uniform", held, default) == expected


def test_every_shape_is_compared() -> None:
    """At its second shape a layer draws by another fan: one of its verdicts would agree."""
    first, second = weights("lecun_uniform")[0], weights("fan_out_uniform")[1]
    held = resolved(VARIANCE, scale=1.0, mode="fan_in", distribution=UNIFORM)
    found = judged((first, second), held)
    assert found == Agreement(
        state=Accord.CONFLICT, text="resolved lecun_uniform, measured unrecognised"
    )


def test_a_law_without_a_name_agrees_with_the_config_that_promises_it() -> None:
    """A pin's law of 1.9 has no family: the weights are asked whether they come from it."""
    half = weights("half_uniform")
    verdict = verdict_of(half)
    assert verdict is not None
    assert verdict.name == "unrecognised"
    for scale, state in ((0.5, Accord.AGREE), (0.52, Accord.CONFLICT)):
        held = resolved(VARIANCE, scale=scale, mode="fan_in", distribution=UNIFORM)
        found = judged(half, held)
        assert found.state is state
    # the constants are those of the first shape alone, and prove nothing of the second
    for factor, state in ((1.0, Accord.NOT_COMPARED), (1.02, Accord.CONFLICT)):
        limit = factor * math.sqrt(1.5 / 240)
        held = operation("New", "RandomUniform", min=-limit, max=limit)
        found = judged(half, held)
        assert found.state is state


def test_weights_that_are_no_numbers_contradict_every_promise() -> None:
    measured = weights("glorot_uniform")
    found = agreement_of(Verdict(name="not_finite"), evidence(measured, GLOROT), NEW)
    assert found == Agreement(
        state=Accord.CONFLICT, text="resolved glorot_uniform, measured not_finite"
    )


def test_without_a_verdict_nothing_is_compared() -> None:
    found = agreement_of(None, evidence((), GLOROT), NEW)
    assert found == Agreement(state=Accord.NOT_COMPARED, text="nothing was measured")
