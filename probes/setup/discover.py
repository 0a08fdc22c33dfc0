"""Add the TensorFlow releases that are newer than the table, and measure them."""

import json
import subprocess
import sys
from contextlib import contextmanager
from functools import partial

from probes.setup import newer, offers, table
from probes.setup.places import PLATFORM, PROJECT, TABLE, lock, observation


def add(session, uv, rows, others, load):
    """Add new releases to the table; lock, measure and report them; print what was added.

    ``others`` are the other platforms of the table, and ``load`` reads a TOML file. The printed
    text is the body of a pull request. If anything but the report fails, the table, the locks and
    the observations are what they were.
    """
    if PLATFORM != PROJECT:
        session.error("the rows of the table are those of %s: run it there" % PROJECT)
    try:
        found, unusable = newer.search(rows, partial(offers.last, uv, load))
    except offers.OfferError as error:
        session.error("%s; nothing was written" % error)
    if not found:
        newest = rows[-1]["version"]
        sys.stdout.write("No release of TensorFlow is newer than the table, up to %s.\n" % newest)
        sys.stdout.write(_left_out(unusable))
        return
    with _restored_on_failure(found, others):
        try:
            _write(found, rows)
        except offers.OfferError as error:
            session.error("%s; nothing was written" % error)
        _measure(session, found, others)
    failed = [
        *_failing("report", "--", "--readme"),
        *_failing("confirm"),
    ]
    sys.stdout.write(text(found) + _left_out(unusable))
    sys.stdout.flush()
    failed += _failing("against", "--", "HEAD", stdout=None)
    if failed:
        sentence = "\n**Failed:** %s; the log of this run says why.\n"
        sys.stdout.write(sentence % ", ".join("`nox -s %s`" % name for name in failed))


def _measure(session, found, others):
    """Lock and measure the releases found; remove locks and observations of those replaced."""
    versions = [one.row["version"] for one in found]
    if _failing("lock", "--", *versions):
        session.error("`nox -s lock -- %s` failed; nothing was written" % " ".join(versions))
    probes = list(map("probe({})".format, versions))
    # A release that fails leaves an observation, and its session fails too.
    if _failing(*probes):
        missing = [version for version in versions if not _observation(version).exists()]
        if missing:
            session.error("%s: not measured; nothing was written" % ", ".join(missing))
    for one in found:
        if one.replaced:
            for path in _files(one.replaced, others):
                if path.exists():
                    path.unlink()


@contextmanager
def _restored_on_failure(found, others):
    """Restore the table, and locks and observations of the releases, if the context fails."""
    versions = [one.row["version"] for one in found]
    versions += [one.replaced for one in found if one.replaced]
    paths = [TABLE, *(path for version in versions for path in _files(version, others))]
    before = {path: path.read_bytes() if path.exists() else None for path in paths}
    try:
        yield
    except BaseException:  # also on Ctrl-C
        for path, content in before.items():
            if content is not None:
                path.write_bytes(content)
            elif path.exists():
                path.unlink()
        raise


def _write(found, rows):
    """Write the table with the rows found."""
    replaced = {one.replaced: one.row for one in found if one.replaced}
    added = [one.row for one in found if not one.replaced]
    new = [*(replaced.get(row["version"], row) for row in rows), *added]
    for fault in table.faults(new):
        raise offers.OfferError("a row that was found has a fault: " + fault)
    text = table.edited(TABLE.read_text(encoding="utf-8"), rows, new)
    TABLE.write_text(text, encoding="utf-8")


def _files(version, others):
    """Return the paths of a release's locks and observations on all platforms."""
    rows = [{"version": version, "platform": name} for name in (PLATFORM, *others)]
    return [*map(lock, rows), *map(observation, rows)]


def _observation(version):
    return observation({"version": version, "platform": PLATFORM})


def _failing(*words, stdout=sys.stderr):
    """Run nox with the current table; return the first session in a tuple, or () if it succeeds.

    Its output goes to the log unless ``stdout`` is given.
    """
    command = [sys.executable, "-m", "nox", "-s", *words]
    return words[:1] if subprocess.call(command, stdout=stdout, stderr=sys.stderr) else ()


def _left_out(unusable):
    """Return a list of the releases of which no row can be made, as Markdown; "" if none."""
    lines = ["", "Left out:", "", *map("- {}.".format, unusable.values())]
    return "\n".join(lines) + "\n" if unusable else ""


def text(found):
    """Return a list of the releases found and their outcomes, as Markdown."""
    lines = ["Newer than the table, and measured now:", ""]
    for one in found:
        facts = [
            "uploaded on %s" % one.uploaded.strftime("%Y-%m-%d"),
            "%s on CPython %s" % (one.row["distribution"], one.row["python"]),
            "packages as of %s" % one.row["cutoff"],
            *("beside %s" % requirement for requirement in one.row.get("beside", [])),
        ]
        facts += ["in the place of %s" % one.replaced] if one.replaced else []
        outcome = _outcome(one.row["version"])
        lines.append("- **%s** (%s): %s." % (one.row["version"], "; ".join(facts), outcome))
    return "\n".join(lines) + "\n"


def _outcome(version):
    """Return the status and reason in a release's observation, or why there is none."""
    path = _observation(version)
    if not path.exists():
        return "not measured, since its Python is not on this machine"
    observation = json.loads(path.read_text(encoding="utf-8"))
    reason = observation["reason"]
    return observation["status"] + (": %s" % reason if reason else "")
