"""The records of the network of the NaN question, as one release trained it."""

from __future__ import annotations

from dataclasses import dataclass


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
