"""Compare two readings of the same releases: which cells and releases moved.

The readings are an older and a newer one of one platform, or those of two platforms. A move is
between two readings of one release; a change is between two releases of one matrix. The rules:

1. A cell moved in a kind if both readings have a value, and the values differ.
2. A symbol that appeared in a release or disappeared from it moved in existence only.
3. A cell without a value in one of the readings moved in its state, not in a kind.
4. A release that was not observed in both readings moved as a whole, not cell by cell.
5. Two draws in which no law was recognised are equal only if their measurements are.
6. Numbers of the two readings are compared with one another, not by their epochs.
7. What differs in an observation beyond its moves is counted field by field.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from report.evidence import Release, State, Status, differing
from report.matrix.history import COMPARABLE
from report.matrix.kinds import EXISTENCE, KINDS, MEASURED, Kind
from report.matrix.records import Cell, Matrix
from report.verdict import NO_LAW, Degree, Relation


class Move(msgspec.Struct, frozen=True):
    """A cell that moved in one kind; ``kind`` is None if its state moved.

    ``before`` or ``after`` is None if the symbol or the role was not probed in that reading.
    ``relation`` is how the numbers of the two readings compare; None if the kind has no numbers.
    """

    symbol: str
    role: str
    release: str
    kind: Kind | None
    before: Cell | None
    after: Cell | None
    relation: Relation | None = None

    @property
    def differs_in_numbers_alone(self) -> bool:
        """Whether the numbers differ, and nothing else of the kind."""
        if self.kind is None or self.before is None or self.after is None:
            return False
        alike = self.kind.bare(self.before) == self.kind.bare(self.after)
        return alike and self.relation is not None


class ReleaseMove(msgspec.Struct, frozen=True, kw_only=True):
    """A release that moved as a whole; ``before`` or ``after`` is None if not in that table."""

    release: str
    before: Release | None
    after: Release | None


def releases(before: Matrix, after: Matrix) -> Iterator[ReleaseMove]:
    """Yield the releases that were added or removed, or whose outcome or packages differ."""
    was = {release.version: release for release in before.releases}
    now = {release.version: release for release in after.releases}
    for version in dict.fromkeys((*now, *was)):
        old, new = was.get(version), now.get(version)
        if _outcome(old) != _outcome(new):
            yield ReleaseMove(release=version, before=old, after=new)


def _outcome(release: Release | None) -> tuple[object, ...]:
    """Return the fields by which a release is compared; empty if it is not in the table."""
    return (release.status, release.reason, release.packages) if release else ()


def cells(before: Matrix, after: Matrix) -> Iterator[Move]:
    """Yield every cell that moved, by symbol and role, oldest release first."""
    seen = observed(before) & observed(after)
    was, now = probed(before), probed(after)
    for key in dict.fromkeys((*now, *was)):
        old, new = was.get(key), now.get(key)
        for kind in _moved(old, new) if key[2] in seen else ():
            relation = kind.relate(old, new) if kind and old and new else None
            yield Move(*key, kind, old, new, relation)


def observed(matrix: Matrix) -> frozenset[str]:
    """Return the versions of the releases that were observed."""
    return frozenset(r.version for r in matrix.releases if r.status is Status.OBSERVED)


def probed(matrix: Matrix) -> dict[tuple[str, str, str], Cell]:
    """Return the cells that were probed, by symbol, role and release."""
    return {
        (cell.symbol, cell.role, cell.release): cell
        for row in matrix.rows
        for cell in row.cells
        if cell.state is not State.UNREACHED
    }


def _moved(was: Cell | None, now: Cell | None) -> Iterator[Kind | None]:
    """Yield the kinds in which a cell moved; None if its state moved."""
    if was is None or now is None or not {was.state, now.state} <= {*COMPARABLE}:
        if was is None or now is None or (was.state, was.reason) != (now.state, now.reason):
            yield None
    elif was.state is not now.state:
        yield EXISTENCE
    else:
        yield from (kind for kind in KINDS if not _alike(kind, was, now))


def _alike(kind: Kind, was: Cell, now: Cell) -> bool:
    """Return whether a cell has the same value of one kind in both readings."""
    if kind.samples:
        return was.evidence is now.evidence or _same_numbers(kind, was, now)
    value = kind.value(now)
    if kind is MEASURED and value in NO_LAW:  # as text: a NaN is not equal to itself
        return value == kind.value(was) and str(was.evidence.measured) == str(now.evidence.measured)
    return value == kind.value(was)


def _same_numbers(kind: Kind, was: Cell, now: Cell) -> bool:
    """Return whether a cell has the same numbers, and the same value apart from its epoch."""
    relation = kind.relate(was, now)
    return kind.bare(was) == kind.bare(now) and (relation is None or relation.degree is Degree.SAME)


def others(
    before: Matrix,
    after: Matrix,
    moved: Sequence[Move],
    alike: differing.Alike = differing.ON_ONE_PLATFORM,
) -> Mapping[str, Counter[str]]:
    """Return what else differs in each observation that both matrices accepted, by release.

    The result is that of ``differing.fields``.
    """
    known: dict[str, dict[tuple[str, str], set[str]]] = {}
    for move in moved:
        kind = move.kind.key if move.kind and move.kind is not EXISTENCE else differing.WHOLE
        known.setdefault(move.release, {}).setdefault((move.symbol, move.role), set()).add(kind)
    found = {}
    for release in (each.version for each in after.releases):
        both = release in before.files and release in after.files
        if both and before.files[release] != after.files[release]:
            was, now = (msgspec.json.decode(each.files[release]) for each in (before, after))
            found[release] = differing.fields(was, now, known.get(release, {}), alike)
    return found
