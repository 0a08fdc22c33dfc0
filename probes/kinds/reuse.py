"""Whether an initializer draws the same weights when called twice, unseeded and seeded."""

import re

from probes.kinds.notices import listening
from probes.release.call import ReleaseCall

_ANY = re.compile("")


def call_twice(initializer, shape, seed):
    """Return {("unseeded" or "seeded", 0 or 1): weights}, and the warnings of all calls."""
    calls = {}
    with listening(_ANY) as warnings:
        for how, given in (("unseeded", None), ("seeded", seed)):
            with ReleaseCall():
                made = initializer.make_again(given)
                if made is not None:
                    for call in range(2):
                        calls[how, call] = made(shape)
    return calls, warnings


def compare(weights, warnings):
    """Return {unseeded, seeded: whether both calls drew the same or None, warns: warnings}."""
    same = {how: weights[how, 0].tobytes() == weights[how, 1].tobytes() for how, _ in weights}
    return {"unseeded": same.get("unseeded"), "seeded": same.get("seeded"), "warns": warnings}
