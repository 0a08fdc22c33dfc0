"""The child process: import one TensorFlow, ask it everything, tell as it goes.

It writes one JSON line a step to a file: ``{"begin": name}`` before a symbol and
``{"symbol": …}`` after it, so that whoever started it knows where it stopped if it
does not come back. What TensorFlow prints is nobody's business.
"""

import json
import re
from contextlib import contextmanager

from probes import catalogue, layers, seeding
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
REUSED_SHAPE = (24, 16)
ANYTHING = re.compile("")


def main(progress, skipped):
    """Ask for every symbol that is not in ``skipped``; write lines to ``progress``."""
    with open(progress, "a", encoding="utf-8") as out:

        def tell(line):
            out.write(json.dumps(line, allow_nan=False) + "\n")
            out.flush()

        import tensorflow as tf

        tell({"tensorflow": tf.__version__, "packages": packages()})
        observer = Observer(World(tf))
        for symbol in catalogue.SYMBOLS:
            if symbol.name not in skipped:
                tell({"begin": symbol.name})
                tell({"symbol": observer.observe(symbol)})
        tell({"end": True})


@contextmanager
def nullcontext():
    """Do nothing (contextlib has it from Python 3.7 on)."""
    yield


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
        answer = {"name": symbol.name, "layer": symbol.layer, "state": "observed", "reason": None}
        asked = [role for role, _ in symbol.keywords]
        try:
            target, overheard = self.lookup.find(symbol.path)
            roles, notices = self._asked(symbol, target)
        except Absent as absent:
            return dict(answer, state="absent", reason=str(absent), roles=asked)
        except Exception as error:
            return dict(answer, state="failed", reason=said(error), roles=asked)
        notices = overheard + [text for text in notices if text not in overheard]
        return dict(answer, roles=asked, notices=notices, evidence=roles)

    def _asked(self, symbol, target):
        """Return evidence and notices; a target under another name is not asked again."""
        same = (id(target), symbol.style, symbol.world, repr(symbol.arguments))
        if same not in self.known:
            self.known[same] = self._evidence(symbol, target)
        return self.known[same]

    def _evidence(self, symbol, target):
        first, *others = layers.kernel_shapes(symbol)
        draw = Draw(self.world, symbol, target)
        with listening() as notices, watching(layers.role_shapes(symbol, first)) as seen:
            weights, graphs = draw.inspected(first)
        draws = [weights] + [draw.weights(shape, draw.seed) for shape in others]
        seeds = self._seeding(draw, first, weights)
        scope = self._scope(draw, first)
        evidence = {}
        for role, keyword in symbol.keywords:
            sighting = seen.get(role)
            evidence[role] = {
                "declared": declared(target, keyword) if keyword else None,
                "measured": [measure(drawn[role]) for drawn in draws],
                "resolved": sighting and dict(sighting.resolved, **graphs[role]),
                "path": [self._owned(frame) for frame in sighting.path] if sighting else [],
                "seeding": seeds[role],
                "scope": scope[role],
                "reuse": self._reuse(draw, sighting) if sighting else None,
            }
        return evidence, notices

    def _owned(self, frame):
        return dict(frame, **self.owners.of(frame["file"]))

    def _seeding(self, draw, shape, weights):
        """Return, by role, which seed calls make the same layer repeat its weights."""
        again = seeding.equal(weights, draw.weights(shape, draw.seed))
        by_tensorflow = again
        if draw.keras:
            pair = [draw.weights(shape, draw.tensorflow[1]) for _ in range(2)]
            by_tensorflow = seeding.equal(*pair)
        return {
            role: {
                "call": draw.call,
                "tf": by_tensorflow[role],
                "keras": again[role] if draw.keras else None,
                "digest": seeding.digest(weights[role]),
            }
            for role in weights
        }

    def _reuse(self, draw, sighting):
        """Return whether one initializer, called twice, repeats itself, and what it warns."""
        with listening(ANYTHING) as warns:
            unseeded, seeded = (draw.twice(sighting, seed) for seed in (None, SEED))
        return {"unseeded": unseeded, "seeded": seeded, "warns": warns}

    def _scope(self, draw, shape):
        """Return, by role, whether the default yields to a scope's initializer."""
        if draw.symbol.style == "initializer":
            return {"weights": None}
        weights = draw.weights(shape, None, lambda: self.world.constant_scope(SCOPE_VALUE))
        return {role: bool((array == SCOPE_VALUE).all()) for role, array in weights.items()}


class Draw:
    """Draws one symbol's weights, each time in a fresh trial."""

    def __init__(self, world, symbol, target):
        self.world = world
        self.symbol = symbol
        self.target = target
        self.tensorflow = world.seed_call()
        self.keras = seeding.keras_seed_call(symbol.name.split(".")[0])
        self.call, self.seed = self.keras or self.tensorflow

    def weights(self, shape, seed, scope=nullcontext):
        """Return {role: array} of a layer with this kernel shape, made inside ``scope()``."""
        with self.world.trial(self.symbol.world, seed) as trial:
            with scope():
                made = layers.build(trial, self.symbol, self.target, shape)
            return self._arrays(trial, made)

    def twice(self, sighting, seed):
        """Return whether two calls of one initializer draw the same; None if it takes no seed."""
        with self.world.trial(self.symbol.world, self.seed) as trial:
            initializer = sighting.again(seed)
            if initializer is None:
                return None
            first, second = trial.values([initializer(REUSED_SHAPE) for _ in range(2)])
            return bool((first == second).all())

    def inspected(self, shape):
        """Return the same with, by role, what the graph says of the initial value."""
        with self.world.trial(self.symbol.world, self.seed) as trial:
            made = layers.build(trial, self.symbol, self.target, shape)
            session = getattr(trial, "session", None)
            graphs = {
                role: first_value(variable, session) if session else {"op": None, "constants": {}}
                for role, variable in made.items()
            }
            return self._arrays(trial, made), graphs

    def _arrays(self, trial, made):
        roles = sorted(made)
        return dict(zip(roles, trial.values([made[role] for role in roles])))
