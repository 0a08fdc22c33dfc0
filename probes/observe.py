"""Ask one imported TensorFlow about one symbol after the other."""

import re

from probes.catalogue import asked
from probes.kinds import numbers
from probes.kinds.call_path import watching
from probes.kinds.declared import declared
from probes.kinds.measured import measure
from probes.kinds.notices import listening
from probes.kinds.resolved import FirstValue
from probes.release import layers
from probes.release.call import ReleaseCall, ReleaseError
from probes.release.lookup import Absent, Lookup
from probes.release.provenance import owner
from probes.release.trials import SEED

SCOPE_VALUE = 0.25
SMALL = (24, 16)  # of a layer with more axes, these are the last two, behind threes
ANYTHING = re.compile("")


class Observer:
    """Asks one world about symbols, one after the other."""

    def __init__(self, world):
        self.world = world
        self.lookup = Lookup()
        self.known = {}
        self.reuse = {}

    def observe(self, symbol):
        """Return the observation of one symbol: its state, and what each role shows."""
        self.world.forget_warnings()
        answer = asked(symbol)
        try:
            target, overheard = self.lookup.find(symbol.path)
            roles, notices = self._asked(symbol, target)
        except Absent as absent:
            return dict(answer, state=absent.state, reason=str(absent))
        except ReleaseError as error:
            return dict(answer, state="failed", reason=str(error))
        notices = overheard + [text for text in notices if text not in overheard]
        return dict(answer, state="observed", reason=None, notices=notices, evidence=roles)

    def _asked(self, symbol, target):
        """Return evidence and notices; a target under another name is not asked again.

        That is a quarter of a probe where names are many: 20 and 27 s of processor time in
        2.21.0, measured in turns, for the same bytes.
        """
        same = (id(target), symbol.form, self.world.mode(symbol), repr(symbol.arguments))
        if same not in self.known:
            self.known[same] = self._evidence(symbol, target)
        return self.known[same]

    def _evidence(self, symbol, target):
        draw = Draw(self.world, symbol, target)
        first, second = draw.pair(self.reuse)
        by_tensorflow, by_keras = draw.repeats(first.weights, second.weights)
        if not all((by_keras or by_tensorflow).values()):  # early Keras draws its seeds from NumPy
            draw.seed_everything()
            first, second = draw.pair(self.reuse)
        redrawn = draw.elsewhere()
        evidence = {}
        for role, keyword in symbol.keywords:
            sighting = first.sightings.get(role)
            path = sighting.path if sighting else []
            evidence[role] = {
                "declared": declared(target, keyword) if keyword else None,
                "measured": [
                    measure(first.weights[role], redrawn[0][role]),
                    measure(first.others[role], redrawn[1][role]),
                ],
                "resolved": sighting and dict(sighting.resolved, **first.graphs[role]),
                "call_path": [dict(frame, **owner(frame["file"])) for frame in path],
                "numbers": {"call": draw.call, "digest": numbers.digest(first.weights[role])},
                "repeat": {"tf": by_tensorflow[role], "keras": by_keras and by_keras[role]},
                "scope": second.scoped.get(role),
                "reuse": sighting and self.reuse[draw.reuse_key(sighting)],
            }
        return evidence, first.notices


class Found(object):
    """What one trial showed, by role."""

    def __init__(self, **found):
        self.__dict__.update(found)


