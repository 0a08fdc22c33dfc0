"""The pieces of probes/ that need no TensorFlow, on whatever Python and NumPy run them."""

import functools
import importlib
import inspect
import io
import logging
import os
import sys
import tempfile
import time
import traceback
import types
import unittest
import unittest.mock
import warnings

import numpy as np

from probes import __main__ as supervisor
from probes import asking, catalogue, child, contrib, layers, record, stacks
from probes.callpath import watching
from probes.declared import as_text, declared
from probes.lookup import Absent, Lookup
from probes.measured import measure
from probes.notices import listening
from probes.seeding import digest, equal


class Measured(unittest.TestCase):
    def test_two_values_half_and_half(self):
        found = measure(np.array([[-1.0, 1.0], [1.0, -1.0]], dtype="float32"))
        self.assertEqual(
            (found["mean"], found["std"], found["min"], found["max"], found["kurtosis"]),
            (0.0, 1.0, -1.0, 1.0, 1.0),
        )
        self.assertEqual((found["histogram"][0], found["histogram"][-1]), (2, 2))
        self.assertEqual((found["zeros"], found["equal_columns"]), (0.0, 0.0))

    def test_all_equal_has_one_bin_and_no_kurtosis(self):
        found = measure(np.zeros((3, 4), dtype="float32"))
        self.assertEqual(found["histogram"], [12])
        self.assertIsNone(found["kurtosis"])
        self.assertEqual((found["zeros"], found["equal_columns"]), (1.0, 0.75))

    def test_the_histogram_is_numpys(self):
        for seed in range(20):
            weights = np.random.RandomState(seed).normal(size=(60, 40)).astype("float32")
            low, high = float(weights.min()), float(weights.max())
            counts, _ = np.histogram(weights.astype(float), bins=32, range=(low, high))
            self.assertEqual(measure(weights)["histogram"], counts.tolist())

    def test_the_identity_is_orthogonal_and_a_vector_has_no_gram_matrix(self):
        self.assertEqual(measure(np.eye(5))["gram_error"], 0.0)
        self.assertEqual(measure(2 * np.eye(5))["gram_error"], 3.0)
        self.assertIsNone(measure(np.arange(5.0))["gram_error"])

    def test_rows_are_compared_where_they_are_fewer(self):
        self.assertEqual(measure(np.eye(5)[:2])["gram_error"], 0.0)


class Record(unittest.TestCase):
    def test_floats_have_six_significant_digits(self):
        self.assertEqual(record.rounded({"a": [0.123456789, 3]}), {"a": [0.123457, 3]})

    def test_json_is_sorted_and_keeps_lists_of_scalars_on_one_line(self):
        text = record.dump({"b": [1, 2.5, None], "a": [{"c": "é"}], "empty": {}})
        expected = (
            '{\n "a": [\n  {\n   "c": "é"\n  }\n ],\n "b": [1, 2.5, null],\n "empty": {}\n}\n'
        )
        self.assertEqual(text, expected)

    def test_what_json_can_not_hold_is_refused(self):
        with self.assertRaises(ValueError):
            record.dump({"a": float("nan")})

    def test_a_message_loses_addresses_and_places(self):
        text = "bad <f at 0x7f12ab> in '/opt/x y/lib/site-packages/tensorflow/a.py' and %s/b" % (
            sys.prefix
        )
        self.assertEqual(record.clean(text), "bad <f> in '/opt/x tensorflow/a.py' and …/b")

    def test_a_place_inside_another_is_lost_whole(self):
        home = os.environ.get("HOME")
        os.environ["HOME"] = os.path.dirname(sys.prefix)
        try:
            said = record.clean("in %s/lib/python3.6/site-packages/a b.py" % sys.prefix)
            self.assertEqual(record.clean(sys.prefix + "/b"), "…/b")
        finally:
            os.environ.pop("HOME")
            if home is not None:
                os.environ["HOME"] = home
        self.assertEqual(said, "in a b.py")

    def test_config_values_become_json(self):
        class Dtype(object):
            name = "float32"

        value = {"seed": None, "dtype": Dtype(), "scale": np.float32(1.5), "x": (1, object())}
        self.assertEqual(
            record.as_json(value),
            {"seed": None, "dtype": "float32", "scale": 1.5, "x": [1, "<object>"]},
        )


