"""What a schema can't say: that an observation agrees with itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from report.evidence import bounds
from report.evidence.records import Answer, Observation, State, Symbol


def contradictions(observation: Observation) -> Iterator[str]:
    """Yield each place where a valid observation contradicts itself: "symbols/0/roles: why"."""
    names = Counter(answer.symbol.name for answer in observation.answers)
    yield from (f"symbols: {name} is there twice" for name in names if names[name] > 1)
    for index, answer in enumerate(observation.answers):
        for flaw in _of_answer(answer):
            yield f"symbols/{index}/{flaw}"


def _of_answer(answer: Answer) -> Iterator[str]:
    roles = answer.symbol.roles
    if flaw := _misnamed(answer.symbol):
        yield flaw
    if len(set(roles)) < len(roles):
        yield "roles: one is there twice"
    if answer.state is State.OBSERVED and set(roles) != set(answer.evidence):
        yield f"evidence: not of the roles {', '.join(roles)}"
    for role, evidence in answer.evidence.items():
        first, second = (list(one.shape) for one in evidence.measured)
        if first == second:
            yield f"evidence/{role}/measured: both are of the shape {first}"
        for number, one in enumerate(evidence.measured):
            for flaw in bounds.flaws(one):
                yield f"evidence/{role}/measured/{number}/{flaw}"


def _misnamed(symbol: Symbol) -> str | None:
    """Return how a symbol's name is not that of its path and arguments; None where it is.

    Rows of all releases are joined by that name: another path under it would be another question.
    """
    path, bracket, given = symbol.name.partition("(")
    if path != symbol.path:
        return f"path: {symbol.path}, of a symbol named {symbol.name}"
    texts = [(f"{key}={value!r}", f"{key}={value}()") for key, value in symbol.arguments.items()]
    known = all(any(text in given for text in each) for each in texts)
    if bool(bracket) != bool(texts) or not known:
        return f"arguments: {symbol.arguments}, of a symbol named {symbol.name}"
    return None
