"""Test the arguments derived from a law's formula, by release."""

from __future__ import annotations

from importlib import import_module
from itertools import combinations

import msgspec
import pytest

from report import places
from report.evidence import Form, Resolved, Style, Symbol
from report.matrix.build import build_matrix
from report.matrix.index import Index
from report.story import comparison, wording
from report.verdict.arguments import Call, calls
from report.verdict.families import FAMILIES, NO_LAW
from report.verdict.promises import promised
from tests.support.samples import resolved

OLD, NEW = "1.9.0", "2.0.4"
SHAPES = ((57600,), (180, 320), (3, 3, 100, 64))
UNDERIVED = {"uniform_unit_scaling"}  # at rank 1 no fan of VarianceScaling is its divisor


@pytest.mark.parametrize("version", [OLD, NEW])
@pytest.mark.parametrize("name", FAMILIES)
def test_derived_arguments_promise_the_law_they_are_derived_from(name: str, version: str) -> None:
    """By the other table, from a class and its config to a law."""
    found = calls(name, version)
    assert bool(found) is (name not in UNDERIVED)
    for call in found:
        mean = {"mean": 0.0} if call.name in {"RandomNormal", "TruncatedNormal"} else {}
        held = resolved(call.name) | {"config": {**mean, **call.arguments}}
        promise = promised(msgspec.convert(held, Resolved), version)
        assert promise.law is not None
        for shape in SHAPES:
            assert promise.law(shape).near(FAMILIES[name].law(shape))


# law, release, the scale by the law's formula: factor, and the truncated variance
CUT = 0.87962566103423978**2
SCALES = [
    ("he_normal_contrib", NEW, 2 * 1.3 * CUT),
    ("glorot_normal_contrib", NEW, 1.3 * CUT),
    ("he_normal_contrib", OLD, 2 * 1.3),
    ("glorot_normal_uncorrected", NEW, CUT),
    ("glorot_normal_uncorrected", OLD, 1.0),
    ("lecun_normal", OLD, 1 / CUT),
    ("he_normal", NEW, 2.0),
]


@pytest.mark.parametrize(("name", "version", "scale"), SCALES)
def test_normal_is_derived_by_its_meaning_in_the_release(
    name: str, version: str, scale: float
) -> None:
    by_name = {call.arguments["distribution"]: call for call in calls(name, version)}
    assert by_name["normal"].arguments["scale"] == pytest.approx(scale, rel=1e-8)


@pytest.mark.parametrize("name", [*sorted(NO_LAW), "orthogonal", "constant(0.25)", "nothing"])
def test_what_is_no_family_has_no_arguments(name: str) -> None:
    assert calls(name, NEW) == ()


def symbol(path: str, **arguments: float | str) -> Symbol:
    """Return the symbol of an initializer called with arguments."""
    return Symbol(
        name=path,
        path=path,
        style=Style.PIN,
        form=Form.INITIALIZER,
        layer=None,
        roles=("weights",),
        arguments=arguments,
    )


def test_a_call_is_found_by_class_and_numbers_not_by_its_text() -> None:
    call = Call(name="RandomUniform", arguments={"minval": 0.0, "maxval": 1.0})
    assert call.is_of(symbol("tf.keras.initializers.RandomUniform", maxval=1, minval=0.0))
    assert call.is_of(symbol("keras.initializers.RandomUniform", maxval=1 + 1e-9, minval=0))
    assert not call.is_of(symbol("tf.keras.initializers.RandomUniform", maxval=1.0, minval=0.1))
    assert not call.is_of(symbol("tf.keras.initializers.RandomUniform", maxval=1.0))
    assert not call.is_of(symbol("tf.keras.initializers.RandomNormal", maxval=1.0, minval=0.0))
    assert str(call) == "RandomUniform(maxval=1.0, minval=0.0)"


def test_the_catalogue_asks_for_the_law_that_no_name_draws_any_more() -> None:
    """Of tf.contrib's two normal laws, and of those of 1.9 that were cut and not widened."""
    asked = import_module("probes.catalogue").SYMBOLS
    known = [symbol(one.path, **one.arguments) for one in asked if one.style == "pin"]
    for name in ("he_normal", "glorot_normal", "lecun_normal"):
        for suffix in ("_uncorrected", "_contrib"):
            if name + suffix != "lecun_normal_contrib":  # which nothing drew by default
                derived = calls(name + suffix, NEW)
                assert any(call.is_of(one) for call in derived for one in known), name + suffix


# Keras's first initializers, in 1.1, had scales by default that later releases have no pin of, and
# an orthogonal draw that 1.2 and 1.3 fill up with zeros.
UNPINNED = {
    ("1.1.0", f"tf.contrib.keras.initializers.{name}")
    for name in ("Orthogonal", "RandomNormal", "RandomUniform", "TruncatedNormal")
}


def test_every_law_that_was_a_default_is_kept_in_every_later_release() -> None:
    """Real evidence: between any two releases, what is not pinned is no law, or has no symbol."""
    matrix = build_matrix(places.ROOT, "linux-x86_64")
    index = Index(matrix=matrix)
    seen = set()
    for before, after in combinations(index.releases, 2):
        for each in comparison.comparison(index, before, after).differences:
            if each.pin and each.pin.code is None:
                proof = wording.plain(each.pin.proof)
                seen |= {(before, each.symbol)} if proof.startswith("cannot be pinned") else set()
    assert seen == UNPINNED


def test_contribs_variance_scaling_is_kept_in_2_0() -> None:
    index = Index(matrix=build_matrix(places.ROOT, "linux-x86_64"))
    pins = {
        each.symbol: each.pin and each.pin.code
        for each in comparison.comparison(index, "1.15.5", "2.0.4").differences
    }
    start = "tf.keras.initializers.VarianceScaling(distribution='normal', "
    assert pins["tf.contrib.layers.variance_scaling_initializer"] == (
        f"{start}mode='fan_in', scale=2.011727389)"
    )
    assert pins["tf.contrib.layers.xavier_initializer(uniform=False)"] == (
        f"{start}mode='fan_avg', scale=1.005863695)"
    )
