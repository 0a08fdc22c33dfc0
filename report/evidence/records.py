"""The records of what was observed: releases, symbols and measurements."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

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
