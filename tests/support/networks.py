"""The tutorial networks of the miniature world, computed from theory."""

from __future__ import annotations

import math

from report.evidence import Layer, Losses, Network, Steps
from report.verdict import families

LAYERS = {
    "conv1": (5, 5, 1, 32),
    "conv2": (5, 5, 32, 64),
    "dense": (3136, 1024),
    "logits": (1024, 10),
}
SPREAD = 3.08  # the expected range of ten normal values, in standard deviations


def network(initializer: str, law: str, *broken: int | None) -> Network:
    """Return a tutorial network with values from theory.

    ``broken`` are the steps at which the hand-written loss is not finite, by learning rate.
    """
    layers, rms = [], 1.0
    for name, shape in LAYERS.items():
        weights = families.law(law, shape).std
        out = math.sqrt(math.prod(shape[:-1])) * weights * rms
        sizes = {"input_rms": rms, "output_std": out, "weights_std": weights}
        rounded = {key: float(f"{size:.3g}") for key, size in sizes.items()}
        layers.append(Layer(name=name, shape=shape, **rounded))
        rms = out / math.sqrt(2)  # relu drops half of the mean square
    loss = float(f"{math.log(10) + out**2 / 2:.3g}")
    return Network(
        initializer=initializer,
        symbol=None,
        layers=tuple(layers),
        logits_spread=float(f"{SPREAD * out:.3g}"),
        loss=Losses(by_hand=loss, stable=loss),
        steps=tuple(
            Steps(learning_rate=rate, by_hand=step, stable=None)
            for rate, step in zip((0.01, 0.1), broken, strict=True)
        ),
    )


def by_release() -> dict[str, tuple[Network, ...]]:
    """Return the networks of three releases; the second trained none, the third has no contrib."""
    cut = "truncated_normal(stddev=0.1)"
    xavier = network("xavier_initializer(uniform=False)", "glorot_normal_contrib", None, None)
    return {
        "1.0.1": (
            network("default", "glorot_uniform", None, None),
            network(cut, cut, 1, 1),
            xavier,
        ),
        "1.1.0": (),
        "2.2.0rc0": (network("default", "glorot_uniform", None, 5), network(cut, cut, 3, 2)),
    }
