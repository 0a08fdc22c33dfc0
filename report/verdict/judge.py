"""Recognise the initializer that drew the measured weights: the family that fits at every shape.

Orthogonal matrices (Saxe et al. 2014, "Exact solutions to the nonlinear dynamics of learning in
deep linear neural networks") are recognised first, as their entries are not independent.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from operator import sub

import msgspec

from report.evidence import Measurement
from report.text import dimensions
from report.verdict.dependence import MAX_Z, haar, is_orthogonal, is_padded, oddities, turned
from report.verdict.families import (
    NO_LAW,
    NOT_FINITE,
    ORTHOGONAL,
    OTHER_ORTHOGONAL,
    UNRECOGNISED,
    constant,
    law,
)
from report.verdict.fit import RANDOM, explains, misfit, std_z

PADDED = "orthogonal, padded with zeros"
# Ratios beyond this are given as a factor, not as a percentage.
MAX_PERCENT_RATIO = 2.0


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The law concluded from measured weights.

    ``name`` is the initializer's standard name, or one of ``families.NO_LAW``; ``also`` names
    the families that give the same law at every measured shape. If nothing fits, ``note`` gives
    the nearest law, or what is odd, and ``at`` the name at each shape if these differ.
    """

    name: str
    also: tuple[str, ...] = ()
    note: str | None = None
    at: tuple[tuple[tuple[int, ...], str], ...] = ()


@cache
def verdict_of(measured: tuple[Measurement, ...]) -> Verdict | None:
    """Return the verdict on weights measured at several shapes; None if nothing was measured.

    Families with the same law at all these shapes share the verdict (``also``). If different
    laws fit, or none, the verdict is ``unrecognised``, with a note why.
    """
    if not measured:
        return None
    if not all(map(is_finite, measured)):
        return Verdict(name=NOT_FINITE, note=_not_finite(measured))
    if all(one.min == one.max for one in measured):
        return _single_valued(measured)
    if all(map(is_orthogonal, measured)):
        return _uniformity(measured)
    return _fitting(measured)


def same_law(one: Verdict | None, other: Verdict | None) -> bool:
    """Return whether two verdicts name the same law, also if its families have different names.

    A verdict without a law equals no other, not even one of the same name.
    """
    if one is None or other is None or {one.name, other.name} & NO_LAW:
        return False
    return bool({one.name, *one.also} & {other.name, *other.also})


def _uniformity(measured: tuple[Measurement, ...]) -> Verdict:
    """Judge orthogonal matrices: whether they are from the uniform (Haar) distribution."""
    each = sorted(
        (one.shape, [check.odd for check in haar(one) if not check.passed]) for one in measured
    )
    alone = [f"{odd}, at shape {dimensions(shape)}" for shape, failed in each for odd in failed]
    together = [check.odd for check in turned(measured) if not check.passed]
    if not alone and not together:
        return Verdict(name=ORTHOGONAL)
    differ = not together and not all(failed for _, failed in each)
    at = tuple((shape, OTHER_ORTHOGONAL if failed else ORTHOGONAL) for shape, failed in each)
    note = "; ".join((*alone, *together))
    return Verdict(name=OTHER_ORTHOGONAL, note=note, at=at if differ else ())


def _fitting(measured: tuple[Measurement, ...]) -> Verdict:
    fitting = [name for name in RANDOM if explains(name, measured)]
    if fitting:
        first, *others = fitting
        if all(_same(first, name, measured) for name in others):
            return Verdict(name=first, also=tuple(others))
        note = f"too few weights to tell apart: {', '.join(fitting)}"
        return Verdict(name=UNRECOGNISED, note=note)
    shown = _each(measured)
    parts = [f"{name} at shape {dimensions(shape)}" for shape, name in shown]
    unknown = [one for one in measured if not shown or (one.shape, UNRECOGNISED) in shown]
    misses = _misses(unknown) if unknown else ()
    return Verdict(name=UNRECOGNISED, note="; ".join([*parts, *misses]), at=shown)


