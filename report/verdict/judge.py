"""Which initializer the measured weights come from: the family that fits at every shape.

Weights that form an orthogonal matrix at every shape (Saxe et al. 2014, "Exact solutions to
the nonlinear dynamics of learning in deep linear neural networks") depend on one another, and
are recognised before any law is tried.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from report.evidence import Measurement
from report.verdict.dependence import MAX_Z, haar, is_orthogonal, is_padded, oddities, turned
from report.verdict.families import (
    NO_LAW,
    NOT_FINITE,
    ORTHOGONAL,
    OTHER_ORTHOGONAL,
    UNRECOGNISED,
    constant,
    law,
    laws,
)
from report.verdict.fit import RANDOM, explains, misfit, std_z

PADDED = "orthogonal, padded with zeros"
# From this factor on a percentage is harder to read than the factor.
MAX_PERCENT_RATIO = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the measured weights come to.

    ``name`` is the initializer's standard name, or one of ``families.NO_LAW``; ``also`` names
    the families that give the same law at every shape that was drawn; ``note`` says
    the nearest miss, or what is odd, where nothing fits. ``at`` says what each shape shows by
    itself, where that differs.
    """

    name: str
    also: tuple[str, ...] = ()
    note: str | None = None
    at: tuple[tuple[tuple[int, ...], str], ...] = ()


@cache
def verdict_of(measured: tuple[Measurement, ...]) -> Verdict | None:
    """Name the family that fits the weights at every shape; None if nothing was measured.

    Families that are one law at all these shapes share the verdict (``also``). Where
    different laws fit, or none, the verdict is ``unrecognised`` with a note why, and with
    what each shape shows by itself where that differs.
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
    """Whether two draws were recognised as one law: by its identity, never by a verdict's name.

    What no law was recognised in is the same as nothing, not even as another of its kind.
    """
    if one is None or other is None or {one.name, other.name} & NO_LAW:
        return False
    return bool({one.name, *one.also} & {other.name, *other.also})


def _uniformity(measured: tuple[Measurement, ...]) -> Verdict:
    """Judge orthogonal matrices: a random one is uniform over all of them (Haar's law)."""
    each = [(one.shape, tuple(haar(one))) for one in sorted(measured, key=lambda one: one.shape)]
    odd = [
        f"{check.odd}, at shape {_size(shape)}"
        for shape, found in each
        for check in found
        if not check.passed
    ]
    together = [check.odd for check in turned(measured) if not check.passed]
    if not odd and not together:
        return Verdict(name=ORTHOGONAL)
    shown = tuple(
        (shape, ORTHOGONAL if all(check.passed for check in found) else OTHER_ORTHOGONAL)
        for shape, found in each
    )
    differ = not together and len({name for _, name in shown}) > 1
    return Verdict(
        name=OTHER_ORTHOGONAL, note="; ".join((*odd, *together)), at=shown if differ else ()
    )


def _fitting(measured: tuple[Measurement, ...]) -> Verdict:
    fitting = [name for name in RANDOM if explains(name, measured)]
    if fitting:
        first, *others = fitting
        if all(_same(first, name, measured) for name in others):
            return Verdict(name=first, also=tuple(others))
        note = f"too few weights to tell apart: {', '.join(fitting)}"
        return Verdict(name=UNRECOGNISED, note=note)
    shown = _each(measured)
    parts = [f"{name} at shape {_size(shape)}" for shape, name in shown]
    unknown = [one for one in measured if not shown or (one.shape, UNRECOGNISED) in shown]
    misses = _misses(unknown) if unknown else ()
    return Verdict(name=UNRECOGNISED, note="; ".join([*parts, *misses]), at=shown)


def _each(measured: tuple[Measurement, ...]) -> tuple[tuple[tuple[int, ...], str], ...]:
    """Return what each shape shows by itself; nothing where there is one, or all show the same.

    Where one shape shows nothing, the name of another's law is chance as likely as not, and is
    left out: a single value and an orthogonal matrix are exact.
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
    """The family that comes closest beside the verdict and its equals.

    None where weights have a single value: no random law is near to that.
    """
    verdict = verdict_of(measured)
    if verdict is None or not all(is_finite(one) and one.min < one.max for one in measured):
        return None
    return _nearest(measured, besides={verdict.name, *verdict.also})


def is_finite(one: Measurement) -> bool:
    """Whether all weights are numbers that can be judged."""
    numbers = (one.mean, one.std, one.min, one.max)
    return one.count > 0 and one.finite == 1 and all(map(math.isfinite, numbers))


def _not_finite(measured: Sequence[Measurement]) -> str:
    parts = (
        f"{100 * (1 - one.finite):.3g} % of the weights are not finite numbers, "
        f"at shape {_size(one.shape)}"
        for one in measured
        if one.finite < 1
    )
    return "; ".join(parts) or "some weights are not finite numbers"


def _single_valued(measured: Sequence[Measurement]) -> Verdict:
    names = sorted({constant(one.min) for one in measured})
    if len(names) == 1:
        return Verdict(name=names[0])
    at = tuple(sorted((one.shape, constant(one.min)) for one in measured))
    return Verdict(name=UNRECOGNISED, note=f"one value per shape: {', '.join(names)}", at=at)


def _same(name: str, other: str, measured: Sequence[Measurement]) -> bool:
    return all(law(name, one.shape).near(law(other, one.shape)) for one in measured)


def _distances(one: Measurement) -> dict[str, float]:
    """The largest gap between the weights' distribution and each law's, at the bins' edges."""
    total = max(1, sum(one.histogram))
    seen = [count / total for count in accumulate(one.histogram, initial=0)]
    edges, known = one.edges, laws(one.shape)
    return {
        name: max(abs(a - b) for a, b in zip(seen, known[name].cdf(edges), strict=True))
        for name in RANDOM
    }


def _nearest(measured: Sequence[Measurement], besides: set[str]) -> str:
    distances = [_distances(one) for one in measured]
    others = (name for name in RANDOM if name not in besides)
    return min(others, key=lambda name: max(each[name] for each in distances))


def _misses(measured: Sequence[Measurement]) -> Iterator[str]:
    """Yield the nearest law and why it is not that; then what no law does."""
    name = _nearest(measured, besides=set())
    misses = [one for one in measured if misfit(laws(one.shape)[name], one)]
    one = max(misses or measured, key=lambda one: (_distances(one)[name], one.shape, one.std))
    expected = laws(one.shape)[name]
    near = abs(std_z(expected, one)) < MAX_Z
    wrong = misfit(expected, one) or "the standard deviation is off"
    why = f"but {wrong}" if near else _ratio(one.std / expected.std)
    where = f"at shape {_size(one.shape)}" if misses else "at all shapes together"
    yield f"nearest: {name}, {why}, {where}"
    yield from sorted({text for each in measured for text in oddities(each)})


def _ratio(ratio: float) -> str:
    """A standard deviation against the law's, in words."""
    if 1 / MAX_PERCENT_RATIO < ratio < MAX_PERCENT_RATIO:
        size = f"{100 * abs(ratio - 1):.1f} % too {'large' if ratio > 1 else 'small'}"
    else:
        size = f"{ratio:.2g} times the law's"
    return f"standard deviation {size}"


def _size(shape: Sequence[int]) -> str:
    """Return a shape as text: 240\N{MULTIPLICATION SIGN}480."""
    return "\N{MULTIPLICATION SIGN}".join(map(str, shape))
