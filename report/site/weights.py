"""Measured weights compared with theory, for each shape: a histogram, its finding, figures."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec

from report.evidence import Measurement
from report.verdict import (
    ORTHOGONAL,
    OTHER_ORTHOGONAL,
    PADDED,
    POINT,
    Law,
    Verdict,
    checks,
    families,
    haar,
    nearest_rival,
)

WIDTH, HEIGHT = 320, 96
HEADROOM = 0.92
FINEST = 0.01  # percent
MATRICES = {
    ORTHOGONAL: "they form an orthogonal matrix",
    OTHER_ORTHOGONAL: "they form an orthogonal matrix, but not any of them alike",
    PADDED: "they form an orthogonal matrix that is padded with zeros",
}


class Histogram(msgspec.Struct, frozen=True, kw_only=True):
    """SVG paths of a histogram: measured bars, the verdict's density and the nearest rival's.

    ``theory`` and ``rival`` are empty if there is no density to draw.
    """

    bars: str
    theory: str
    rival: str
    low: str
    high: str


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table of figures: the measured value and the one that the law expects."""

    name: str
    measured: str
    theory: str


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """The weights of one shape: their histogram and their figures.

    ``alone`` is the verdict for this shape by itself, if shapes differ. ``histogram`` is None if
    all weights are equal.
    """

    shape: str
    alone: str
    words: str
    histogram: Histogram | None
    figures: tuple[Figure, ...]


@cache
def drawn(measured: tuple[Measurement, ...], verdict: Verdict) -> tuple[Drawn, ...]:
    """Return the weights of each shape; cached, as many symbols draw the same weights."""
    rival, alone = nearest_rival(measured), dict(verdict.at)
    together = len(measured) > 1 and not alone
    unfit = "no law fits them and those of the other shape" if together else "no law fits them"
    return tuple(
        _drawn(one, verdict.name, alone.get(one.shape, ""), rival, unfit) for one in measured
    )


def _drawn(one: Measurement, verdict: str, alone: str, rival: str | None, unfit: str) -> Drawn:
    name = alone.partition(" or ")[0] or verdict
    picture, finding = _picture(one, name, rival if name == verdict else None, unfit)
    shape = " × ".join(map(str, one.shape))  # noqa: RUF001
    return Drawn(
        shape=shape,
        alone=alone,
        words=f"{one.count:,} weights of shape {shape}, {finding}.",
        histogram=picture,
        figures=tuple(_figures(one, name)),
    )


def _picture(
    one: Measurement, name: str, rival: str | None, unfit: str
) -> tuple[Histogram | None, str]:
    """Return the histogram of one shape, if there is one, and its finding in words.

    ``unfit`` is the finding if no law is known.
    """
    if one.min == one.max or len(one.histogram) <= 1:
        if one.finite < 1:
            return None, f"of which {100 * (1 - one.finite):.3g} % are not finite numbers"
        return None, f"all {_number(one.min)}"
    total = max(1, sum(one.histogram))
    shares = [count / total for count in one.histogram]
    expected, other = _expected(one, name), _expected(one, rival)
    top = max([*shares, *expected, *other]) / HEADROOM
    low, high = _number(one.min), _number(one.max)
    if expected:
        finding = f"no bin is more than {_gap(shares, expected)} of them away from {name}"
    else:
        finding = MATRICES.get(name, unfit)
    if expected and other:
        finding += f", one is {_gap(shares, other)} away from {rival}, the nearest other law"
    picture = Histogram(
        bars=_bars(shares, top),
        theory=_line(expected, top),
        rival=_line(other, top),
        low=low,
        high=high,
    )
    return picture, f"from {low} to {high}; {finding}"


def _law(name: str, shape: tuple[int, ...]) -> Law | None:
    """Return the law of a name at a shape; None if the name is not a law's."""
    known = name not in MATRICES and families.kind(name) != "other"
    return families.law(name, shape) if known else None


def _expected(one: Measurement, name: str | None) -> list[float]:
    """Return the share of weights that a law expects in each bin; empty without a density."""
    law = _law(name, one.shape) if name else None
    return law.shares(one.edges) if law and law.form is not POINT else []


def _bars(shares: Sequence[float], top: float) -> str:
    steps = (
        f"V{_y(share, top)}H{_x(index, len(shares))}" for index, share in enumerate(shares, start=1)
    )
    return f"M0 {HEIGHT}{''.join(steps)}V{HEIGHT}z"


def _line(shares: Sequence[float], top: float) -> str:
    """Return a density as an SVG path through the middles of the bins."""
    bins = len(shares)
    points = (
        f"{(_x(index, bins) + _x(index + 1, bins)) // 2} {_y(share, top)}"
        for index, share in enumerate(shares)
    )
    return "M" + "L".join(points) if shares else ""


def _x(index: int, bins: int) -> int:
    return round(WIDTH * index / bins)


def _y(share: float, top: float) -> int:
    return round(HEIGHT * (1 - share / top))


def _gap(shares: Sequence[float], expected: Sequence[float]) -> str:
    percent = 100 * max(abs(a - b) for a, b in zip(shares, expected, strict=True))
    return f"{percent:.2g} %" if percent >= FINEST else f"{FINEST} %"


def _figures(one: Measurement, name: str) -> Iterator[Figure]:
    """Yield the figures of one shape, with those that the law of this name expects, if any."""
    law = _law(name, one.shape)
    low, high = law.support if law else (None, None)
    kurtosis = law.form.kurtosis if law and law.form is not POINT else None
    yield _figure("standard deviation", one.std, law.std if law else None)
    yield _figure("mean", one.mean, law.center if law else None)
    yield _figure("smallest", one.min, low)
    yield _figure("largest", one.max, high)
    yield _figure("kurtosis", one.kurtosis, kurtosis)
    matrix = name in MATRICES
    if matrix and one.gram_error is not None:
        yield _figure("error of the Gram matrix", one.gram_error, None if name == PADDED else 0.0)
    if one.min < one.max:
        tests = tuple(haar(one) if matrix else checks(one))
        title = "tests of uniformity" if matrix else "tests of independence"
        passed = sum(check.passed for check in tests)
        yield Figure(name=title, measured=str(passed), theory=str(len(tests)))


def _figure(name: str, measured: float | None, theory: float | None) -> Figure:
    return Figure(name=name, measured=_number(measured), theory=_number(theory))


def _number(value: float | None) -> str:
    """Return a number with four significant digits and a true minus sign."""
    if value is None or math.isnan(value):
        return "–"  # noqa: RUF001
    return f"{value:.4g}".replace("-", "−").replace("inf", "∞")  # noqa: RUF001