class Declared(unittest.TestCase):
    def test_defaults_as_text(self):
        for default, text in (
            (None, "None"),
            ("glorot_uniform", "'glorot_uniform'"),
            (dict, "<class 'dict'>"),
            (len, "<function len>"),
            (object(), "<object object>"),
        ):
            self.assertEqual(as_text(default), text)

    def test_a_class_declares_in_init_whatever_new_says(self):
        class Layer(object):
            def __new__(cls, *args, **kwargs):
                return object.__new__(cls)

            def __init__(self, units, bias_initializer="zeros"):
                self.units = units

        expected = {"keyword": "bias_initializer", "default": "'zeros'"}
        self.assertEqual(declared(Layer, "bias_initializer"), expected)

    def test_a_wrapped_function_is_looked_through(self):
        def inner(units, kernel_initializer=None):
            return units, kernel_initializer

        @functools.wraps(inner)
        def outer(*args, **kwargs):
            return inner(*args, **kwargs)

        expected = {"keyword": "kernel_initializer", "default": "None"}
        self.assertEqual(declared(outer, "kernel_initializer"), expected)
        self.assertIsNone(declared(outer, "units"))
        self.assertIsNone(declared(outer, "other"))


class Notices(unittest.TestCase):
    def test_the_logger_and_warnings_are_heard_once_each(self):
        with listening() as notices:
            for _ in range(2):
                logging.getLogger("tensorflow").warning("From /a/b.py:3: conv2d is deprecated")
            warnings.warn("this will be removed", UserWarning)
            warnings.warn("numpy is deprecated", DeprecationWarning)
            logging.getLogger("tensorflow").warning("something else")
        self.assertEqual(notices, ["conv2d is deprecated", "this will be removed"])


class Finding(unittest.TestCase):
    def test_a_missing_attribute_is_absent_in_its_own_words(self):
        with self.assertRaises(Absent) as caught:
            Lookup().find("tf_keras.layers.Dense")
        self.assertIn("tf_keras", str(caught.exception))

    def test_shapes_of_roles(self):
        conv = catalogue.LAYERS[0]
        self.assertEqual(
            layers.role_shapes(conv, (5, 5, 16, 300)), {"kernel": (5, 5, 16, 300), "bias": (300,)}
        )


