"""The records of an observation: symbols, their evidence, and a small trained network."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum

import msgspec

from report.evidence.draws import Numbers, OwnSeed, Repeat, Reuse


class State(StrEnum):
    """The state of an answer; one that is not observed has a reason."""

    OBSERVED = "observed"
    ABSENT = "absent"
    NOT_INSTALLED = "not-installed"
    FAILED = "failed"
    UNREACHED = "unreached"


class Style(StrEnum):
    """What calling a symbol creates; a pin is a call whose arguments name a law."""

    LAYER = "layer"
    VARIABLE = "variable"
    INITIALIZER = "initializer"
    PIN = "pin"


class Form(StrEnum):
    """How a symbol is called: a layer's function or class, a variable, or an initializer."""

    FUNCTION = "function"
    CLASS = "class"
    VARIABLE = "variable"
    INITIALIZER = "initializer"


class Symbol(msgspec.Struct, frozen=True, kw_only=True):
    """A public path, the arguments it is called with, and the roles that are observed."""

    name: str
    path: str
    style: Style
    form: Form
    arguments: Mapping[str, bool | float | str] = msgspec.field(default_factory=dict)
    layer: str | None
    roles: tuple[str, ...]


class Measurement(msgspec.Struct, frozen=True, kw_only=True):
    """Statistics of the weights drawn for one shape (floats: 6 significant digits).

    ``histogram`` counts the weights in equal bins from ``min`` to ``max``; it has one bin if
    all weights are equal. ``finite`` is the share of finite weights: if it is below 1, nothing
    else was computed, and the moments are NaN.

    The other fields show dependence, in the matrix whose columns are the last axis. ``zeros`` is
    the share of weights that are 0, ``distinct`` the share of distinct values, ``equal_columns``
    and ``equal_rows`` the shares that repeat an earlier column or row. ``lag`` is the correlation
    of neighbours along each axis. ``column_mean`` and ``row_mean`` are the largest distance of a
    column's or row's mean from the overall mean, in standard errors; ``column_cosine`` and
    ``row_cosine`` the largest cosine of two columns or rows. ``diagonal`` is the mean sign along
    the main diagonal, ``gram_error`` the distance from an orthogonal matrix, ``redraw`` the
    largest cosine of a column with the same column drawn after another seed. All but the shares
    are None if the weights are all equal, or not defined for the rank.
    """

    shape: tuple[int, ...]
    count: int
    mean: float = math.nan
    std: float = math.nan
    min: float = math.nan
    max: float = math.nan
    histogram: tuple[int, ...] = ()
    kurtosis: float | None = None
    zeros: float = 0.0
    equal_columns: float = 0.0
    gram_error: float | None = None
    finite: float = 1.0
    distinct: float = 0.0
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
        """The edges of the histogram's bins, one more than there are bins."""
        bins, width = len(self.histogram), self.max - self.min
        return [self.min + width * index / bins for index in range(bins + 1)]


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """The default in a signature, as text, and the keyword's name."""

    keyword: str
    default: str

    def __str__(self) -> str:
        return f"{self.keyword}={self.default}"


class Resolved(msgspec.Struct, frozen=True, kw_only=True, rename={"class_name": "class"}):
    """The initializer that was called: its class and config, and the graph operation it made.

    ``op`` is None if no graph was built; ``constants`` are the operation's constant inputs.
    """

    module: str
    config: Mapping[str, object]
    op: str | None
    constants: Mapping[str, float]
    class_name: str


class Frame(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One frame of the call path; its file is from a version of a distribution, or from neither.

    ``wrapper`` is true for a decorator's frame, which doesn't affect the initializer.
    """

    file: str
    line: int
    function: str
    wrapper: bool
    distribution: str | None
    version: str | None


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """The evidence of one symbol and role; a field that was not recorded is None or empty.

    ``numbers`` is empty if all weights are equal, or if no seed call repeats them.

    ``scope`` is true if a surrounding variable scope's initializer replaces the default.
    """

    declared: Declared | None = None
    measured: tuple[Measurement, ...] = ()
    resolved: Resolved | None = None
    call_path: tuple[Frame, ...] = ()
    numbers: tuple[Numbers, ...] = ()
    repeat: Repeat | None = None
    own_seed: OwnSeed | None = None
    scope: bool | None = None
    reuse: Reuse | None = None
    notices: tuple[str, ...] = ()


NO_EVIDENCE = Evidence()


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The result of observing one symbol in one release, with the evidence of each role."""

    symbol: Symbol
    state: State
    reason: str | None = None
    evidence: Mapping[str, Evidence] = msgspec.field(default_factory=dict)


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """One layer of the network, with the scale of its weights, input and output."""

    name: str
    shape: tuple[int, ...]
    weights_std: float
    input_rms: float
    output_std: float


class Losses(msgspec.Struct, frozen=True, kw_only=True):
    """The loss before training, by TensorFlow's own function and by a hand-written formula.

    A value that is not finite is its name as text.
    """

    stable: float | str
    by_hand: float | str


class Steps(msgspec.Struct, frozen=True, kw_only=True):
    """The number of training steps until each loss is not finite; None if it stays finite."""

    learning_rate: float
    stable: int | None
    by_hand: int | None


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """The network with one initializer; ``symbol`` is the initializer's path, if it has one."""

    initializer: str
    symbol: str | None
    layers: tuple[Layer, ...]
    logits_spread: float
    loss: Losses
    steps: tuple[Steps, ...]


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """The observation of one release.

    ``answers`` and ``networks`` are empty if the probe failed (``failure`` says why), or if the
    schema or protocol is older (``older``): then only the fields common to all are read.
    """

    protocol: int
    lock: str
    packages: Mapping[str, str | None]
    older: bool = False
    failure: str | None = None
    answers: tuple[Answer, ...] = ()
    networks: tuple[Network, ...] = ()
