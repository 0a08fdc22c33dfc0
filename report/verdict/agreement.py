"""Compare the declared and the resolved initializer with the measured law.

An initializer's class and config promise a law with parameters, which is compared with the
measured law at every shape. If no law was recognised, the weights are tested against the
promised one. A graph's constants are those of the first shape's draw. A declared default is
compared if its text names a law.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from enum import StrEnum

import msgspec

from report.evidence import Evidence, Measurement, Resolved
from report.verdict import families
from report.verdict.families import NO_LAW, NOT_FINITE, ORTHOGONAL, OTHER_ORTHOGONAL
from report.verdict.fit import fit_together, misfit
from report.verdict.judge import Verdict
from report.verdict.promises import Promise, UnreadableError, named, normal, promised, uniform
from report.verdict.standard_forms import FLOAT, NORMAL, TRUNCATED, UNIFORM, Law, point

_CLOSE = 0.01  # absolute, of ``gram_error``: more than float32 rounding
_DIGITS = 1e-5  # relative, of a recorded number
# Operations that fill a tensor with one number.
_FILLS = frozenset({"Const", "Fill"})
# The form of each random operation, without the prefix and suffix that newer releases add.
_FORMS = {
    "RandomUniform": UNIFORM,
    "RandomStandardNormal": NORMAL,
    "RandomNormal": NORMAL,
    "TruncatedNormal": TRUNCATED,
}


class Accord(StrEnum):
    """Whether declared and resolved agree with what was measured."""

    AGREE = "agree"
    CONFLICT = "conflict"
    NOT_COMPARED = "not compared"


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """The result of the comparison; ``text`` says what agrees, what conflicts, or why neither."""

    state: Accord
    text: str


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Two descriptions of a law, and whether they mean the same; None if undecided."""

    first: str
    second: str
    same: bool | None


def agreement_of(verdict: Verdict | None, evidence: Evidence, version: str) -> Agreement:
    """Compare the initializer declared and resolved in a release with the verdict on its weights.

    The result is a conflict if any comparison fails, and agreement only if one with the measured
    law succeeds.
    """
    if verdict is None:
        return Agreement(state=Accord.NOT_COMPARED, text="nothing was measured")
    resolved, declared, measured = evidence.resolved, evidence.declared, evidence.measured
    default = named(declared.default, version) if declared else None
    promise, why = None, "no initializer was seen at work, and the signature names no law"
    if resolved:
        try:
            promise = promised(resolved, version)
            why = f"no figure tells {promise.text} from its like"
        except UnreadableError as error:
            why = str(error)
    found = tuple(_comparisons(promise, default, resolved, verdict, measured))
    for one in found:
        if one.same is False:
            return Agreement(state=Accord.CONFLICT, text=f"{one.first}, {one.second}")
    agreed = [one.first for one in found if one.same and one.second.startswith("measured")]
    if not agreed:
        return Agreement(state=Accord.NOT_COMPARED, text=why)
    return Agreement(state=Accord.AGREE, text=", ".join(agreed))


def _comparisons(
    promise: Promise | None,
    default: Promise | None,
    resolved: Resolved | None,
    verdict: Verdict,
    measured: Sequence[Measurement],
) -> Iterator[Comparison]:
    drawn = f"measured {verdict.name}"
    if promise:
        called = f"resolved {promise.text}"
        yield Comparison(first=called, second=drawn, same=_fits(promise, verdict, measured))
        if default:
            same = _equal(default, promise, measured)
            yield Comparison(first=f"declared {default.text}", second=called, same=same)
    exact = _operation(resolved) if resolved else None
    if resolved and exact and not (promise and promise.matrix):
        call = f"resolved {_call(resolved)}"
        if verdict.name not in {ORTHOGONAL, OTHER_ORTHOGONAL}:
            follows = _follows(exact, verdict, measured[0])
            yield Comparison(first=call, second=drawn, same=follows)
        if promise and promise.law:  # exact, even if no law was recognised
            same = promise.law(measured[0].shape).near(exact)
            yield Comparison(first=f"resolved {promise.text}", second=call, same=same)
    if default:
        fits = _fits(default, verdict, measured)
        yield Comparison(first=f"declared {default.text}", second=drawn, same=fits)


def _fits(promise: Promise, verdict: Verdict, measured: Sequence[Measurement]) -> bool | None:
    """Return whether the weights are drawn as promised; None if the statistics can't decide."""
    if verdict.name == NOT_FINITE:
        return False
    if promise.law is None:
        return _is_matrix(promise, verdict, measured)
    expected = [promise.law(one.shape) for one in measured]
    if verdict.name in NO_LAW:
        return fit_together(expected, measured)
    if verdict.name == ORTHOGONAL:
        return False
    laws = (families.law(verdict.name, one.shape) for one in measured)
    return all(law.near(other) for law, other in zip(laws, expected, strict=True))


def _is_matrix(promise: Promise, verdict: Verdict, measured: Sequence[Measurement]) -> bool | None:
    """Return whether the weights are the promised matrix; None if its gain is possible."""
    if promise.matrix == ORTHOGONAL:
        if promise.gain == 1:
            return verdict.name == ORTHOGONAL
        error = abs(promise.gain**2 - 1)
        off = (one.gram_error is None or abs(one.gram_error - error) > _CLOSE for one in measured)
        return False if verdict.name == ORTHOGONAL or any(off) else None
    return all(_is_identity(promise.gain, one) for one in measured)


def _is_identity(gain: float, one: Measurement) -> bool:
    rows = one.count / one.shape[-1]
    ones = min(rows, one.shape[-1]) / one.count
    return (
        len(one.shape) > 1
        and math.isclose(one.zeros, 1 - ones, abs_tol=FLOAT)
        and math.isclose(one.mean, gain * ones, rel_tol=_DIGITS)
        and {one.min, one.max} == {min(0.0, gain), max(0.0, gain)}
    )


def _equal(one: Promise, other: Promise, measured: Sequence[Measurement]) -> bool:
    if one.law is None or other.law is None:
        return (one.matrix, one.gain) == (other.matrix, other.gain)
    return all(one.law(each.shape).near(other.law(each.shape)) for each in measured)


def _operation(resolved: Resolved) -> Law | None:
    """Return the law that a graph operation draws; None if its constants don't determine it.

    TensorFlow multiplies standard draws by the range or the standard deviation, so a negative
    one gives the same law as its absolute value.
    """
    constants = resolved.constants
    form = _FORMS.get((resolved.op or "").removeprefix("Stateless").removesuffix("V2"))
    if resolved.op in _FILLS and set(constants) == {"value"}:
        return point(constants["value"])
    if form is UNIFORM and set(constants) == {"min", "max"}:
        return uniform(*sorted(constants.values()))
    if form and form is not UNIFORM and set(constants) == {"mean", "stddev"}:
        return normal(form, constants["mean"], abs(constants["stddev"]))
    return None


def _follows(exact: Law, verdict: Verdict, one: Measurement) -> bool | None:
    """Return whether the first shape's weights follow the law of the graph operation.

    If no law was recognised, the result is False or None: that this shape fits is not enough.
    """
    if verdict.name == NOT_FINITE:
        return False
    if verdict.name in NO_LAW:
        return False if misfit(exact, one) else None
    return families.law(verdict.name, one.shape).near(exact)


def _call(resolved: Resolved) -> str:
    constants = ", ".join(f"{key}={value:g}" for key, value in resolved.constants.items())
    return f"{resolved.op}({constants})"
