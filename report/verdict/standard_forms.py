"""Laws: the standard distributions (forms), and a form with a centre and a scale."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

import msgspec

# The normal law truncated at two standard deviations: its mass, and its second and fourth
# moments by integration by parts. TensorFlow has its deviation as .87962566103423978.
_CUT = 2.0
_CUT_MASS = math.erf(_CUT / math.sqrt(2))
_BELOW = math.erfc(_CUT / math.sqrt(2)) / 2
_EDGE = 2 * math.exp(-(_CUT**2) / 2) / math.sqrt(2 * math.pi) / _CUT_MASS
_CUT_VARIANCE = 1 - _EDGE * _CUT
_CUT_FOURTH = 3 - _EDGE * (_CUT**3 + 3 * _CUT)

_ROOT = math.sqrt(2)

# Relative tolerance: a float32 has 7 digits, a recorded number 6 or more.
FLOAT = 1e-6
TINY = 1e-12


def _normal(x: float) -> float:
    """Return the standard normal distribution function (DLMF 7.20.1; accurate far below 0)."""
    return math.erfc(-x / _ROOT) / 2


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """A standard distribution, symmetric about 0.

    The support is -``limit`` to ``limit``. ``kurtosis`` is the fourth standardised moment
    (3 for the normal law).
    """

    kind: str
    limit: float
    std: float
    kurtosis: float
    cdf: Callable[[float], float]


UNIFORM = Form(
    kind="uniform",
    limit=1.0,
    std=math.sqrt(1 / 3),
    kurtosis=9 / 5,
    cdf=lambda x: 0.0 if x < -1 else 1.0 if x > 1 else (x + 1) / 2,
)
NORMAL = Form(kind="normal", limit=math.inf, std=1.0, kurtosis=3.0, cdf=_normal)
TRUNCATED = Form(
    kind="normal",
    limit=_CUT,
    std=math.sqrt(_CUT_VARIANCE),
    kurtosis=_CUT_FOURTH / _CUT_VARIANCE**2,
    cdf=lambda x: 0.0 if x < -_CUT else 1.0 if x > _CUT else (_normal(x) - _BELOW) / _CUT_MASS,
)
POINT = Form(kind="constant", limit=0.0, std=0.0, kurtosis=1.0, cdf=lambda x: float(x >= 0))


class Law(msgspec.Struct, frozen=True, kw_only=True):
    """One exact distribution: a form, shifted by ``center`` and scaled by ``scale``."""

    form: Form
    center: float
    scale: float

    @property
    def support(self) -> tuple[float, float]:
        """Both ends of the range in which weights lie."""
        reach = self.form.limit * self.scale
        return self.center - reach, self.center + reach

    @property
    def std(self) -> float:
        """The standard deviation."""
        return self.form.std * self.scale

    def cdf(self, points: Iterable[float]) -> list[float]:
        """Return the distribution function at each point."""
        return [self.form.cdf((point - self.center) / self.scale) for point in points]

    def shares(self, edges: Sequence[float]) -> list[float]:
        """Return the share of the weights that is expected in each bin between the edges."""
        return [above - below for below, above in pairwise(self.cdf(edges))]

    def near(self, other: Law) -> bool:
        """Return whether two laws are equal, to float32 precision."""
        tolerance = TINY if self.form is POINT else FLOAT * self.scale
        return (
            self.form is other.form
            and math.isclose(self.center, other.center, rel_tol=FLOAT, abs_tol=tolerance)
            and (self.form is POINT or math.isclose(self.scale, other.scale, rel_tol=FLOAT))
        )


def point(value: float) -> Law:
    """Return the law of a single value."""
    return Law(form=POINT, center=value, scale=1.0)
