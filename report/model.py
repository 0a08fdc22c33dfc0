"""The records that the report passes along: releases, cells, runs and changes.

All are frozen: `load` makes cells, `history` makes runs and changes, and the page
only lays them out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


PLATFORM = "linux-x86_64"  # the platform that an id leaves out


def environment(version: str, platform: str) -> str:
    """Return the id of an environment: the key of whatever was measured in it."""
    return version if platform == PLATFORM else f"{version}-{platform}"


class Status(StrEnum):
    """What became of observing a release; ``failed``: its probe was run and failed."""

    OBSERVED = "observed"
    FAILED = "failed"
    UNAVAILABLE = "unavailable"
    NOT_OBSERVED = "not-observed"


class State(StrEnum):
    """What a cell can say before any value: a missing value always has a reason."""

    OBSERVED = "observed"
    ABSENT = "absent"
    NOT_INSTALLED = "not-installed"
    FAILED = "failed"
    UNREACHED = "unreached"


class Aspect(StrEnum):
    """The kinds of evidence in which two releases can differ."""

    EXISTENCE = "existence"
    VERDICT = "measured"
    DECLARED = "declared"
    RESOLVED = "resolved"
    REPEAT = "repeat"
    REUSE = "reuse"
    SCOPE = "scope"
    NOTICES = "notices"

    __hash__ = str.__hash__  # an Enum's own calls Python, for every look into a dict


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One row of the table of releases, and what became of observing it.

    ``packages`` are the versions that decide the defaults beside TensorFlow's own
    (numpy, keras, tf_keras). ``cutoff`` is the day as of which they were chosen: the
    upload of the release's wheel plus two weeks. ``lock`` is the sha256 of the list of
    packages that was installed. ``recorded`` is true where the observation was made
    elsewhere and only read here; ``stale`` where it is of an older protocol, and
    ``old_lock`` where the lock that it names is no longer the release's.
    """

    version: str
    series: str
    distribution: str
    python: str
    cutoff: str | None = None
    lock: str | None = None
    tags: tuple[str, ...] = ()
    status: Status = Status.OBSERVED
    reason: str | None = None
    packages: Mapping[str, str | None] = field(default_factory=dict)
    recorded: bool = True
    stale: bool = False
    old_lock: bool = False


class Style(StrEnum):
    """What a symbol makes; a pin asks for a law by its arguments."""

    LAYER = "layer"
    VARIABLE = "variable"
    INITIALIZER = "initializer"
    PIN = "pin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """A public path, the arguments it is called with, and the roles it is asked about."""

    name: str
    path: str
    style: Style
    layer: str | None
    roles: tuple[str, ...]
    arguments: Mapping[str, bool | float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """Statistics of the weights drawn for one shape (floats: 6 significant digits).

    ``histogram`` counts the weights in equal bins from ``min`` to ``max``; one bin
    where all weights are equal. ``finite`` is the share of finite numbers: where it is under 1
    nothing else was computed, and the moments are NaN.

    The rest shows dependence, in the matrix whose columns are the last axis. ``zeros`` is the
    share of weights that are 0, ``distinct`` that of different values, ``equal_columns`` and
    ``equal_rows`` that of those that repeat an earlier one. ``lag`` is the correlation of
    neighbours along each axis. ``column_mean`` and ``row_mean`` are the largest distance of a
    mean from that of all weights, in standard errors; ``column_cosine`` and ``row_cosine`` the
    largest cosine of two of them; ``diagonal`` is the mean sign along the main diagonal.
    ``gram_error`` is how far the weights are from an orthogonal matrix. ``redraw`` is the
    largest cosine of a column with the same one after another seed. All but
    the shares are None where there is no spread, or rank 1 has no such thing.
    """

    shape: tuple[int, ...]
    count: int
    mean: float
    std: float
    min: float
    max: float
    kurtosis: float | None
    histogram: tuple[int, ...]
    zeros: float = 0.0
    equal_columns: float = 0.0
    gram_error: float | None = None
    finite: float = 1.0
    distinct: float = 1.0
    equal_rows: float = 0.0
    lag: tuple[float | None, ...] = ()
    column_mean: float | None = None
    row_mean: float | None = None
    column_cosine: float | None = None
    row_cosine: float | None = None
    diagonal: float | None = None
    redraw: float | None = None

    @property
    def edges(self) -> list[float]:
        """The ends of the histogram's bins, one more than there are bins."""
        bins, width = len(self.histogram), self.max - self.min
        return [self.min + width * index / bins for index in range(bins + 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the measured weights come to.

    ``name`` is the initializer's standard name, or of ``families.NO_LAW``; ``also`` names
    the families that give the same law at every shape that was drawn; ``note`` says
    the nearest miss, or what is odd, where nothing fits. ``at`` says what each shape shows by
    itself, where that differs.
    """

    name: str
    also: tuple[str, ...] = ()
    note: str | None = None
    at: tuple[tuple[tuple[int, ...], str], ...] = ()


class Accord(StrEnum):
    """Whether declared and resolved agree with what was measured."""

    AGREE = "agree"
    CONFLICT = "conflict"
    NOT_COMPARED = "not compared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """An answer, and its text: what was compared, which two disagree, or why nothing was."""

    state: Accord
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """All that is known of one symbol and role in one release.

    ``evidence`` keeps the observation's own JSON (resolved, call_path, numbers, repeat,
    scope, reuse, notices), which is evidence and is only shown. ``texts`` is no part of what
    is known: by it `history.value` remembers the texts that it has made.
    """

    symbol: str
    role: str
    release: str
    state: State
    reason: str | None = None
    declared: Mapping[str, str] | None = None
    measured: tuple[Measurement, ...] = ()
    verdict: Verdict | None = None
    agreement: Agreement | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    texts: dict[Aspect, str | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def conflict(self) -> str | None:
        """Which two kinds of evidence disagree, if any."""
        found = self.agreement
        return found.text if found and found.state is Accord.CONFLICT else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A maximal range of neighbouring releases with the same value of one aspect.

    ``value`` is None where the state says it all (absent, not installed, failed, unreached).
    ``changed`` is true where the run begins with a change, ``after`` then names the
    last release observed before it (``exact`` if that is the neighbour).
    """

    state: State
    value: str | None
    first: str
    last: str
    cells: tuple[Cell, ...]
    changed: bool = False
    after: str | None = None
    exact: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The edge between two runs: which aspect moved, from what to what.

    ``exact`` says that the two releases are neighbours in the table, so that the
    change is in the second; otherwise it is after the first, by the second.
    """

    symbol: str
    role: str
    aspect: Aspect
    before_release: str
    before: str | None
    after_release: str
    after: str | None
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One symbol and role across all releases, oldest first."""

    symbol: Symbol
    role: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Everything the page shows: one cell for every symbol, role and release.

    ``problems`` are sentences about observations that could not be used. ``tutorials``
    keeps, by release, the observation's own JSON of the network of the NaN question, and
    ``files`` the bytes of each observation that was accepted. ``unobserved_platform`` is this
    machine's, where it has no observations and those of ``platform`` are shown in their place.
    """

    platform: str
    protocol: int
    releases: tuple[Release, ...]
    rows: tuple[Row, ...]
    changes: tuple[Change, ...]
    problems: tuple[str, ...] = ()
    tutorials: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    unobserved_platform: str | None = None
