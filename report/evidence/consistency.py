"""Check that an observation is consistent: its symbols, their roles, and the evidence of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from report.evidence import drawn, measured
from report.evidence.records import Answer, Evidence, Observation, State, Symbol


def contradictions(observation: Observation) -> Iterator[str]:
    """Yield each contradiction in an observation as "path: why", e.g. "symbols/0/roles: …"."""
    names = Counter(answer.symbol.name for answer in observation.answers)
    yield from (f"symbols: {name} is there twice" for name in names if names[name] > 1)
    kept: drawn.Kept = {}
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


def _of_evidence(new: Mapping[str, Evidence], kept: drawn.Kept) -> Iterator[str]:
    """Yield the contradictions in the evidence of each role that no earlier symbol shares."""
    for role, evidence in new.items():
        if len(shapes := {one.shape for one in evidence.measured}) == 1:
            yield f"evidence/{role}/measured: both are of the shape {list(*shapes)}"
        for number, one in enumerate(evidence.measured):
            for flaw in measured.flaws(one):
                yield f"evidence/{role}/measured/{number}/{flaw}"
        for flaw in drawn.flaws(evidence, kept):
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
