"""The symbols to observe: the public paths of layers, variables and initializers.

To add a symbol, add one row. ``style`` is what it makes (``layer``, ``variable`` or
``initializer``), or ``pin`` if its arguments select a law. ``form`` is how it is called:

===========  =================================================================
function     ``symbol(inputs, units_or_filters[, kernel_size])``, builds at once
class        ``symbol(units_or_filters[, kernel_size])(inputs)``
variable     ``symbol(name, shape)``
initializer  ``symbol(**arguments)(shape)``
===========  =================================================================

``arguments`` are passed as they are, but for a text with a dot: that is a public path, and what
calling it returns is passed. A text without a dot, such as ``'uniform'``, is a name that the
layer itself looks up.

``mode`` is how it runs: ``graph`` symbols are TensorFlow 1 API and are built in a graph;
``native`` ones run as the release does by default (a graph in 1.x, eagerly in 2.x).
"""

from collections import namedtuple

Symbol = namedtuple("Symbol", "name path style layer shapes form mode keywords arguments")

_KERAS = (("kernel", "kernel_initializer"), ("bias", "bias_initializer"))
_CONTRIB = (("kernel", "weights_initializer"), ("bias", "biases_initializer"))
_VARIABLE = (("kernel", "initializer"),)
_WEIGHTS = (("weights", None),)

# fmt: off
LAYERS = tuple(
    Symbol(name, name, style, layer, layer or style, form, mode, keywords, {})
    for name, layer, form, mode, keywords in (
        # public path                           layer     form        mode      keyword of each role
        ("tf.layers.conv2d",                    "Conv2D", "function", "graph",  _KERAS),
        ("tf.layers.dense",                     "Dense",  "function", "graph",  _KERAS),
        ("tf.layers.Conv2D",                    "Conv2D", "class",    "graph",  _KERAS),
        ("tf.layers.Dense",                     "Dense",  "class",    "graph",  _KERAS),
        ("tf.compat.v1.layers.conv2d",          "Conv2D", "function", "graph",  _KERAS),
        ("tf.compat.v1.layers.dense",           "Dense",  "function", "graph",  _KERAS),
        ("tf.compat.v1.layers.Conv2D",          "Conv2D", "class",    "graph",  _KERAS),
        ("tf.compat.v1.layers.Dense",           "Dense",  "class",    "graph",  _KERAS),
        ("tf.keras.layers.Conv2D",              "Conv2D", "class",    "native", _KERAS),
        ("tf.keras.layers.Dense",               "Dense",  "class",    "native", _KERAS),
        ("tf.compat.v1.keras.layers.Conv2D",    "Conv2D", "class",    "native", _KERAS),
        ("tf.compat.v1.keras.layers.Dense",     "Dense",  "class",    "native", _KERAS),
        ("tf.contrib.keras.layers.Conv2D",      "Conv2D", "class",    "graph",  _KERAS),
        ("tf.contrib.keras.layers.Dense",       "Dense",  "class",    "graph",  _KERAS),
        ("keras.layers.Conv2D",                 "Conv2D", "class",    "native", _KERAS),
        ("keras.layers.Dense",                  "Dense",  "class",    "native", _KERAS),
        ("tf_keras.layers.Conv2D",              "Conv2D", "class",    "native", _KERAS),
        ("tf_keras.layers.Dense",               "Dense",  "class",    "native", _KERAS),
        ("tf.contrib.layers.conv2d",            "Conv2D", "function", "graph",  _CONTRIB),
        ("tf.contrib.layers.fully_connected",   "Dense",  "function", "graph",  _CONTRIB),
        ("tf.contrib.slim.conv2d",              "Conv2D", "function", "graph",  _CONTRIB),
        ("tf.contrib.slim.fully_connected",     "Dense",  "function", "graph",  _CONTRIB),
        ("tf.get_variable",                     None,     "variable", "graph",  _VARIABLE),
        ("tf.compat.v1.get_variable",           None,     "variable", "graph",  _VARIABLE),
    )
    for style in ("layer" if layer else "variable",)
)

_SCALED = ("glorot_uniform", "glorot_normal", "he_uniform", "he_normal",
           "lecun_uniform", "lecun_normal")
_FIXED = ("variance_scaling", "truncated_normal", "random_normal", "random_uniform",
          "orthogonal", "zeros", "ones")
_V1 = ("uniform_unit_scaling",)
_SHORT = tuple(name + "_initializer" for name in ("glorot_uniform", "glorot_normal", *_FIXED, *_V1))
_CLASSES = tuple(name.title().replace("_", "") for name in _SCALED + _FIXED)  # GlorotUniform, …

