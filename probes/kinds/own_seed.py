"""What decides the first draw of ``initializer(seed=…)``: its own seed, the global one, or both."""

import inspect

from probes.kinds import numbers

OWN_SEED = 7  # unlike both global seeds


def takes_seed(target):
    """Return whether an initializer has a keyword ``seed``."""
    function = target.__init__ if inspect.isclass(target) else target
    try:
        return "seed" in inspect.signature(function).parameters
    except (TypeError, ValueError):
        return False


def own_seed(subject, role, seed, other_seed):
    """Return {decides, draws} of a subject with a seed, after calls that set two global seeds."""
    first = subject.draw(seed, subject.shape)
    other = subject.weights(other_seed, subject.shape)
    if numbers.equal(first.weights, other)[role]:
        decides = "own"
    else:
        again = subject.weights(seed, subject.shape)
        decides = "both" if numbers.equal(first.weights, again)[role] else "neither"
    second = subject.draw(seed, subject.other_shape)
    repeats = decides != "neither" and numbers.has_numbers(first, second, role)
    return {"decides": decides, "draws": numbers.draws(first, second, role) if repeats else []}
