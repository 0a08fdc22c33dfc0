"""Make a layer or variable as its symbol's users do, and find its weights by role."""

from probes.catalogue import KERNEL_SHAPES
from probes.lookup import Lookup
from probes.release_call import ReleaseCall


def build(trial, symbol, target, shape):
    """Return {role: variable} of a layer whose kernel has ``shape``.

    Raises ReleaseError with whatever TensorFlow raises.
    """
    if symbol.form == "initializer":
        with ReleaseCall():
            draw = target if _draws(target) else target(**symbol.arguments)
            return {"weights": draw(shape)}
    makers = {key: Lookup().find(path)[0] for key, path in symbol.arguments.items()}
    with ReleaseCall():
        pinned = {key: makers[key]() for key in makers}
    if symbol.form == "variable":
        name = "weights_of_rank_%d" % len(shape)
        with ReleaseCall():
            return {"kernel": target(name, shape, **pinned)}
    arguments = _arguments(shape)
    inputs = trial.world.zeros(_input_shape(shape))
    if symbol.form == "class":
        with ReleaseCall():
            layer = target(*arguments, **pinned)
            layer(inputs)
            return {"kernel": layer.kernel, "bias": layer.bias}
    made = trial.new_variables(lambda: _call(target, inputs, *arguments, **pinned))
    return {"kernel" if len(v.get_shape()) > 1 else "bias": v for v in made}


def kernel_shapes(symbol):
    """Return the kernel shapes at which a symbol is measured."""
    return KERNEL_SHAPES[symbol.shapes]


def role_shapes(symbol, shape):
    """Return {role: shape} of the weights of a layer whose kernel has ``shape``."""
    return {role: shape[-1:] if role == "bias" else shape for role, _ in symbol.keywords}


def _draws(target):
    """Tell whether it draws at once: in 0.12 some initializers are functions of the shape."""
    code = getattr(target, "__code__", None)
    return code is not None and code.co_varnames[:1] == ("shape",)


def _call(target, *arguments, **pinned):
    with ReleaseCall():
        return target(*arguments, **pinned)


def _arguments(shape):
    """Return what a layer with this kernel is made from: units, or filters and kernel size."""
    return (shape[-1], shape[:-2]) if len(shape) > len(("inputs", "units")) else (shape[-1],)


def _input_shape(shape):
    """Return the smallest input that a layer with this kernel takes: one position."""
    return [1, *shape[:-1]]
