"""Build a layer or variable as its users do, and return its weights by role."""

from probes.release.call import ReleaseCall, ReleaseError
from probes.release.lookup import Lookup

# Not evidence about the release: a layer with other weights needs other roles in its row.
_LACKING = "no attribute %s of %s; name the weights that it has in probes/catalogue.py"
_AMBIGUOUS = "%s makes %d variables, of which two may be the kernel; no row of this form fits it"
_REAL = "fiu"  # NumPy dtype kinds of floats and integers


def makers(symbol):
    """Return {keyword: function} for the arguments that are public paths; may raise Absent."""
    texts = {key: text for key, text in symbol.arguments.items() if isinstance(text, str)}
    return {key: Lookup().find(text)[0] for key, text in texts.items() if "." in text}


def build(trial, symbol, target, shape, made_by=()):
    """Build with a kernel of ``shape``, and return {role: variable}; may raise ReleaseError.

    ``made_by`` are the symbol's ``makers``.
    """
    with ReleaseCall():
        given = dict(symbol.arguments, **{key: make() for key, make in dict(made_by).items()})
    if symbol.form == "initializer":
        with ReleaseCall():
            initializer = target if _takes_shape(target) else target(**given)
            return {"weights": initializer(shape)}
    if symbol.form == "variable":
        name = "weights_of_rank_%d" % len(shape)
        with ReleaseCall():
            return {"kernel": target(name, shape, **given)}
    # a dense layer takes units, a convolution filters and the size of its kernel
    arguments = (shape[-1], shape[:-2]) if len(shape) > len(("inputs", "units")) else (shape[-1],)
    inputs = trial.input([1, *shape[:-1]])  # the smallest input: one position
    if symbol.form == "class":
        with ReleaseCall():
            layer = target(*arguments, **given)
            layer(inputs)
            made = {role: getattr(layer, role, None) for role, _ in symbol.keywords}
            lacking = [role for role in made if not hasattr(layer, role)]
        if lacking:
            raise AttributeError(_LACKING % (lacking[0], symbol.name))
        return made
    known = len(trial.variables())
    with ReleaseCall():
        target(inputs, *arguments, **given)
    made = trial.variables()[known:]
    found = {"kernel" if len(v.get_shape()) > 1 else "bias": v for v in made}
    if len(found) < len(made):
        raise TypeError(_AMBIGUOUS % (symbol.name, len(made)))
    return found


def role_shapes(symbol, shape):
    """Return {role: shape} of the weights of a layer whose kernel has ``shape``."""
    return {role: shape[-1:] if role == "bias" else shape for role, _ in symbol.keywords}


def check(weights, shapes):
    """Raise ReleaseError unless each role's array holds real numbers and has its shape."""
    for role, shape in shapes.items():
        array = weights.get(role)
        if array is None:
            raise ReleaseError("it has no %s" % role)
        if array.shape != tuple(shape):
            wrong = (role, array.shape, tuple(shape))
            raise ReleaseError("its %s has the shape %s, where %s was asked for" % wrong)
        if array.dtype.kind not in _REAL and array.dtype.name != "bfloat16":
            raise ReleaseError("its %s holds %s, no real numbers" % (role, array.dtype.name))


def _takes_shape(target):
    """Return whether an initializer is a function of the shape, as some are in 0.12."""
    code = getattr(target, "__code__", None)
    return code is not None and code.co_varnames[:1] == ("shape",)
