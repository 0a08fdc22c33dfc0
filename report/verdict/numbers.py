"""Compare the numbers of two releases: the same, the same but for rounding, or other numbers.

Two draws of one shape are *the same* if their bytes are (the digests are equal). Otherwise their
kept weights are compared, in units of the weights' standard deviation: *but for rounding* if no
two differ by more than ``ROUNDING``, *other* if at least half differ by more than ``OTHER``, and
else *partly other*. They are *not comparable* if a draw or the standard deviation is missing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from enum import StrEnum
from statistics import StatisticsError, correlation

import msgspec
from msgspec.structs import replace

from report.evidence import Draw, Evidence, Measurement, Seeds
from report.verdict.cause import Cause, Reason, reasons

ROUNDING = 1e-4  # standard deviations; TensorFlow's own releases differ by up to 4e-5, or by 1
OTHER = 1e-2
KEPT = 16  # weights of a draw


class Degree(StrEnum):
    """How much two draws differ, from equal bytes to what can't be compared."""

    SAME = "the same"
    ROUNDING = "but for rounding"
    PARTLY = "partly other"
    OTHER = "other"
    NOT_COMPARABLE = "not comparable"


class AtShape(msgspec.Struct, frozen=True, kw_only=True):
    """How two draws of one shape compare; ``largest`` is as of a relation."""

    shape: tuple[int, ...]
    degree: Degree
    largest: float | None = None


class Relation(msgspec.Struct, frozen=True, kw_only=True):
    """How the numbers of two cells compare.

    ``degree`` is that of the shape and the seed call with the largest difference. ``shapes`` has
    every shape's, which may disagree. ``largest`` is the largest difference among the kept weights,
    in standard deviations; None if the bytes are equal, or not comparable. ``calls`` are
    the seed calls before and after; all that each cell has if they have none in common, and
    none for an initializer's own seed. ``split`` is true if other calls that they have
    in common give another degree. ``cause`` is None if the draws are equal or not comparable.
    """

    degree: Degree
    largest: float | None = None
    shapes: tuple[AtShape, ...] = ()
    calls: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    split: bool = False
    cause: Cause | None = None


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """The draws of a cell after one seed call; the call is empty for an initializer's own seed."""

    call: str
    draws: tuple[Draw, ...]


Samples = Mapping[Seeds | None, Sample]  # by the generators that the call seeds
_SEVERITY = tuple(Degree)
# what another law explains already
_OF_A_LAW = frozenset({Reason.UNKNOWN, Reason.STREAM, Reason.SCALE})


def after_seed_calls(evidence: Evidence) -> Samples:
    """Return the draws after each seed call that repeats them."""
    return {one.seeds: Sample(call=one.call, draws=one.draws) for one in evidence.numbers}


def after_own_seed(evidence: Evidence) -> Samples:
    """Return the draws of an initializer that is given a seed; empty if they don't repeat."""
    own = evidence.own_seed
    return {None: Sample(call="", draws=own.draws)} if own and own.draws else {}


def same(before: Samples, after: Samples) -> bool:
    """Return whether two cells have the same bytes after every seed call that both have."""
    common = before.keys() & after.keys()
    return bool(common) and all(
        _all_same(before[seeds].draws, after[seeds].draws) for seeds in common
    )


def _all_same(before: Sequence[Draw], after: Sequence[Draw]) -> bool:
    """Return whether each draw has the same bytes as one of the others; false without any."""
    if not len(before) == len(after) > 0:
        return False
    in_order = all(map(_same, before, after))  # the usual case
    return in_order or all(any(_same(one, other) for other in after) for one in before)


def relation(
    before: Samples,
    after: Samples,
    measured: Sequence[Measurement],
    *,
    same_law: bool = True,
) -> Relation | None:
    """Return how the numbers of two cells compare; None if neither has any.

    ``measured`` are the statistics of both cells: differences are in units of the larger standard
    deviation at each shape.
    """
    if not before and not after:
        return None
    common = [seeds for seeds in (*Seeds, None) if seeds in before and seeds in after]
    if not common:
        calls = (tuple(one.call for one in each.values() if one.call) for each in (before, after))
        return Relation(degree=Degree.NOT_COMPARABLE, calls=(next(calls), next(calls)))
    found = [_relation(before[each], after[each], measured, same_law) for each in common]
    worst = max(found, key=severity)
    split = any(one.degree is not worst.degree for one in found)
    return replace(worst, split=True) if split else worst


