"""Test the table from a class and its config to a law, against hand-written formulas."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import msgspec
import pytest

from report import places
from report.evidence import Resolved
from report.verdict.promises import UnreadableError, named, promised
from report.verdict.standard_forms import NORMAL, TRUNCATED, UNIFORM, Law, point
from tests.support.samples import resolved

NEW, OLD = "2.15.1", "1.9.0"
VARIANCE, CLOSURE = "VarianceScaling", "variance_scaling_initializer"
SHAPE = (3, 3, 20, 50)  # fan-in 180, fan-out 450
IN, OUT, AVERAGE = 180, 450, 315
# the standard deviation of the truncated law, as TensorFlow writes it
LEFT = 0.87962566103423978


def flat(limit: float, middle: float = 0.0) -> Law:
    """Return the uniform law from ``middle`` - ``limit`` to ``middle`` + ``limit``."""
    return Law(form=UNIFORM, center=middle, scale=limit)


def cut(scale: float) -> Law:
    """Return the normal law truncated at two of its scales."""
    return Law(form=TRUNCATED, center=0.0, scale=scale)


def bell(scale: float, middle: float = 0.0) -> Law:
    """Return the normal law with a scale and a centre."""
    return Law(form=NORMAL, center=middle, scale=scale)


def scaled(scale: float, mode: str, distribution: str) -> dict[str, Any]:
    """Return the resolved evidence of a VarianceScaling."""
    return resolved(VARIANCE, scale=scale, mode=mode, distribution=distribution, seed=None)


def closure(factor: float, mode: str, *, uniform: bool) -> dict[str, Any]:
    """Return the resolved evidence of tf.contrib's function of that name."""
    return resolved(CLOSURE, factor=factor, mode=mode, uniform=uniform, seed=None)


# resolved evidence, the release, the law at SHAPE, the name
LAWS = [
    (resolved("Zeros"), NEW, point(0), "zeros"),
    (resolved("ones_initializer"), "0.12.1", point(1), "ones"),
    (resolved("Constant", value=0.5, dtype="float32"), NEW, point(0.5), "constant(0.5)"),
    (
        resolved("RandomUniform", minval=-0.05, maxval=0.05, seed=None),
        NEW,
        flat(0.05),
        "random_uniform(-0.05, 0.05)",
    ),
    # without an upper end it is 1, as in every release of TensorFlow 1
    (
        resolved("random_uniform_initializer", minval=0, maxval=None),
        "0.12.1",
        flat(0.5, 0.5),
        "random_uniform(0, 1)",
    ),
    (
        resolved("RandomUniform", minval=0, maxval=0.3),
        NEW,
        flat(0.15, 0.15),
        "RandomUniform(minval=0, maxval=0.3)",
    ),
    (resolved("RandomUniform", minval=2, maxval=2), NEW, point(2), "constant(2)"),
    (resolved("RandomNormal", mean=0, stddev=0.05), NEW, bell(0.05), "random_normal(stddev=0.05)"),
    (resolved("RandomNormal", mean=0.0, stddev=0), NEW, point(0), "zeros"),
    (
        resolved("RandomNormal", mean=0.1, stddev=0.05),
        NEW,
        bell(0.05, 0.1),
        "RandomNormal(mean=0.1, stddev=0.05)",
    ),
    (
        resolved("TruncatedNormal", mean=0.0, stddev=0.1),
        NEW,
        cut(0.1),
        "truncated_normal(stddev=0.1)",
    ),
    (resolved("GlorotUniform", seed=None), NEW, flat(math.sqrt(3 / AVERAGE)), "glorot_uniform"),
    (resolved("GlorotNormal"), NEW, cut(math.sqrt(1 / AVERAGE) / LEFT), "glorot_normal"),
    (resolved("he_uniform"), NEW, flat(math.sqrt(6 / IN)), "he_uniform"),
    (resolved("HeNormal", seed=3), NEW, cut(math.sqrt(2 / IN) / LEFT), "he_normal"),
    (resolved("LecunUniform"), NEW, flat(math.sqrt(3 / IN)), "lecun_uniform"),
    (resolved("LecunNormal"), NEW, cut(math.sqrt(1 / IN) / LEFT), "lecun_normal"),
    (resolved("UniformUnitScaling", factor=1.0), NEW, flat(math.sqrt(3 / IN)), None),
    # its factor is not under the root
    (resolved("UniformUnitScaling", factor=1.43), NEW, flat(1.43 * math.sqrt(3 / IN)), None),
    (scaled(1.0, "fan_avg", "uniform"), OLD, flat(math.sqrt(3 / AVERAGE)), "glorot_uniform"),
    (scaled(0.333, "fan_out", "uniform"), NEW, flat(math.sqrt(0.999 / OUT)), None),
    # "normal" is truncated, and widened since 1.10
    (scaled(2, "fan_in", "normal"), OLD, cut(math.sqrt(2 / IN)), "he_normal_uncorrected"),
    (scaled(2, "fan_in", "normal"), "1.10.1", cut(math.sqrt(2 / IN) / LEFT), "he_normal"),
    (scaled(2, "fan_in", "truncated_normal"), NEW, cut(math.sqrt(2 / IN) / LEFT), "he_normal"),
    (
        scaled(2, "fan_in", "untruncated_normal"),
        NEW,
        bell(math.sqrt(2 / IN)),
        "he_normal_untruncated",
    ),
    (scaled(0.773741304, "fan_avg", "normal"), NEW, cut(math.sqrt(1 / AVERAGE)), None),
    # tf.contrib's closure says factor, FAN_AVG and uniform for the same, and widens by sqrt(1.3)
    (
        closure(1.0, "FAN_AVG", uniform=True),
        OLD,
        flat(math.sqrt(3 / AVERAGE)),
        "glorot_uniform",
    ),
    (
        closure(2.0, "FAN_IN", uniform=False),
        "0.12.1",
        cut(math.sqrt(2.6 / IN)),
        "he_normal_contrib",
    ),
    (
        resolved("GlorotUniform", seed=None, input_axes=None, output_axes=None),
        "2.22.0rc0",
        flat(math.sqrt(3 / AVERAGE)),
        "glorot_uniform",
    ),
]


