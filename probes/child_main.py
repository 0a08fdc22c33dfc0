"""The child process: import one TensorFlow, ask it one question after another, send the answers.

It sends ``{"begin": name}`` before a symbol and ``{"symbol": …}`` after it, so that the
supervisor knows where it stopped if it does not come back. What TensorFlow prints is ignored.
"""

import os
from importlib.machinery import PathFinder

from probes import catalogue
from probes.release.call import ReleaseCall, ReleaseError, place
from probes.run import shortage
from probes.run.environment import differences
from probes.run.messages import NOT_SENT, Sender
from probes.run.record import error_text


def main(pipe, secret, lock, python, *skipped):
    """Ask for all that is not in ``skipped``; send messages through ``pipe``, and exit.

    ``lock`` and ``python`` are what `differences` compares this process with.
    """
    send = Sender(int(pipe), secret).send
    try:
        found = differences(lock, python)
        if found:
            send({"differences": found})
        else:
            _ask(send, skipped)
    except Exception as error:
        try:
            send(_no_answer(error))
        except Exception:
            os._exit(NOT_SENT)
    os._exit(0)  # what a release does at its end is no evidence


def _no_answer(error):
    """Return the message for what is no answer of the release: a lack of this machine, or ours."""
    lack = shortage.cause(error)
    if lack:
        return {"lacking": error_text(lack)}
    return {"mistake": "%s (%s)" % (error_text(error), place(error))}


def _ask(send, skipped):
    if PathFinder.find_spec("tensorflow") is None:
        send({"mistake": "TensorFlow is not installed in this environment"})
        return
    try:
        with ReleaseCall():
            import tensorflow as tf

            version = str(tf.__version__)
    except ReleaseError as error:
        send({"import_error": str(error)})
        return
    # Not before TensorFlow: what it can't import, as NumPy, is its own answer.
    from probes.kinds import network
    from probes.observe import Observer
    from probes.release.provenance import packages
    from probes.release.trials import Release

    send({"version": version, "packages": packages()})
    release = Release(tf)
    observer = Observer(release)
    for symbol in catalogue.SYMBOLS:
        if symbol.name not in skipped:
            send({"begin": symbol.name})
            send({"symbol": observer.observe(symbol)})
    if catalogue.NETWORK not in skipped:
        send({"begin": catalogue.NETWORK})
        send({"tutorial": network.observe(release)})
    send({"end": True})
