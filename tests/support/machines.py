"""An invented second platform, beside a matrix that is built from records."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from report.evidence import Confirmed, State, Status
from report.matrix import Across, Index, across
from report.verdict import Verdict
from tests.support import drawn, world

if TYPE_CHECKING:
    from collections.abc import Sequence

    from report.evidence import Numbers, Release
    from report.matrix.records import Cell, Matrix, Row

PLATFORM, NAME, EMULATOR = "linux-aarch64", "Linux ARM64", "qemu-aarch64 7.2.22"


def there(rows: Sequence[Row], releases: Sequence[Release] = drawn.RELEASES) -> Matrix:
    """Return the matrix of the other platform."""
    return replace(world.matrix(rows, releases), platform=PLATFORM)


def index(shown: Matrix, *others: Matrix) -> Index:
    """Return the index of a matrix that is compared with those of other platforms."""
    return Index(matrix=shown, across=tuple(across.compare(shown, other) for other in others))


def beside(shown: Matrix) -> tuple[Across, ...]:
    """Return the comparison with a platform that lacks the first release, and differs in others."""
    releases = tuple(replace(each, confirmed=_confirmed(each)) for each in shown.releases[1:])
    rows = []
    for line, row in enumerate(shown.rows):
        cells = [_differing(cell, 2 * line + at) for at, cell in enumerate(row.cells)]
        rows.append(world.with_cells(row, cells[1:]))
    return (across.compare(shown, there(rows, releases)),)


def _confirmed(release: Release) -> Confirmed | None:
    """Return that a release was measured under an emulator, if it was observed."""
    if release.status is not Status.OBSERVED:
        return None
    return Confirmed(
        date=date(2026, 11, 27),
        where="local",
        emulator=EMULATOR,
        python="3.11.2",
        observation="0123456789abcdef",
    )


def _differing(cell: Cell, place: int) -> Cell:
    """Return a cell as it is on the other platform: at two of six places, as on the shown one."""
    if cell.state is not State.OBSERVED:
        return cell
    blank = partial(world.blank, cell.symbol, cell.role, cell.release)
    match place % 6:
        case 1:
            drawn = tuple(map(_rounded, cell.evidence.numbers))
            return replace(cell, evidence=replace(cell.evidence, numbers=drawn))
        case 2:
            return replace(cell, verdict=Verdict(name="he_uniform"))
        case 3:
            return blank(State.FAILED, "SIGILL: an instruction that is not emulated")
        case 4:
            return blank(State.ABSENT, "module has no such attribute")
    return cell


def _rounded(numbers: Numbers) -> Numbers:
    """Return numbers that are rounded differently."""
    draws = [
        replace(draw, digest="e" * 64, values=tuple(value + 1e-8 for value in draw.values))
        for draw in numbers.draws
    ]
    return replace(numbers, draws=tuple(draws))
