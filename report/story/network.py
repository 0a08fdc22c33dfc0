"""The network of the NaN question: its signal and losses, over all releases.

The theory beside the figures: a layer of fan-in n and weights of variance v makes its
output's standard deviation ``sqrt(n * v)`` times the root mean square of its input (He et
al. 2015, "Delving Deep into Rectifiers", eq. 6 to 8), and the mean square after relu is half
the variance before it. Glorot & Bengio 2010 choose v for linear units, so that with relu the
signal shrinks by about sqrt(2) a layer; He et al. put the factor 2 back.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from report.evidence import Network
from report.matrix import Index


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """The smallest and the largest figure over releases, and how many releases gave one."""

    low: float
    high: float
    count: int

    def __str__(self) -> str:
        if math.isclose(self.low, self.high, rel_tol=1e-9):
            return f"{self.low:.3g}"
        return f"{self.low:.3g} to {self.high:.3g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer under one initializer: its shape, its gain by theory and as measured."""

    name: str
    shape: str
    theory: Range
    gain: Range


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One initializer in the tutorial network, over all releases that have it."""

    initializer: str
    releases: int
    layers: tuple[Layer, ...]
    spread: Range
    loss: Range
    ends: tuple[tuple[str, float, str], ...]


def signals(index: Index) -> tuple[Signal, ...]:
    """Return what each initializer does to the network's signal and losses."""
    found: dict[str, list[Network]] = {}
    for networks in index.matrix.networks.values():
        for network in networks:
            found.setdefault(network.initializer, []).append(network)
    return tuple(_signal(name, networks) for name, networks in found.items())


def _signal(name: str, networks: Sequence[Network]) -> Signal:
    return Signal(
        initializer=name,
        releases=len(networks),
        layers=tuple(_layers(networks)),
        spread=_range([network.logits_spread for network in networks]),
        loss=_range([network.loss.stable for network in networks]),
        ends=tuple(_ends(networks)),
    )


def _layers(networks: Sequence[Network]) -> Iterator[Layer]:
    for index, first in enumerate(networks[0].layers):
        root = math.sqrt(math.prod(first.shape[:-1]))  # of the fan-in
        layers = [network.layers[index] for network in networks]
        yield Layer(
            name=first.name,
            shape="\N{MULTIPLICATION SIGN}".join(map(str, first.shape)),
            theory=_range([root * one.weights_std for one in layers]),
            gain=_range([one.output_std / one.input_rms for one in layers]),
        )


def _ends(networks: Sequence[Network]) -> Iterator[tuple[str, float, str]]:
    """Yield loss, learning rate and, in words, after how many steps it is not finite."""
    for index, step in enumerate(networks[0].steps):
        for loss, words in (("stable", "softmax cross entropy"), ("by_hand", "by hand")):
            ended = [getattr(network.steps[index], loss) for network in networks]
            broken = [steps for steps in ended if steps is not None]
            text = f"finite in all {len(ended)}"
            if broken:
                after = Range(low=min(broken), high=max(broken), count=len(broken))
                steps = "step" if max(broken) == 1 else "steps"
                text = f"not finite in {len(broken)} of {len(ended)}, after {after} {steps}"
            yield words, step.learning_rate, text


def _range(figures: Sequence[float | str]) -> Range:
    """Return the range of the finite figures; one that is not finite is written as text."""
    finite = [value for value in figures if isinstance(value, int | float)]
    return Range(low=min(finite), high=max(finite), count=len(finite))


def per_release(index: Index) -> Iterator[tuple[str, dict[str, Network]]]:
    """Yield each observed release, newest first, with its networks by initializer."""
    for release in reversed(index.observed):
        if networks := index.matrix.networks.get(release.version):
            yield release.version, {network.initializer: network for network in networks}


def broken(index: Index, initializer: str, loss: str) -> tuple[int, int]:
    """Count the releases in which training ended without a finite loss, and all of them."""
    ended = [
        any(getattr(step, loss) is not None for step in network.steps)
        for _, networks in per_release(index)
        if (network := networks.get(initializer))
    ]
    return sum(ended), len(ended)
