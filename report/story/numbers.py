"""Wording of numbers and of objects that are used twice: how much two draws differ, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_UP, Context
from functools import cache

from report.evidence import Draw, Likeness, Stream
from report.story.program import printed
from report.text import dimensions
from report.verdict import Alike, Cause, Degree, Reason, Relation, alike

HASH = 12  # letters of a digest that are shown
CLAIMS = {
    Degree.SAME: "the same numbers",
    Degree.ROUNDING: "the same numbers but for rounding",
    Degree.PARTLY: "partly other numbers",
    Degree.OTHER: "other numbers",
    Degree.NOT_COMPARABLE: "numbers that are not comparable",
}
ONE_DIGIT = Context(prec=1, rounding=ROUND_UP)
STATELESS = "Stateless"  # begins the names of operations that are given a key instead of a state


def degree(relations: Sequence[Relation]) -> str:
    """Return how much the numbers of one or more rows differ, all with the first one's degree."""
    first = relations[0]
    if first.degree is Degree.NOT_COMPARABLE:
        return f"numbers not comparable: {_why_not(first)}"
    if first.degree is not Degree.ROUNDING:
        return CLAIMS[first.degree]
    largest = max(each.largest or 0.0 for each in relations)
    among = f"largest difference among the kept values: {largest:.1e} of the standard deviation"
    return f"{CLAIMS[first.degree]} ({among})"


def bound(relations: Iterable[Relation]) -> str:
    """Return an upper bound of the kept weights' rounding errors, in brackets; or nothing."""
    found = [each.largest for each in relations if each.degree is Degree.ROUNDING and each.largest]
    if not found:
        return ""
    largest = ONE_DIGIT.create_decimal(f"{max(found):.6g}")  # what a division adds is no more
    return f" (the kept weights by at most {largest:e} of the standard deviation)"


def differ(relations: Sequence[Relation], when: str) -> str:
    """Return how much numbers differ, and why; ``when`` is the release, such as "in 2.2"."""
    reason = why(relations[0], when)
    return f"{degree(relations)}{reason and f'; {reason}'}"


def _why_not(relation: Relation) -> str:
    """Return why the numbers of two releases can't be compared."""
    before, after = (" and ".join(calls) for calls in relation.calls)
    if relation.shapes:
        return "a sample is not whole"
    if before == after:
        return "drawn at other shapes" if before else "an own seed repeats them in only one"
    if not before or not after:
        return f"no seed call repeats them {'after' if before else 'before'}"
    return f"no seed call repeats them in both, only {before} before and {after} after"


def detail(relation: Relation) -> str:
    """Return by which seed calls numbers were compared, and which shapes or calls differ less."""
    calls = dict.fromkeys(name for each in relation.calls for name in each)
    parts = [f"after {' and '.join(calls)}"] if calls else []
    parts += [
        f"{each.degree} at {dimensions(each.shape)}"
        for each in relation.shapes
        if each.degree is not relation.degree
    ]
    return ", ".join(parts + ["less after another seed call"] * relation.split)


def why(relation: Relation, when: str) -> str:
    """Return why numbers differ; empty if they don't. ``when`` is such as "in 2.2", or empty."""
    cause = relation.cause
    return ", and ".join(_reason(each, cause, when) for each in cause.reasons) if cause else ""


def _reason(reason: Reason, cause: Cause, when: str) -> str:
    """Return a reason in words, with the streams in which it was found."""
    if reason in _REASONS:
        return _REASONS[reason]
    if cause.before is None or cause.after is None:
        raise ValueError("a reason was found without a stream")
    text = _IN_STREAMS[reason](cause.before, cause.after)
    return f"{when} {text}".lstrip() if reason is Reason.NUMBERING else text


def _mode(_: Stream, after: Stream) -> str:
    eager = after.position is None
    new, old = ("eagerly", "in a graph") if eager else ("in a graph", "eagerly")
    return f"they are drawn {new} and no longer {old}"


def _operation(before: Stream, after: Stream) -> str:
    if after.operation.startswith(STATELESS) > before.operation.startswith(STATELESS):
        return "a stateless operation draws them, for which only the seed it is given counts"
    return f"the operation {after.operation} draws them and no longer {before.operation}"


def _python(_: Stream, after: Stream) -> str:
    takes = "takes" if after.python else "no longer takes"
    return f"Keras {takes} its seed from Python's random module"


def _numpy(_: Stream, after: Stream) -> str:
    takes = "takes" if after.numpy else "no longer takes"
    return f"the release {takes} its seed from NumPy's generator"


def _numbering(before: Stream, _: Stream) -> str:
    among = ("among themselves", "among all operations")
    by_place = before.seeds is not None and before.seeds[-1:] == (before.place,)
    new, old = among[::-1] if by_place else among
    return f"a graph's random operations began to be numbered {new} instead of {old}"


def _position(before: Stream, after: Stream) -> str:
    was, now = ((each.seeds or (0,))[-1] for each in (before, after))
    kind = "operations" if now == after.position else "random operations"
    return f"its seed is the number of {kind} made before it, which was {was} and is {now}"


_UNCHANGED = "operation and seed are the same"
_REASONS = {
    Reason.LAW: "the law is another",
    Reason.SEEDS: "the operation gets other seeds",
    Reason.STREAM: f"{_UNCHANGED}: its own stream changed",
    Reason.SCALE: "the stream is the same, at another scale",
    Reason.AFTERWARDS: (
        f"{_UNCHANGED}, and so are the numbers at one shape: what is computed from them changed"
    ),
    Reason.ARITHMETIC: f"{_UNCHANGED}: they are rounded differently",
    Reason.UNKNOWN: "why is not known",
}
_IN_STREAMS = {
    Reason.MODE: _mode,
    Reason.OPERATION: _operation,
    Reason.PYTHON: _python,
    Reason.NUMPY: _numpy,
    Reason.NUMBERING: _numbering,
    Reason.POSITION: _position,
}


def likeness(found: Likeness) -> str:
    """Return how much two draws are alike, with the correlation of those that are related."""
    how = alike(found)
    return f"{how} (r = {found:.2f})" if how is Alike.RELATED else str(how)


@cache
def draws(draws: tuple[Draw, ...]) -> str:
    """Return the hash and the first weights of draws; shapes with the same ones are joined."""
    shapes: dict[str, list[str]] = {}
    for draw in draws:
        text = f"sha256 {draw.digest[:HASH]}…, {printed(draw)}"
        shapes.setdefault(text, []).append(dimensions(draw.shape))
    return "; ".join(f"{' and '.join(each)}: {text}" for text, each in shapes.items())


def stream(found: Stream | None) -> str:
    """Return what decided the numbers of a draw."""
    if found is None:
        return "not known"
    parts = {
        found.operation: True,
        f"seeds {'not known' if found.seeds is None else list(found.seeds)}": True,
        f"operations before it: {found.position}": found.position is not None,
        f"random ones: {found.place}": found.place is not None,
        "Python's generator moved": found.python,
        "NumPy's generator moved": found.numpy,
    }
    return ", ".join(part for part, holds in parts.items() if holds)