class Contrib(unittest.TestCase):
    """What is in a package is imported when it is used, and its own code is not run."""

    FILES = (
        ("__init__.py", ""),
        ("contrib/__init__.py", "raise RuntimeError('imports sixty packages')"),
        ("contrib/layers/__init__.py", "from tensorflow.contrib import framework"),
        ("contrib/framework.py", "conv2d = 1"),
        ("contrib/broken.py", "import nowhere_to_be_found"),
    )

    def setUp(self):
        home = tempfile.TemporaryDirectory()
        self.addCleanup(home.cleanup)
        for name, code in self.FILES:
            path = os.path.join(home.name, "tensorflow", name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(code)
        others = {name: sys.modules[name] for name in sys.modules if "tensorflow" not in name}
        for patch in (
            unittest.mock.patch.object(sys, "path", [home.name]),
            unittest.mock.patch.dict(sys.modules, others, clear=True),
        ):
            patch.start()
            self.addCleanup(patch.stop)
        self.tf = importlib.import_module("tensorflow")

    def on_demand(self):
        self.tf.contrib = "not imported"
        contrib.on_demand(self.tf)
        return importlib.import_module("tensorflow.contrib")

    def test_a_package_is_imported_with_what_it_needs_and_no_more(self):
        found = self.on_demand()
        self.assertNotIn("tensorflow.contrib.layers", sys.modules)
        self.assertEqual(found.layers.framework.conv2d, 1)
        self.assertNotIn("tensorflow.contrib.broken", sys.modules)

    def test_what_is_not_there_is_a_missing_attribute(self):
        with self.assertRaisesRegex(AttributeError, "'tensorflow.contrib' has no .* 'keras'"):
            self.on_demand().keras  # noqa: B018 - to read it is the test

    def test_what_can_not_be_imported_says_why(self):
        with self.assertRaisesRegex(ImportError, "nowhere_to_be_found"):
            self.on_demand().broken  # noqa: B018 - to read it is the test

    def test_a_release_without_contrib_is_left_alone(self):
        contrib.on_demand(self.tf)
        self.assertNotIn("tensorflow.contrib", sys.modules)


class Path(unittest.TestCase):
    def test_the_first_call_for_a_shape_is_seen_with_its_maker(self):
        folder = tempfile.mkdtemp()
        name = os.path.join(folder, "init_ops.py")
        source = (
            "def uniform_initializer(scale=2.0, seed=None):\n"
            "    def _initializer(shape, dtype=None):\n"
            "        return shape, scale, seed\n"
            "    return _initializer\n"
        )
        space = {"__name__": "fake.init_ops"}
        exec(compile(source, name, "exec"), space)
        initializer = space["uniform_initializer"](scale=3.0)
        with watching({"kernel": (4, 2), "bias": (2,)}) as seen:
            initializer((9, 9))
            initializer([4, 2])
        self.assertEqual(set(seen), {"kernel"})
        resolved = seen["kernel"].resolved
        self.assertEqual(resolved["class"], "uniform_initializer")
        self.assertEqual(resolved["config"], {"scale": 3.0, "seed": None})
        self.assertEqual(seen["kernel"].path[-1]["function"], "_initializer")
        self.assertEqual(seen["kernel"].path[-1]["line"], 2)
        self.assertEqual(seen["kernel"].again(7)((1, 1)), ((1, 1), 3.0, 7))


class Seeding(unittest.TestCase):
    def test_equal_is_bit_for_bit_and_by_role(self):
        first = {"kernel": np.ones(3), "bias": np.zeros(2)}
        second = {"kernel": np.ones(3), "bias": -np.zeros(2)}
        self.assertEqual(equal(first, second), {"kernel": True, "bias": False})
        self.assertEqual(len(digest(np.ones(3))), 64)


class Portions(unittest.TestCase):
    class World:
        def __init__(self, native):
            self.native = native

        def mode(self, symbol):
            return self.native if symbol.world == "native" else symbol.world

    def portions(self, *skipped, native="graph"):
        return asking._portions(self.World(native), skipped)

    def test_everything_is_asked_once(self):
        names = [symbol.name for symbol in catalogue.SYMBOLS] + [catalogue.TUTORIAL]
        asked = [name for portion in self.portions() for name in portion]
        self.assertEqual(sorted(asked), sorted(names))

    def test_what_is_left_out_is_not_asked(self):
        left = self.portions("tf.layers.dense", catalogue.TUTORIAL)
        asked = [name for portion in left for name in portion]
        self.assertEqual(len(asked), len(catalogue.SYMBOLS) - 1)
        self.assertNotIn("tf.layers.dense", asked)

    def test_what_shares_an_import_or_an_object_is_asked_by_one_process(self):
        by_name = {name: portion for portion in self.portions() for name in portion}
        for first, second in (
            ("tf.contrib.layers.conv2d", "tf.contrib.layers.xavier_initializer(uniform=True)"),
            ("tf.layers.Dense", "tf.compat.v1.layers.Dense"),
            ("tf.initializers.he_normal", "tf.compat.v1.keras.initializers.HeNormal"),
        ):
            self.assertIs(by_name[first], by_name[second])

    def test_what_takes_long_is_asked_first_by_the_second_process_and_if_it_can_by_both(self):
        layers = {symbol.name for symbol in catalogue.SYMBOLS if symbol.layer}
        for native in ("graph", "eager"):
            portions = self.portions(native=native)
            self.assertLessEqual(set(portions[-1]), layers)
        imports = ("contrib", "tf_keras", catalogue.TUTORIAL)
        first = next(p for p in portions if not any(word in p[0] for word in imports))
        self.assertLessEqual(set(first), layers)


class MeetKeras(unittest.TestCase):
    """Keras is imported as a part of asking the first symbol that needs it."""

    class Lookup:
        def __init__(self, out):
            self.out = out

        def find(self, path):
            self.out.write(path + "\n")
            raise Absent(path)

    def met(self, *portions):
        out = io.StringIO()
        asking._meet_keras(self.Lookup(out), out, portions)
        return out.getvalue().splitlines()

    def test_a_symbol_is_begun_before_its_home_is_imported(self):
        told = self.met(["tf.layers.dense"], ["tf.keras.layers.Dense"])
        self.assertEqual(told, ['{"begin": "tf.keras.layers.Dense"}', "tf.keras.layers"])

    def test_what_nobody_asks_is_not_imported(self):
        self.assertEqual(self.met(["tf.layers.dense"], ["tf.contrib.keras.layers.Dense"]), [])


class Supervisor(unittest.TestCase):
    def run_child(self, body, deadline=30.0):
        """Run ``body`` in place of the asking process; return what the supervisor saw."""
        start, child._START = (
            child._START,
            "import json, os, sys\nout = open(int(sys.argv[2]), 'w')\n",
        )
        child._START += "def tell(x):\n    out.write(json.dumps(x) + '\\n'); out.flush()\n" + body
        try:
            return child.run_child([], deadline)
        finally:
            child._START = start

    def test_an_abort_is_named_and_belongs_to_the_symbol_begun(self):
        found = self.run_child("tell({'begin': 'tf.a'}); os.abort()")
        self.assertEqual(found.current, "tf.a")
        self.assertTrue(found.failure.startswith("killed by SIGABRT"))

    def test_a_hang_ends_at_the_deadline_with_the_children(self):
        body = "import subprocess, time\np = subprocess.Popen(['sleep', '300'])\n"
        body += "tell({'begin': str(p.pid)}); time.sleep(300)"
        found = self.run_child(body, deadline=1.0)
        self.assertTrue(found.failure.startswith("deadline"))
        self.assertFalse(_runs(int(found.current)))

    def test_the_last_lines_are_kept_and_the_home_is_not(self):
        body = "print('A' * 10); sys.stderr.write(os.environ['HOME'] + ' broke'); sys.exit(3)"
        found = self.run_child(body)
        self.assertIn("exit code 3", found.failure)
        self.assertIn("… broke", found.failure)

    def test_of_two_processes_the_one_that_did_not_end_speaks(self):
        body = "tell({'end': True}); sys.stderr.write('all is well')\n"
        body += "second = open(int(sys.argv[3]), 'w'); second.write('{\"begin\": \"tf.b\"}\\n')\n"
        body += "os.write(int(sys.argv[4]), b'last words'); second.flush(); os.abort()"
        found = self.run_child(body)
        self.assertEqual(found.current, "tf.b")
        self.assertEqual(found.failure, "killed by SIGABRT\nlast words")

    def test_the_environment_is_an_allow_list(self):
        os.environ["KERAS_BACKEND"] = "jax"
        try:
            found = self.run_child("tell({'symbol': dict(os.environ, name='env')}); sys.exit(1)")
        finally:
            del os.environ["KERAS_BACKEND"]
        self.assertNotIn("KERAS_BACKEND", found.answers[0])
        self.assertEqual(found.answers[0]["CUDA_VISIBLE_DEVICES"], "-1")

    def test_a_torn_line_is_dropped(self):
        found = self.run_child("tell({'symbol': {'name': 'a'}}); out.write('{\"sym'); out.flush()")
        self.assertEqual([answer["name"] for answer in found.answers], ["a"])

    def test_a_file_is_written_whole_or_not_at_all(self):
        folder = tempfile.mkdtemp()
        path = os.path.join(folder, "x", "a.json")
        supervisor._write(path, "old\n")
        with self.assertRaises(UnicodeEncodeError):
            supervisor._write(path, "new \ud800")
        with open(path) as kept:
            self.assertEqual(kept.read(), "old\n")
        self.assertEqual(os.listdir(os.path.dirname(path)), ["a.json"])


class Stacks(unittest.TestCase):
    """A stack costs neither a look at every module nor the source of its lines."""

    class Lazy(types.ModuleType):
        looked = 0

        @property
        def __file__(self):
            type(self).looked += 1
            raise AttributeError("imported by a look")

    def setUp(self):
        self.Lazy.looked = 0
        defaults = traceback.StackSummary.extract.__kwdefaults__
        for patch in (
            unittest.mock.patch.dict(sys.modules, {"lazy": self.Lazy("lazy")}),
            unittest.mock.patch.object(inspect, "modulesbyfile", {}),
            unittest.mock.patch.dict(defaults),
        ):
            patch.start()
            self.addCleanup(patch.stop)

    def test_no_module_is_looked_at_for_a_frame(self):
        inspect.getmodule(sys._getframe())
        self.assertGreater(self.Lazy.looked, 0)
        stacks.spare()
        self.Lazy.looked = 0
        self.assertIsNone(inspect.getmodule(sys._getframe()))
        self.assertEqual(self.Lazy.looked, 0)

    def test_a_function_still_has_its_module(self):
        stacks.spare()
        self.assertIs(inspect.getmodule(type(self).setUp), sys.modules[__name__])

    def test_lines_are_read_when_they_are_wanted(self):
        stacks.spare()
        with unittest.mock.patch("linecache.getline", return_value="a line") as read:
            last = traceback.extract_stack()[-1]
            self.assertEqual(read.call_count, 0)
            self.assertEqual(last.line, "a line")
        self.assertEqual(inspect.stack()[0].function, "test_lines_are_read_when_they_are_wanted")
        self.assertIn("inspect.stack()", inspect.stack()[0].code_context[0])


def _runs(pid):
    """Tell whether a process still runs a while after it was killed."""
    for _ in range(100):
        try:
            with open("/proc/%d/stat" % pid) as stat:
                if stat.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return False
        except (FileNotFoundError, ProcessLookupError):
            return False
        time.sleep(0.05)
    return True


if __name__ == "__main__":
    unittest.main()
