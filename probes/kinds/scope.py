"""Whether a layer yields to the initializer of the variable scope that it is built in."""

_VALUE = 0.25  # which no default draws


def scope(release):
    """Return a variable scope whose default initializer is a constant."""
    initializer = release.v1.constant_initializer(_VALUE)
    return release.v1.variable_scope("scope", initializer=initializer)


def yields(weights):
    """Tell by role whether weights {role: array} that were built in the scope are its constant."""
    return {role: bool((array == _VALUE).all()) for role, array in weights.items()}
