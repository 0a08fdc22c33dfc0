"""Derive the initializer calls that give a law from its formula, to find its pins.

A scaled family is VarianceScaling with scale (stretch / s)^2 * factor, where s is the stretch of
the named distribution: sqrt(3) for uniform, 1 for untruncated normal, and for truncated normal
1 up to 1.9 and 1 / 0.8796 since 1.10. A fixed family is RandomNormal, TruncatedNormal or
RandomUniform.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import msgspec

from report.evidence import Symbol
from report.verdict.families import FAMILIES, Family
from report.verdict.promises import distributions, widening
from report.verdict.standard_forms import POINT, TRUNCATED, UNIFORM

Arguments = Mapping[str, float | str]

DIGITS = 9  # decimals of a scale; more than float32 needs
CLOSE = 1e-8
_MODES = ("fan_in", "fan_out", "fan_avg")


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """An initializer's class and arguments."""

    name: str
    arguments: Arguments

    def is_of(self, symbol: Symbol) -> bool:
        """Return whether a symbol is this call, under any public path."""
        ours, given = self.arguments, symbol.arguments
        named = symbol.path.rpartition(".")[2] == self.name and ours.keys() == given.keys()
        return named and all(_same(ours[key], given[key]) for key in given)

    def __str__(self) -> str:
        given = ", ".join(f"{key}={value!r}" for key, value in sorted(self.arguments.items()))
        return f"{self.name}({given})"


def calls(law: str, version: str) -> tuple[Call, ...]:
    """Return the calls that draw a law in a release, as their arguments are interpreted there.

    Empty if the law is not a family of the table: a matrix, another constant, or unrecognised.
    """
    family = FAMILIES.get(law)
    return tuple(_calls(family, version)) if family else ()


def _calls(family: Family, version: str) -> Iterator[Call]:
    if family.mode == "fixed":
        yield from _fixed(family)
    elif family.mode in _MODES:
        for distribution, (form, stretch) in distributions(widening(version)).items():
            if form is family.form:
                scale = round(family.factor * (family.stretch / stretch) ** 2, DIGITS)
                yield Call(
                    name="VarianceScaling",
                    arguments={"scale": scale, "mode": family.mode, "distribution": distribution},
                )


def _fixed(family: Family) -> Iterator[Call]:
    law = family.law((1,))
    if law.form is POINT:
        yield Call(name={0.0: "Zeros", 1.0: "Ones"}[law.center], arguments={})
    elif law.form is UNIFORM:
        low, high = law.support
        yield Call(name="RandomUniform", arguments={"minval": low, "maxval": high})
    else:
        name = "TruncatedNormal" if law.form is TRUNCATED else "RandomNormal"
        yield Call(name=name, arguments={"stddev": law.scale})


def _same(one: float | str, other: bool | float | str) -> bool:  # noqa: FBT001
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE)
