"""A miniature matrix of five releases and five rows, in which every state occurs.

It is built from records, so that pages can be compared with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from report.evidence import (
    Declared,
    Evidence,
    Form,
    Measurement,
    Release,
    State,
    Status,
    Style,
    Symbol,
    decode,
)
from report.matrix import epochs, history
from report.matrix.records import Cell, Matrix, Row
from report.verdict import Accord, Agreement, Verdict, families
from report.verdict.standard_forms import POINT
from tests.support import networks, whole
from tests.support.whole import EVIDENCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from report.evidence import Network

SHAPES = whole.SHAPES
BINS = 20

RELEASES = (
    Release(
        version="1.0.1",
        series="1.0",
        distribution="tensorflow",
        python="3.6",
        cutoff="2017-03-22",
    ),
    Release(
        version="1.1.0",
        series="1.1",
        distribution="tensorflow",
        python="3.6",
        cutoff="2017-05-04",
        tags=("milestone",),
        recorded=False,
        stale=True,
    ),
    Release(
        version="2.0.4",
        series="2.0",
        distribution="tensorflow",
        python="3.7",
        cutoff="2021-05-28",
        status=Status.NOT_OBSERVED,
        reason="no Python 3.7 on this machine",
    ),
    Release(
        version="2.1.4",
        series="2.1",
        distribution="tensorflow-cpu",
        python="3.7",
        cutoff="2021-05-28",
        status=Status.UNAVAILABLE,
        reason="the registry no longer has it",
    ),
    Release(
        version="2.2.0rc0",
        series="2.2",
        distribution="tensorflow-cpu",
        python="3.11",
        cutoff="2020-05-21",
        tags=("milestone",),
        packages={"numpy": "1.26.4", "keras": "3.3.3", "tf_keras": None},
    ),
)


def measured(law: str, shape: tuple[int, ...] = SHAPES[0], count: int = 115_200) -> Measurement:
    """Return the measurement of an ideal draw, computed from a law's density."""
    expected = families.law(law, shape)
    reach = min(expected.form.limit, 4.0) * expected.scale
    low, high = expected.center - reach, expected.center + reach
    edges = [low + (high - low) * index / BINS for index in range(BINS + 1)]
    point = expected.form is POINT
    shares = [1.0] if point else expected.shares(edges)
    return Measurement(
        shape=shape,
        count=count,
        mean=expected.center,
        std=0.0 if point else expected.std,
        min=low,
        max=high,
        kurtosis=None if point else expected.form.kurtosis,
        distinct=1.0,
        histogram=tuple(round(count * share) for share in shares),
    )


def observed(  # noqa: PLR0913 - a cell has so many sides
    symbol: str,
    role: str,
    release: str,
    law: str,
    *,
    also: tuple[str, ...] = (),
    conflict: str | None = None,
    evidence: dict[str, Any] | None = None,
) -> Cell:
    """Return an observed cell whose weights are drawn from a law."""
    keyword = "initializer" if "variable" in symbol else f"{role}_initializer"
    return Cell(
        symbol=symbol,
        role=role,
        release=release,
        state=State.OBSERVED,
        verdict=Verdict(name=law, also=also),
        agreement=Agreement(
            state=Accord.CONFLICT if conflict else Accord.AGREE,
            text=conflict or f"resolved {law}",
        ),
        evidence=replace(
            recorded(EVIDENCE if evidence is None else evidence),
            declared=Declared(keyword=keyword, default="None"),
            measured=tuple(measured(law, shape) for shape in SHAPES),
        ),
    )


def recorded(evidence: dict[str, Any], cell: Cell | None = None) -> Evidence:
    """Return the record of evidence in an observation's format, which may include notices.

    If a cell is given, the evidence has its declared default and measurements.
    """
    unsaid: dict[str, Any] = {"module": "", "op": None, "constants": {}}
    held = evidence.get("resolved")
    named = evidence | {"resolved": held and unsaid | held}
    found = decode.evidence(named, evidence.get("notices", []))
    return (
        replace(found, declared=cell.evidence.declared, measured=cell.evidence.measured)
        if cell
        else found
    )


def forgotten(cell: Cell) -> Cell:
    """Return a cell with only its declared default and measurements."""
    kept = Evidence(declared=cell.evidence.declared, measured=cell.evidence.measured)
    return replace(cell, evidence=kept)


