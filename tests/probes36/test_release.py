"""Test the difference between an absent symbol, a failed one and a bug of the probe."""

import errno
import importlib
import os
import sys
import tempfile
import unittest
import unittest.mock

from probes import catalogue
from probes.release import layers
from probes.release.call import ReleaseCall, ReleaseError
from probes.release.lookup import Absent, Lookup, NotInstalled

# A package that imports its modules lazily, as tf.contrib and Keras do.
LAZY = """
import importlib, sys, types
class Lazy(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return importlib.import_module(__name__ + "." + name)
        except ImportError as error:
            raise AttributeError(name) from error
sys.modules[__name__].__class__ = Lazy
"""
LOADER = """
import importlib, types, warnings
class Lazy(types.ModuleType):
    def __getattr__(self, name):
        return getattr(importlib.import_module("tensorflow.late"), name)
loaded = Lazy("loaded")
class LazyLoader(types.ModuleType):
    # warns when it is loaded, at the first use of a name
    def __dir__(self):
        return self.__getattr__("a") and []
    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        if "a" not in self.__dict__:
            warnings.warn("shows is deprecated")
            self.a = self.b = 1
        return self.__dict__[name]
shows = LazyLoader("shows")
import tensorflow.warns as warns
again = warns
"""
WARNS = """
import sys, types, warnings
class Warns(types.ModuleType):
    # warns of a name once
    new = 2
    def __getattr__(self, name):
        if name != "old":
            raise AttributeError(name)
        warnings.warn("old is deprecated")
        self.old = 1
        return 1
sys.modules[__name__] = Warns(__name__)
"""
FILES = {
    "tensorflow/__init__.py": LOADER,
    "tensorflow/warns.py": WARNS,
    "tensorflow/late.py": "import numpy; numpy.no_such_name",
    "tensorflow/lazy/__init__.py": LAZY,
    "tensorflow/lazy/good.py": "name = 1",
    "tensorflow/lazy/bad.py": "import nowhere_to_be_found",
    "tensorflow/lazy/old.py": "from numpy import no_such_name",
    "keras.py": "from numpy import no_such_name",
}


