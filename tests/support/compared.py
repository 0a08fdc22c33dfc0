"""Judge weights drawn from a law, and compare the verdict with a resolved and declared law."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import msgspec

from report.evidence import Declared, Evidence, Measurement, Resolved
from report.verdict.agreement import agreement_of
from report.verdict.judge import verdict_of
from tests.support import samples
from tests.support.samples import resolved

if TYPE_CHECKING:
    from report.verdict import Agreement

NEW, OLD = "2.15.1", "1.9.0"


def weights(law: str) -> tuple[Measurement, ...]:
    """Return the measurements of weights drawn from a law, at both shapes."""
    found = [samples.measured(law, shape) for shape in samples.SHAPES]
    return msgspec.convert(found, tuple[Measurement, ...])


def compared(
    law: str,
    held: dict[str, Any] | None = None,
    default: str | None = None,
    version: str = NEW,
) -> Agreement:
    """Return the agreement of weights drawn from a law with what is resolved and declared."""
    return judged(weights(law), held, default, version)


def judged(
    measured: tuple[Measurement, ...],
    held: dict[str, Any] | None,
    default: str | None = None,
    version: str = NEW,
) -> Agreement:
    """Return the agreement of measured weights with what is resolved and declared."""
    return agreement_of(verdict_of(measured), evidence(measured, held, default), version)


def evidence(
    measured: tuple[Measurement, ...], held: dict[str, Any] | None, default: str | None = None
) -> Evidence:
    """Return evidence of the three kinds that must agree."""
    return Evidence(
        measured=measured,
        declared=Declared(keyword="kernel_initializer", default=default) if default else None,
        resolved=msgspec.convert(held, Resolved) if held else None,
    )


def operation(name: str, op: str, /, **constants: float) -> dict[str, Any]:
    """Return resolved evidence of graph mode: a class, and its operation with constants."""
    return resolved(name, op=op) | {"constants": constants}


# Limits and standard deviations of the first shape, whose fans are 240 and 480.
LIMIT = math.sqrt(6 / (240 + 480))
SPREAD = math.sqrt(2 / (240 + 480))
