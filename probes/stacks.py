"""Spare ``inspect`` the search for the module of each frame of a stack.

TensorFlow asks for the stack where it warns, and TensorFlow 1 hundreds of times while
``tf.contrib`` is imported. For a frame whose file it has not met, ``inspect`` looks at
every module there is, and asks the file system about each: up to three quarters of what
such an import takes. What it is told here is what it would find.
"""

import inspect
import os
import sys

_NO_MODULE = ("<string>", "<frozen importlib._bootstrap>", "<frozen importlib._bootstrap_external>")


def expect_imports():
    """Tell that the frames of an import have no module, which it would find out each time."""
    for source in _NO_MODULE:
        inspect.modulesbyfile[os.path.abspath(source)] = ""  # the name of no module


def expect_modules():
    """Tell which module each file is that was imported up to now.

    What stands for a module to be imported later is left alone: to look at it imports it.
    """
    seen = getattr(inspect, "_filesbymodname", {})
    for name, module in list(sys.modules.items()):
        source = vars(module).get("__file__") if type(module) is type(sys) else None
        if source:
            inspect.modulesbyfile[source] = name
            seen[name] = source
