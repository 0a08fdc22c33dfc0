"""Find TensorFlow releases that are newer than the table; add and measure them.

The table holds the last release of each minor series, a candidate only if the series has nothing
else. So the index is asked for the last release of each series in the table and after it.
"""

import json
import re
import sys
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import NamedTuple

from probes.setup import offers, table
from probes.setup.places import LOCKS, OBSERVATIONS, TABLE

_WAIT = timedelta(days=14)  # from the upload of a wheel to its cut-off date


class Found(NamedTuple):
    """A release missing from the table, its wheel's upload time, and the version it replaces."""

    row: dict
    uploaded: datetime
    replaced: str


def add(session, uv, rows, load):
    """Add new releases to the table; lock, measure and report them; print what was added.

    ``load`` reads a TOML file. The printed text is the body of a pull request.
    """
    before = TABLE.read_bytes()
    try:
        found = search(rows, partial(offers.last, uv, load))
        if found:
            _write(found, rows)
    except offers.OfferError as error:
        session.error("%s; nothing was written" % error)
    if not found:
        newest = rows[-1]["version"]
        sys.stdout.write("No release of TensorFlow is newer than the table, up to %s.\n" % newest)
        return
    versions = [one.row["version"] for one in found]
    try:
        _nox(session, "lock", "--", *versions)
    except BaseException:  # also on Ctrl-C: a row without a lock is useless
        TABLE.write_bytes(before)
        raise
    _remove(one.replaced for one in found if one.replaced)
    _nox(session, *map("probe({})".format, versions), "report", "--", "--readme")
    _nox(session, "confirm")
    sys.stdout.write(text(found))
    sys.stdout.flush()
    _nox(session, "against", "--", "HEAD", stdout=None)


def search(rows, ask):
    """Return a Found for each release newer than the rows, oldest first.

    ``ask`` takes a requirement, a Python version and a value of uv's ``--prerelease``, and returns
    the last release that fits, on that Python or a later one.
    """
    available = [row for row in rows if "unavailable" not in row]
    later = _later(available[-1], ask)
    found = []
    for row in [*available, *later]:
        release = _last_of_series(row, ask)
        if release and row in later:
            found.append(_found(row, release, ask, ""))
        elif release and table.order(release.version) > table.order(row["version"]):
            found.append(_found(row, release, ask, row["version"]))
    return found


def _later(row, ask):
    """Return rows modelled on ``row``, one for each later minor series, oldest first."""
    like = dict(row, tags=[tag for tag in row["tags"] if tag != "milestone"])
    found, bound = [], ""
    while True:
        wanted = "%s>=%s%s" % (row["distribution"], row["version"], bound)
        release = ask(wanted, row["python"], "allow")
        if release is None or _series(release.version) == _series(row["version"]):
            return found[::-1]
        found.append(dict(like, version=release.version))
        bound = ",<%s.dev0" % _series(release.version)


def _last_of_series(row, ask):
    """Return the last release of a row's series, a candidate only if there is nothing else."""
    wanted = "%s==%s.*" % (row["distribution"], _series(row["version"]))
    return ask(wanted, row["python"], "if-necessary")


def _series(version):
    return ".".join(version.split(".")[:2])


def _found(like, release, ask, replaced):
    """Return the Found of a release, its row modelled on ``like``."""
    python, uploaded = offers.first_wheel(release, like["python"])
    cutoff, beside = uploaded + _WAIT, []
    for requirement in like.get("beside", []):
        name = re.match(r"[\w-]+", requirement).group()
        pinned = "%s==%s.*" % (name, _series(release.version))
        other = ask(pinned, python, "if-necessary")
        beside.append(pinned if other else name)
        came = offers.first_wheel(other, python).uploaded if other else cutoff
        cutoff = came + _WAIT if came > cutoff else cutoff
    day = min(cutoff, datetime.now(timezone.utc)).strftime("%Y-%m-%d")
    row = dict(like, version=release.version, python=python, cutoff=day)
    return Found(dict(row, beside=beside) if beside else row, uploaded, replaced)


def _write(found, rows):
    """Write the table with the rows found."""
    replaced = {one.replaced: one.row for one in found if one.replaced}
    added = [one.row for one in found if not one.replaced]
    new = [*(replaced.get(row["version"], row) for row in rows), *added]
    for fault in table.faults(new):
        raise offers.OfferError("a row that was found has a fault: " + fault)
    text = table.edited(TABLE.read_text(encoding="utf-8"), rows, new)
    TABLE.write_text(text, encoding="utf-8")


def _remove(versions):
    """Remove the lock and the observation of releases that are no longer in the table."""
    for version in versions:
        for path in (LOCKS / (version + ".txt"), OBSERVATIONS / (version + ".json")):
            if path.exists():
                path.unlink()


def _nox(session, *words, stdout=sys.stderr):
    """Run nox with the current table; its output goes to the log unless ``stdout`` is given."""
    streams = {"stdout": stdout, "stderr": sys.stderr}
    session.run(sys.executable, "-m", "nox", "-s", *words, external=True, **streams)


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
    path = OBSERVATIONS / (version + ".json")
    if not path.exists():
        return "not measured, since its Python is not on this machine"
    observation = json.loads(path.read_text(encoding="utf-8"))
    reason = observation["reason"]
    return observation["status"] + (": %s" % reason if reason else "")
