"""Measure releases on a processor or a platform that this machine isn't, under an emulator.

An observation of another processor is only compared: it stays in .nox. One of another platform is
evidence like any other, and ``confirmed.toml`` says what emulated it.
"""

import argparse
import json
import shutil
from subprocess import CalledProcessError

from probes.setup import confirm, debian, emulation, interpreters, ledger
from probes.setup.emulation import EmulationError
from probes.setup.places import NOX, PLATFORM, PROBES, lock, observation

_CHOICE = "give either --cpu and a processor, such as Haswell, or --platform and one of: %s"
_UNKNOWN = "%s: no release of the table for %s, which are %s"
_UNAVAILABLE = "%s can't be had on %s: %s"
_NOT_LINUX = "%s can't be emulated: QEMU's user emulation runs programs of Linux"
_UNLOCKED = "%s is missing: nox -s lock -- %s"
_NONE = "no release can be had on %s: the table says why"
_SILENT = "%s: the probe ended and wrote nothing: run it again"
_CURRENT = "%s: the observation on %s is current (measure again with --force)"
_FAILED = "%s: %s failed under %s, which is not evidence; nothing was written: %s"
_ENDED = (
    "%s was not measured under %s, see above; `killed by SIGILL` means that the release uses an "
    "instruction that is not emulated: take another --cpu"
)
# Where the probes write, and what they wrote on another processor to their end.
_SCRATCH, _OBSERVED = NOX / "scratch", NOX / "observed"
_DEADLINE = "1200"  # seconds; an emulated processor is several times as slow


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        raise EmulationError("nox -s elsewhere: %s" % message)


def read(words, rows_on, network):
    """Return what the session's ``words`` ask for: rows, emulator, cpu, platform, skipped, force.

    ``rows_on`` has the rows of this platform and of those that can be emulated, by name;
    ``network`` is what the probes call the network, which ``--symbols`` leaves out. Raise
    EmulationError if the words ask for something that can't be done.
    """
    parser = _Parser(add_help=False, allow_abbrev=False)
    parser.add_argument("versions", nargs="*")
    parser.add_argument("--cpu")
    parser.add_argument("--platform")
    parser.add_argument("--symbols", dest="skipped", action="append_const", const=network)
    parser.add_argument("--force", action="store_true")
    asked = parser.parse_args(words)
    others = [name for name in rows_on if name != PLATFORM]
    if bool(asked.cpu) == bool(asked.platform) or asked.platform not in (None, *others):
        raise EmulationError(_CHOICE % (", ".join(others) or "none"))
    if asked.skipped and asked.platform:
        raise EmulationError("--symbols leaves an observation incomplete: it goes with --cpu only")
    platform = asked.platform or PLATFORM
    asked.rows = _rows(asked.versions, rows_on, platform)
    if not platform.startswith("linux-"):
        raise EmulationError(_NOT_LINUX % platform)
    asked.emulator = emulation.of(platform.partition("-")[2])
    if asked.cpu:
        asked.emulator = asked.emulator.with_processor(asked.cpu)
    return asked


def _rows(versions, rows_on, platform):
    """Return the rows of the given versions, by default of all that can be had."""
    rows = {row["version"]: row for row in rows_on[platform]}
    available = [version for version, row in rows.items() if "unavailable" not in row]
    for version in versions:
        if version not in rows:
            raise EmulationError(_UNKNOWN % (version, platform, ", ".join(available)))
        if version not in available:
            raise EmulationError(_UNAVAILABLE % (version, platform, rows[version]["unavailable"]))
    if not available:
        raise EmulationError(_NONE % platform)
    return [rows[version] for version in versions or available]


def name(asked, row):
    """Return the name of the environment of a release."""
    return "elsewhere-%s-%s" % (asked.cpu or asked.platform, row["version"])


def folder(asked):
    """Return the folder of the observations to be compared with the stored ones."""
    if asked.platform:
        return observation(asked.rows[0]).parent
    return _OBSERVED / asked.cpu / PLATFORM


def measure(session, environment, uv, row, asked):
    """Measure a release in an environment, which is made and removed.

    ``uv(session)`` returns the path of uv. The observation of another platform is stored, and a
    current one is kept.
    """
    if asked.platform and ledger.is_current(row) and not asked.force:
        session.log(_CURRENT % (row["version"], row["platform"]))
        return
    if not lock(row).exists():
        raise EmulationError(_UNLOCKED % (lock(row), row["version"]))
    before = ledger.fingerprint(row)
    found = folder(asked) / observation(row).name
    scratch = _SCRATCH / environment.folder.name / found.name
    scratch.parent.mkdir(parents=True, exist_ok=True)
    found.parent.mkdir(parents=True, exist_ok=True)
    if asked.cpu and found.exists():  # of an earlier run
        found.unlink()
    if observation(row).exists():  # so that the probes notice a loss
        shutil.copyfile(str(observation(row)), str(scratch))
    copied = ledger.stamp(scratch)
    try:
        _install(session, environment, uv, row, asked.emulator)
        _run(session, environment, row, asked, scratch)
        if ledger.stamp(scratch) == copied:
            session.error(_SILENT % row["version"])
        shutil.move(str(scratch), str(found))
        if asked.platform:
            ledger.confirm(row, before)
            confirm.note(row, environment.folder, asked.emulator.version())
    finally:
        environment.remove()


def _install(session, environment, uv, row, emulator):
    """Create the environment of a release whose Python runs emulated."""
    if row["platform"] == PLATFORM:
        found = interpreters.get(session, uv, row["python"])
        if not found:
            raise EmulationError(interpreters.why_missing(row["python"]))
        environment.install_release(uv(session), found, row)
        emulator.wrap(environment.python, environment.python.resolve())
    else:
        found = debian.interpreter(row["platform"], row["python"], emulator)
        environment.install_release(uv(session), found, row)


def _run(session, environment, row, asked, out):
    """Run the probes; a failure under an emulator is not evidence and fails the session."""
    skipped = [word for name in asked.skipped or () for word in ("--skip", name)]
    try:
        environment.run(
            *(environment.python, *PROBES, "--version", row["version"]),
            *("--distribution", row["distribution"], "--python", row["python"]),
            *("--lock", environment.installed, "--out", out, "--deadline", _DEADLINE),
            *skipped,
        )
    except CalledProcessError:
        session.error(_ENDED % (row["version"], asked.emulator))
    failure = _failure(json.loads(out.read_text(encoding="utf-8")))
    if failure:
        session.error(_FAILED % (row["version"], failure[0], asked.emulator, failure[1]))


def _failure(found):
    """Return the name and the reason of what failed in an observation, or None."""
    answers = [dict(found, name="import tensorflow", state=found["status"]), *found["symbols"]]
    answers.append(dict(found["tutorial"] or {}, name="the network"))
    failed = (answer for answer in answers if answer.get("state") == "failed")
    return next(((answer["name"], answer["reason"]) for answer in failed), None)
