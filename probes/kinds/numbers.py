"""The numbers that a seed call leads to: their hash, and sixteen of them."""

import hashlib
from collections import namedtuple

import numpy as np

# The draws after a seed call: the first ones at both shapes, and {role: whether they repeat}.
Asked = namedtuple("Asked", "call first second repeats")


def ask(subject, call):
    """Draw a subject's weights after a seed call: at the first shape, again, and at the second."""
    first = subject.draw(call.function, subject.shape)
    again = subject.weights(call.function, subject.shape)
    second = subject.draw(call.function, subject.other_shape)
    return Asked(call, first, second, equal(first.weights, again))


def of_role(asked, role):
    """Return the numbers of one role, for each seed call that repeats them."""
    return [
        {
            "call": each.call.name,
            "seeds": each.call.seeds,
            "draws": draws(each.first, each.second, role),
        }
        for each in asked
        if each.repeats[role] and has_numbers(each.first, each.second, role)
    ]


def draws(first, second, role):
    """Return the records of a role's draws at both shapes."""
    return [_draw(one.weights[role], one.streams[role]) for one in (first, second)]


def has_numbers(first, second, role):
    """Return whether a role's weights are finite, and not all equal."""
    arrays = [one.weights[role].astype(np.float64) for one in (first, second)]
    return all(np.isfinite(one).all() for one in arrays) and any(map(spread, arrays))


def spread(array):
    """Return whether not all values of an array are equal."""
    return not (array == array.flat[0]).all()


def _draw(array, stream):
    last = array.size - 1
    places = [0, 1, 2, 3] + [(k + 1) * last // 12 for k in range(12)]
    return {
        "shape": list(array.shape),
        "digest": digest(array),
        # nine significant digits distinguish all float32
        "values": [float("%.9g" % array.flat[place]) for place in places],
        "stream": stream,
    }


def digest(array):
    """Return the SHA-256 of an array's exact bytes (C order, its own dtype)."""
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def equal(first, second):
    """Return {role: whether two draws are equal bit for bit}, for draws {role: array}."""
    return {role: first[role].tobytes() == second[role].tobytes() for role in first}
