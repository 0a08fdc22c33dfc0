"""What is asked: the public paths by which users make layers and variables.

Adding a symbol is adding one row. ``style`` says how the symbol is called:

========  ====================================================================
function  ``symbol(inputs, units_or_filters[, kernel_size])``, builds at once
class     ``symbol(units_or_filters[, kernel_size])(inputs)``
variable  ``symbol(name, shape)``
========  ====================================================================

``world`` says where it runs: ``graph`` symbols are TensorFlow 1 API and are built
in a graph; ``native`` ones run as the release runs by default (a graph in 1.x,
eagerly in 2.x).
"""

from collections import namedtuple

Symbol = namedtuple("Symbol", "name layer style world keywords")

_KERAS = (("kernel", "kernel_initializer"), ("bias", "bias_initializer"))
_CONTRIB = (("kernel", "weights_initializer"), ("bias", "biases_initializer"))
_VARIABLE = (("kernel", "initializer"),)

SYMBOLS = tuple(
    Symbol(*row)
    for row in (
        # name                                  layer     style       world     keyword of each role
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
)

# The weights drawn, two shapes for each kind: about 1e5 numbers each, so that a
# standard deviation off by 2 % shows, with fan-in, fan-out and their sum all
# different, so that the scaling rule is identified. A variable is also drawn with
# rank 1, the one rank at which unit scaling (fan-in 1) and LeCun scaling differ.
KERNEL_SHAPES = {
    "Dense": ((240, 480), (600, 200)),
    "Conv2D": ((5, 5, 16, 300), (3, 3, 128, 96)),
    None: ((240, 480), (120000,)),
}
