"""Find why two draws after the same seed call differ, from what decided their numbers."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from report.evidence import Stream


class Reason(StrEnum):
    """Why two draws differ. "Before" and "after" are the earlier and the later draw.

    LAW: the weights follow other laws. MODE: one was drawn in a graph, and one eagerly.
    OPERATION: another random operation. PYTHON, NUMPY: that generator is used for one of them.
    NUMBERING: the operation's seed was its position among all operations of the graph, and is
    its place among the random ones, or the other way round. POSITION: the seed is the position,
    or the place, and another number of operations is before it. SEEDS: the operation's seeds
    differ otherwise. STREAM: the same operation with the same seeds gives other numbers.
    SCALE: they differ in scale and offset alone. AFTERWARDS: they are the same at one of the
    shapes; what is computed from the random numbers differs. ARITHMETIC: the same operation and
    seeds, and the numbers are rounded differently.
    UNKNOWN: the streams are not known.
    """

    LAW = "law"
    MODE = "mode"
    OPERATION = "operation"
    PYTHON = "python"
    NUMPY = "numpy"
    NUMBERING = "numbering"
    POSITION = "position"
    SEEDS = "seeds"
    STREAM = "stream"
    SCALE = "scale"
    AFTERWARDS = "afterwards"
    ARITHMETIC = "arithmetic"
    UNKNOWN = "unknown"


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """Why two draws differ: one reason or several, the main one first, and the two streams."""

    reasons: tuple[Reason, ...]
    before: Stream | None
    after: Stream | None


def reasons(before: Stream | None, after: Stream | None) -> Iterator[Reason]:
    """Yield why two draws that differ do so, as far as their streams tell, the main one first."""
    if before is None or after is None:
        yield Reason.UNKNOWN
        return
    differs = {
        Reason.MODE: (before.position is None) != (after.position is None),
        Reason.OPERATION: before.operation != after.operation,
        Reason.PYTHON: before.python != after.python,
        Reason.NUMPY: before.numpy != after.numpy,
    }
    yield from [each for each in differs if differs[each]] or [_by_seeds(before, after)]


def _by_seeds(before: Stream, after: Stream) -> Reason:
    """Return why two draws of the same operation differ."""
    if before.seeds is None or after.seeds is None:
        return Reason.UNKNOWN
    if before.seeds == after.seeds:
        return Reason.STREAM
    was, now = _numbered(before), _numbered(after)
    if not was or not now:
        return Reason.SEEDS
    return Reason.POSITION if was & now else Reason.NUMBERING


def _numbered(stream: Stream) -> set[str]:
    """Return what an operation's last seed is equal to: its position, its place, or both."""
    numbers = {"position": stream.position, "place": stream.place}
    last = stream.seeds[-1:] if stream.seeds else ()
    return {name for name, number in numbers.items() if (number,) == last}
