"""Rows whose cells differ in what one seed leads to, built from records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from report.evidence import Form, State, Style, Symbol
from report.matrix import epochs, history
from report.matrix.index import Index
from report.matrix.records import Cell, Row
from tests.support import whole, world

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from report.evidence import Measurement

RELEASES = tuple(
    replace(world.RELEASES[0], version=version, series=version.rpartition(".")[0])
    for version in ("1.15.5", "2.0.4", "2.1.4", "2.2.3")
)
FIRST, *_, LAST = (release.version for release in RELEASES)
LAW = "glorot_uniform"
STREAM: dict[str, Any] = {
    "operation": "RandomUniform",
    "seeds": [20150206, 4],
    "position": 4,
    "place": 0,
    "python": False,
    "numpy": False,
}


def numbers(
    digest: str = "a",
    start: float = 0.01,
    call: str = "tf.set_random_seed",
    **stream: Any,  # noqa: ANN401
) -> dict[str, Any]:
    """Return the draws after one seed call; ``stream`` changes what decided them."""
    seeds = "keras" if "keras" in call else "tensorflow"
    return {
        "call": call,
        "seeds": seeds,
        "draws": whole.draws(digest, STREAM | stream, start=start),
    }


def spread(
    sigma: float, shapes: Sequence[tuple[int, ...]] = ((48, 96), (120, 40))
) -> tuple[Measurement, ...]:
    """Return the statistics of weights of some shapes with one standard deviation."""
    one = world.measured("he_normal")
    return tuple(replace(one, shape=shape, std=sigma) for shape in shapes)


def symbol(path: str, form: Form = Form.CLASS, **arguments: bool | float | str) -> Symbol:
    """Return a symbol with one role that is called in one form."""
    given = ", ".join(f"{key}={value!r}" for key, value in arguments.items())
    alone = form is Form.INITIALIZER
    return Symbol(
        name=f"{path}({given})" if given else path,
        path=path,
        style=Style.INITIALIZER if alone else Style.LAYER,
        form=form,
        arguments=arguments,
        layer=None if alone else "Dense",
        roles=("weights",) if alone else ("kernel",),
    )


def row(called: Symbol, *cells: Mapping[str, Any] | State) -> Row:
    """Return a row; each cell is the evidence that it has, or the state of one without any.

    Evidence that is not given is missing, and all weights have one law.
    """
    role = called.roles[0]
    found: list[Cell] = []
    for release, held in zip(RELEASES, cells, strict=True):
        if isinstance(held, State):
            found.append(world.blank(called.name, role, release.version, held, "why"))
            continue
        cell = world.observed(called.name, role, release.version, LAW)
        evidence = world.recorded(dict(held), cell)
        found.append(replace(cell, evidence=replace(evidence, declared=None)))
    return history.row(called, role, epochs.labelled(found))


def index(*rows: Row) -> Index:
    """Return the index of a matrix of rows."""
    return Index(matrix=world.matrix(rows, RELEASES))


def likenesses(*, again: str | float, seeded: str | float, warns: str = "") -> dict[str, Any]:
    """Return evidence of reuse: what an object gives again, unseeded and seeded."""
    return {
        "unseeded": {"again": again, "shape": 0.01, "object": 0.02, "copy": -0.03},
        "seeded": {
            "again": seeded,
            "shape": 0.0,
            "object": "same",
            "object_shape": 1.0,
            "seed": 0.04,
        },
        "warns": [warns] if warns else [],
    }