class Finding(unittest.TestCase):
    """A missing symbol is absent; one that exists but is broken is failed."""

    def setUp(self):
        home = tempfile.TemporaryDirectory()
        self.addCleanup(home.cleanup)
        for name, code in FILES.items():
            path = os.path.join(home.name, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(code)
        others = {n: m for n, m in sys.modules.items() if n.split(".")[0] != "tensorflow"}
        for patch in (
            unittest.mock.patch.object(sys, "path", [home.name, *sys.path]),
            unittest.mock.patch.dict(sys.modules, others, clear=True),
        ):
            patch.start()
            self.addCleanup(patch.stop)
        __import__("tensorflow.lazy")

    def test_a_missing_attribute_is_absent_in_the_releases_own_words(self):
        for path in ("tf.layers", "tf.layers.dense", "tf.lazy.good.other"):
            with self.assertRaisesRegex(Absent, "has no attribute") as caught:
                Lookup().find(path)
            self.assertEqual(caught.exception.state, "absent")
        with self.assertRaises(Absent):
            Lookup().find("tf.lazy.nothing_of_this_name")

    def test_a_missing_package_is_not_installed(self):
        with self.assertRaisesRegex(NotInstalled, "tf_keras is not installed") as caught:
            Lookup().find("tf_keras.layers.Dense")
        self.assertEqual(caught.exception.state, "not-installed")

    def test_what_is_there_and_can_not_be_imported_is_failed(self):
        for path in ("tf.lazy.bad.x", "tf.lazy.old.x", "tf.loaded.x", "keras.layers.Dense"):
            with self.assertRaises(ReleaseError, msg=path):
                Lookup().find(path)

    def test_what_is_imported_on_demand_is_found(self):
        self.assertEqual(Lookup().find("tf.lazy.good.name"), (1, []))

    def test_the_notice_of_a_module_is_that_of_every_symbol_below_it_and_of_no_other(self):
        lookup = Lookup()
        for name in ("a", "b"):
            self.assertEqual(lookup.find("tf.shows.%s" % name)[1], ["shows is deprecated"])
        self.assertEqual(lookup.find("tf.lazy.good.name")[1], [])

    def test_the_notice_of_a_name_is_that_of_every_path_to_it(self):
        for paths in (["tf.warns.old", "tf.again.old"], ["tf.again.old", "tf.warns.old"]):
            del sys.modules["tensorflow.warns"]
            importlib.reload(sys.modules["tensorflow"])
            lookup = Lookup()
            for path in paths:
                self.assertEqual(lookup.find(path), (1, ["old is deprecated"]))
            self.assertEqual(lookup.find("tf.warns.new"), (2, []))


def of_the_release(name, code):
    """Return a function whose file belongs to a release."""
    space = {"__name__": "tensorflow." + name}
    path = os.path.join(os.sep, "lib", "site-packages", "tensorflow", name + ".py")
    exec(compile(code, path, "exec"), space)
    return space[name]


class Answers(unittest.TestCase):
    """Whether an exception comes from the release or from the probe."""

    def setUp(self):
        # what this file does is done in the name of probes/
        globals()["__name__"], name = "probes.test_release", __name__
        self.addCleanup(globals().__setitem__, "__name__", name)

    def test_what_the_code_of_a_release_raises_is_its_answer(self):
        raises = of_the_release("raises", "def raises():\n    raise KeyError('kernel')")
        with self.assertRaisesRegex(ReleaseError, "^KeyError: 'kernel'$"), ReleaseCall():
            raises()

    def test_a_call_that_does_not_fit_is_refused_by_the_release(self):
        takes = of_the_release("takes", "def takes(shape):\n    return shape")
        with self.assertRaisesRegex(ReleaseError, "^TypeError: "), ReleaseCall():
            takes(shape=(1,), other=2)
        with self.assertRaisesRegex(ReleaseError, "^TypeError: "), ReleaseCall():
            {key: takes(key, key) for key in "ab"}

    def test_what_our_hook_raises_inside_a_release_is_our_mistake(self):
        calls = of_the_release("calls", "def calls(back):\n    return back()")

        def hook():
            return {}["missing"]

        with self.assertRaises(KeyError), ReleaseCall():
            calls(hook)

    def test_what_a_release_raises_inside_our_hook_is_its_answer(self):
        config = of_the_release("config", "def config():\n    raise NotImplementedError")

        def hook():
            return config()

        with self.assertRaises(ReleaseError), ReleaseCall():
            hook()

    def test_what_this_machine_lacks_is_no_answer(self):
        raises = of_the_release("raises", "def raises(error):\n    raise error")
        exhausted = type("ResourceExhaustedError", (Exception,), {})()  # TensorFlow's own
        full, files = OSError(errno.ENOSPC, "full"), OSError(errno.EMFILE, "files")
        for error in (MemoryError(), exhausted, full, files):
            with self.assertRaises(type(error)), ReleaseCall():
                raises(error)
        with self.assertRaises(ReleaseError), ReleaseCall():
            raises(OSError(errno.ENOENT, "no such file"))

    def test_what_this_machine_lacks_is_none_in_other_words_either(self):
        code = "def raises(error):\n try:\n  raise error\n except Exception as first:\n  {}"
        for again in ("raise RuntimeError('no room') from first", "raise RuntimeError('no room')"):
            raises = of_the_release("raises", code.format(again))
            for error in (MemoryError(), OSError(errno.ENOSPC, "full")):
                with self.assertRaises(RuntimeError), ReleaseCall():
                    raises(error)
            with self.assertRaises(ReleaseError), ReleaseCall():
                raises(ValueError())

    def test_an_exit_and_an_interruption_are_not_caught(self):
        with self.assertRaises(SystemExit), ReleaseCall():
            sys.exit(0)
        with self.assertRaises(KeyboardInterrupt), ReleaseCall():
            raise KeyboardInterrupt

    def test_no_other_kind_of_exception_ends_the_process(self):
        raises = of_the_release("raises", "def raises(error):\n    raise error")
        for error in (type("Other", (BaseException,), {})("words"), GeneratorExit("words")):
            name = type(error).__name__
            with self.assertRaisesRegex(ReleaseError, "^%s: words$" % name), ReleaseCall():
                raises(error)

    def test_where_the_stack_ends_in_our_hook_the_release_has_used_it_up(self):
        calls = of_the_release("calls", "def calls(back):\n    return back(back)")

        def hook(back):
            return calls(back)

        with self.assertRaisesRegex(ReleaseError, "^RecursionError: "), ReleaseCall():
            calls(hook)

    def test_an_exception_without_words_is_an_answer(self):
        def refuse(_):
            raise ValueError

        silent = type("Silent", (Exception,), {"__str__": refuse})()
        odd = type("Odd", (Exception,), {"__str__": lambda _: 5})()
        raises = of_the_release("raises", "def raises(error):\n    raise error")
        for error in (silent, odd):
            with self.assertRaisesRegex(ReleaseError, "its text can't be had"), ReleaseCall():
                raises(error)


class Layers(unittest.TestCase):
    def test_shapes_of_roles(self):
        conv = catalogue.LAYERS[0]
        self.assertEqual(
            layers.role_shapes(conv, (5, 5, 16, 300)), {"kernel": (5, 5, 16, 300), "bias": (300,)}
        )

    def test_a_layer_with_other_weights_than_its_row_names_is_our_mistake(self):
        class SeparableConv2D(object):
            def __init__(self, filters, size):
                self.depthwise_kernel, self.bias = filters, size

            def __call__(self, inputs):
                return inputs

        keras = next(row for row in catalogue.LAYERS if row.name == "tf.keras.layers.Conv2D")
        trial = unittest.mock.Mock()
        with self.assertRaisesRegex(AttributeError, "no attribute kernel of tf.keras.layers.Con"):
            layers.build(trial, keras, SeparableConv2D, (3, 3, 8, 16))

    def test_a_function_that_makes_two_kernels_is_our_mistake(self):
        variable = unittest.mock.Mock()
        variable.get_shape.return_value = (3, 3, 8, 16)
        trial = unittest.mock.Mock()
        trial.variables.side_effect = [[], [variable, variable]]
        with self.assertRaisesRegex(TypeError, "tf.layers.conv2d makes 2 variables"):
            layers.build(trial, catalogue.LAYERS[0], lambda *_: None, (3, 3, 8, 16))


if __name__ == "__main__":
    unittest.main()
