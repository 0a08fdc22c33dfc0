"""Test the evidence on what a seed leads to: numbers, streams, own seeds and reuse."""

import os
import types
import unittest
import unittest.mock

import numpy as np

from probes import catalogue
from probes.kinds import numbers, own_seed, reuse, stream
from probes.kinds.call_path import watching
from probes.release import layers
from probes.release.seeds import SeedCall

SILENT = {"python": False, "numpy": False}
Drawn = types.SimpleNamespace


def call(name, seeds="tensorflow"):
    """Return a seed call that does nothing."""
    return SeedCall(name, seeds, lambda seed: None)


class Subject(object):
    """A subject whose draws are given, one after another."""

    shape, other_shape = (4, 3), (3, 4)

    def __init__(self, *arrays):
        self._arrays = iter(arrays)

    def draw(self, seed, shape):
        return Drawn(weights=self.weights(seed, shape), streams={"kernel": None})

    def weights(self, _seed, shape):
        array = next(self._arrays)
        return {"kernel": np.asarray(array, "float32").reshape(shape)}


UP, DOWN, FLAT = np.arange(12.0), -np.arange(12.0), np.ones(12)


class Numbers(unittest.TestCase):
    def test_equal_is_bit_for_bit_and_by_role(self):
        first = {"kernel": np.ones(3), "bias": np.zeros(2)}
        second = {"kernel": np.ones(3), "bias": -np.zeros(2)}
        self.assertEqual(numbers.equal(first, second), {"kernel": True, "bias": False})
        self.assertEqual(len(numbers.digest(np.ones(3))), 64)

    def test_only_a_call_that_repeats_leads_to_numbers(self):
        repeats = numbers.ask(Subject(UP, UP, DOWN), call("tf"))
        differs = numbers.ask(Subject(UP, DOWN, UP), call("keras", "keras"))
        (found,) = numbers.of_role([repeats, differs], "kernel")
        self.assertEqual((found["call"], found["seeds"]), ("tf", "tensorflow"))
        self.assertEqual([draw["shape"] for draw in found["draws"]], [[4, 3], [3, 4]])

    def test_equal_weights_and_those_that_are_no_numbers_have_none(self):
        for array in (FLAT, FLAT * np.nan, np.where(UP < 3, np.inf, UP)):
            asked = numbers.ask(Subject(array, array, array), call("tf"))
            self.assertEqual(numbers.of_role([asked], "kernel"), [])

    def test_the_values_are_those_of_sixteen_places_and_exact(self):
        array = np.random.RandomState(1).uniform(-1, 1, 57600).astype("float32")
        drawn = Drawn(weights={"kernel": array}, streams={"kernel": None})
        (found, _) = numbers.draws(drawn, drawn, "kernel")
        places = [0, 1, 2, 3] + [(k + 1) * 57599 // 12 for k in range(12)]
        self.assertEqual(places[-1], 57599)
        kept = np.array(found["values"], "float32")
        self.assertEqual(kept.tobytes(), array[places].tobytes())


class OwnSeed(unittest.TestCase):
    def decides(self, *arrays):
        """Return what decides, and the number of draws that are kept."""
        found = own_seed.own_seed(Subject(*arrays), "kernel", None, None)
        return found["decides"], len(found["draws"])

    def test_what_decides_is_seen_in_draws_after_two_global_seeds(self):
        self.assertEqual(self.decides(UP, UP, DOWN), ("own", 2))
        self.assertEqual(self.decides(UP, DOWN, UP, DOWN), ("both", 2))
        self.assertEqual(self.decides(UP, DOWN, UP + 1, DOWN), ("neither", 0))

    def test_an_initializer_takes_a_seed_if_its_signature_has_one(self):
        class Seeded(object):
            def __init__(self, seed=None):
                self.seed = seed

        for target, takes in (
            (Seeded, True),
            (object, False),
            (lambda scale, seed=None: scale, True),
            (lambda shape: shape, False),
        ):
            self.assertEqual(own_seed.takes_seed(target), takes)


class Likeness(unittest.TestCase):
    def alike(self, first, other):
        return reuse.likeness({"first": first, "other": other}, "other")

    def test_the_same_bytes_one_stream_at_another_scale_and_no_relation(self):
        draw = np.random.RandomState(1).uniform(-1, 1, (40, 16)).astype("float32")
        first = draw[:24]
        self.assertEqual(self.alike(first, first.copy()), "same")
        self.assertEqual(self.alike(first, draw * np.float32(0.5)), 1.0)
        self.assertEqual(self.alike(first, -first), -1.0)
        other = np.random.RandomState(2).uniform(-1, 1, (24, 16))
        self.assertLess(abs(self.alike(first, other)), 0.25)

    def test_what_can_not_be_compared_is_none(self):
        first = np.ones((24, 16))
        self.assertIsNone(self.alike(first, 2 * first))
        self.assertIsNone(self.alike(first, np.full((24, 16), np.nan)))
        self.assertIsNone(reuse.likeness({"first": first}, "copy"))

    def test_objects_are_made_and_called_as_their_users_do(self):
        class Counts(object):
            """An initializer whose draws follow from its seed, and from the calls before."""

            def __init__(self, seed=None):
                self._draw = np.random.RandomState(seed)

            def get_config(self):
                return {"seed": None}

            @classmethod
            def from_config(cls, config):
                return cls(**config)

            def __call__(self, shape):
                return self._draw.uniform(-1, 1, shape)

        initializer = unittest.mock.Mock(make_again=Counts)
        trial = unittest.mock.Mock(values=lambda groups: groups)
        found = reuse.reuse(trial, initializer, 7)
        self.assertEqual((found["seeded"]["object"], found["seeded"]["object_shape"]), ("same", 1))
        for name in ("again", "shape", "seed"):
            self.assertLess(abs(found["seeded"][name]), 0.25)
        for name in ("again", "shape", "object", "copy"):
            self.assertLess(abs(found["unseeded"][name]), 0.25)
        self.assertEqual(found["warns"], [])

    def test_warnings_of_the_reuse_are_kept_apart_from_deprecations(self):
        def draws(shape):
            warnings = __import__("warnings")
            warnings.warn("it is unseeded and being called multiple times")
            warnings.warn("seed is deprecated")
            return np.ones(shape)

        makes = {None: draws}
        initializer = unittest.mock.Mock(make_again=makes.get)
        trial = unittest.mock.Mock(values=lambda groups: groups)
        found = reuse.reuse(trial, initializer, 7)
        self.assertEqual(found["warns"], ["it is unseeded and being called multiple times"])
        self.assertIsNone(found["seeded"])
        self.assertIsNone(found["unseeded"]["copy"])


# A module of random operations, as TensorFlow has, and an initializer that runs one of them.
OPERATIONS = """
def stateless_random_get_key_counter(seed):
    return seed
def stateless_random_uniform_v2(shape, key, counter, alg):
    return shape
def random_uniform(shape, dtype, seed=0, seed2=0):
    return shape
"""
INITIALIZERS = """
def eager(shape):
    return run(shape, "float32", 5, 6)
def stateless(shape):
    key_counter([7, 0])
    return run_stateless(shape, 1, 2, 3)
def zeros(shape):
    return shape
"""


def module(name, source, **space):
    """Return the variables of a module with this file name."""
    exec(compile(source, os.path.join(os.sep, "site-packages", name), "exec"), space)
    return space


class Streams(unittest.TestCase):
    def setUp(self):
        made = module("gen_random_ops.py", OPERATIONS)
        self.initializers = module(
            "init_ops_v2.py",
            INITIALIZERS,
            run=made["random_uniform"],
            run_stateless=made["stateless_random_uniform_v2"],
            key_counter=made["stateless_random_get_key_counter"],
        )

    def stream(self, name, **given):
        """Return the streams that are seen while two initializers are called."""
        with watching({"kernel": (4, 2), "bias": (2,)}, **given) as seen:
            self.initializers["zeros"]((2,))
            self.initializers[name]((4, 2))
        return [stream.of_frames(seen[role].drawing, SILENT) for role in ("bias", "kernel")]

    def test_the_frame_of_an_operation_has_its_seeds(self):
        expected = dict(SILENT, operation="RandomUniform", seeds=[5, 6])
        self.assertEqual(self.stream("eager"), [None, expected])

    def test_a_stateless_operation_has_the_seed_of_its_key(self):
        expected = dict(SILENT, operation="StatelessRandomUniformV2", seeds=[7, 0])
        self.assertEqual(self.stream("stateless"), [None, expected])

    def test_in_a_graph_no_frames_of_operations_are_kept(self):
        self.assertEqual(self.stream("eager", operations=False), [None, None])

    def test_weights_that_numpy_drew_have_its_name(self):
        moved = {"python": False, "numpy": True}
        expected = dict(moved, operation="numpy.random", seeds=None)
        self.assertEqual(stream.of_frames([], moved), expected)

    def test_an_operation_of_a_graph_has_its_place_among_all_and_among_random_ones(self):
        graph = unittest.mock.Mock()
        types_ = ("Placeholder", "RandomUniform", "Const", "StatelessRandomGetKeyCounter")
        operations = [
            types.SimpleNamespace(name=str(number), type=each, graph=graph)
            for number, each in enumerate([*types_, "TruncatedNormal"])
        ]
        graph.get_operations.return_value = operations
        last = operations[-1]
        last.get_attr = {"seed": 8, "seed2": 4}.get
        found = stream.of_operation(last, None, SILENT)
        expected = {"operation": "TruncatedNormal", "seeds": [8, 4], "position": 4, "place": 1}
        self.assertEqual(found, dict(expected, **SILENT))


class Before(unittest.TestCase):
    def test_only_its_input_is_made_before_a_symbol_is_called(self):
        made = []
        trial = unittest.mock.Mock()
        trial.input.side_effect = made.append
        trial.variables.return_value = []
        dense = next(row for row in catalogue.LAYERS if row.name == "tf.layers.dense")
        layers.build(trial, dense, lambda *given: made.append(given), (180, 320))
        self.assertEqual(made, [[1, 180], (None, 320)])
        calls = [name for name, _, _ in trial.mock_calls]
        self.assertEqual(calls, ["input", "variables", "variables"])

    def test_a_path_among_the_arguments_is_called_and_a_name_is_passed(self):
        given = []
        pin = next(row for row in catalogue.SYMBOLS if row.style == "pin" and row.layer)
        self.assertEqual(layers.makers(pin), {})

        class Layer(object):
            kernel, bias = "kernel", "bias"

            def __init__(self, *_, **arguments):
                given.append(arguments)

            def __call__(self, _inputs):
                pass

        layers.build(unittest.mock.Mock(), pin, Layer, (180, 320))
        made = {"kernel_initializer": lambda: "what it made"}
        layers.build(unittest.mock.Mock(), pin, Layer, (180, 320), made)
        values = [arguments["kernel_initializer"] for arguments in given]
        self.assertEqual(values, ["uniform", "what it made"])


if __name__ == "__main__":
    unittest.main()
