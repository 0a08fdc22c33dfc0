"""Ask one imported TensorFlow about one symbol after the other."""

import re

from probes import layers, seeding
from probes.callpath import watching
from probes.declared import declared
from probes.graph import FirstValue
from probes.lookup import Absent, Lookup
from probes.measured import measure
from probes.notices import listening
from probes.provenance import Owners
from probes.record import said
from probes.worlds import SEED

SCOPE_VALUE = 0.25
SMALL_SHAPES = {2: (24, 16), 4: (3, 3, 4, 16)}
ANYTHING = re.compile("")


class Observer:
    """Asks one world about symbols, one after the other."""

    def __init__(self, world):
        self.world = world
        self.lookup = Lookup()
        self.owners = Owners()
        self.known = {}
        self.reuse = {}

    def observe(self, symbol):
        """Return the observation of one symbol: its state, and what each role shows."""
        self.world.forget_warnings()
        asked = [role for role, _ in symbol.keywords]
        answer = {"name": symbol.name, "layer": symbol.layer, "roles": asked}
        try:
            target, overheard = self.lookup.find(symbol.path)
            roles, notices = self._asked(symbol, target)
        except Absent as absent:
            return dict(answer, state="absent", reason=str(absent))
        except Exception as error:
            return dict(answer, state="failed", reason=said(error))
        notices = overheard + [text for text in notices if text not in overheard]
        return dict(answer, state="observed", reason=None, notices=notices, evidence=roles)

    def _asked(self, symbol, target):
        """Return evidence and notices; a target under another name is not asked again."""
        same = (id(target), symbol.style, self.world.mode(symbol), repr(symbol.arguments))
        if same not in self.known:
            self.known[same] = self._evidence(symbol, target)
        return self.known[same]

    def _evidence(self, symbol, target):
        draw = Draw(self.world, symbol, target)
        first, second = draw.pair(self.reuse)
        repeats = seeding.equal(first.weights, second.weights)
        if not all(repeats.values()):  # early Keras draws its seeds from NumPy
            draw.seed_everything()
            first, second = draw.pair(self.reuse)
        seeds = self._seeding(draw, repeats, first.weights)
        evidence = {}
        for role, keyword in symbol.keywords:
            sighting = first.sightings.get(role)
            path = sighting.path if sighting else []
            evidence[role] = {
                "declared": declared(target, keyword) if keyword else None,
                "measured": [measure(first.weights[role]), measure(first.others[role])],
                "resolved": sighting and dict(sighting.resolved, **first.graphs[role]),
                "path": [dict(frame, **self.owners.of(frame["file"])) for frame in path],
                "seeding": seeds[role],
                "scope": second.scoped.get(role),
                "reuse": sighting and self.reuse[draw.reuse_key(sighting)],
            }
        return evidence, first.notices

    def _seeding(self, draw, repeats, weights):
        """Return, by role, which seed calls make the same layer repeat its weights.

        ``call`` is the one that the measured weights were drawn after.
        """
        by_tensorflow = draw.repeats_after_tensorflow_seed(weights) if draw.keras else repeats
        return {
            role: {
                "call": draw.call,
                "tf": by_tensorflow[role],
                "keras": repeats[role] if draw.keras else None,
                "digest": seeding.digest(weights[role]),
            }
            for role in weights
        }


class Found(object):
    """What one trial showed, by role."""

    def __init__(self, **found):
        self.__dict__.update(found)


