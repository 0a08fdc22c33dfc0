"""What a graph says of a variable's first value: the random operation and its constants.

The constants are exact: a uniform operation's own min and max, a truncated normal's
own standard deviation. Nothing is read from a name but which constant it is.
"""

_DRAWS = ("Random", "Truncated", "Stateless", "Parameterized", "Multinomial")


def first_value(weights, session):
    """Return {op, constants} of a tensor, or of a graph variable's initial value.

    Where nothing is drawn and all of it is one number, that number is the constant
    ``value``.
    """
    initializer = getattr(weights, "initializer", None)
    top = initializer.inputs[1].op if initializer is not None else weights.op
    ancestors = _ancestors(top)
    drawing = [op for op in ancestors if op.type.startswith(_DRAWS)]
    scalars = {
        op.name.rsplit("/", 1)[-1]: op.outputs[0]
        for op in ancestors
        if op.type == "Const" and _is_float_scalar(op.outputs[0])
    }
    constants = session.run(scalars)
    if not drawing:
        value = session.run(top.outputs[0])
        if value.size and (value == value.flat[0]).all():
            constants = {"value": value.flat[0]}
    return {
        "op": (drawing[0] if drawing else top).type,
        "constants": {name: exact(value) for name, value in constants.items()},
    }


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
