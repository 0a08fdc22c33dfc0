"""Which initializer a default resolves to: its class and config, and its graph operation.

The constants in a graph are exact: the min and max of a uniform operation, the standard deviation
of a truncated normal one. Their names serve only as labels.
"""

import inspect
from math import isfinite

from probes.kinds import stream
from probes.release.trials import initial_value
from probes.run.record import as_json


class Initializer:
    """The initializer that a frame runs: an object, a closure, or a function of the shape."""

    def __init__(self, frame):
        held = frame.f_locals.get("self")
        if held is not None:
            get_config = getattr(held, "get_config", None)
            self._maker, self._config = type(held), dict(get_config() if get_config else vars(held))
        else:
            self._maker, self._config = _closure(frame)
        # a plain function of the shape, such as zeros_initializer in 0.12
        self._plain = getattr(self._maker, "__code__", None) is frame.f_code
        self.record = {
            "class": self._maker.__name__,
            "module": self._maker.__module__,
            "config": as_json(self._config),
        }

    @property
    def key(self):
        """The key under which the result of calling an initializer twice is cached.

        Numbers in the config are left out, since they only scale the weights.
        """
        config = self.record["config"]
        words = {key: config[key] for key in config if not _is_number(config[key])}
        return self._maker, repr(words), config.get("seed") is None

    def make_again(self, seed):
        """Return a new initializer with the same config and ``seed``; None if it takes no seed."""
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


def _closure(frame):
    """Return the function that created the closure run by ``frame``, and its arguments.

    A frame does not refer to its function, so the variables of the callers are searched for it.
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


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


class Operation:
    """The operation that computes a tensor, or a graph variable's initial value.

    ``drawing`` is the random operation among its ancestors, or None. Two are to be evaluated:
    ``scalars``, {name: tensor} of its constants, and ``seed``, {"seed": tensor} if it is an input.
    """

    def __init__(self, weights):
        ancestors = _ancestors(initial_value(weights).op)
        self.drawing = next(filter(stream.draws, ancestors), None)
        self._type = (self.drawing or ancestors[0]).type
        seed = stream.seed_input(ancestors)
        self.seed = {} if seed is None else {"seed": seed}
        self.scalars = {
            op.name.rsplit("/", 1)[-1]: op.outputs[0]
            for op in ancestors
            if op.type == "Const" and _is_float_scalar(op.outputs[0])
        }

    def record(self, value, scalars):
        """Return {op, constants}, given the values of the tensor and of ``scalars``.

        If nothing is drawn and all weights are equal, the only constant is ``value``. Constants
        that are not finite are left out.
        """
        if self.drawing is None and value.size and (value == value.flat[0]).all():
            scalars = {"value": value.flat[0]}
        # nine significant digits distinguish all float32
        finite = {key: float("%.9g" % scalars[key]) for key in scalars if isfinite(scalars[key])}
        return {"op": self._type, "constants": finite}


def _ancestors(op):
    """Return ``op`` and the operations that it depends on, nearest first, each once."""
    found = [op]
    for one in found:
        found.extend(i.op for i in one.inputs if i.op not in found)
    return found


def _is_float_scalar(tensor):
    return tensor.dtype.is_floating and tensor.get_shape().ndims == 0
