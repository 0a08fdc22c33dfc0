"""Observe the TensorFlow of this environment and leave one complete file.

``python -m probes --version 1.15.5 --distribution tensorflow --lock … --out FILE`` starts a child
process (`probes.run`), in isolation and with a deadline, and writes the observation when it is
complete. A symbol that crashes two children is recorded as failed, and a new child asks for the
next one. A failure that this machine, another process or the probes may have caused is not
evidence: the observation is left unchanged, and the exit code is 1.
"""

import argparse
import hashlib
import json
import os
import signal
import sys

from probes import catalogue
from probes.run import machine
from probes.run.child import Fault, run_child
from probes.run.files import write
from probes.run.record import dump, shared

_IMPORT = "import tensorflow"
_SHOWN = 5  # listed differences from the lock file
_EMPTY = {"status": "observed", "reason": None, "packages": {}, "symbols": [], "tutorial": None}
# The JSON schema shared with the report; it holds the schema and protocol version numbers.
CONTRACT = os.path.join("report", "evidence", "observation.schema.json")


def main():
    """Write the observation; exit with code 1 if the release could not be observed."""
    options = _options()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # nox ends a session with SIGTERM
    # Reset inherited settings: an ignored SIGCHLD discards a child's exit status, signals may be
    # blocked, and a umask may make our own files unreadable.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.umask(0o022)
    try:
        reason = _record(options)
    except KeyboardInterrupt:
        sys.exit("%s: interrupted; %s is unchanged" % (options.version, options.out))
    except (OSError, Fault) as error:
        text = "%s: %s is unchanged: %s" % (options.version, options.out, error)
        sys.exit(_printable(text))
    if reason:
        sys.exit(_printable("%s was not observed: %s" % (options.version, reason)))


def _options():
    parser = argparse.ArgumentParser(prog="python -m probes", description=__doc__)
    parser.add_argument("--version", required=True, help="the release that must be installed")
    parser.add_argument("--distribution", required=True, help="tensorflow or tensorflow-cpu")
    parser.add_argument("--python", required=True, help="the Python of its row: 3.9")
    parser.add_argument("--lock", required=True, help="the requirements file it came from")
    parser.add_argument("--out", required=True, help="the observation to write")
    parser.add_argument("--deadline", type=float, default=120.0, help="idle seconds")
    parser.add_argument("--skip", action="append", default=[], help="leave out, to measure time")
    return parser.parse_args()


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
            "python": options.python,
            "lock": _digest(options.lock),
        },
        **dict(_EMPTY, **found),
    }
    write(options.out, dump(observation))
    return observation["reason"]


def _observe(options):
    """Return the fields of an observation that differ from an empty one."""
    lacking = machine.lacking(options.version)
    if lacking:
        raise Fault("this machine lacks what the release needs: %s" % lacking)
    before = _observed_before(options)
    answers, crashes = {}, set()
    while True:
        skipped = sorted([*answers, *options.skip])
        child = run_child(options.lock, options.python, skipped, options.deadline)
        answers.update(child.answers)
        if child.import_error and _IMPORT not in before:
            return {"status": "failed", "reason": child.import_error}
        _check_child(child, options.version)
        if child.failure is None:
            break
        name = child.unanswered
        if name not in crashes:
            crashes.add(name)  # ask once more: the machine may have caused this crash
        elif name in before:
            raise Fault("%s, twice, at %s, which was observed before" % (child.failure, name))
        else:
            answers[name] = dict(_unasked(name), state="failed", reason=child.failure)
    _check_no_loss(before, answers)
    symbols = [answers[s.name] for s in catalogue.SYMBOLS if s.name in answers]
    network = answers.get(catalogue.NETWORK)
    return {"packages": child.packages, "symbols": shared(symbols), "tutorial": network}


def _unasked(name):
    """Return the fields of an answer that are known before the symbol or network is measured."""
    symbols = (symbol for symbol in catalogue.SYMBOLS if symbol.name == name)
    return next(map(catalogue.description, symbols), {"networks": []})


def _check_child(child, version):
    """Raise Fault if the messages of a child are not evidence about the release."""
    if child.differences:
        first, more = "; ".join(child.differences[:_SHOWN]), len(child.differences) - _SHOWN
        rest = "; and %d more" % more if more > 0 else ""
        raise Fault("the environment is not the one to be measured: %s%s" % (first, rest))
    found = (child.version or version).replace("-", "")
    if found != version:
        raise Fault("TensorFlow %s is installed, not %s" % (found, version))
    during = " when asked for %s" % child.unanswered if child.unanswered else ""
    if child.lacking:
        raise Fault("this machine lacks what the release needs%s: %s" % (during, child.lacking))
    if child.mistake:
        raise Fault("the probe itself failed%s: %s" % (during, child.mistake))
    if child.import_error:
        raise Fault("import tensorflow failed, which worked before: %s" % child.import_error)
    if child.failure and not child.unanswered:
        raise Fault("import tensorflow did not return: %s" % child.failure)
    if child.failure and not child.evidence:
        raise Fault("%s, when asked for %s" % (child.failure, child.unanswered))


def _check_no_loss(before, answers):
    """Raise Fault if a symbol failed that was observed before with the same lock file."""
    for name, answer in answers.items():
        if name in before and answer["state"] == "failed":
            reason = answer["reason"]
            raise Fault("%s, when asked for %s, which was observed before" % (reason, name))


def _observed_before(options):
    """Return the names observed in the stored file; none if its lock or protocol differs."""
    try:
        with open(options.out, encoding="utf-8") as stored:
            before = json.load(stored)
        lock = before["release"]["lock"]
        if lock != _digest(options.lock) or before["protocol"] != _numbers()["protocol"]:
            return set()
        names = [symbol["name"] for symbol in before["symbols"] if symbol["state"] != "failed"]
        if before["status"] == "observed":
            names.append(_IMPORT)
        if (before["tutorial"] or {}).get("state") == "observed":
            names.append(catalogue.NETWORK)
        return set(names)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return set()  # there is no observation, or it can't be read


def _numbers():
    """Return the schema and protocol versions; the latter rises when a probe's meaning changes."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    with open(os.path.join(root, CONTRACT), encoding="utf-8") as contract:
        properties = json.load(contract)["properties"]
    return {name: properties[name]["const"] for name in ("schema", "protocol")}


def _digest(path):
    """Return the SHA-256 of a lock file, independent of its line endings."""
    with open(path, "rb") as lock:
        return hashlib.sha256(lock.read().replace(b"\r\n", b"\n")).hexdigest()


def _printable(text):
    """Return a message with control characters replaced, safe to print on a terminal.

    Lines after the first are indented, so that only a new message starts at the margin.
    """
    text = text.replace("\r\n", "\n").replace("\t", " ")
    shown = "".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in text)
    return shown.replace("\n", "\n    ")


if __name__ == "__main__":
    main()
