"""Let ``tf.contrib`` import those of its packages that are asked for.

It has sixty, and to import it imports all: 800 modules, as many as TensorFlow itself has in
some releases, of which the symbols asked need a hundred.
"""

import importlib
import sys
from importlib.util import find_spec, module_from_spec
from types import ModuleType


class _OnDemand(ModuleType):
    """A package whose own code is not run; the packages in it are imported when they are used."""

    def __getattr__(self, name):
        inside = "%s.%s" % (self.__name__, name)
        try:
            return importlib.import_module(inside)
        except ImportError as error:
            if error.name != inside:
                raise
            raise AttributeError("module %r has no attribute %r" % (self.__name__, name)) from error


def on_demand(tf):
    """Let ``tf.contrib`` be such a package, where a release has one and has not imported it."""
    core = "tensorflow_core" if "tensorflow_core" in sys.modules else "tensorflow"
    name = core + ".contrib"
    if hasattr(tf, "contrib") and name not in sys.modules:
        contrib = module_from_spec(find_spec(name))
        contrib.__class__ = _OnDemand
        sys.modules[name] = contrib
