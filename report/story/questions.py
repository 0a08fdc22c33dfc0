"""Frequent questions, and the data that their pages show, taken from the observations.

The text is in `templates/parts/answers/`. The figures of the NaN question's network are compared
with theory: the output of a layer with fan-in n and weights of variance v has a standard deviation
of ``sqrt(n * v)`` times the root mean square of its input (He et al. 2015, "Delving Deep into
Rectifiers", eq. 6 to 8), and the mean square after relu is half the variance before it. Glorot &
Bengio 2010 choose v for linear units, so with relu the signal shrinks by about sqrt(2) per layer;
He et al. restore the factor 2.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec.structs import replace

from report.evidence import Network
from report.matrix import DECLARED, MEASURED, SCOPE, Index, Kind, once, present
from report.story import reused, upgrade, wording
from report.story.wording import History
from report.text import dimensions

DEFAULTS = (
    "tf.layers.conv2d",
    "tf.layers.dense",
    "tf.compat.v1.layers.conv2d",
    "tf.compat.v1.layers.dense",
    "tf.keras.layers.Conv2D",
    "tf.keras.layers.Dense",
)
EXAMPLE = "tf.layers.dense"  # whose call path is shown
TRUNCATED = "truncated_normal(stddev=0.1)"
XAVIER = "tf.contrib.layers.xavier_initializer(uniform=False)"
REPLACEMENTS = (
    "tf.glorot_normal_initializer",
    "tf.compat.v1.glorot_normal_initializer",
    "tf.keras.initializers.GlorotNormal",
)


class Question(msgspec.Struct, frozen=True):
    """A question with a page of its own; its template is named after ``slug``.

    ``answer`` is one line, if it has one; ``words`` are more words by which it is found.
    """

    slug: str
    title: str
    answer: str = ""
    words: str = ""

    @property
    def address(self) -> str:
        """The path of its page, relative to the site's root."""
        return f"answer/{self.slug}.html"


DEFAULT = Question(
    "default-initializer",
    "What is the default kernel initializer of tf.layers.conv2d and tf.layers.dense?",
)
NAN = Question(
    "nan-with-truncated-normal",
    "Why do I get NaN with truncated_normal(stddev=0.1), when the default works?",
)
RELU = Question(
    "xavier-with-relu",
    "Should I use Xavier, or something else, with ReLU?",
    "By theory He normal keeps the signal under relu; Glorot lets it shrink by about √2 a layer.",
)
UPGRADE = "same-weights-after-upgrade", "Will my weights be the same after an upgrade?"
REUSED = "unseeded-called-multiple-times"


