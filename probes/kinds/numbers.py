"""Reproducibility after a seed call: hashes of weights, and whether a second draw is equal."""

import hashlib
import random
from functools import lru_cache

import numpy as np

from probes.release.lookup import Absent, Lookup


@lru_cache(maxsize=None)
def keras_seed_call(root):
    """Return the name and function of ``set_random_seed`` in the Keras of ``root``, or None.

    A function that ``tf.keras`` has too gets its name there.
    """
    of_tensorflow = _seed_call("tf.keras")
    own = of_tensorflow if root == "tf" else _seed_call(root)
    return of_tensorflow if own and of_tensorflow and own[1] is of_tensorflow[1] else own


def _seed_call(home):
    name = home + ".utils.set_random_seed"
    try:
        return name, Lookup().find(name)[0]
    except Absent:
        return None


def every_seed(tensorflow_seed):
    """Return a function that seeds Python, NumPy and TensorFlow."""

    def seed(value):
        random.seed(value)
        np.random.seed(value)
        tensorflow_seed(value)

    return seed


def digest(array):
    """Return the SHA-256 of an array's exact bytes (C order, its own dtype)."""
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def equal(first, second):
    """Return {role: whether two draws are equal bit for bit}, for draws {role: array}."""
    return {role: first[role].tobytes() == second[role].tobytes() for role in first}
