"""Collect all kinds of evidence about a symbol from the imported TensorFlow."""

from probes.catalogue import description
from probes.kinds import numbers
from probes.kinds.declared import declared
from probes.kinds.measured import measure
from probes.kinds.own_seed import OWN_SEED, own_seed, takes_seed
from probes.release import seeds
from probes.release.call import ReleaseError
from probes.release.lookup import Absent, Lookup
from probes.release.packages import owner
from probes.subject import Subject


class Observer:
    """Observes the symbols of one release; no result depends on symbols observed before.

    There are two passes over the symbols: `begin` asks all that needs no ``set_random_seed`` of
    Keras, and `finish` asks the rest. In 2.10 to 2.15 the first such call of a process gives Keras
    a generator of its own for good: before it, Python's ``random.seed`` decides what an unseeded
    layer or initializer draws, and after it no other seed call does.
    """

    def __init__(self, release):
        self._release = release
        self._lookup = Lookup()
        self._begun = {}  # {name: questions and the lookup's notices}
        self._unobserved = {}  # {name: state and reason}
        self._questions = {}
        self._reuse = {}

    def begin(self, symbol):
        """Ask about one symbol what needs TensorFlow's own seed call, or every generator's."""
        self._release.forget_warnings()
        try:
            target, notices = self._lookup.find(symbol.path)
            self._begun[symbol.name] = self._questions_of(symbol, target), notices
        except (Absent, ReleaseError) as error:
            self._unobserved[symbol.name] = {"state": error.state, "reason": str(error)}

    def finish(self, symbol):
        """Return the observation of a symbol that has begun: its state, evidence and notices."""
        answer = description(symbol)
        if symbol.name in self._unobserved:
            return dict(answer, **self._unobserved[symbol.name])
        questions, notices = self._begun[symbol.name]
        try:
            evidence = questions.finish()
        except ReleaseError as error:
            return dict(answer, state=error.state, reason=str(error))
        notices = notices + [text for text in questions.notices if text not in notices]
        return dict(answer, state="observed", reason=None, notices=notices, evidence=evidence)

    def _questions_of(self, symbol, target):
        """Return the questions about a symbol; a target with several public paths is asked once.

        The 137 symbols of 1.15.5 lead to 46 of them.
        """
        same = (id(target), symbol.form, self._release.mode(symbol), repr(symbol.arguments))
        if same not in self._questions:
            self._questions[same] = _Questions(self._release, symbol, target, self._reuse)
        return self._questions[same]


class _Questions:
    """The evidence of one target, by role; what needs no call of Keras's is asked at once."""

    def __init__(self, release, symbol, target, reuse_by_key):
        self._subject = Subject(release, symbol, target)
        self._by_keras = seeds.keras_call(symbol.name.split(".")[0])
        self._every = seeds.every_call(release)
        self._evidence, self._measured = None, None
        self._asked = []
        self._ask(seeds.tensorflow_call(release))
        if not (self._measured or self._by_keras):  # early Keras draws its seeds from NumPy
            self._ask(self._every)
        self._first = self._asked[0].first
        self.notices = self._first.notices
        self._scope = self._subject.scope(self._every.function)
        self._own_seed = self._ask_own_seed(release, symbol, target)
        self._reuse = {role: self._ask_reuse(role, reuse_by_key) for role, _ in symbol.keywords}
        self._declared = {
            role: declared(target, keyword) if keyword else None
            for role, keyword in symbol.keywords
        }

    def finish(self):
        """Ask what needs Keras's seed call; return the evidence of each role."""
        if self._evidence is None:
            if self._by_keras:
                self._ask(self._by_keras)
            roles = (role for role, _ in self._subject.symbol.keywords)
            self._evidence = {role: self._of_role(role) for role in roles}
        return self._evidence

    def _ask(self, call):
        """Draw after a seed call; measure these draws if it is the first that repeats them."""
        asked = numbers.ask(self._subject, call)
        self._asked.append(asked)
        if self._measured is None and all(asked.repeats.values()):
            self._measured = self._measure(asked)

    def _measure(self, asked):
        """Return {role: statistics of both draws}, compared with draws after another seed."""
        subject, drawn = self._subject, (asked.first.weights, asked.second.weights)
        others = [{}, {}]
        if any(numbers.spread(weights[role]) for weights in drawn for role in weights):
            seed = _another(asked.call.function)
            others = [subject.weights(seed, each) for each in (subject.shape, subject.other_shape)]
        return {
            role: [measure(weights[role], other.get(role)) for weights, other in zip(drawn, others)]
            for role in drawn[0]
        }

    def _ask_own_seed(self, release, symbol, target):
        if symbol.form != "initializer" or not takes_seed(target):
            return None
        if not numbers.spread(self._first.weights["weights"]):
            return None
        seeded = symbol._replace(arguments=dict(symbol.arguments, seed=OWN_SEED))
        function = seeds.tensorflow_call(release).function
        subject = Subject(release, seeded, target)
        return own_seed(subject, "weights", function, _another(function))

    def _ask_reuse(self, role, by_key):
        """Return the reuse of a role's initializer, asked once for each key of an initializer."""
        call = self._first.calls.get(role)
        if call is None or not numbers.spread(self._first.weights[role]):
            return None
        key = (self._subject.mode, *call.initializer.key)
        if key not in by_key:
            by_key[key] = self._subject.reuse(self._every.function, call.initializer)
        return by_key[key]

    def _of_role(self, role):
        call = self._first.calls.get(role)
        by_seeds = {asked.call.seeds: asked.repeats[role] for asked in self._asked}
        return {
            "declared": self._declared[role],
            "measured": (self._measured or self._measure(self._asked[-1]))[role],
            "resolved": call and dict(call.initializer.record, **self._first.operations[role]),
            "call_path": [[*place, *owner(place[0])] for place in (call.path if call else ())],
            "numbers": numbers.of_role(self._asked, role),
            "repeat": {"tf": by_seeds["tensorflow"], "keras": by_seeds.get("keras")},
            "own_seed": self._own_seed,
            "scope": self._scope.get(role),
            "reuse": self._reuse[role],
        }


def _another(seed):
    """Return a seed call that sets another seed."""
    return lambda value: seed(value + 1)