def blank(symbol: str, role: str, release: str, state: State, reason: str) -> Cell:
    """Return a cell without evidence, with a state and a reason."""
    return Cell(symbol=symbol, role=role, release=release, state=state, reason=reason)


def row(name: str, role: str, cells: Sequence[Cell], layer: str | None = "Dense") -> Row:
    """Return a row of cells with their epochs; a layer has a kernel and a bias."""
    roles = ("kernel", "bias") if layer else (role,)
    style = Style.LAYER if layer else Style.INITIALIZER if role == "weights" else Style.VARIABLE
    form = Form.FUNCTION if layer else Form(style.value)
    if role != "weights" and name.endswith(")"):
        style = Style.PIN
    path = name.partition("(")[0]
    symbol = Symbol(name=name, path=path, style=style, form=form, layer=layer, roles=roles)
    return history.row(symbol, role, epochs.labelled(cells))


def with_cells(row: Row, cells: Iterable[Cell]) -> Row:
    """Return a row with other cells."""
    return history.row(row.symbol, row.role, tuple(cells))


def matrix(
    rows: Iterable[Row],
    releases: Sequence[Release] = RELEASES,
    problems: tuple[str, ...] = (),
    networks: Mapping[str, tuple[Network, ...]] | None = None,
) -> Matrix:
    """Return a matrix of rows, with their changes."""
    found = tuple(rows)
    return Matrix(
        platform="linux-x86_64",
        protocol=2,
        releases=tuple(releases),
        rows=found,
        changes=tuple(change for each in found for change in history.changes(each)),
        problems=problems,
        networks=networks or {},
    )


def _unseen(name: str, role: str) -> list[Cell]:
    """Return the cells of the two releases that were not observed."""
    return [
        blank(name, role, "2.0.4", State.UNREACHED, "no Python 3.7 on this machine"),
        blank(name, role, "2.1.4", State.UNREACHED, "the registry no longer has it"),
    ]


def mini() -> Matrix:
    """Return the miniature matrix."""
    dense, variable, keras = "tf.layers.dense", "tf.get_variable", "tf.keras.layers.Dense"
    glorot, cut = "glorot_uniform", "truncated_normal(stddev=0.1)"
    drawer = "tf.keras.initializers.TruncatedNormal(stddev=0.1)"
    gone = State.ABSENT
    return matrix(
        (
            row(
                dense,
                "kernel",
                [
                    observed(dense, "kernel", "1.0.1", glorot),
                    observed(dense, "kernel", "1.1.0", cut, conflict="declared None, measured cut"),
                    *_unseen(dense, "kernel"),
                    observed(dense, "kernel", "2.2.0rc0", glorot),
                ],
            ),
            row(
                dense,
                "bias",
                [
                    observed(dense, "bias", "1.0.1", "zeros"),
                    observed(dense, "bias", "1.1.0", "zeros"),
                    *_unseen(dense, "bias"),
                    blank(dense, "bias", "2.2.0rc0", gone, "module has no attribute 'layers'"),
                ],
            ),
            row(
                variable,
                "kernel",
                [
                    observed(
                        variable, "kernel", "1.0.1", "uniform_unit_scaling", also=("lecun_uniform",)
                    ),
                    blank(variable, "kernel", "1.1.0", gone, "it is gone for a while"),
                    *_unseen(variable, "kernel"),
                    observed(variable, "kernel", "2.2.0rc0", "he_normal"),
                ],
                layer=None,
            ),
            row(
                keras,
                "kernel",
                [
                    blank(keras, "kernel", "1.0.1", gone, "no attribute 'keras'"),
                    blank(keras, "kernel", "1.1.0", State.FAILED, "SIGSEGV: it crashed"),
                    *_unseen(keras, "kernel"),
                    observed(keras, "kernel", "2.2.0rc0", glorot, evidence={}),
                ],
            ),
            row(
                drawer,
                "weights",
                [
                    observed(drawer, "weights", "1.0.1", cut),
                    observed(drawer, "weights", "1.1.0", cut),
                    *_unseen(drawer, "weights"),
                    observed(drawer, "weights", "2.2.0rc0", cut),
                ],
                layer=None,
            ),
        ),
        problems=("observations/linux-x86_64/9.9.9.json: not JSON. Measure it again.",),
        networks=networks.by_release(),
    )
