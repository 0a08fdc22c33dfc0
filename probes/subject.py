"""The trials of one symbol: small user programs, each of which draws its weights once."""

from collections import namedtuple

from probes.catalogue import KERNEL_SHAPES
from probes.kinds import reuse, scope, stream
from probes.kinds.call_path import watching
from probes.kinds.notices import listening
from probes.kinds.resolved import Operation
from probes.release import layers
from probes.release.trials import SEED

SMALL = (24, 16)  # the last two axes of a small shape; axes before them are 3
NO_OPERATION = {"op": None, "constants": {}}

# By role: arrays, `call_path.Call`s, records of graph operations, streams. And the notices.
Draw = namedtuple("Draw", "weights calls operations streams notices")


class Subject:
    """A symbol of a release, and the two shapes that its weights are drawn at.

    A seed call is given as a function of the seed. Each draw is the first of its trial.
    """

    def __init__(self, release, symbol, target):
        self.symbol, self.mode = symbol, release.mode(symbol)
        self.shape, self.other_shape = KERNEL_SHAPES[symbol.shapes]
        self._release, self._target = release, target
        self._makers = layers.makers(symbol)

    def draw(self, seed, shape):
        """Return the weights drawn after a seed call, and all that is seen meanwhile."""
        shapes = layers.role_shapes(self.symbol, shape)
        with self._release.trial(self.mode, seed) as trial:
            with listening() as notices, watching(shapes, self.mode == "eager") as calls:
                made = self._build(trial, shape)
            found = {role: Operation(one) for role, one in trial.in_graph(made).items()}
            asked = [one.scalars for one in found.values()] + [one.seed for one in found.values()]
            weights, *values = trial.values([made, *asked])
            moved = trial.moved()
        layers.check(weights, shapes)
        scalars, given = dict(zip(found, values)), dict(zip(found, values[len(found) :]))
        operations = dict.fromkeys(made, NO_OPERATION)
        frames = {role: call.drawing for role, call in calls.items()}
        streams = {role: stream.of_frames(frames.get(role, ()), moved) for role in made}
        for role, one in found.items():
            operations[role] = one.record(weights[role], scalars[role])
            if one.drawing is not None:
                streams[role] = stream.of_operation(one.drawing, given[role].get("seed"), moved)
        return Draw(weights, calls, operations, streams, notices)

    def weights(self, seed, shape):
        """Return the weights drawn after a seed call, by role."""
        with self._release.trial(self.mode, seed) as trial:
            (weights,) = trial.values([self._build(trial, shape)])
        layers.check(weights, layers.role_shapes(self.symbol, shape))
        return weights

    def scope(self, seed):
        """Return whether each role yields to a variable scope's initializer; {} if none can."""
        if self.symbol.form == "initializer":
            return {}
        small = (3,) * (len(self.shape) - len(SMALL)) + SMALL
        with self._release.trial(self.mode, seed) as trial:
            with scope.scope(self._release):
                made = self._build(trial, small)
            (weights,) = trial.values([made])
        return scope.yields(weights)

    def reuse(self, seed, initializer):
        """Return how draws of an initializer used twice, and of two, are alike."""
        with self._release.trial(self.mode, seed) as trial:
            return reuse.reuse(trial, initializer, SEED)

    def _build(self, trial, shape):
        return layers.build(trial, self.symbol, self._target, shape, self._makers)