def severity(one: Relation | AtShape) -> tuple[int, float]:
    """Return the key by which differences of numbers are sorted, the smallest first."""
    return _SEVERITY.index(one.degree), one.largest or 0.0


def _relation(
    before: Sample,
    after: Sample,
    measured: Sequence[Measurement],
    same_law: bool,  # noqa: FBT001 - handed on
) -> Relation:
    """Return how the draws after one seed call compare."""
    first, last = ((one.call,) if one.call else () for one in (before, after))
    if _all_same(before.draws, after.draws):  # the usual case
        alike = tuple(AtShape(shape=draw.shape, degree=Degree.SAME) for draw in before.draws)
        return Relation(degree=Degree.SAME, shapes=alike, calls=(first, last))
    was, now = ({draw.shape: draw for draw in one.draws} for one in (before, after))
    if not was or was.keys() != now.keys():
        return Relation(degree=Degree.NOT_COMPARABLE, calls=(first, last))
    shapes = tuple(_at(was[shape], now[shape], measured) for shape in was)
    worst = max(shapes, key=severity)
    return Relation(
        degree=worst.degree,
        largest=worst.largest,
        shapes=shapes,
        calls=(first, last),
        cause=_cause(was[worst.shape], now[worst.shape], shapes, worst.degree, same_law),
    )


def _at(before: Draw, after: Draw, measured: Sequence[Measurement]) -> AtShape:
    """Return how two draws of one shape compare, in units of the weights' standard deviation."""
    if _same(before, after):
        return AtShape(shape=before.shape, degree=Degree.SAME)
    deviations = (one.std for one in measured if one.shape == before.shape)
    deviation = max(filter(math.isfinite, deviations), default=0.0)
    whole = len(before.values) == len(after.values) == KEPT
    distances = [abs(a - b) for a, b in zip(before.values, after.values, strict=False)]
    if not (whole and deviation > 0 and all(map(math.isfinite, distances))):
        return AtShape(shape=before.shape, degree=Degree.NOT_COMPARABLE)
    distances = [distance / deviation for distance in distances]
    largest = max(distances)
    if largest <= ROUNDING:
        degree = Degree.ROUNDING
    elif 2 * sum(distance > OTHER for distance in distances) >= KEPT:
        degree = Degree.OTHER
    else:
        degree = Degree.PARTLY
    return AtShape(shape=before.shape, degree=degree, largest=largest)


def _same(before: Draw, after: Draw) -> bool:
    """Return whether two draws have the same bytes, and both are whole."""
    return (
        before.digest == after.digest
        and before.shape == after.shape
        and before.values == after.values
        and len(before.values) == KEPT
    )


def _cause(
    before: Draw,
    after: Draw,
    shapes: Sequence[AtShape],
    degree: Degree,
    same_law: bool,  # noqa: FBT001 - handed on
) -> Cause | None:
    if degree in {Degree.SAME, Degree.NOT_COMPARABLE}:
        return None
    found = tuple(reasons(before.stream, after.stream))
    if found == (Reason.STREAM,):
        if degree is Degree.ROUNDING:
            found = (Reason.ARITHMETIC,)
        elif _scaled(before, after):
            found = (Reason.SCALE,)
        elif any(one.degree is Degree.SAME for one in shapes):
            found = (Reason.AFTERWARDS,)
    if not same_law:
        found = (Reason.LAW, *(one for one in found if one not in _OF_A_LAW))
    return Cause(reasons=found, before=before.stream, after=after.stream)


def _scaled(before: Draw, after: Draw) -> bool:
    """Return whether the weights differ in scale and offset alone, but for rounding."""
    try:
        return abs(correlation(before.values, after.values)) >= 1 - ROUNDING**2
    except StatisticsError:  # the kept weights of one draw are all equal
        return False
