"""The asking process: import one TensorFlow, ask it one question after another, tell as it goes.

It sends ``{"begin": name}`` before a symbol and ``{"symbol": …}`` after it, so that the
supervisor knows where it stopped if it does not come back. What TensorFlow prints is
nobody's business.
"""

import os
from importlib.machinery import PathFinder

from probes import catalogue
from probes.release.call import ReleaseCall, ReleaseError, place
from probes.run import shortage
from probes.run.environment import differences
from probes.run.messages import UNHEARD, Sender
from probes.run.record import said


def main(pipe, secret, lock, python, *skipped):
    """Ask for all that is not in ``skipped``; send messages through ``pipe``, and exit.

    ``lock`` and ``python`` are what `probes.run.environment` holds this process against.
    """
    send = Sender(int(pipe), secret).send
    try:
        wrong = differences(lock, python)
        if wrong:
            send({"otherwise": wrong})
        else:
            _ask(send, skipped)
    except Exception as error:
        try:
            send(_ended_by(error))
        except Exception:
            os._exit(UNHEARD)
    os._exit(0)  # what a release does at its end is no evidence


def _ended_by(error):
    """Return the message of what is no answer of the release: a lack of this machine, or ours."""
    lack = shortage.cause(error)
    if lack:
        return {"lacking": said(lack)}
    return {"mistake": "%s (%s)" % (said(error), place(error))}


def _ask(send, skipped):
    if PathFinder.find_spec("tensorflow") is None:
        send({"mistake": "TensorFlow is not installed in this environment"})
        return
    try:
        with ReleaseCall():
            import tensorflow as tf

            version = str(tf.__version__)
    except ReleaseError as error:
        send({"refused": str(error)})
        return
    # Not before TensorFlow: what it can't import, as NumPy, is its own answer.
    from probes.observe import Observer
    from probes.release.provenance import packages
    from probes.release.trials import World

    send({"imported": version, "packages": packages()})
    observer = Observer(World(tf))
    for symbol in catalogue.SYMBOLS:
        if symbol.name not in skipped:
            send({"begin": symbol.name})
            send({"symbol": observer.observe(symbol)})
    if catalogue.TUTORIAL not in skipped:
        send({"begin": catalogue.TUTORIAL})
        send({"tutorial": _tutorial(observer.world)})
    send({"end": True})


def _tutorial(world):
    from probes.kinds import network

    try:
        with ReleaseCall():
            return {"state": "observed", "reason": None, "networks": network.observe(world)}
    except ReleaseError as error:
        return {"state": "failed", "reason": str(error), "networks": []}
