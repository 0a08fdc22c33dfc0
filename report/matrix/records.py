"""The records of the matrix: cells, rows, runs and changes, all frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from report.evidence import (
    NO_EVIDENCE,
    Declared,
    Evidence,
    Measurement,
    Network,
    Release,
    State,
    Style,
    Symbol,
)
from report.matrix.kinds import Kind
from report.verdict import Accord, Agreement, Verdict

WHOLE = "weights"  # the role of what is asked of an initializer alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """All that is known of one symbol and role in one release."""

    symbol: str
    role: str
    release: str
    state: State
    reason: str | None = None
    verdict: Verdict | None = None
    agreement: Agreement | None = None
    evidence: Evidence = NO_EVIDENCE

    @property
    def declared(self) -> Declared | None:
        """The default in the signature."""
        return self.evidence.declared

    @property
    def measured(self) -> tuple[Measurement, ...]:
        """The statistics of the weights, of two shapes."""
        return self.evidence.measured

    @property
    def conflict(self) -> str | None:
        """Which two kinds of evidence disagree, if any."""
        found = self.agreement
        return found.text if found and found.state is Accord.CONFLICT else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A maximal range of neighbouring releases with the same value of one kind.

    ``value`` is None where the state is all that is known (absent, failed, unreached).
    ``before`` is the run from which this one is a change, if it is one, and ``exact`` says that
    the two are neighbours in the table.
    """

    state: State
    value: str | None
    cells: tuple[Cell, ...]
    before: Run | None = field(default=None, repr=False)
    exact: bool = True

    @property
    def first(self) -> str:
        """The oldest of its releases."""
        return self.cells[0].release

    @property
    def last(self) -> str:
        """The newest of its releases."""
        return self.cells[-1].release

    @property
    def changed(self) -> bool:
        """Whether it begins with a change."""
        return self.before is not None

    @property
    def after(self) -> str | None:
        """The last release before the change with which it begins."""
        return self.before.last if self.before else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The edge between two runs: which kind moved, from what to what.

    ``exact`` says that the two releases are neighbours in the table, so that the
    change is in the second; otherwise it is after the first, by the second.
    """

    symbol: str
    role: str
    kind: Kind
    before_release: str
    before: str | None
    after_release: str
    after: str | None
    exact: bool

    @property
    def key(self) -> tuple[str, str]:
        """The symbol and role of its row."""
        return self.symbol, self.role


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One symbol and role across all releases, oldest first."""

    symbol: Symbol
    role: str
    cells: tuple[Cell, ...]

    @property
    def key(self) -> tuple[str, str]:
        """The names of its symbol and role."""
        return self.symbol.name, self.role

    @property
    def standalone(self) -> bool:
        """Whether an initializer draws by itself, with no layer or variable around it."""
        return self.role == WHOLE

    @property
    def pinned(self) -> bool:
        """Whether it is of a layer or variable that is given an initializer."""
        return self.symbol.style is Style.PIN and not self.standalone

    @property
    def layer_role(self) -> str:
        """The role of a layer's or variable's weights; empty where an initializer draws alone."""
        return "" if self.standalone else self.role


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Everything the page shows: one cell for every symbol, role and release.

    ``problems`` are sentences about observations that could not be used, and
    ``confirmation_problem`` one about the file that says when they were confirmed. ``networks``
    are those of the NaN question, by release, and ``files`` the bytes of each observation that
    was accepted. ``unobserved_platform`` is this machine's, where it has no observations and
    those of ``platform`` are shown in their place.
    """

    platform: str
    protocol: int
    releases: tuple[Release, ...]
    rows: tuple[Row, ...]
    changes: tuple[Change, ...]
    problems: tuple[str, ...] = ()
    confirmation_problem: str | None = None
    networks: Mapping[str, tuple[Network, ...]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    unobserved_platform: str | None = None
