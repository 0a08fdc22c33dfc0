"""Judge how much two draws of an initializer are alike, from their correlation."""

from __future__ import annotations

from enum import StrEnum

from report.evidence import Likeness

ONE_STREAM = 0.999  # the least correlation of one stream at two scales
INDEPENDENT = 0.25  # the largest of independent draws: five standard errors of 384 weights


class Alike(StrEnum):
    """How much two draws are alike."""

    SAME = "the same"
    SCALED = "the same stream at another scale"
    RELATED = "related"
    INDEPENDENT = "independent"
    ABSENT = "not there"


def alike(likeness: Likeness) -> Alike:
    """Return how much two draws are alike."""
    if likeness is None:
        return Alike.ABSENT
    if isinstance(likeness, str):
        return Alike.SAME
    size = abs(likeness)
    if size >= ONE_STREAM:
        return Alike.SCALED
    return Alike.INDEPENDENT if size <= INDEPENDENT else Alike.RELATED
