"""The asking process: import one TensorFlow, ask it everything, tell as it goes.

Once TensorFlow is imported there are two of this process, which share what was imported
and what there is to ask. Each writes one JSON line a step to a pipe of its own,
``{"begin": name}`` before a symbol and ``{"symbol": …}`` after it, so that whoever
started them knows where one stopped that does not come back. What TensorFlow prints is
nobody's business.
"""

import gc
import json
import os
import re
from contextlib import suppress
from itertools import groupby

from probes import catalogue, contrib, stacks, tutorial
from probes.observe import Observer
from probes.provenance import packages
from probes.record import said
from probes.worlds import World


def main(first, second, output, skipped):
    """Ask for all that is not in ``skipped``; write lines to two descriptors, and exit.

    The second process prints to ``output``.
    """
    stacks.spare()
    import tensorflow as tf

    contrib.on_demand(tf)
    observer = Observer(World(tf))
    portions = _portions(observer.world, skipped)
    tickets = _tickets(len(portions))
    with open(first, "w", encoding="utf-8") as out:
        _tell(out, {"tensorflow": tf.__version__, "packages": packages()})
        _meet_keras(observer.lookup, out, portions)
        _share_memory()
        twin = os.fork()
        if not twin:
            out.close()
            os.dup2(output, 1)
            os.dup2(output, 2)
            with open(second, "w", encoding="utf-8") as own:
                _ask(observer, own, tickets, portions[::-1])
            os._exit(0)  # all is told: what a release does at its end is not waited for
        os.close(second)
        _ask(observer, out, tickets, portions)
    _end_like(twin)


def _meet_keras(lookup, out, portions):
    """Import TensorFlow's Keras, which either process asks, before there are two of them.

    If it does not come back, the first symbol of those that need it is the one begun.
    """
    asked = {name for portion in portions for name in portion}
    for home in ("tf.keras.layers", "tf.compat.v1.keras.layers"):
        needing = (s.name for s in catalogue.SYMBOLS if s.path.startswith(home))
        begun = next((name for name in needing if name in asked), None)
        if begun:
            _tell(out, {"begin": begun})
            with suppress(Exception):  # of which every symbol will have its own to say
                lookup.find(home)


def _share_memory():
    """Let garbage be looked for again, but not in what was imported.

    To look at an object writes to its page, which from then on is no longer shared.
    """
    freeze = getattr(gc, "freeze", None)  # from Python 3.7 on
    if freeze:
        freeze()
        gc.set_threshold(5000)  # new objects; a graph makes as many, and is garbage later
        gc.enable()


def _portions(world, skipped):
    """Return lists of names; the names of one list are asked by the same process."""

    def portion(symbol):
        """Return what symbols share that one process asks: an import, or perhaps an object.

        To import ``tf_keras``, or what ``tf.contrib`` needs, takes time of its own. Others
        that differ in their home only are often one object, which is asked once. Those that
        run in a graph come first, so that one process may do without what graphs need. Either
        process begins with the layers, which take longest, so that both end together.
        """
        for package in ("contrib", "tf_keras"):
            if package in symbol.path:
                return (0, package)
        name = re.sub("_|initializer", "", symbol.path.rsplit(".", 1)[-1].lower())
        eager = world.mode(symbol) != "graph"
        by_second = eager or world.native == "graph"  # which begins at the end
        return (1, eager, (symbol.layer is not None) == by_second, name)

    left = [symbol for symbol in catalogue.SYMBOLS if symbol.name not in skipped]
    portions = [
        [symbol.name for symbol in symbols]
        for _, symbols in groupby(sorted(left, key=portion), portion)
    ]
    if catalogue.TUTORIAL not in skipped:  # which takes initializers from tf.contrib as well
        portions.insert(1, [catalogue.TUTORIAL])
    return portions


def _tickets(count):
    """Return a pipe that holds a byte for each portion.

    One process asks from the first on and the other from the last; where they meet, the
    bytes are used up.
    """
    tickets, fill = os.pipe()
    os.write(fill, bytes(count))
    os.close(fill)
    return tickets


def _ask(observer, out, tickets, portions):
    symbols = {symbol.name: symbol for symbol in catalogue.SYMBOLS}
    for portion in portions:
        if not os.read(tickets, 1):
            break
        for name in portion:
            _tell(out, {"begin": name})
            if name in symbols:
                _tell(out, {"symbol": observer.observe(symbols[name])})
            else:
                _tell(out, {"tutorial": _tutorial(observer.world), "name": name})
    _tell(out, {"end": True})


def _tell(out, line):
    out.write(json.dumps(line, allow_nan=False) + "\n")
    out.flush()


def _tutorial(world):
    try:
        return {"state": "observed", "reason": None, "networks": tutorial.observe(world)}
    except Exception as error:
        return {"state": "failed", "reason": said(error), "networks": []}


def _end_like(twin):
    """Exit as the twin does, so that its end is seen."""
    status = os.waitpid(twin, 0)[1]
    if os.WIFSIGNALED(status):
        os.kill(os.getpid(), os.WTERMSIG(status))
    os._exit(os.WEXITSTATUS(status))
