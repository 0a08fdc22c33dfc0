"""The seed calls of a release: TensorFlow's own, that of its Keras, and one for every generator."""

import random
from collections import namedtuple
from functools import lru_cache

import numpy as np

from probes.release.lookup import Absent, Lookup

# Its name, what it seeds ("tensorflow", "keras" or "every"), and the function of a seed.
SeedCall = namedtuple("SeedCall", "name seeds function")


def tensorflow_call(release):
    """Return TensorFlow's own seed call."""
    name, function = release.seed_call()
    return SeedCall(name, "tensorflow", function)


@lru_cache(maxsize=None)
def keras_call(root):
    """Return ``set_random_seed`` of the Keras of ``root``, the first word of a path, or None.

    A function that ``tf.keras`` has too gets its name there.
    """
    of_tensorflow = _set_random_seed("tf.keras")
    own = of_tensorflow if root == "tf" else _set_random_seed(root)
    shared = own and of_tensorflow and own.function is of_tensorflow.function
    return of_tensorflow if shared else own


def _set_random_seed(home):
    name = home + ".utils.set_random_seed"
    try:
        return SeedCall(name, "keras", Lookup().find(name)[0])
    except Absent:
        return None


def every_call(release):
    """Return a call that seeds Python, NumPy and TensorFlow."""
    name, seed_tensorflow = release.seed_call()

    def seed(value):
        random.seed(value)
        np.random.seed(value)
        seed_tensorflow(value)

    return SeedCall("random.seed, numpy.random.seed, " + name, "every", seed)
