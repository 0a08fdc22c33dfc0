"""The only module that knows how TensorFlow 1 and 2 differ.

A trial is a small user program: a fresh graph (or eager mode), a seed call, a layer built, its
weights read. Each draw that is recorded is the first of its trial, and nothing of the probes is
between the seed call and the symbol but the layer's input: an unseeded operation's own seed is
the number of operations, or of random ones, before it.
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
            yield EagerTrial()
            return
        graph = self.tf.Graph()
        with graph.as_default():
            _seed(seed)
            with self.v1.Session(graph=graph) as session:
                yield GraphTrial(self.v1, session)

    def seed_call(self):
        """Return the name and function of TensorFlow's own seed call."""
        modern = getattr(getattr(self.tf, "random", None), "set_seed", None)
        if modern is not None:
            return "tf.random.set_seed", modern
        return "tf.set_random_seed", self.v1.set_random_seed

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


class _Trial:
    """What follows a seed call; it knows the states of Python's and NumPy's generators then."""

    def __init__(self):
        self._states = _generator_states()

    def moved(self):
        """Return which generators have drawn since the seed call: {"python", "numpy": bool}."""
        states = _generator_states()
        return {name: states[name] != self._states[name] for name in states}


def _generator_states():
    _, keys, *place = np.random.get_state()
    return {"python": random.getstate(), "numpy": (keys.tobytes(), place)}


class GraphTrial(_Trial):
    """Builds in a graph; nothing is computed before ``values``."""

    def __init__(self, v1, session):
        _Trial.__init__(self)
        self._v1 = v1
        self._session = session

    def input(self, shape):
        """Return a placeholder, which is one operation in every release; zeros are three in 1.6."""
        return self._v1.placeholder("float32", shape)

    def variables(self):
        """Return the variables of the graph, oldest first."""
        return self._v1.global_variables()

    def in_graph(self, made):
        """Return those of {key: tensor} that an operation computes: all but NumPy's arrays."""
        return {key: one for key, one in made.items() if not isinstance(one, np.ndarray)}

    def values(self, groups):
        """Return each group {key: tensor} as {key: array}; a variable gives its initial value.

        All are computed in one run, so that the value is the one that the initializer assigns. An
        array stays as it is: early Keras draws orthogonal weights with NumPy.
        """
        computed = [self.in_graph(group) for group in groups]
        tensors = [tensor for group in computed for tensor in group.values()]
        if not tensors:  # an empty graph can't be run
            return groups
        initializers = [t.initializer for t in tensors if hasattr(t, "initializer")]
        drawn = [initial_value(tensor) for tensor in tensors]
        with ReleaseCall():
            arrays = iter(self._session.run([initializers, drawn])[1])
        values = [{key: next(arrays) for key in group} for group in computed]
        return [dict(group, **found) for group, found in zip(groups, values)]


class EagerTrial(_Trial):
    """Builds eagerly; weights are computed at once."""

    def input(self, shape):
        """Return zeros in a NumPy array, which is no operation."""
        return np.zeros(shape, "float32")

    def in_graph(self, _made):
        """Return those tensors that an operation of a graph computes: none."""
        return {}

    def values(self, groups):
        """Return each group {key: tensor} as {key: array}."""
        with ReleaseCall():
            return [
                {key: np.asarray(tensor.numpy()) for key, tensor in group.items()}
                for group in groups
            ]
