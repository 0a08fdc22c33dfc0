"""The call path: the stack at the moment when an initializer is called.

A trace function sees every Python call while a layer is built, and keeps the stack of the first
call into an initializer module for each role's shape. Eagerly it also sees the random operations
that the initializer runs (`probes.kinds.stream`). Nothing in TensorFlow is patched.
"""

import os
import re
import sys
from collections import namedtuple
from contextlib import contextmanager
from functools import lru_cache

from probes.kinds import stream
from probes.kinds.resolved import Initializer
from probes.release.call import package

# Modules that define initializers in TensorFlow and Keras: init_ops.py, init_ops_v2.py,
# initializers.py, initializers_v1.py, random_initializers.py, …
_INITIALIZERS = re.compile(r"^(init_ops|(\w+_)?initializers)(_v[12])?\.py$")
# Files of wrappers, which forward a call and choose nothing.
_WRAPPERS = {
    "traceback_utils.py", "deprecation.py", "dispatch.py", "arg_scope.py", "tf_contextlib.py",
    "contextlib.py", "tracking.py", "tf_decorator.py",
}  # fmt: skip
# The function that chooses a variable's default initializer. It has returned before the
# initializer is called, so that it is not on the stack.
_CHOOSER, _CHOOSES = "_get_default_initializer", "variable_scope.py"

# The stack of one initializer call, outermost first, the initializer, and the frames of random
# operations below it: (function, arguments).
Call = namedtuple("Call", "path initializer drawing")


@contextmanager
def watching(shapes, operations=True):
    """Yield a dict {role: Call} that is filled while a layer with {role: shape} is built.

    Without ``operations``, only the initializers are seen.
    """
    wanted = {tuple(shape): role for role, shape in shapes.items()}
    seen = {}
    chosen = {}  # {calling frame: place of the function that chose}
    initializing = {}  # {frame of an initializer: role}

    def called(frame, _event, _argument):
        kind = _kind(frame.f_code.co_filename)
        if kind is None:
            return
        if kind == "chooser":
            if frame.f_code.co_name == _CHOOSER:
                chosen[frame.f_back] = _place(frame)
        elif kind == "operation":
            role = _role_above(frame, initializing) if operations else None
            if role is not None:
                seen[role].drawing.append((frame.f_code.co_name, dict(frame.f_locals)))
        elif _takes_shape(frame.f_code):
            role = wanted.get(_shape(frame.f_locals["shape"]))
            if role is not None and role not in seen:
                seen[role] = Call(_stack(frame, chosen), Initializer(frame), [])
                initializing[frame] = role
                if len(seen) == len(wanted) and not operations:
                    sys.settrace(None)  # build the rest at full speed

    sys.settrace(called)  # `called` returns None, so it receives only calls
    try:
        yield seen
    finally:
        sys.settrace(None)
        chosen.clear()  # it keeps frames and their local variables alive
        initializing.clear()


@lru_cache(maxsize=None)
def _kind(path):
    """Return what a module has: the chooser, random operations, initializers; or None."""
    name = os.path.basename(path)
    if name == _CHOOSES:
        return "chooser"
    if stream.MODULES.match(name):
        return "operation"
    return "initializers" if _INITIALIZERS.match(name) else None


def _role_above(frame, initializing):
    """Return the role of the nearest initializer that is above a frame, or None."""
    while frame is not None and frame not in initializing:
        frame = frame.f_back
    return initializing.get(frame)


def _takes_shape(code):
    return "shape" in code.co_varnames[: code.co_argcount]


def _shape(value):
    as_list = getattr(value, "as_list", None)
    try:
        return tuple(int(size) for size in (as_list() if as_list else value))
    except (TypeError, ValueError):
        return None


def _stack(frame, chosen):
    """Return the places from the user's call down to ``frame``, outermost first."""
    path = []
    while frame is not None and package(frame) != "probes":
        if frame in chosen:
            path.append(chosen[frame])
        path.append(_place(frame))
        frame = frame.f_back
    return path[::-1]


def _place(frame):
    """Return file, line, function, and whether it is a wrapper's."""
    filename = frame.f_code.co_filename
    _, found, inside = filename.rpartition("site-packages" + os.sep)
    short = (inside if found else os.path.basename(filename)).replace(os.sep, "/")
    is_wrapper = os.path.basename(filename) in _WRAPPERS
    return [short, frame.f_lineno, frame.f_code.co_name, is_wrapper]
