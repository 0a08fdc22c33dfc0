"""A checkout of five releases, four of them observed, and faults in the observation of 1.1.0."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from report.evidence import State, reader
from report.matrix import build
from tests.support import samples
from tests.support.roots import at, store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from report.evidence import Release
    from report.matrix.records import Cell, Matrix

VERSIONS = ("1.0.1", "1.1.0", "1.2.1", "2.0.4", "2.1.4")
GONE = "2.1.4"
NOW = reader.PROTOCOL
REASON = "the registry no longer has it"
ROWS = [
    (samples.DENSE, "kernel"),
    (samples.DENSE, "bias"),
    (samples.VARIABLE, "kernel"),
]


def built(root: Path) -> Matrix:
    """Return the matrix of a checkout."""
    return build.build_matrix(root, samples.PLATFORM)


def release(found: Matrix, version: str) -> Release:
    """Return one release."""
    (one,) = (one for one in found.releases if one.version == version)
    return one


def cells(found: Matrix, version: str) -> list[Cell]:
    """Return one release's cells, in the order of the rows."""
    return [cell for row in found.rows for cell in row.cells if cell.release == version]


def assert_complete(found: Matrix) -> None:
    """Check that every symbol, role and release has one cell, with a verdict or a reason."""
    assert [(row.symbol.name, row.role) for row in found.rows] == ROWS
    for row in found.rows:
        keys = [(cell.symbol, cell.role, cell.release) for cell in row.cells]
        assert keys == [(row.symbol.name, row.role, version) for version in VERSIONS]
    for cell in (cell for row in found.rows for cell in row.cells):
        assert (cell.state is State.OBSERVED) == (cell.verdict is not None)
        assert (cell.state is State.OBSERVED) == (not cell.reason)


def remove(root: Path) -> None:
    """Remove the observation of 1.1.0."""
    at(root, "1.1.0").unlink()


def rename(root: Path) -> None:
    """Replace the observation of 1.1.0 by that of another release."""
    at(root, "1.0.1").rename(at(root, "1.1.0"))
    store(root, "1.0.1")


def tear(root: Path) -> None:
    """Truncate the observation of 1.1.0."""
    at(root, "1.1.0").write_bytes(at(root, "1.1.0").read_bytes()[:-9])


def age(root: Path) -> None:
    """Give the observation of 1.1.0 the previous protocol."""
    store(root, "1.1.0", samples.observation("1.1.0", protocol=NOW - 1))


def fail(root: Path) -> None:
    """Store an observation of 1.1.0 whose probe failed."""
    store(root, "1.1.0", samples.failed("1.1.0", "SIGILL: …"))


class Fault(NamedTuple):
    """A fault of 1.1.0, with its cells' state and reason; ``blamed`` if a problem is reported."""

    make: Callable[[Path], None]
    state: State
    reason: str
    blamed: bool


FAULTS = [
    Fault(remove, State.UNREACHED, 'not run yet: nox -s "probe(1.1.0)"', blamed=False),
    Fault(fail, State.FAILED, "SIGILL: …", blamed=False),
    Fault(rename, State.UNREACHED, "1.1.0.json: release/version: holds an", blamed=True),
    Fault(tear, State.UNREACHED, "1.1.0.json: not JSON: ", blamed=True),
    Fault(age, State.UNREACHED, f"1.1.0.json: stale: protocol {NOW - 1} is older", blamed=True),
]
