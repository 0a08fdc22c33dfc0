"""The records of what was observed: symbols, their evidence, and a small trained network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec


class State(StrEnum):
    """The state of an answer: a missing value always has a reason."""

    OBSERVED = "observed"
    ABSENT = "absent"
    NOT_INSTALLED = "not-installed"
    FAILED = "failed"
    UNREACHED = "unreached"


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
    arguments: Mapping[str, bool | float | str] = field(default_factory=dict)
    layer: str | None
    roles: tuple[str, ...]


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
class Declared:
    """The default in a signature, as text, and the name of the keyword that has it."""

    keyword: str
    default: str

    def __str__(self) -> str:
        return f"{self.keyword}={self.default}"


class Resolved(msgspec.Struct, frozen=True, kw_only=True, rename={"class_name": "class"}):
    """The initializer that was called: its class and config, and its operation in a graph.

    ``op`` is None where no graph is built, and ``constants`` are the operation's own inputs.
    """

    module: str
    config: Mapping[str, object]
    op: str | None
    constants: Mapping[str, float]
    class_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One frame of the call path, by the distribution and version that its file is of.

    ``wrapper`` is true for a decorator's frame, which decides nothing.
    """

    file: str
    line: int
    function: str
    wrapper: bool
    distribution: str | None
    version: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The sha256 of the bytes that were drawn after one seed call."""

    call: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """Whether a second draw after the same seed call is the same; None without such a call."""

    tf: bool | None
    keras: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reuse:
    """Whether one initializer object draws the same twice, without and with a seed of its own."""

    unseeded: bool | None
    seeded: bool | None
    warns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that was recorded of one symbol and role; what was not recorded is None or empty.

    ``scope`` says whether a surrounding variable scope's initializer is taken instead.
    """

    declared: Declared | None = None
    measured: tuple[Measurement, ...] = ()
    resolved: Resolved | None = None
    call_path: tuple[Frame, ...] = ()
    numbers: Numbers | None = None
    repeat: Repeat | None = None
    scope: bool | None = None
    reuse: Reuse | None = None
    notices: tuple[str, ...] = ()


NO_EVIDENCE = Evidence()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one release answered about one symbol, with the evidence of each role."""

    symbol: Symbol
    state: State
    reason: str | None = None
    evidence: Mapping[str, Evidence] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer: the spread of its weights and outputs, and the root mean square of its input."""

    name: str
    shape: tuple[int, ...]
    weights_std: float
    input_rms: float
    output_std: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    """The loss before training, by TensorFlow's own function and as programs wrote it by hand.

    What is no finite number is its name as text.
    """

    stable: float | str
    by_hand: float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """After how many steps of descent each loss is no longer finite; None where it stays so."""

    learning_rate: float
    stable: int | None
    by_hand: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The network under one initializer; ``symbol`` is the initializer's path, if it has one."""

    initializer: str
    symbol: str | None
    layers: tuple[Layer, ...]
    logits_spread: float
    loss: Losses
    steps: tuple[Steps, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One release as its probes saw it.

    ``answers`` and ``networks`` are empty where the release failed (``failure`` says why), and
    where the observation is of an older schema or protocol, of which the envelope alone is read.
    """

    protocol: int
    lock: str
    packages: Mapping[str, str | None]
    older: bool = False
    failure: str | None = None
    answers: tuple[Answer, ...] = ()
    networks: tuple[Network, ...] = ()
