"""Which initializer the measured weights come from: the family that fits at every shape.

Weights that form an orthogonal matrix at every shape (Saxe et al. 2014, "Exact solutions to
the nonlinear dynamics of learning in deep linear neural networks") depend on one another, and
are recognised before any law is tried.
"""

from __future__ import annotations

import math
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

from report.families import UNRECOGNISED, constant, law, laws
from report.fit import MAX_Z, RANDOM, explains, fits, misfit, oddities, std_z
from report.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from report.model import Measurement

# From this factor on a percentage is harder to read than the factor.
MAX_PERCENT_RATIO = 2.0
# The Gram matrix of independent weights is off by their number's order; that of an orthogonal
# matrix only by a float32's rounding.
ORTHOGONAL = 0.01


@cache
def judge(measured: tuple[Measurement, ...]) -> Verdict | None:
    """Name the family that fits the weights at every shape; None if nothing was measured.

    Families that are one law at all these shapes share the verdict (``also``). Where
    different laws fit, or none, the verdict is ``unrecognised`` and its note says why.
    """
    if not measured:
        return None
    if not all(map(_finite, measured)):
        return Verdict(name=UNRECOGNISED, note="some weights are not finite numbers")
    if all(one.min == one.max for one in measured):
        return _single_valued(measured)
    if all(map(_orthogonal, measured)):
        return Verdict(name="orthogonal")
    return _fitting(measured)


def _fitting(measured: tuple[Measurement, ...]) -> Verdict:
    fitting = [name for name in RANDOM if explains(name, measured)]
    if not fitting:
        return Verdict(name=UNRECOGNISED, note=_nearest_miss(measured))
    first, *others = fitting
    if all(_same(first, name, measured) for name in others):
        return Verdict(name=first, also=tuple(others))
    return Verdict(name=UNRECOGNISED, note=f"too few weights to tell apart: {', '.join(fitting)}")


@cache
def nearest_rival(measured: tuple[Measurement, ...]) -> str | None:
    """The family that comes closest beside the verdict and its equals.

    None where weights have a single value: no random law is near to that.
    """
    verdict = judge(measured)
    if verdict is None or not all(_finite(one) and one.min < one.max for one in measured):
        return None
    return _nearest(measured, besides={verdict.name, *verdict.also})


def _finite(one: Measurement) -> bool:
    return one.count > 0 and all(map(math.isfinite, (one.mean, one.std, one.min, one.max)))


def _orthogonal(one: Measurement) -> bool:
    """Whether weights form an orthogonal matrix, and not one padded with columns of zeros."""
    close = one.gram_error is not None and one.gram_error < ORTHOGONAL
    return close and not any(oddities(one))


def _single_valued(measured: Sequence[Measurement]) -> Verdict:
    names = sorted({constant(one.min) for one in measured})
    if len(names) == 1:
        return Verdict(name=names[0])
    return Verdict(name=UNRECOGNISED, note=f"one value per shape: {', '.join(names)}")


def _same(name: str, other: str, measured: Sequence[Measurement]) -> bool:
    return all(law(name, one.shape).same(law(other, one.shape)) for one in measured)


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


def _nearest_miss(measured: Sequence[Measurement]) -> str:
    name = _nearest(measured, besides=set())
    misses = [one for one in measured if not fits(name, one)]
    one = max(misses or measured, key=lambda one: (_distances(one)[name], one.shape, one.std))
    expected = laws(one.shape)[name]
    near = abs(std_z(expected, one)) < MAX_Z
    wrong = misfit(expected, one) or "the standard deviation is off"
    why = f"but {wrong}" if near else _ratio(one.std / expected.std)
    shape = "\N{MULTIPLICATION SIGN}".join(map(str, one.shape))
    where = f"at shape {shape}" if misses else "at all shapes together"
    odd = sorted({text for each in measured for text in oddities(each)})
    return "; ".join((f"nearest: {name}, {why}, {where}", *odd))


def _ratio(ratio: float) -> str:
    """A standard deviation against the law's, in words."""
    if 1 / MAX_PERCENT_RATIO < ratio < MAX_PERCENT_RATIO:
        size = f"{100 * abs(ratio - 1):.1f} % too {'large' if ratio > 1 else 'small'}"
    else:
        size = f"{ratio:.2g} times the law's"
    return f"standard deviation {size}"
