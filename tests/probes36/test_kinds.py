"""Test the kinds of evidence that need no TensorFlow, on any Python and NumPy."""

import functools
import logging
import os
import tempfile
import unittest
import warnings

from probes.kinds.call_path import watching
from probes.kinds.declared import as_text, declared
from probes.kinds.notices import listening


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

    def test_the_signature_of_a_class_is_that_of_init(self):
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


CALLS = "def %s(following, *others):\n    return following(*others)\n"
INITIALIZER = "def %s(shape=(4, 2)):\n    return shape\n"


def function(name, module, source=CALLS):
    """Return a function with this name and module."""
    space = {"__name__": module}
    exec(compile(source % name, module.split(".")[-1] + ".py", "exec"), space)
    return space[name]


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
        resolved = seen["kernel"].initializer.record
        self.assertEqual(resolved["class"], "uniform_initializer")
        self.assertEqual(resolved["config"], {"scale": 3.0, "seed": None})
        self.assertEqual(seen["kernel"].path[-1], ["init_ops.py", 2, "_initializer", False])
        self.assertEqual(seen["kernel"].initializer.make_again(7)((1, 1)), ((1, 1), 3.0, 7))

    def test_a_path_begins_after_the_last_frame_of_the_probes(self):
        asked, called = function("asked", "tensorflow.layers"), function("called", "keras")
        initializer = function("initializer", "init_ops", INITIALIZER)
        for module in ("probes", "probes.observe", "probes.release.layers"):
            with watching({"kernel": (4, 2)}) as seen:
                function("build", module)(asked, called, initializer)
            functions = [function for _, _, function, _ in seen["kernel"].path]
            self.assertEqual(functions, ["asked", "called", "initializer"])


if __name__ == "__main__":
    unittest.main()
