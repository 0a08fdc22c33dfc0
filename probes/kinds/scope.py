"""Whether a layer uses the initializer of the variable scope in which it is built."""

_VALUE = 0.25  # no default initializer yields it


def scope(release):
    """Return a variable scope whose default initializer is a constant."""
    initializer = release.v1.constant_initializer(_VALUE)
    return release.v1.variable_scope("scope", initializer=initializer)


def yields(weights):
    """Return {role: whether all weights are the scope's constant} for {role: array}."""
    return {role: bool((array == _VALUE).all()) for role, array in weights.items()}