@pytest.mark.parametrize(("held", "version", "law", "name"), LAWS)
def test_a_class_and_its_config_are_a_law(
    held: dict[str, Any], version: str, law: Law, name: str | None
) -> None:
    found = promised(msgspec.convert(held, Resolved), version)
    assert found.law is not None
    assert found.law(SHAPE).near(law)
    if name is not None:
        assert found.text == name


def test_unit_scaling_takes_rank_one_for_fan_in_one() -> None:
    unit = msgspec.convert(resolved("UniformUnitScaling", factor=1.0), Resolved)
    law = promised(unit, "1.0.1").law
    assert law is not None
    assert law((57600,)).near(flat(math.sqrt(3)))


# resolved evidence, why it gives no law
UNREAD = [
    (resolved("Brand_New", scale=1.0), "no law is known for Brand_New"),
    (resolved("lambda"), "no law is known for lambda"),
    (resolved(VARIANCE), "VarianceScaling without distribution, mode, scale"),
    (resolved("RandomNormal", mean=0.0), "RandomNormal without stddev"),
    (resolved("RandomNormal", mean=0.0, stddev=0.1, cut=3.0), "RandomNormal with cut"),
    (resolved("RandomNormal", mean=0.0, stddev=-0.1), "RandomNormal: a standard deviation of -0.1"),
    (resolved("RandomNormal", mean=0.0, stddev=True), "RandomNormal: True is no number"),
    (resolved("RandomUniform", minval=1, maxval=0), "RandomUniform: 1 is above 0"),
    (resolved("Constant", value=[0.1, 0.2]), "Constant: "),
    (scaled(1.0, "fan_med", "uniform"), "VarianceScaling: 'fan_med'"),
    (scaled(1.0, "fan_in", "cauchy"), "VarianceScaling: 'cauchy'"),
    (scaled(-1.0, "fan_in", "uniform"), "VarianceScaling: a scale of -1"),
    (resolved(VARIANCE, scale="2", mode="fan_in", distribution="uniform"), "VarianceScaling: '2'"),
    (resolved(VARIANCE, scale=2, mode=["fan_in"], distribution="uniform"), "VarianceScaling: "),
    (resolved(VARIANCE, scale=2, mode="fan_in", distribution={}), "VarianceScaling: "),
    # axes change how fans are computed
    (resolved("HeNormal", seed=None, input_axes=[0]), "HeNormal with input_axes"),
]


@pytest.mark.parametrize(("held", "why"), UNREAD)
def test_what_cannot_be_read_is_said_and_not_guessed(held: dict[str, Any], why: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        promised(msgspec.convert(held, Resolved), NEW)
    assert str(caught.value).startswith(why)


# a default's text, the release, the law that it names
DEFAULTS = [
    ("'glorot_uniform'", NEW, "glorot_uniform"),
    ("'he_normal'", NEW, "he_normal"),
    ("'he_normal'", OLD, "he_normal_uncorrected"),
    ("<Zeros object>", OLD, "zeros"),
    ("<function zeros_initializer>", "0.12.1", "zeros"),
    ("<class 'Ones'>", NEW, "ones"),
    ("None", NEW, None),
    ("<function _initializer>", OLD, None),  # a closure has no name of its own
    ("'random_normal'", NEW, None),  # of which nobody says the numbers
    ("<TruncatedNormal object>", NEW, None),
    ("", NEW, None),
]


@pytest.mark.parametrize(("default", "version", "name"), DEFAULTS)
def test_a_default_names_a_law_where_it_needs_no_number(
    default: str, version: str, name: str | None
) -> None:
    found = named(default, version)
    assert (found and found.text) == name


def test_every_class_of_the_observations_has_a_row() -> None:
    """A class that a new release brings is listed here until it has a row."""
    unread: dict[str, str] = {}
    seen = set()
    for path in sorted(Path(places.ROOT, "observations").glob("*/*.json")):
        found = json.loads(path.read_text("utf-8"))
        for symbol in found["symbols"]:
            for evidence in symbol.get("evidence", {}).values():
                held = evidence["resolved"]
                if held is None:
                    continue
                seen.add(held["class"])
                try:
                    promised(msgspec.convert(held, Resolved), found["release"]["version"])
                except UnreadableError as error:
                    unread[held["class"]] = str(error)
    assert unread == {}
    assert {"GlorotUniform", CLOSURE, "OrthogonalInitializer", "zeros_initializer"} <= seen
