"""Observe the TensorFlow of this environment and leave one complete file.

``python -m probes --version 1.15.5 --distribution tensorflow --lock … --out FILE``
starts a child that does the asking (`probes.asking`), in isolation and with a
deadline, and writes the observation when it is whole. A symbol that takes the
child down is recorded as failed, and a new child goes on after it.
"""

import argparse
import json
import os
import signal
import sys
import tempfile

from probes import catalogue
from probes.catalogue import asked
from probes.child import run_child
from probes.leftovers import mine, tidy
from probes.record import dump

# The contract with the report, which both read; it holds the numbers of schema and protocol.
CONTRACT = os.path.join("report", "schema", "observation.schema.json")


def main():
    """Write the observation; exit with 1 where the release could not be observed."""
    options = _options()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # nox ends a session so
    try:
        reason = _record(options)
    except KeyboardInterrupt:
        sys.exit("%s: interrupted; %s is as it was" % (options.version, options.out))
    except OSError as error:
        sys.exit("%s: %s is as it was: %s" % (options.version, options.out, error))
    if reason:
        sys.exit(_printable("%s was not observed: %s" % (options.version, reason)))


def _record(options):
    """Write the observation; return why the release could not be observed, or None."""
    found = _observe(options)
    system = os.uname()
    observation = {
        **_numbers(),
        "platform": "%s-%s" % (system.sysname.lower(), system.machine),
        "release": {
            "version": options.version,
            "distribution": options.distribution,
            "python": "%d.%d" % sys.version_info[:2],
            "lock": _digest(options.lock),
        },
        **found,
    }
    _write(options.out, dump(observation))
    return observation["reason"]


def _options():
    parser = argparse.ArgumentParser(prog="python -m probes", description=__doc__)
    parser.add_argument("--version", required=True, help="the release that must be installed")
    parser.add_argument("--distribution", required=True, help="tensorflow or tensorflow-cpu")
    parser.add_argument("--lock", required=True, help="the requirements file it came from")
    parser.add_argument("--out", required=True, help="the observation to write")
    parser.add_argument("--deadline", type=float, default=120.0, help="seconds without progress")
    parser.add_argument("--skip", action="append", default=[], help="leave out, to measure time")
    return parser.parse_args()


def _observe(options):
    """Return status, reason, packages and symbols of the installed TensorFlow."""
    answers = {}
    tutorial = None
    while True:
        done = [*answers, *([catalogue.TUTORIAL] if tutorial else [])]
        child = run_child(sorted([*done, *options.skip]), options.deadline)
        for answer in child.answers:
            answers[answer["name"]] = answer
        if child.imported is None:
            return _failed(child.failure)
        found = child.imported["tensorflow"].replace("-", "")
        if found != options.version:
            return _failed("TensorFlow %s is installed, not %s" % (found, options.version))
        if child.tutorial:
            tutorial = child.tutorial["tutorial"]
        if child.failure is None:
            break
        if child.current is None:
            return _failed(child.failure)
        if child.current == catalogue.TUTORIAL:
            tutorial = {"state": "failed", "reason": child.failure, "networks": []}
        else:
            answers[child.current] = _casualty(child.current, child.failure)
    return {
        "status": "observed",
        "reason": None,
        "packages": child.imported["packages"],
        "symbols": [answers[s.name] for s in catalogue.SYMBOLS if s.name in answers],
        "tutorial": tutorial,
    }


def _failed(reason):
    return {
        "status": "failed",
        "reason": reason,
        "packages": {},
        "symbols": [],
        "tutorial": None,
    }


def _casualty(name, reason):
    symbol = next(symbol for symbol in catalogue.SYMBOLS if symbol.name == name)
    return {
        "state": "failed",
        "reason": reason,
        **asked(symbol),
    }


def _numbers():
    """Return the numbers of schema and protocol; a probe's new meaning raises the second."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    with open(os.path.join(root, CONTRACT), encoding="utf-8") as contract:
        properties = json.load(contract)["properties"]
    return {name: properties[name]["const"] for name in ("schema", "protocol")}


def _digest(path):
    import hashlib  # when nobody asks any more: it takes as much memory as all else here

    with open(path, "rb") as lock:
        return hashlib.sha256(lock.read()).hexdigest()


def _write(path, text):
    """Replace ``path`` by ``text`` at once: whole, or not at all."""
    folder = os.path.dirname(os.path.abspath(path))
    os.makedirs(folder, exist_ok=True)
    start = ".%s." % os.path.basename(path)
    tidy(os.path.join(folder, start))
    handle, partial = tempfile.mkstemp(prefix=mine(start), suffix=".part", dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(partial, 0o644)
        os.replace(partial, path)
    except BaseException:
        os.unlink(partial)
        raise


def _printable(text):
    """Return what a release said without the characters that move a terminal's cursor."""
    return "".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in text)


if __name__ == "__main__":
    main()
