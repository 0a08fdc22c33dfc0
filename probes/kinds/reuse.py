"""How much the draws of one initializer used twice, and of two initializers, are alike."""

import numpy as np

from probes.kinds.notices import DEPRECATION, EVERY, listening
from probes.release.call import ReleaseCall

SHAPE, OTHER_SHAPE = (24, 16), (40, 16)  # their fans differ
COMPARED = 384  # weights: all of the first shape
_UNSEEDED = ("again", "shape", "object", "copy")
_SEEDED = ("again", "shape", "object", "object_shape", "seed")


def reuse(trial, initializer, seed):
    """Return {unseeded, seeded, warns} of an initializer, drawn in one trial.

    Each draw is compared with the first one of an initializer, without a seed and with ``seed``.
    One trial is enough: how two draws are alike does not depend on what was drawn between them.
    ``seeded`` is None if the initializer takes no seed.
    """
    with listening(EVERY) as heard, ReleaseCall():
        made = [_unseeded(initializer), _seeded(initializer, seed)]
        unseeded, seeded = trial.values(made)
    return {
        "unseeded": {name: likeness(unseeded, name) for name in _UNSEEDED},
        "seeded": {name: likeness(seeded, name) for name in _SEEDED} if seeded else None,
        "warns": [text for text in heard if not DEPRECATION.search(text)],
    }


def _unseeded(initializer):
    first = initializer.make_again(None)
    made = _used_twice(first)
    made["object"] = initializer.make_again(None)(SHAPE)
    if hasattr(first, "from_config"):
        made["copy"] = type(first).from_config(first.get_config())(SHAPE)
    return made


def _seeded(initializer, seed):
    first = initializer.make_again(seed)
    if first is None:
        return {}
    made = _used_twice(first)
    made["object"] = initializer.make_again(seed)(SHAPE)
    made["object_shape"] = initializer.make_again(seed)(OTHER_SHAPE)
    made["seed"] = initializer.make_again(seed + 1)(SHAPE)
    return made


def _used_twice(initializer):
    first, again = initializer(SHAPE), initializer(SHAPE)
    return {"first": first, "again": again, "shape": initializer(OTHER_SHAPE)}


def likeness(drawn, name):
    """Return "same" if a draw has the bytes of ``drawn["first"]``, else their correlation.

    Of a longer draw, the first weights in C order count. Return None if there is no such draw, or
    if its correlation is not defined.
    """
    if name not in drawn:
        return None
    first, other = drawn["first"], drawn[name]
    if first.shape == other.shape and first.tobytes() == other.tobytes():
        return "same"
    pair = [np.asarray(one, np.float64).ravel()[:COMPARED] for one in (first, other)]
    centred = [one - one.mean() for one in pair]
    norms = np.sqrt(np.square(centred).sum(axis=1)).prod()
    correlation = float((centred[0] * centred[1]).sum()) / norms if norms > 0 else np.nan
    return round(correlation, 3) + 0.0 if np.isfinite(correlation) else None  # -0.0 becomes 0.0
