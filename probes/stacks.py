"""Spare Python the look at what each frame of a stack is.

TensorFlow asks for the stack where it warns, and TensorFlow 1 hundreds of times while it
and ``tf.contrib`` are imported; it wants file, line and function. For a frame whose file it
has not met, ``inspect`` looks at every module there is, and asks the file system about
each; ``traceback`` reads the source of every line. Both took up to a third of an import.
"""

import inspect
import traceback


class _NoModules(dict):
    """Modules by file: whatever file is looked up is known, to belong to none."""

    def __contains__(self, file):
        return True

    def __missing__(self, file):
        return None


def spare():
    """Let a frame's module be unknown, from which only its lines would be read otherwise.

    The lines of a stack are read when they are wanted.
    """
    inspect.modulesbyfile = _NoModules()
    traceback.StackSummary.extract.__kwdefaults__["lookup_lines"] = False
