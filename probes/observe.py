"""Collect all kinds of evidence about a symbol from the imported TensorFlow."""

from types import SimpleNamespace

from probes.catalogue import KERNEL_SHAPES, description
from probes.kinds import numbers, reuse, scope
from probes.kinds.call_path import watching
from probes.kinds.declared import declared
from probes.kinds.measured import measure
from probes.kinds.notices import listening
from probes.kinds.resolved import Operation
from probes.release import layers
from probes.release.call import ReleaseError
from probes.release.lookup import Absent, Lookup
from probes.release.packages import owner
from probes.release.trials import SEED

SMALL = (24, 16)  # the last two axes of a small shape; axes before them are 3


class Observer:
    """Observes the symbols of one release; no result depends on symbols observed before."""

    def __init__(self, release):
        self._release = release
        self._lookup = Lookup()
        self._evidence = {}
        self._reuse = {}

    def observe(self, symbol):
        """Return the observation of one symbol: its state, and the evidence of each role."""
        self._release.forget_warnings()
        answer = description(symbol)
        try:
            target, lookup_notices = self._lookup.find(symbol.path)
            evidence, notices = self._evidence_of(symbol, target)
        except Absent as absent:
            return dict(answer, state=absent.state, reason=str(absent))
        except ReleaseError as error:
            return dict(answer, state="failed", reason=str(error))
        notices = lookup_notices + [text for text in notices if text not in lookup_notices]
        return dict(answer, state="observed", reason=None, notices=notices, evidence=evidence)

    def _evidence_of(self, symbol, target):
        """Return evidence and notices, cached for targets that have several public paths.

        The cache saves a quarter of the processor time: 20 s instead of 27 s in 2.21.0.
        """
        same = (id(target), symbol.form, self._release.mode(symbol), repr(symbol.arguments))
        if same not in self._evidence:
            self._evidence[same] = self._ask(symbol, target)
        return self._evidence[same]

    def _ask(self, symbol, target):
        trials = _Trials(self._release, symbol, target, self._reuse)
        first, second = trials.pair()
        by_tensorflow, by_keras = trials.repeat(first.weights, second.weights)
        if not all((by_keras or by_tensorflow).values()):  # early Keras draws its seeds from NumPy
            trials.use_every_seed()
            first, second = trials.pair()
        other_seed = trials.after_another_seed()
        evidence = {}
        for role, keyword in symbol.keywords:
            call = first.calls.get(role)
            path = call.path if call else []
            evidence[role] = {
                "declared": declared(target, keyword) if keyword else None,
                "measured": [
                    measure(weights[role], redrawn[role])
                    for weights, redrawn in zip((first.weights, first.others), other_seed)
                ],
                "resolved": call and dict(call.initializer.record, **first.operations[role]),
                "call_path": [dict(frame, **owner(frame["file"])) for frame in path],
                "numbers": {
                    "call": trials.seed_name,
                    "digest": numbers.digest(first.weights[role]),
                },
                "repeat": {"tf": by_tensorflow[role], "keras": by_keras and by_keras[role]},
                "scope": second.scope.get(role),
                "reuse": call and self._reuse[trials.reuse_key(call)],
            }
        return evidence, first.notices


class _Trials:
    """The trials that draw one symbol's weights.

    ``seed_name`` is the seed call before the measured weights: TensorFlow's own, or that of the
    symbol's Keras if it has one, which also seeds Python and NumPy.
    """

    def __init__(self, release, symbol, target, reuse_by_key):
        self._release, self._symbol, self._target = release, symbol, target
        self._reuse = reuse_by_key
        self._mode = release.mode(symbol)
        self._shape, self._other_shape = KERNEL_SHAPES[symbol.shapes]
        self._small = (3,) * (len(self._shape) - 2) + SMALL  # for draws compared only for equality
        self._by_tensorflow = release.seed_call()
        self._by_keras = numbers.keras_seed_call(symbol.name.split(".")[0])
        self.seed_name, self._seed = self._by_keras or self._by_tensorflow
        self._least_seed = self._by_tensorflow[1]

    def pair(self):
        """Return the results of a draw after the seed call, and of one after TensorFlow's own."""
        first = self._first()
        return first, self._second(first.calls)

    def repeat(self, first, second):
        """Return {role: whether a draw repeats} for TensorFlow's seed call, and for Keras's.

        ``first`` and ``second`` are the weights of a pair. If they are equal, both calls repeat,
        since both set TensorFlow's seed; otherwise each draw is made once more.
        """
        same = numbers.equal(first, second)
        if not self._by_keras:
            return same, None
        if all(same.values()):
            return same, same
        return (
            numbers.equal(second, self._weights_after(self._by_tensorflow[1])),
            numbers.equal(first, self._weights_after(self._by_keras[1])),
        )

    def reuse_key(self, call):
        """Return the key under which the result of calling an initializer twice is cached.

        The cache saves a tenth of a probe's time in TensorFlow 1.
        """
        return (self._mode, *call.initializer.key)

    def use_every_seed(self):
        """Seed Python, NumPy and TensorFlow from now on."""
        name, function = self._by_tensorflow
        self.seed_name = "random.seed, numpy.random.seed, " + name
        self._seed = self._least_seed = numbers.every_seed(function)

    def _first(self):
        """Build at both shapes; record notices and initializer calls at the first."""
        shapes = layers.role_shapes(self._symbol, self._shape)
        with self._release.trial(self._mode, self._seed) as trial:
            with listening() as notices, watching(shapes) as calls:
                made = self._build(trial, self._shape)
            others = self._build(trial, self._other_shape)
            found = {role: Operation(made[role]) for role in made} if trial.has_graph else {}
            scalars = [found[role].scalars for role in found]
            weights, others, *constants = trial.values([made, others, *scalars])
        self._check(weights, others)
        operations = {role: {"op": None, "constants": {}} for role in made}
        for role, values in zip(found, constants):
            operations[role] = found[role].record(weights[role], values)
        return SimpleNamespace(
            weights=weights, others=others, calls=calls, operations=operations, notices=notices
        )

    def _second(self, calls):
        """Build again, outside and inside a variable scope; call new initializers twice."""
        by_key = {self.reuse_key(call): call.initializer for call in calls.values()}
        new = [key for key in by_key if key not in self._reuse]
        with self._release.trial(self._mode, self._least_seed) as trial:
            plain, scoped = self._build(trial, self._shape), {}
            if self._symbol.form != "initializer":
                with scope.scope(self._release):
                    scoped = self._build(trial, self._small)
            twice = [reuse.call_twice(by_key[key], SMALL, SEED) for key in new]
            plain, scoped, *drawn = trial.values([plain, scoped, *(made for made, _ in twice)])
        for key, weights, (_, warnings) in zip(new, drawn, twice):
            self._reuse[key] = reuse.compare(weights, warnings)
        return SimpleNamespace(weights=plain, scope=scope.yields(scoped))

    def after_another_seed(self):
        """Return weights at both shapes, drawn after another seed."""
        with self._release.trial(self._mode, lambda seed: self._seed(seed + 1)) as trial:
            drawn = trial.values(
                [self._build(trial, self._shape), self._build(trial, self._other_shape)]
            )
        self._check(*drawn)
        return drawn

    def _weights_after(self, seed):
        with self._release.trial(self._mode, seed) as trial:
            return trial.values([self._build(trial, self._shape)])[0]

    def _build(self, trial, shape):
        return layers.build(trial, self._symbol, self._target, shape)

    def _check(self, weights, others):
        for drawn, shape in ((weights, self._shape), (others, self._other_shape)):
            layers.check(drawn, layers.role_shapes(self._symbol, shape))
