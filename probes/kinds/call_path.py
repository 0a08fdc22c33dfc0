"""Who decides: the stack at the moment an initializer is called.

A trace hook sees every Python call while one layer is built, and keeps the stack
of the first call into an initializer module that asks for a role's shape. Nothing
in TensorFlow is patched.
"""

import inspect
import os
import re
import sys
from contextlib import contextmanager

from probes.run.record import as_json

# Modules that hold initializers, in every release and in Keras: init_ops.py,
# init_ops_v2.py, initializers.py, initializers_v1.py, random_initializers.py, …
_INITIALIZERS = re.compile(r"^(init_ops|(\w+_)?initializers)(_v[12])?\.py$")
# Frames that only pass a call on: they belong to the walk, but decide nothing.
_WRAPPERS = {
    "traceback_utils.py",
    "deprecation.py",
    "dispatch.py",
    "arg_scope.py",
    "tf_contextlib.py",
    "contextlib.py",
    "tracking.py",
    "tf_decorator.py",
}


# What chooses a variable's initializer and returns before it is called: it is not on
# the stack any more, but it is the step of the walk that decides.
_CHOOSER, _CHOOSES = "_get_default_initializer", "variable_scope.py"


class Sighting:
    """One initializer call: its stack, and what the initializer is.

    ``chosen`` holds, by the frame that asked, the place where the initializer was chosen.
    """

    def __init__(self, frame, chosen):
        self.path = _stack(frame, chosen)
        self._held = frame.f_locals.get("self")
        if self._held is not None:
            self._maker, self._config = type(self._held), _config(self._held)
        else:
            self._maker, self._config = _closure(frame)
        # a function of the shape itself, as zeros_initializer in 0.12
        self._plain = getattr(self._maker, "__code__", None) is frame.f_code
        self.resolved = {
            "class": self._maker.__name__,
            "module": self._maker.__module__,
            "config": as_json(self._config),
        }

    @property
    def key(self):
        """Return what two sightings share that behave alike when they are called twice.

        Numbers only scale what is drawn; whether there is a seed decides.
        """
        config = self.resolved["config"]
        words = {key: config[key] for key in config if not _is_number(config[key])}
        return self._maker, repr(words), config.get("seed") is None

    def again(self, seed):
        """Return a new initializer like the one sighted; None where it takes no seed."""
        config = dict(self._config)
        if seed is not None:
            if "seed" not in config:
                return None
            config["seed"] = seed
        if hasattr(self._maker, "from_config"):
            return self._maker.from_config(config)
        if self._plain:
            return self._maker
        known = inspect.signature(self._maker).parameters
        return self._maker(**{name: config[name] for name in config if name in known})


@contextmanager
def watching(shapes):
    """Yield {role: Sighting}, filled while layers of ``shapes`` ({role: shape}) are built."""
    wanted = {tuple(shape): role for role, shape in shapes.items()}
    seen = {}
    chosen = {}
    files = _Files()

    def called(frame, _event, _argument):
        file = files[frame.f_code.co_filename]
        if not file:
            return
        if file == _CHOOSES:
            if frame.f_code.co_name == _CHOOSER:
                chosen[frame.f_back] = _place(frame)
        elif _takes_shape(frame.f_code):
            role = wanted.get(_shape(frame.f_locals["shape"]))
            if role is not None and role not in seen:
                seen[role] = Sighting(frame, chosen)
                if len(seen) == len(wanted):
                    sys.settrace(None)  # all is seen: the rest of the building is not slowed

    sys.settrace(called)  # returning None, it hears of calls alone
    try:
        yield seen
    finally:
        sys.settrace(None)
        chosen.clear()  # it keeps frames, and all that they hold, alive


def _takes_shape(code):
    return "shape" in code.co_varnames[: code.co_argcount]


class _Files(dict):
    """The names of files that are worth a look, by path: one look-up is all most calls cost."""

    def __missing__(self, path):
        name = os.path.basename(path)
        self[path] = name if name == _CHOOSES or _INITIALIZERS.match(name) else None
        return self[path]


def _shape(value):
    as_list = getattr(value, "as_list", None)
    try:
        return tuple(int(size) for size in (as_list() if as_list else value))
    except (TypeError, ValueError):
        return None


def _stack(frame, chosen):
    """Return the places from the user's call down to ``frame``, outermost first."""
    path = []
    while frame is not None and frame.f_globals.get("__name__", "").split(".")[0] != "probes":
        if frame in chosen:
            path.append(chosen[frame])
        path.append(_place(frame))
        frame = frame.f_back
    return path[::-1]


def _place(frame):
    filename = frame.f_code.co_filename
    _, found, inside = filename.rpartition("site-packages" + os.sep)
    short = inside if found else os.path.basename(filename)
    return {
        "file": short.replace(os.sep, "/"),
        "line": frame.f_lineno,
        "function": frame.f_code.co_name,
        "wrapper": os.path.basename(filename) in _WRAPPERS,
    }


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _config(held):
    get_config = getattr(held, "get_config", None)
    return dict(get_config() if get_config else vars(held))


def _closure(frame):
    """Return the function that made the closure which ``frame`` runs, and its arguments.

    A frame does not know its function; a caller holds it in a variable.
    """
    code = frame.f_code
    config = {name: frame.f_locals.get(name) for name in code.co_freevars}
    caller = frame.f_back
    for _ in range(3):
        for value in list(caller.f_locals.values()):
            if inspect.isfunction(value) and value.__code__ is code:
                maker = value.__qualname__.split(".")[0]
                return frame.f_globals.get(maker, value), config
        caller = caller.f_back
    return frame.f_globals[code.co_name], config
