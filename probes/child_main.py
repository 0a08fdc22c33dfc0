"""The child process: import TensorFlow, observe each symbol, and send the observations.

It asks about the symbols in two passes (`Observer`). In both it sends ``{"begin": name}`` before a
symbol, so that the supervisor knows where a child stopped, and in the second ``{"answer": …}``
after it. A child that is started in its place asks both again about what was not answered.
Messages have their own pipe, apart from stdout.
"""

import os
from importlib.machinery import PathFinder

from probes import catalogue
from probes.release.call import ReleaseCall, ReleaseError, place
from probes.release.packages import deciding, differences
from probes.run.failure import shortage
from probes.run.messages import NOT_SENT, Sender
from probes.run.record import error_text


def main(pipe, secret, lock, python, *skipped):
    """Observe all symbols except ``skipped``, send messages to file descriptor ``pipe``, and exit.

    ``lock`` and ``python`` are the arguments of `differences`.
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
    os._exit(0)  # skips TensorFlow's shutdown, which is not evidence


def _no_answer(error):
    """Return the message for an exception caused by this machine or the probes."""
    lack = shortage(error)
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
    # These import NumPy. If NumPy is broken, the import of TensorFlow must fail first.
    from probes.kinds import network
    from probes.observe import Observer
    from probes.release.trials import Release

    send({"version": version, "packages": deciding()})
    release = Release(tf)
    observer = Observer(release)
    asked = [symbol for symbol in catalogue.SYMBOLS if symbol.name not in skipped]
    for symbol in asked:
        send({"begin": symbol.name})
        observer.begin(symbol)
    for symbol in asked:
        send({"begin": symbol.name})
        send({"answer": observer.finish(symbol)})
    if catalogue.NETWORK not in skipped:
        send({"begin": catalogue.NETWORK})
        send({"answer": network.observe(release)})
    send({"end": True})