class Range(msgspec.Struct, frozen=True):
    """The smallest and the largest figure over releases."""

    low: float
    high: float

    def __str__(self) -> str:
        low, high = f"{self.low:.3g}", f"{self.high:.3g}"
        return low if low == high else f"{low} to {high}"


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """One layer under one initializer: its shape, and its gain in theory and as measured."""

    name: str
    shape: str
    theory: Range
    gain: Range


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one initializer in the tutorial network, over all releases that have it.

    ``ends`` holds each loss with its learning rate and its outcome in words; ``stable`` and
    ``by_hand`` are the numbers of releases in which that loss became infinite or NaN.
    """

    releases: int
    layers: tuple[Layer, ...]
    spread: Range
    loss: Range
    ends: tuple[tuple[str, float, str], ...]
    stable: int
    by_hand: int

    @property
    def amplifier(self) -> Layer:
        """The layer that makes the signal the largest, compared with its input."""
        return max(self.layers, key=lambda layer: layer.gain.high)


@once
def answerable(index: Index) -> list[Question]:
    """Return the questions that the observations can answer.

    The NaN and Xavier questions need networks trained with the default and with ``TRUNCATED``;
    the NaN question also needs a loss that was not finite.
    """
    found = [DEFAULT] if histories(index, DEFAULTS) else []
    trained = {name: signal for name, signal in signals(index).items() if signal.ends}
    if trained.keys() >= {"default", TRUNCATED}:
        found += [*_of_nan(trained[TRUNCATED]), RELU]
    return [*found, *_of_numbers(index)]


def _of_nan(signal: Signal) -> Iterator[Question]:
    """Yield the NaN question, if a loss was not finite."""
    if signal.by_hand:
        yield replace(
            NAN,
            answer="A loss written by hand takes the logarithm of zero: it stopped being finite in "
            f"{signal.by_hand} of {signal.releases} releases, TensorFlow's own softmax cross "
            f"entropy in {signal.stable}.",
        )


def _of_numbers(index: Index) -> Iterator[Question]:
    """Yield the questions about numbers; the title of one is what a release warns of."""
    if found := upgrade.upgrade(index):
        yield Question(*UPGRADE, answer=upgrade.answer(found))
    if twice := reused.reused(index):
        answer = reused.answer(twice)
        yield Question(REUSED, twice.title, answer=answer, words=" ".join(twice.words))


def histories(index: Index, names: Iterable[str], kind: Kind = MEASURED) -> list[History]:
    """Return the histories of the named symbols, without rows for which no value was recorded."""
    rows = [row for name in names for row in index.named.get(name, ())]
    recorded = [row for row in rows if any(map(kind.value, present(row.cells)))]
    return wording.histories(index, recorded, kind)


def content(index: Index) -> dict[str, object]:
    """Return the template variables of all question pages."""
    example = index.rows.get((EXAMPLE, "kernel"))
    found = signals(index)
    kernels = [row.symbol.name for row in index.layers if row.role == "kernel"]
    return {
        "signals": found,
        "networks": {
            release.version: {network.initializer: network for network in networks}
            for release in reversed(index.observed)
            if (networks := index.matrix.networks.get(release.version))
        },
        "defaults": histories(index, DEFAULTS),
        "declared": histories(index, DEFAULTS, DECLARED),
        "scopes": histories(index, kernels, SCOPE),
        "xavier": histories(index, (XAVIER,)),
        "replacements": histories(index, REPLACEMENTS),
        "laws": {cell.law for row in index.matrix.rows for cell in row.cells},
        "example": next(iter(present(example.cells)), None) if example else None,
        "truncated": TRUNCATED,
        "rates": sorted({rate for signal in found.values() for _, rate, _ in signal.ends}),
        "trained": [name for name, signal in found.items() if signal.ends],
        "upgrade": upgrade.upgrade(index),
        "reused": reused.reused(index),
    }


@once
def signals(index: Index) -> dict[str, Signal]:
    """Return the figures of each initializer in the tutorial network."""
    networks = [network for each in index.matrix.networks.values() for network in each]
    found = wording.grouped(networks, lambda network: network.initializer)
    return {
        name: Signal(
            releases=len(each),
            layers=tuple(_layers(each)),
            spread=_range([network.logits_spread for network in each]),
            loss=_range([network.loss.stable for network in each]),
            ends=tuple(_ends(each)),
            stable=sum(any(one.stable is not None for one in net.steps) for net in each),
            by_hand=sum(any(one.by_hand is not None for one in net.steps) for net in each),
        )
        for name, each in found.items()
    }


def _layers(networks: Sequence[Network]) -> Iterator[Layer]:
    for index, first in enumerate(networks[0].layers):
        root = math.sqrt(math.prod(first.shape[:-1]))  # of the fan-in
        layers = [network.layers[index] for network in networks]
        yield Layer(
            name=first.name,
            shape=dimensions(first.shape),
            theory=_range([root * one.weights_std for one in layers]),
            gain=_range([one.output_std / one.input_rms for one in layers]),
        )


def _ends(networks: Sequence[Network]) -> Iterator[tuple[str, float, str]]:
    """Yield loss, learning rate and, in words, after how many steps the loss is not finite."""
    for index, step in enumerate(networks[0].steps):
        for loss, words in (("stable", "softmax cross entropy"), ("by_hand", "by hand")):
            ended = [getattr(network.steps[index], loss) for network in networks]
            broke = [steps for steps in ended if steps is not None]
            text = f"finite in all {len(ended)}"
            if broke:
                after = Range(min(broke), max(broke))
                steps = "step" if max(broke) == 1 else "steps"
                text = f"not finite in {len(broke)} of {len(ended)}, after {after} {steps}"
            yield words, step.learning_rate, text


def _range(figures: Sequence[float | str]) -> Range:
    """Return the range of the finite figures; others are stored as text and left out."""
    finite = [value for value in figures if isinstance(value, int | float)]
    return Range(min(finite), max(finite))
