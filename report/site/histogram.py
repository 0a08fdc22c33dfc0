"""The weights against the theory, as a small SVG that carries its finding in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from report.evidence import Measurement
from report.verdict import ORTHOGONAL, OTHER_ORTHOGONAL, PADDED, families

WIDTH, HEIGHT = 320, 96
HEADROOM = 0.92
PERCENT, FINEST = 100, 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """Bars of what was drawn, a line for the verdict's law and one for its nearest rival.

    ``theory`` and ``rival`` are empty where there is no density to draw.
    """

    bars: str
    theory: str
    rival: str
    low: str
    high: str
    words: str


def draw(one: Measurement, verdict: str, rival: str | None) -> Histogram | None:
    """Draw the weights of one shape; None where all are equal, as there is no shape to see."""
    if one.min == one.max or len(one.histogram) <= 1:
        return None
    drawn = [count / max(1, sum(one.histogram)) for count in one.histogram]
    expected = _expected(verdict, one)
    other = _expected(rival, one)
    top = max([*drawn, *expected, *other]) / HEADROOM
    return Histogram(
        bars=_bars(drawn, top),
        theory=_line(expected, top),
        rival=_line(other, top),
        low=number(one.min),
        high=number(one.max),
        words=_finding(one, verdict, rival, drawn, expected, other),
    )


def flat(one: Measurement) -> str:
    """Say in words what a shape without a histogram shows: equal weights, or none to count."""
    start = f"{_count(one)} weights of shape {shape(one.shape)}"
    if one.finite < 1:
        return f"{start}, of which {PERCENT * (1 - one.finite):.3g} % are not finite numbers."
    return f"{start}, all {number(one.min)}."


def _count(one: Measurement) -> str:
    return f"{one.count:,}".replace(",", "\u202f")


def number(value: float | None) -> str:
    """Return a number as a reader wants it: four significant digits and a true minus."""
    if value is None or math.isnan(value):
        return "–"  # noqa: RUF001
    return f"{value:.4g}".replace("-", "−").replace("inf", "∞")  # noqa: RUF001


def shape(dimensions: Sequence[int]) -> str:
    """Return a shape as text: 3 × 3 × 128 × 96."""  # noqa: RUF002
    return " × ".join(str(size) for size in dimensions)  # noqa: RUF001


def _expected(law: str | None, one: Measurement) -> list[float]:
    if law is None or law in MATRICES or families.kind(law) not in ("uniform", "normal"):
        return []
    return families.density(law, one.shape, one.edges)


def _bars(shares: Sequence[float], top: float) -> str:
    path = [f"M0 {HEIGHT}"]
    for index, share in enumerate(shares):
        path.append(f"V{_y(share, top)}H{_x(index + 1, len(shares))}")
    return "".join([*path, f"V{HEIGHT}z"])


def _line(shares: Sequence[float], top: float) -> str:
    """Join the middles of the bins: a density is a curve."""
    middles = _middles(len(shares))
    points = (f"{x} {_y(share, top)}" for x, share in zip(middles, shares, strict=True))
    return "M" + "L".join(points) if shares else ""


@cache
def _middles(bins: int) -> tuple[int, ...]:
    return tuple((_x(index, bins) + _x(index + 1, bins)) // 2 for index in range(bins))


def _x(index: int, bins: int) -> int:
    return round(WIDTH * index / bins)


def _y(share: float, top: float) -> int:
    return round(HEIGHT * (1 - share / top))


def _finding(  # noqa: PLR0913, PLR0917
    one: Measurement,
    verdict: str,
    rival: str | None,
    drawn: Sequence[float],
    expected: Sequence[float],
    other: Sequence[float],
) -> str:
    ends = f"{number(one.min)} to {number(one.max)}"
    start = f"{_count(one)} weights of shape {shape(one.shape)}, from {ends}"
    if not expected:
        return f"{start}; {MATRICES.get(verdict, 'no law fits them')}."
    said = f"{start}; no bin is more than {_gap(drawn, expected)} of them away from {verdict}"
    if other:
        said += f", one is {_gap(drawn, other)} away from {rival}, the nearest other law"
    return f"{said}."


MATRICES = {
    ORTHOGONAL: "they form an orthogonal matrix",
    OTHER_ORTHOGONAL: "they form an orthogonal matrix, but not any of them alike",
    PADDED: "they form an orthogonal matrix that is padded with zeros",
}


def _gap(drawn: Sequence[float], expected: Sequence[float]) -> str:
    gap = max(abs(a - b) for a, b in zip(drawn, expected, strict=True))
    percent = PERCENT * gap
    return f"{percent:.2g} %" if percent >= FINEST else f"{FINEST} %"