class Draw:
    """Draws one symbol's weights in trials of its own, and says what they show.

    ``call`` is the seed call that the measured weights were drawn after: that of the
    symbol's own Keras, where it has one, which calls TensorFlow's and seeds Python and
    NumPy as well. Some releases draw from these.
    """

    def __init__(self, world, symbol, target):
        self.world = world
        self.symbol = symbol
        self.target = target
        self.mode = world.mode(symbol)
        self.shape, self.other = layers.kernel_shapes(symbol)
        self.small = (3,) * (len(self.shape) - 2) + SMALL  # where equality is all that is asked
        self.tensorflow = world.seed_call()
        self.keras = numbers.keras_seed_call(symbol.name.split(".")[0])
        self.call, self.seed = self.keras or self.tensorflow
        self.least = self.tensorflow[1]

    def pair(self, reuse):
        """Draw after the seed call, and after the least that may do; return what both showed.

        ``reuse`` grows by what each new initializer does when it is called twice.
        """
        first = self.inspect()
        return first, self.repeat(first.sightings, reuse)

    def repeats(self, first, second):
        """Return, by role, whether weights repeat after TensorFlow's own seed call, and Keras's.

        ``first`` and ``second`` are the weights of a pair. Where both calls gave the same, their
        common part decides, which is TensorFlow's seed; else each is made once more.
        """
        same = numbers.equal(first, second)
        if not self.keras:
            return same, None
        if all(same.values()):
            return same, same
        return (
            numbers.equal(second, self._after(self.tensorflow[1])),
            numbers.equal(first, self._after(self.keras[1])),
        )

    def reuse_key(self, sighting):
        """Return what decides how an initializer called twice behaves."""
        return (self.mode, *sighting.key)

    def seed_everything(self):
        """Seed Python, NumPy and TensorFlow from now on."""
        name, function = self.tensorflow
        self.call = "random.seed, numpy.random.seed, " + name
        self.seed = self.least = numbers.every_seed(function)

    def inspect(self):
        """Build at both shapes, watching; return weights, others, sightings, graphs, notices."""
        shapes = layers.role_shapes(self.symbol, self.shape)
        with self.world.trial(self.mode, self.seed) as trial:
            with listening() as notices, watching(shapes) as sightings:
                made = self._build(trial, self.shape)
            others = self._build(trial, self.other)
            firsts = {role: FirstValue(made[role]) for role in made} if trial.session else {}
            scalars = [firsts[role].scalars for role in firsts]
            weights, others, *constants = trial.values([made, others, *scalars])
        self._prove(weights, others)
        graphs = {role: {"op": None, "constants": {}} for role in made}
        for role, found in zip(firsts, constants):
            graphs[role] = firsts[role].record(weights[role], found)
        return Found(
            weights=weights, others=others, sightings=sightings, graphs=graphs, notices=notices
        )

    def repeat(self, sightings, reuse):
        """Build again, once plainly and once inside a scope; return weights and scoped."""
        keyed = {self.reuse_key(sighting): sighting for sighting in sightings.values()}
        with self.world.trial(self.mode, self.least) as trial:
            plain, scoped = self._build(trial, self.shape), {}
            if self.symbol.form != "initializer":
                with self.world.constant_scope(SCOPE_VALUE):
                    scoped = self._build(trial, self.small)
            twice = [(key, *_twice(keyed[key])) for key in keyed if key not in reuse]
            plain, scoped, *drawn = trial.values([plain, scoped, *(calls for _, calls, _ in twice)])
        for (key, _, warns), calls in zip(twice, drawn):
            reuse[key] = _compared(calls, warns)
        taken = {role: bool((array == SCOPE_VALUE).all()) for role, array in scoped.items()}
        return Found(weights=plain, scoped=taken)

    def elsewhere(self):
        """Return weights at both shapes, drawn after another seed than all the others."""
        with self.world.trial(self.mode, lambda value: self.seed(value + 1)) as trial:
            drawn = trial.values([self._build(trial, self.shape), self._build(trial, self.other)])
        self._prove(*drawn)
        return drawn

    def _prove(self, weights, others):
        for drawn, shape in ((weights, self.shape), (others, self.other)):
            layers.prove(drawn, layers.role_shapes(self.symbol, shape))

    def _after(self, seed):
        with self.world.trial(self.mode, seed) as trial:
            return trial.values([self._build(trial, self.shape)])[0]

    def _build(self, trial, shape):
        return layers.build(trial, self.symbol, self.target, shape)


def _twice(sighting):
    """Return {(how, 0 or 1): weights} of two calls of one initializer, and what it warns."""
    calls = {}
    with listening(ANYTHING) as warns:
        for how, seed in (("unseeded", None), ("seeded", SEED)):
            with ReleaseCall():
                initializer = sighting.again(seed)
                if initializer is not None:
                    for call in range(2):
                        calls[how, call] = initializer(SMALL)
    return calls, warns


def _compared(calls, warns):
    same = {how: calls[how, 0].tobytes() == calls[how, 1].tobytes() for how, _ in calls}
    return {"unseeded": same.get("unseeded"), "seeded": same.get("seeded"), "warns": warns}
