"""What a graph says of a variable's first value: the random operation and its constants.

The constants are exact: a uniform operation's own min and max, a truncated normal's
own standard deviation. Nothing is read from a name but which constant it is.
"""

from math import isfinite

_DRAWS = ("Random", "Truncated", "Stateless", "Parameterized", "Multinomial")


class FirstValue:
    """What a tensor, or a graph variable's initial value, is computed by.

    ``scalars`` are the constants by name, as tensors yet to be run.
    """

    def __init__(self, weights):
        ancestors = _ancestors(initial_value(weights).op)
        drawing = [op for op in ancestors if op.type.startswith(_DRAWS)]
        self._op = (drawing or ancestors)[0].type
        self._draws = bool(drawing)
        self.scalars = {
            op.name.rsplit("/", 1)[-1]: op.outputs[0]
            for op in ancestors
            if op.type == "Const" and _is_float_scalar(op.outputs[0])
        }

    def record(self, value, scalars):
        """Return {op, constants}, given the initial value and the scalars that a run gave.

        Where nothing is drawn and all of it is one number, that number is the constant
        ``value``. A constant that is no finite number is left out: what it leads to is measured.
        """
        if not self._draws and value.size and (value == value.flat[0]).all():
            scalars = {"value": value.flat[0]}
        finite = {key: exact(scalars[key]) for key in scalars if isfinite(scalars[key])}
        return {"op": self._op, "constants": finite}


def initial_value(weights):
    """Return the tensor that a variable is initialised with; another tensor is itself."""
    initializer = getattr(weights, "initializer", None)
    return weights if initializer is None else initializer.inputs[1]


def exact(value):
    """Return the shortest float that stands for a float32: 9 digits tell them all apart."""
    return float("%.9g" % value)


def _ancestors(op):
    """Return ``op`` and all that it is computed from, nearest first, each once."""
    found = [op]
    for one in found:
        found.extend(i.op for i in one.inputs if i.op not in found)
    return found


def _is_float_scalar(tensor):
    return tensor.dtype.is_floating and tensor.get_shape().ndims == 0