def _each(measured: tuple[Measurement, ...]) -> tuple[tuple[tuple[int, ...], str], ...]:
    """Return the verdict's name at each shape alone; empty if there is one shape, or no difference.

    Empty too if a shape is unrecognised and none is exact (a single value or an orthogonal
    matrix): then the law that another shape alone fits may be a coincidence.
    """
    if len(measured) == 1:
        return ()
    shown = tuple(sorted((one.shape, _alone(one)) for one in measured))
    names = {name for _, name in shown}
    exact = any(one.min == one.max or is_orthogonal(one) or is_padded(one) for one in measured)
    return shown if len(names) > 1 and (exact or UNRECOGNISED not in names) else ()


def _alone(one: Measurement) -> str:
    if not is_orthogonal(one) and is_padded(one):
        return PADDED
    verdict = verdict_of((one,))
    return " or ".join((verdict.name, *verdict.also)) if verdict else UNRECOGNISED


@cache
def nearest_rival(measured: tuple[Measurement, ...]) -> str | None:
    """Return the nearest family other than the verdict's own, by ``_distances``.

    None if the weights have a single value, to which no random law is near.
    """
    verdict = verdict_of(measured)
    if verdict is None or not all(is_finite(one) and one.min < one.max for one in measured):
        return None
    return _nearest(measured, besides={verdict.name, *verdict.also})


def is_finite(one: Measurement) -> bool:
    """Return whether all weights, and their moments, are finite."""
    numbers = (one.mean, one.std, one.min, one.max)
    return one.count > 0 and one.finite == 1 and all(map(math.isfinite, numbers))


def _not_finite(measured: Sequence[Measurement]) -> str:
    parts = (
        f"{100 * (1 - one.finite):.3g} % of the weights are not finite numbers, "
        f"at shape {dimensions(one.shape)}"
        for one in measured
        if one.finite < 1
    )
    return "; ".join(parts) or "some weights are not finite numbers"


def _single_valued(measured: Sequence[Measurement]) -> Verdict:
    at = tuple(sorted((one.shape, constant(one.min)) for one in measured))
    names = sorted({name for _, name in at})
    if len(names) == 1:
        return Verdict(name=names[0])
    return Verdict(name=UNRECOGNISED, note=f"one value per shape: {', '.join(names)}", at=at)


def _same(name: str, other: str, measured: Sequence[Measurement]) -> bool:
    return all(law(name, one.shape).near(law(other, one.shape)) for one in measured)


def _distances(one: Measurement) -> dict[str, float]:
    """Return each law's largest distance from the weights' distribution at the bins' edges."""
    total = max(1, sum(one.histogram))
    seen = [count / total for count in accumulate(one.histogram, initial=0)]
    edges, shape = one.edges, one.shape
    return {name: max(map(abs, map(sub, seen, law(name, shape).cdf(edges)))) for name in RANDOM}


def _nearest(measured: Sequence[Measurement], besides: set[str]) -> str:
    distances = [_distances(one) for one in measured]
    others = (name for name in RANDOM if name not in besides)
    return min(others, key=lambda name: max(each[name] for each in distances))


def _misses(measured: Sequence[Measurement]) -> Iterator[str]:
    """Yield the nearest law and why it does not fit, then the failed tests of independence."""
    name = _nearest(measured, besides=set())
    misses = [one for one in measured if misfit(law(name, one.shape), one)]
    one = max(misses or measured, key=lambda one: (_distances(one)[name], one.shape, one.std))
    expected = law(name, one.shape)
    near = abs(std_z(expected, one)) < MAX_Z
    wrong = misfit(expected, one) or "the standard deviation is off"
    why = f"but {wrong}" if near else _ratio(one.std / expected.std)
    where = f"at shape {dimensions(one.shape)}" if misses else "at all shapes together"
    yield f"nearest: {name}, {why}, {where}"
    yield from sorted({text for each in measured for text in oddities(each)})


def _ratio(ratio: float) -> str:
    """Return the ratio of a standard deviation to the law's, in words."""
    if 1 / MAX_PERCENT_RATIO < ratio < MAX_PERCENT_RATIO:
        size = f"{100 * abs(ratio - 1):.1f} % too {'large' if ratio > 1 else 'small'}"
    else:
        size = f"{ratio:.2g} times the law's"
    return f"standard deviation {size}"
