"""The only module that knows how TensorFlow 1 and 2 differ.

A trial is one user's program in small: a fresh graph (or eager mode), a seed call,
layers built, their weights read. Each trial has a graph of its own, so that what a
symbol draws does not depend on which symbols were asked before it.
"""

import importlib
import random
import sys
from contextlib import contextmanager

import numpy as np
import numpy.random  # which NumPy 2 leaves until it is used

from probes.release.call import ReleaseCall

SEED = 20150206  # fixed for all releases: the day He et al. appeared


class Release:
    """One imported TensorFlow and the calls whose names or meaning moved."""

    def __init__(self, tf):
        self.tf = tf
        self.v1 = getattr(getattr(tf, "compat", None), "v1", None) or tf
        executing_eagerly = getattr(tf, "executing_eagerly", None)
        self._deprecation = _utility("deprecation")
        _warn_of_every_name()
        self.native = "eager" if executing_eagerly and executing_eagerly() else "graph"

    def mode(self, symbol):
        """Return how a symbol's users run it in this release: "graph" or "eager"."""
        return self.native if symbol.mode == "native" else symbol.mode

    @contextmanager
    def trial(self, mode, seed=None):
        """Yield a fresh trial ("graph" or "eager"), after one seed call."""
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
        """Make TensorFlow repeat a warning that it gives once a process, as in a user's own one.

        Without this, of two symbols that share a function only the first asked
        would be seen to be deprecated.
        """
        for record in ("_PRINTED_WARNING", "_PRINTED_WARNINGS"):
            getattr(self._deprecation, record, {}).clear()


def _warn_of_every_name():
    """Make modules warn of all their names that moved, not of the first ones used alone.

    These are five in 1.14 and one since. A user meets the warning of whatever name comes
    first; here all are asked in one process, and what comes later would seem silent.
    """
    for name in ("deprecation_wrapper", "module_wrapper"):
        wrapper = _utility(name)
        if wrapper is not None:
            wrapper._PER_MODULE_WARNING_LIMIT = sys.maxsize  # noqa: SLF001 - no public one


def _seed(seed):
    """Leave Python's and NumPy's generators in a state that no seed call set, then seed."""
    random.seed()
    np.random.seed(random.getrandbits(32))  # without a seed it looks for one for long
    if seed is not None:
        with ReleaseCall():
            seed(SEED)


def _utility(name):
    """Return one of TensorFlow's own modules about its API, where it has it."""
    try:
        return importlib.import_module("tensorflow.python.util." + name)
    except ImportError:
        return None


def initial_value(weights):
    """Return the tensor that a variable is initialised with; another tensor is itself."""
    initializer = getattr(weights, "initializer", None)
    return weights if initializer is None else initializer.inputs[1]


class GraphTrial:
    """Build in a graph; nothing is computed before ``values``."""

    has_graph = True

    def __init__(self, release, session):
        self.release = release
        self._session = session

    def new_variables(self, build):
        """Return the variables that ``build()`` adds to the graph, in their order."""
        variables = self.release.v1.global_variables
        known = len(variables())
        build()
        return variables()[known:]

    def values(self, groups):
        """Return each group {key: tensor} as arrays, of a variable what it is initialised to.

        All in one run: the value is the tensor that the initializer assigns in that step.
        """
        tensors = [tensor for group in groups for tensor in group.values()]
        initializers = [t.initializer for t in tensors if hasattr(t, "initializer")]
        drawn = [initial_value(tensor) for tensor in tensors]
        with ReleaseCall():
            arrays = iter(self._session.run([initializers, drawn])[1])
        return [{key: next(arrays) for key in group} for group in groups]


class EagerTrial:
    """Build eagerly; weights are there at once."""

    has_graph = False

    def __init__(self, release):
        self.release = release

    def values(self, groups):
        """Return each group {key: tensor} as arrays."""
        with ReleaseCall():
            return [
                {key: np.asarray(tensor.numpy()) for key, tensor in group.items()}
                for group in groups
            ]