class Draw:
    """Draws one symbol's weights: two trials with the seed call that works, and what they show.

    ``keras`` is the seed call of the symbol's own Keras, where it has one; it seeds
    Python and NumPy as well, and some releases draw from these.
    """

    def __init__(self, world, symbol, target):
        self.world = world
        self.symbol = symbol
        self.target = target
        self.mode = world.mode(symbol)
        self.shape, self.other = layers.kernel_shapes(symbol)
        self.small = SMALL_SHAPES[len(self.shape)]  # where equality is all that is asked
        self.tensorflow = world.seed_call()
        self.keras = seeding.keras_seed_call(symbol.name.split(".")[0])
        self.call, self.seed = self.keras or self.tensorflow

    def pair(self, reuse):
        """Draw twice after the same seed call; return what both trials showed.

        ``reuse`` grows by what each new initializer does when it is called twice.
        """
        first = self.inspect()
        return first, self.repeat(first.sightings, reuse)

    def reuse_key(self, sighting):
        """Return what decides how an initializer called twice behaves."""
        return (self.mode, *sighting.key)

    def seed_everything(self):
        """Seed Python, NumPy and TensorFlow from now on."""
        name, function = self.tensorflow
        self.call = "random.seed, numpy.random.seed, " + name
        self.seed = seeding.every_seed(function)

    def inspect(self):
        """Build at both shapes, watching; return weights, others, sightings, graphs, notices."""
        shapes = layers.role_shapes(self.symbol, self.shape)
        with self.world.trial(self.mode, self.seed) as trial:
            with listening() as notices, watching(shapes) as sightings:
                made = self._build(trial, self.shape)
            others = self._again(trial, self.other)
            firsts = {role: FirstValue(made[role]) for role in made} if trial.session else {}
            scalars = [firsts[role].scalars for role in firsts]
            weights, others, *constants = trial.values([made, others, *scalars])
        graphs = {role: {"op": None, "constants": {}} for role in made}
        for role, found in zip(firsts, constants):
            graphs[role] = firsts[role].record(weights[role], found)
        return Found(
            weights=weights, others=others, sightings=sightings, graphs=graphs, notices=notices
        )

    def repeat(self, sightings, reuse):
        """Build again, once plainly and once inside a scope; return weights and scoped."""
        keyed = {self.reuse_key(sighting): sighting for sighting in sightings.values()}
        with self.world.trial(self.mode, self.seed) as trial:
            plain, scoped = self._again(trial, self.shape), {}
            if self.symbol.style != "initializer":
                with self.world.constant_scope(SCOPE_VALUE):
                    scoped = self._again(trial, self.small)
            twice = [(key, *_twice(keyed[key])) for key in keyed if key not in reuse]
            plain, scoped, *drawn = trial.values([plain, scoped, *(calls for _, calls, _ in twice)])
        for (key, _, warns), calls in zip(twice, drawn):
            reuse[key] = _compared(calls, warns)
        taken = {role: bool((array == SCOPE_VALUE).all()) for role, array in scoped.items()}
        return Found(weights=plain, scoped=taken)

    def repeats_after_tensorflow_seed(self, weights):
        """Return, by role, whether TensorFlow's own seed call alone makes weights repeat.

        It does where it gives ``weights``, which were drawn after all seeds were set; where
        it does not, it is called once more.
        """
        drawn = self._after_tensorflow_seed()
        same = seeding.equal(weights, drawn)
        return same if all(same.values()) else seeding.equal(drawn, self._after_tensorflow_seed())

    def _after_tensorflow_seed(self):
        with self.world.trial(self.mode, self.tensorflow[1]) as trial:
            return trial.values([self._again(trial, self.shape)])[0]

    def _build(self, trial, shape):
        return layers.build(trial, self.symbol, self.target, shape)

    def _again(self, trial, shape):
        """Build what was built and listened to before."""
        with self.world.unheard():
            return self._build(trial, shape)


def _twice(sighting):
    """Return {(how, 0 or 1): weights} of two calls of one initializer, and what it warns."""
    calls = {}
    with listening(ANYTHING) as warns:
        for how, seed in (("unseeded", None), ("seeded", SEED)):
            initializer = sighting.again(seed)
            if initializer is not None:
                for call in range(2):
                    calls[how, call] = initializer(SMALL_SHAPES[2])
    return calls, warns


def _compared(calls, warns):
    same = {how: bool((calls[how, 0] == calls[how, 1]).all()) for how, _ in calls}
    return {"unseeded": same.get("unseeded"), "seeded": same.get("seeded"), "warns": warns}