# Named initializers: prefix of the public path, mode, names.
_HOMES = (
    ("tf.",                              "native", _SHORT),
    ("tf.initializers.",                 "native", _SCALED + _FIXED + _V1),
    ("tf.keras.initializers.",           "native", _SCALED + _CLASSES),
    ("tf.compat.v1.",                    "graph",  _SHORT),
    ("tf.compat.v1.initializers.",       "graph",  _SCALED + _FIXED + _V1),
    ("tf.compat.v1.keras.initializers.", "native", _SCALED + _CLASSES),
    ("tf.contrib.keras.initializers.",   "graph",  _SCALED + _CLASSES),
    ("tf.contrib.layers.",               "graph",  ("variance_scaling_initializer",)),
)
# fmt: on
_ORTHOGONAL = ("orthogonal", "orthogonal_initializer")
_TAKE_STDDEV = ("truncated_normal", "random_normal", "TruncatedNormal", "RandomNormal")

# Pins: arguments that reproduce a former default. Up to 1.9 normal laws were truncated at two
# standard deviations and not rescaled, which left 0.8796 of the standard deviation; tf.contrib
# scaled it by sqrt(1.3). "normal" is the name of the truncated law that every release accepts.
_CUT = 0.87962566103423978**2
_CONTRIB_CUT = 1.3 * _CUT
_PINS = (
    ("tf.keras.initializers.RandomNormal", {"stddev": 1.0}),
    ("tf.keras.initializers.TruncatedNormal", {"stddev": 1.0}),
    ("tf.keras.initializers.RandomUniform", {"minval": 0.0, "maxval": 1.0}),
    *(
        (
            "tf.keras.initializers.VarianceScaling",
            {"scale": round(scale, 9), "mode": mode, "distribution": "normal"},
        )
        for scale, mode in (
            (_CUT, "fan_avg"),  # glorot_normal up to 1.9
            (_CUT, "fan_in"),  # lecun_normal up to 1.9
            (2 * _CUT, "fan_in"),  # he_normal up to 1.9
            (_CONTRIB_CUT, "fan_avg"),  # tf.contrib.layers.xavier_initializer(uniform=False)
            (2 * _CONTRIB_CUT, "fan_in"),  # tf.contrib.layers.variance_scaling_initializer
        )
    ),
)
# Pins of a layer or variable: its keyword, and the initializer to pass. The first was the default
# of `get_variable` in 0.12; since 2.0 both names exist only in tf.compat.v1. The others are names
# as users pass them.
_NAMES = ("uniform", "normal", "glorot_uniform")
_PINNED = (
    ("tf.get_variable", "initializer", "tf.uniform_unit_scaling_initializer"),
    ("tf.compat.v1.get_variable", "initializer", "tf.compat.v1.uniform_unit_scaling_initializer"),
    *(("tf.keras.layers.Dense", "kernel_initializer", name) for name in _NAMES),
    *(("keras.layers.Dense", "kernel_initializer", name) for name in _NAMES),
)


def _initializer(path, mode, arguments, style="initializer"):
    given = ", ".join("%s=%r" % item for item in sorted(arguments.items()))
    name = "%s(%s)" % (path, given) if given else path
    shapes = "orthogonal" if path.lower().endswith(_ORTHOGONAL) else "variable"
    return Symbol(name, path, style, None, shapes, "initializer", mode, _WEIGHTS, arguments)


def _initializers():
    for home, mode, names in _HOMES:
        for name in names:
            yield _initializer(home + name, mode, {})
            if name.startswith(_TAKE_STDDEV):
                yield _initializer(home + name, mode, {"stddev": 0.1})
    for uniform in (True, False):
        yield _initializer("tf.contrib.layers.xavier_initializer", "graph", {"uniform": uniform})
    modes = {home: mode for home, mode, _ in _HOMES}
    for path, arguments in _PINS:
        yield _initializer(path, modes[path.rpartition(".")[0] + "."], arguments, "pin")


def _pinned():
    by_path = {symbol.path: symbol for symbol in LAYERS}
    for path, keyword, initializer in _PINNED:
        form = "%s(%s=%s())" if "." in initializer else "%s(%s=%r)"
        name = form % (path, keyword, initializer)
        yield by_path[path]._replace(name=name, style="pin", arguments={keyword: initializer})


# Two shapes of 57,600 weights per layer: together they show a standard deviation that is off by
# 2 %. Fan-in, fan-out and their sum all differ, which identifies the scaling rule. Variables have
# rank 1 too, the only rank at which unit scaling (fan-in 1) and LeCun scaling differ.
# Orthogonality is exact, so one small wide and one small tall matrix are enough.
KERNEL_SHAPES = {
    "Dense": ((180, 320), (480, 120)),
    "Conv2D": ((5, 5, 9, 256), (3, 3, 100, 64)),
    "variable": ((180, 320), (57600,)),
    "orthogonal": ((48, 96), (120, 40)),
}

SYMBOLS = (*LAYERS, *_initializers(), *_pinned())
NETWORK = "the tutorial network"  # observed last


def description(symbol):
    """Return the fields of a symbol's observation that come from the catalogue."""
    return {
        "name": symbol.name,
        "path": symbol.path,
        "style": symbol.style,
        "form": symbol.form,
        "arguments": symbol.arguments,
        "layer": symbol.layer,
        "roles": [role for role, _ in symbol.keywords],
    }
