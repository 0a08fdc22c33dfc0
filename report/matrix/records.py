"""The records of the matrix: cells, rows, runs and changes."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from report.evidence import (
    NO_EVIDENCE,
    Evidence,
    Network,
    Release,
    State,
    Style,
    Symbol,
)
from report.matrix.kinds import Kind
from report.verdict import Accord, Agreement, Relation, Verdict

WHOLE = "weights"  # the only role of an initializer that is called by itself


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """The evidence and the verdict of one symbol and role in one release.

    ``epochs`` has, by the key of each kind with numbers, the release that its numbers are named
    after.
    """

    symbol: str
    role: str
    release: str
    state: State
    reason: str | None = None
    verdict: Verdict | None = None
    agreement: Agreement | None = None
    evidence: Evidence = NO_EVIDENCE
    epochs: Mapping[str, str] = msgspec.field(default_factory=dict)

    @property
    def law(self) -> str | None:
        """The law that was concluded, if any; one of ``NO_LAW`` if none was recognised."""
        return self.verdict.name if self.verdict else None

    @property
    def conflict(self) -> str | None:
        """The two kinds of evidence that disagree, as text; None without a conflict."""
        found = self.agreement
        return found.text if found and found.state is Accord.CONFLICT else None


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """A maximal range of neighbouring releases with the same value of one kind.

    ``value`` is None if only the state is known (absent, failed, unreached). ``before`` is the
    run from which this one is a change, or None; ``exact`` is true if they are adjacent.
    """

    state: State
    value: str | None
    cells: tuple[Cell, ...]
    before: Run | None = None
    exact: bool = True

    @property
    def first(self) -> str:
        """The oldest release of the run."""
        return self.cells[0].release

    @property
    def last(self) -> str:
        """The newest release of the run."""
        return self.cells[-1].release

    @property
    def changed(self) -> bool:
        """Whether the run begins with a change."""
        return self.before is not None

    @property
    def after(self) -> str | None:
        """The last release before the change with which the run begins; None without one."""
        return self.before.last if self.before else None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """The edge between two runs of one kind, with the value before and after.

    ``exact`` is true if the two releases are neighbours in the table, so that the change is in
    the second; otherwise it is after the first, by the second. ``relation`` is how the numbers of
    the two releases compare, if the kind has numbers.
    """

    symbol: str
    role: str
    kind: Kind
    before_release: str
    before: str | None
    after_release: str
    after: str | None
    exact: bool
    relation: Relation | None = None

    @property
    def key(self) -> tuple[str, str]:
        """The key of the change's row: symbol and role."""
        return self.symbol, self.role


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """The number of cells or symbols that were compared in a kind, and of those that differ."""

    kind: Kind
    compared: int
    differ: int

    @property
    def same(self) -> int:
        """The number of those that are equal."""
        return self.compared - self.differ


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One symbol and role across all releases, oldest first; ``history.row`` makes it.

    ``values`` has each cell's value and ``runs`` the runs, of every kind of evidence.
    """

    symbol: Symbol
    role: str
    cells: tuple[Cell, ...]
    values: Mapping[Kind, tuple[str | None, ...]]
    runs: Mapping[Kind, tuple[Run, ...]]

    @property
    def key(self) -> tuple[str, str]:
        """The row's key: symbol and role."""
        return self.symbol.name, self.role

    @property
    def standalone(self) -> bool:
        """Whether the row is of an initializer that is called without a layer or variable."""
        return self.role == WHOLE

    @property
    def pinned(self) -> bool:
        """Whether the row is of a layer or variable that is given an initializer."""
        return self.symbol.style is Style.PIN and not self.standalone

    @property
    def layer_role(self) -> str:
        """The role in a layer or variable; empty if the row is standalone."""
        return "" if self.standalone else self.role


class Matrix(msgspec.Struct, frozen=True, kw_only=True):
    """The matrix of one platform: one cell for every symbol, role and release.

    ``problems`` are sentences about observations that can't be used, and
    ``confirmation_problem`` is one about ``confirmed.toml``. ``networks`` are the trained
    networks by release, and ``files`` the bytes of each accepted observation.
    ``unobserved_platform`` is this machine's platform if it has no observations, so that those of
    ``platform`` are shown instead.
    """

    platform: str
    protocol: int
    releases: tuple[Release, ...]
    rows: tuple[Row, ...]
    changes: tuple[Change, ...]
    problems: tuple[str, ...] = ()
    confirmation_problem: str | None = None
    networks: Mapping[str, tuple[Network, ...]] = msgspec.field(default_factory=dict)
    files: Mapping[str, bytes] = msgspec.field(default_factory=dict)
    unobserved_platform: str | None = None
