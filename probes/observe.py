"""The child process: import one TensorFlow, ask it everything, tell as it goes.

It writes one JSON line a step to a file: ``{"begin": name}`` before a symbol and
``{"symbol": …}`` after it, so that whoever started it knows where it stopped if it
does not come back. What TensorFlow prints is nobody's business.
"""

import json
import re

from probes import catalogue, layers, seeding, tutorial
from probes.callpath import watching
from probes.declared import declared
from probes.graph import first_value
from probes.lookup import Absent, Lookup
from probes.measured import measure
from probes.notices import listening
from probes.provenance import Owners, packages
from probes.record import said
from probes.worlds import SEED, World

SCOPE_VALUE = 0.25
SMALL_SHAPES = {2: (24, 16), 4: (3, 3, 4, 16)}
ANYTHING = re.compile("")


def main(progress, skipped):
    """Ask for all that is not in ``skipped``; write lines to ``progress``."""
    with open(progress, "a", encoding="utf-8") as out:

        def tell(line):
            out.write(json.dumps(line, allow_nan=False) + "\n")
            out.flush()

        import tensorflow as tf

        tell({"tensorflow": tf.__version__, "packages": packages()})
        world = World(tf)
        observer = Observer(world)
        for symbol in catalogue.SYMBOLS:
            if symbol.name not in skipped:
                tell({"begin": symbol.name})
                tell({"symbol": observer.observe(symbol)})
        if catalogue.TUTORIAL not in skipped:
            tell({"begin": catalogue.TUTORIAL})
            tell({"tutorial": _tutorial(world), "name": catalogue.TUTORIAL})
        tell({"end": True})


def _tutorial(world):
    try:
        return {"state": "observed", "reason": None, "networks": tutorial.observe(world)}
    except Exception as error:
        return {"state": "failed", "reason": said(error), "networks": []}


class Observer:
    """Asks one world about symbols, one after the other."""

    def __init__(self, world):
        self.world = world
        self.lookup = Lookup()
        self.owners = Owners()
        self.known = {}

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
        same = (id(target), symbol.style, symbol.world, repr(symbol.arguments))
        if same not in self.known:
            self.known[same] = self._evidence(symbol, target)
        return self.known[same]

    def _evidence(self, symbol, target):
        draw = Draw(self.world, symbol, target)
        first, second = draw.pair()
        repeats = seeding.equal(first.weights, second.weights)
        if not all(repeats.values()):  # early Keras draws its seeds from NumPy
            draw.seed_everything()
            first, second = draw.pair()
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
                "reuse": second.reuse.get(role),
            }
        return evidence, first.notices

    def _seeding(self, draw, repeats, weights):
        """Return, by role, which seed calls make the same layer repeat its weights.

        ``call`` is the one that the measured weights were drawn after.
        """
        by_tensorflow = draw.repeats_after_tensorflow_seed() if draw.keras else repeats
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
        self.shape, self.other = layers.kernel_shapes(symbol)
        self.small = SMALL_SHAPES[len(self.shape)]  # where equality is all that is asked
        self.tensorflow = world.seed_call()
        self.keras = seeding.keras_seed_call(symbol.name.split(".")[0])
        self.call, self.seed = self.keras or self.tensorflow

    def pair(self):
        """Draw twice after the same seed call; return what both trials showed."""
        first = self.inspect()
        return first, self.repeat(first.sightings)

    def seed_everything(self):
        """Seed Python, NumPy and TensorFlow from now on."""
        name, function = self.tensorflow
        self.call = "random.seed, numpy.random.seed, " + name
        self.seed = seeding.every_seed(function)

    def inspect(self):
        """Build at both shapes, watching; return weights, others, sightings, graphs, notices."""
        shapes = layers.role_shapes(self.symbol, self.shape)
        with self.world.trial(self.symbol.world, self.seed) as trial:
            with listening() as notices, watching(shapes) as sightings:
                made = self._build(trial, self.shape)
            others = self._build(trial, self.other)
            graphs = {
                role: first_value(variable, trial.session)
                if trial.session
                else {"op": None, "constants": {}}
                for role, variable in made.items()
            }
            weights, others = trial.values([made, others])
        return Found(
            weights=weights, others=others, sightings=sightings, graphs=graphs, notices=notices
        )

    def repeat(self, sightings):
        """Build again, once plainly and once inside a scope; call one initializer twice."""
        with self.world.trial(self.symbol.world, self.seed) as trial:
            plain = self._build(trial, self.shape)
            scoped, pairs, warns = {}, {}, {}
            if self.symbol.style != "initializer":
                with self.world.constant_scope(SCOPE_VALUE):
                    scoped = self._build(trial, self.small)
            for role, sighting in sightings.items():
                with listening(ANYTHING) as warns[role]:
                    pairs.update(_twice(role, sighting))
            plain, scoped, pairs = trial.values([plain, scoped, pairs])
        same = {key: bool((pairs[key] == pairs[(*key[:2], 1)]).all()) for key in pairs}
        return Found(
            weights=plain,
            scoped={role: bool((array == SCOPE_VALUE).all()) for role, array in scoped.items()},
            reuse={
                role: {
                    "unseeded": same.get((role, "unseeded", 0)),
                    "seeded": same.get((role, "seeded", 0)),
                    "warns": warns[role],
                }
                for role in sightings
            },
        )

    def repeats_after_tensorflow_seed(self):
        """Return, by role, whether TensorFlow's own seed call alone makes weights repeat."""
        drawn = []
        for _ in range(2):
            with self.world.trial(self.symbol.world, self.tensorflow[1]) as trial:
                drawn.extend(trial.values([self._build(trial, self.small)]))
        return seeding.equal(*drawn)

    def _build(self, trial, shape):
        return layers.build(trial, self.symbol, self.target, shape)


def _twice(role, sighting):
    """Return {(role, how, 0 or 1): weights} of two calls of one initializer."""
    calls = {}
    for how, seed in (("unseeded", None), ("seeded", SEED)):
        initializer = sighting.again(seed)
        if initializer is not None:
            for call in range(2):
                calls[role, how, call] = initializer(SMALL_SHAPES[2])
    return calls
