"""Whether two draws are one law: by the law's identity, never by the name of a verdict."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from report.dependence import MAX_Z
from report.families import NO_LAW
from report.orthogonal import is_orthogonal
from report.verdicts import is_finite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from report.model import Measurement, Verdict


def same_law(one: Verdict | None, other: Verdict | None) -> bool:
    """Whether two draws were recognised as one law: by its identity, never by a verdict's name.

    What no law was recognised in is the same as nothing, not even as another of its kind.
    """
    if one is None or other is None or {one.name, other.name} & NO_LAW:
        return False
    return bool({one.name, *one.also} & {other.name, *other.also})


def alike(one: Sequence[Measurement], other: Sequence[Measurement]) -> bool | None:
    """Whether two draws without a law could be of one: what was measured differs by chance alone.

    None where the shapes differ, or a weight is not finite, so that nothing can be compared.
    """
    pairs = list(zip(one, other, strict=False))
    if len(one) != len(other) or any(a.shape != b.shape for a, b in pairs):
        return None
    if not all(map(is_finite, (*one, *other))):
        return None
    return all(_like(a, b) for a, b in pairs)


def _like(one: Measurement, other: Measurement) -> bool:
    """Whether the figures of two draws of one shape are within their errors of each other."""
    deviation = max(one.std, other.std)
    kurtosis = max(one.kurtosis or 1.0, other.kurtosis or 1.0)
    error = math.sqrt(2 / one.count)
    return (
        abs(one.std - other.std) <= MAX_Z * deviation * error * math.sqrt((kurtosis - 1) / 4)
        and abs(one.mean - other.mean) <= MAX_Z * deviation * error
        and abs(one.zeros - other.zeros) <= MAX_Z * error / 2
        and (one.min == one.max) == (other.min == other.max)
        and (one.gram_error == other.gram_error or not is_orthogonal(one) ^ is_orthogonal(other))
    )
