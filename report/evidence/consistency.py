"""Check that an observation is consistent: its symbols, their roles, and the evidence of each.

The statistics of a role are those of one of its draws. Draws after other seeds are from the same
law, so that their weights are in the range that was measured, or beyond it by at most its width:
for a normal law and 384 weights that is more than eight standard deviations from the mean.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from report.evidence import measured
from report.evidence.draws import Decides, Draw, Reuse, Seeds, Stream
from report.evidence.records import Answer, Evidence, Measurement, Observation, State, Symbol

Kept = dict[str, tuple[float, ...]]  # the kept weights of every digest in an observation
_CALLS = (("tf", Seeds.TENSORFLOW), ("keras", Seeds.KERAS))


def contradictions(observation: Observation) -> Iterator[str]:
    """Yield each contradiction in an observation as "path: why", e.g. "symbols/0/roles: …"."""
    names = Counter(answer.symbol.name for answer in observation.answers)
    yield from (f"symbols: {name} is there twice" for name in names if names[name] > 1)
    kept: Kept = {}
    checked: set[int] = set()
    for index, answer in enumerate(observation.answers):
        new = {role: one for role, one in answer.evidence.items() if id(one) not in checked}
        checked.update(map(id, new.values()))
        for flaw in (*_of_symbol(answer), *_of_evidence(new, kept)):
            yield f"symbols/{index}/{flaw}"


def _of_symbol(answer: Answer) -> Iterator[str]:
    roles = answer.symbol.roles
    if flaw := _misnamed(answer.symbol):
        yield flaw
    if len(set(roles)) < len(roles):
        yield "roles: one is there twice"
    if answer.state is State.OBSERVED and set(roles) != set(answer.evidence):
        yield f"evidence: not of the roles {', '.join(roles)}"


def _of_evidence(new: Mapping[str, Evidence], kept: Kept) -> Iterator[str]:
    """Yield the contradictions in the evidence of each role that no earlier symbol shares."""
    for role, evidence in new.items():
        if len(shapes := {one.shape for one in evidence.measured}) == 1:
            yield f"evidence/{role}/measured: both are of the shape {list(*shapes)}"
        for number, one in enumerate(evidence.measured):
            for flaw in measured.flaws(one):
                yield f"evidence/{role}/measured/{number}/{flaw}"
        for flaw in draw_flaws(evidence, kept):
            yield f"evidence/{role}/{flaw}"


def _misnamed(symbol: Symbol) -> str | None:
    """Return why a symbol's name does not match its path and arguments; None if it does.

    Rows are joined across releases by that name, so it must mean the same call in each.
    """
    path, bracket, given = symbol.name.partition("(")
    if path != symbol.path:
        return f"path: {symbol.path}, of a symbol named {symbol.name}"
    texts = [(f"{key}={value!r}", f"{key}={value}()") for key, value in symbol.arguments.items()]
    known = all(any(text in given for text in each) for each in texts)
    if bool(bracket) != bool(texts) or not known:
        return f"arguments: {symbol.arguments}, of a symbol named {symbol.name}"
    return None


def draw_flaws(evidence: Evidence, kept: Kept) -> Iterator[str]:
    """Yield each contradiction in a role's draws as "field: why"; add their digests to ``kept``."""
    for place, draws in _draws(evidence):
        shapes, measured = ([one.shape for one in each] for each in (draws, evidence.measured))
        if shapes != measured:
            yield f"{place}: of the shapes {shapes}, where the statistics are of {measured}"
        for number, (draw, one) in enumerate(zip(draws, evidence.measured, strict=False)):
            for flaw in _of_draw(draw, one, kept):
                yield f"{place}/{number}/{flaw}"
    equal = all(one.kurtosis is None for one in evidence.measured)
    finite = all(one.finite == 1 for one in evidence.measured)
    if equal or not finite:
        if evidence.numbers:
            yield "numbers: some, of weights that are all equal or not finite"
    else:
        yield from _of_calls(evidence)
        own = evidence.own_seed
        if own and bool(own.draws) != (own.decides is not Decides.NEITHER):
            yield f"own_seed/draws: {len(own.draws)}, where it decides: {own.decides}"
    yield from _of_reuse(evidence.reuse)


def _draws(evidence: Evidence) -> Iterator[tuple[str, tuple[Draw, ...]]]:
    """Yield the path of each list of draws that is not empty, and the draws."""
    for number, one in enumerate(evidence.numbers):
        yield f"numbers/{number}/draws", one.draws
    if evidence.own_seed and evidence.own_seed.draws:
        yield "own_seed/draws", evidence.own_seed.draws


def _of_draw(draw: Draw, one: Measurement, kept: Kept) -> Iterator[str]:
    if kept.setdefault(draw.digest, draw.values) != draw.values:
        yield "values: others than those of another draw with the same digest"
    if one.kurtosis is not None:  # otherwise the range is not known
        width = one.max - one.min
        low, high = one.min - width, one.max + width
        least, most = min(draw.values), max(draw.values)
        if least < low or most > high:
            yield f"values: {least:g} to {most:g}, where the range allows {low:g} to {high:g}"
    if draw.stream:
        yield from _of_stream(draw.stream)


def _of_stream(stream: Stream) -> Iterator[str]:
    position, place = stream.position, stream.place
    if (position is None) != (place is None):
        yield f"stream: of the position {position} and the place {place}"
    elif position is not None and place is not None and place > position:
        yield f"stream/place: {place} random operations before it, of {position}"


def _of_calls(evidence: Evidence) -> Iterator[str]:
    """Yield each seed call that is listed twice, or whose draws contradict ``repeat``."""
    listed = [one.seeds for one in evidence.numbers]
    yield from (f"numbers: {one} is there twice" for one in Seeds if listed.count(one) > 1)
    for field, seeds in _CALLS if evidence.repeat else ():
        repeats = getattr(evidence.repeat, field)
        if (repeats is True) != (seeds in listed):
            there = "draws" if seeds in listed else "no draws"
            yield f"repeat/{field}: {repeats}, where there are {there} after that call"


def _of_reuse(reuse: Reuse | None) -> Iterator[str]:
    """Yield the draws of another shape that are said to have the same bytes."""
    unseeded, seeded = (reuse.unseeded, reuse.seeded) if reuse else (None, None)
    found = {
        "unseeded/shape": unseeded and unseeded.shape,
        "seeded/shape": seeded and seeded.shape,
        "seeded/object_shape": seeded and seeded.object_shape,
    }
    for place, likeness in found.items():
        if likeness == "same":
            yield f"reuse/{place}: the same bytes, of weights of another shape"
