"""Extreme matrices: one with hostile text everywhere, and one of the real size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from report.evidence import Release, State
from tests.support import world
from tests.support.whole import EVIDENCE, frame
from tests.support.world import RELEASES, blank, matrix, observed, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from report.matrix.records import Cell, Matrix

HOSTILE = "</script><script>alert(1)</script>'\"|`]]>&\n# \u202e\x00" + "x" * 10_000
# fields with one of a few values, which the reader refuses otherwise
CLOSED = {"seeds", "decides", "unseeded", "seeded", "digest"}


def hostile() -> Matrix:
    """Return a matrix in which all untrusted text tries to break out of its markup."""
    evil = {**_tainted(EVIDENCE), "notices": [HOSTILE]}
    evil["resolved"]["config"] = {HOSTILE[:40]: HOSTILE}
    first = observed(HOSTILE, "kernel", "1.0.1", "glorot_uniform", conflict=HOSTILE, evidence=evil)
    rest = [blank(HOSTILE, "kernel", r.version, State.FAILED, HOSTILE) for r in RELEASES[1:-1]]
    last = blank(HOSTILE, "kernel", RELEASES[-1].version, State.ABSENT, HOSTILE)
    return matrix([row(HOSTILE, "kernel", [first, *rest, last])], problems=(HOSTILE,))


def _tainted(value: Any) -> Any:  # noqa: ANN401 - a value of JSON
    """Return a value with hostile text in place of every text in it."""
    match value:
        case str():
            return HOSTILE
        case dict():
            return {key: one if key in CLOSED else _tainted(one) for key, one in value.items()}
        case list():
            return [_tainted(one) for one in value]
    return value


def wide(releases: int = 40, symbols: int = 24) -> Matrix:
    """Return a matrix of the real size: runs, gaps and removals in a fixed pattern."""
    table = [
        Release(
            version=f"{1 + index // 17}.{index % 17}.3",
            series=f"{1 + index // 17}.{index % 17}",
            distribution="tensorflow",
            python="3.6",
            cutoff="2017-03-22",
            packages={"numpy": "1.19.5", "keras": f"2.{index}.0" if index > 22 else None},
            tags=("milestone",) if index % 9 == 0 else (),
        )
        for index in range(releases)
    ]
    rows = [
        row(
            name,
            role,
            [_invented(name, role, r.version, i, n) for i, r in enumerate(table)],
        )
        for n, name in enumerate(
            f"tf.compat.v1.pkg{n % 5}.layers.Symbol{n}" for n in range(symbols)
        )
        for role in ("kernel", "bias")
    ]
    return matrix(rows, table)


def _invented(name: str, role: str, release: str, at: int, n: int) -> Cell:
    """Return a cell of ``wide``, by the indices of its release and its symbol."""
    if at < n % 9:
        return blank(name, role, release, State.ABSENT, "not there yet")
    if n % 4 == 0 and at > 17 + n % 3:
        return blank(name, role, release, State.ABSENT, f"module has no attribute {name}")
    if (at, n % 8) == (19, 5):
        return blank(name, role, release, State.FAILED, "SIGSEGV")
    laws = ("glorot_uniform", "uniform_unit_scaling", "he_normal")
    law = "zeros" if role == "bias" else laws[(at // (9 + n % 7)) % 3 if n % 3 == 0 else 0]
    path = [frame("layers/core.py", at + step, f"step{step}") for step in range(8)]
    moving = {**EVIDENCE, "call_path": path if at < 20 else path[1:], "scope": at < 17}
    return observed(name, role, release, law, evidence=moving)


WORLDS: dict[str, Callable[[], Matrix]] = {"mini": world.mini, "hostile": hostile, "wide": wide}
