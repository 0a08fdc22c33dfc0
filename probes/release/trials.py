"""The only module that knows how TensorFlow 1 and 2 differ.

A trial is a small user program: a fresh graph (or eager mode), a seed call, layers built, their
weights read. Each trial has its own graph, so that a symbol's weights do not depend on the
symbols before it.
"""

import importlib
import random
import sys
from contextlib import contextmanager

import numpy as np
import numpy.random  # NumPy 2 imports it only on use

from probes.release.call import ReleaseCall

SEED = 20150206  # the same for all releases: the day He et al. appeared


class Release:
    """An imported TensorFlow, with the calls whose name or meaning differs between releases."""

    def __init__(self, tf):
        self.tf = tf
        self.v1 = getattr(getattr(tf, "compat", None), "v1", None) or tf
        executing_eagerly = getattr(tf, "executing_eagerly", None)
        self._deprecation = _utility("deprecation")
        _warn_of_every_name()
        self.native = "eager" if executing_eagerly and executing_eagerly() else "graph"

    def mode(self, symbol):
        """Return how users run a symbol in this release: "graph" or "eager"."""
        return self.native if symbol.mode == "native" else symbol.mode

    @contextmanager
    def trial(self, mode, seed=None):
        """Yield a fresh trial in ``mode`` ("graph" or "eager"), after a seed call."""
        if mode == "eager":
            _seed(seed)
            yield EagerTrial(self)
            return
        graph = self.tf.Graph()
        with graph.as_default():
            _seed(seed)
            with self.v1.Session(graph=graph) as session:
                yield GraphTrial(self, session)

    def seed_call(self):
        """Return the name and function of TensorFlow's own seed call."""
        modern = getattr(getattr(self.tf, "random", None), "set_seed", None)
        if modern is not None:
            return "tf.random.set_seed", modern
        return "tf.set_random_seed", self.v1.set_random_seed

    def zeros(self, shape):
        """Return a tensor of float32 zeros."""
        return self.tf.zeros(shape, dtype=self.tf.float32)

    def forget_warnings(self):
        """Reset the warnings that TensorFlow emits once per process.

        Otherwise, of two symbols that share a function, only the first one would warn.
        """
        for record in ("_PRINTED_WARNING", "_PRINTED_WARNINGS"):
            getattr(self._deprecation, record, {}).clear()


def _warn_of_every_name():
    """Lift the limit on warnings about moved names per module: five in 1.14, one since.

    Otherwise only the first names used in this process would warn.
    """
    for name in ("deprecation_wrapper", "module_wrapper"):
        wrapper = _utility(name)
        if wrapper is not None:
            wrapper._PER_MODULE_WARNING_LIMIT = sys.maxsize  # noqa: SLF001 - no public one


def _seed(seed):
    """Seed Python's and NumPy's generators randomly, then call ``seed``."""
    random.seed()
    np.random.seed(random.getrandbits(32))  # without an argument NumPy is slow to seed
    if seed is not None:
        with ReleaseCall():
            seed(SEED)


def _utility(name):
    """Return a module of ``tensorflow.python.util``, or None if the release lacks it."""
    try:
        return importlib.import_module("tensorflow.python.util." + name)
    except ImportError:
        return None


def initial_value(weights):
    """Return the tensor that initialises a variable; any other tensor is returned as it is."""
    initializer = getattr(weights, "initializer", None)
    return weights if initializer is None else initializer.inputs[1]


class GraphTrial:
    """Builds in a graph; nothing is computed before ``values``."""

    has_graph = True

    def __init__(self, release, session):
        self.release = release
        self._session = session

    def variables(self):
        """Return the variables of the graph, oldest first."""
        return self.release.v1.global_variables()

    def values(self, groups):
        """Return each group {key: tensor} as {key: array}; a variable gives its initial value.

        All are computed in one run, so that the value is the one that the initializer assigns.
        """
        tensors = [tensor for group in groups for tensor in group.values()]
        initializers = [t.initializer for t in tensors if hasattr(t, "initializer")]
        drawn = [initial_value(tensor) for tensor in tensors]
        with ReleaseCall():
            arrays = iter(self._session.run([initializers, drawn])[1])
        return [{key: next(arrays) for key in group} for group in groups]


class EagerTrial:
    """Builds eagerly; weights are computed at once."""

    has_graph = False

    def __init__(self, release):
        self.release = release

    def values(self, groups):
        """Return each group {key: tensor} as {key: array}."""
        with ReleaseCall():
            return [
                {key: np.asarray(tensor.numpy()) for key, tensor in group.items()}
                for group in groups
            ]
