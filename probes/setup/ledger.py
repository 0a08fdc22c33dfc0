"""Record which releases this machine has measured, and with which inputs.

An entry is the hash of all that an observation depends on, and the hash of the observation.
A release is current while both still match.
"""

import hashlib
from functools import lru_cache

from probes.setup import installing
from probes.setup.places import CONTRACT, LEDGER, LOCKS, PROBES, ROOT, lock, observation


def is_current(row):
    """Return whether the stored observation was measured here with the current inputs."""
    try:
        return _entry(row).read_bytes() == _text(row, fingerprint(row))
    except OSError:  # there is no entry, or this user may not read it
        return False


def confirm(row, before):
    """Write the entry of a release; ``before`` is its fingerprint before it was measured."""
    _entry(row).parent.mkdir(parents=True, exist_ok=True)
    _entry(row).write_bytes(_text(row, before))


def stamp(path):
    """Return a value that changes when an observation is written; None without a file."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns


def fingerprint(row):
    """Return the hash of all that the observation of a release depends on.

    These are its row, the lock files, the schema, the modules that run inside the release, and the
    commands that install it and start the probes. Other code in ``probes.setup`` doesn't count.
    """
    files = [lock(row), *(LOCKS / name for name in ("build.txt", "unshared.txt")), CONTRACT]
    own = [row[field] for field in ("platform", "python", "distribution")]
    parts = [*own, _probes(), *_commands(), *map(_digest, files)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _entry(row):
    return LEDGER / row["platform"] / (row["version"] + ".txt")


def _text(row, inputs):
    return ("%s %s\n" % (inputs, _digest(observation(row)))).encode()


@lru_cache(maxsize=None)
def _probes():
    """Return the hashes of the modules that run inside a release."""
    setup = ROOT / "probes" / "setup"
    modules = sorted((ROOT / "probes").rglob("*.py"))
    return "\n".join(_digest(path) for path in modules if setup not in path.parents)


def _commands():
    """Return the words that install a release and start the probes, without the checkout's path."""
    commands = [*installing.of_a_release((), "lock", ROOT / "environment"), PROBES]
    return [str(word).replace(str(ROOT), "") for command in commands for word in command]


def _digest(path):
    """Return the SHA-256 of a file, independent of line endings; "" if there is no file."""
    if not path.exists():
        return ""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
