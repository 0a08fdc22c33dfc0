"""What decided the numbers of a draw: the random operation, its seeds and its place.

In a graph, the operation is among those that compute the weights. Eagerly, a trace function sees
the frame that runs it (`call_path.watching`), whose arguments are its seeds.
"""

import re

# Modules with one function for each random operation: gen_random_ops.py,
# gen_stateless_random_ops_v2.py, gen_stateful_random_ops.py, …
MODULES = re.compile(r"^gen_\w*random_ops\w*\.py$")
_SEEDS = ("seed", "seed2")
# Types of operations that draw, but not those that prepare the seed of a stateless one.
_DRAWING = re.compile(
    r"^(Stateless|Stateful)?(Random(?!Get)|Truncated|Parameterized|Multinomial|Uniform|Standard)"
)


def draws(operation):
    """Return whether an operation of a graph draws random numbers."""
    return bool(_DRAWING.match(operation.type))


def seed_input(operations):
    """Return the tensor that is the seed of the first stateless operation, or None."""
    for operation in operations:
        if operation.type.startswith("Stateless"):
            for argument, tensor in zip(operation.op_def.input_arg, operation.inputs):
                if argument.name == "seed":
                    return tensor
    return None


def of_operation(operation, seed, moved):
    """Return the stream of a graph's random operation, with its place among the others.

    ``seed`` is the value of its ``seed_input``, or None; other operations have their seeds as
    attributes. ``moved`` says which of Python's and NumPy's generators has drawn in the trial.
    """
    if seed is not None:
        seeds = seed.tolist()
    elif operation.type.startswith("State"):
        seeds = None
    else:
        seeds = [int(operation.get_attr(name)) for name in _SEEDS]
    operations = operation.graph.get_operations()
    position = [one.name for one in operations].index(operation.name)
    place = sum(map(draws, operations[:position]))
    return dict(moved, operation=operation.type, seeds=seeds, position=position, place=place)


def of_frames(frames, moved):
    """Return the stream of the first operation run by ``frames``; None if nothing is known.

    ``frames`` are (function, arguments) in the order of their calls. A function without a shape
    prepares the seed of a stateless operation.
    """
    drawing = [function for function, given in frames if "shape" in given]
    seeds = [_seeds(given) for _, given in frames if "seed" in given]
    if not drawing:
        return of_generators(moved)
    name = "".join(word.capitalize() for word in drawing[0].split("_"))  # the operation's own
    return dict(moved, operation=name, seeds=seeds[0] if seeds else None)


def of_generators(moved):
    """Return the stream of weights that NumPy or Python drew; None if neither did."""
    if not any(moved.values()):
        return None
    return dict(moved, operation="numpy.random" if moved["numpy"] else "random", seeds=None)


def _seeds(given):
    """Return the seeds among a function's arguments as integers; None if one is not known."""
    found = []
    for name in _SEEDS:
        value = given.get(name, ())
        value = value.numpy() if hasattr(value, "numpy") else value
        value = value.tolist() if hasattr(value, "tolist") else value
        found.extend(value if isinstance(value, (list, tuple)) else [value])
    return found if all(isinstance(seed, int) for seed in found) else None
