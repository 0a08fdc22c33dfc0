"""Find the TensorFlow releases that are newer than the table.

The table holds the last release of each minor series, a candidate only if the series has nothing
else. So the index is asked for the last release of each series in the table and after it.
"""

import re
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from probes.setup import offers, table

_WAIT = timedelta(days=14)  # from the upload of a wheel to its cut-off date


class Found(NamedTuple):
    """A release missing from the table, its wheel's upload time, and the version it replaces."""

    row: dict
    uploaded: datetime
    replaced: str


def search(rows, ask):
    """Return a Found for each release newer than the rows, oldest first, and what is unusable.

    ``ask`` takes a requirement, a Python version and a value of uv's ``--prerelease``, and returns
    the last release that fits, on that Python or a later one. Unusable are releases of which no row
    can be made: {version: a sentence}.
    """
    available = [row for row in rows if "unavailable" not in row]
    if not available:
        raise offers.OfferError("no row of the table is available, to model a new one on")
    unusable = {}
    ask = _skipping(ask, unusable)
    later = _later(rows, available[-1], ask)
    found = []
    for row in [*available, *later]:
        release = _last_of_series(row, ask)
        if release and row in later:
            found.append(_found(row, release, ask, ""))
        elif release and _is_newer(release.version, row["version"]):
            found.append(_found(row, release, ask, row["version"]))
    return found, unusable


def _skipping(ask, unusable):
    """Return a function that asks again, for the release before it, while one is unusable.

    A version up to its argument ``newer_than`` has a row, and so needs no wheel here.
    """

    def usable(wanted, python, candidates, newer_than=None):
        while True:
            try:
                release = ask(wanted, python, candidates)
                if release and newer_than and _is_newer(release.version, newer_than):
                    offers.first_wheel(release, python)
            except offers.UnusableError as error:
                unusable[error.version] = str(error)
                wanted += ",!=%s" % error.version
            else:
                return release

    return usable


def _later(rows, row, ask):
    """Return rows modelled on ``row``, one for each later minor series, oldest first.

    Raise OfferError if the index lacks ``row`` and all that is newer: it isn't the index that the
    table came from, or it is an old copy.
    """
    tags = [tag for tag in row["tags"] if tag != "milestone"] or row["tags"]
    known = {_series(one["version"]) for one in rows}
    found, bound = [], ""
    while True:
        wanted = "%s>=%s%s" % (row["distribution"], row["version"], bound)
        release = ask(wanted, row["python"], "allow", row["version"])
        if release is None and not bound:
            sentence = "the index has no %s %s, the table's last, nor a newer one: "
            sentence += "it was removed, or this is another index or an old copy"
            raise offers.OfferError(sentence % (row["distribution"], row["version"]))
        if release is None or _series(release.version) in known:
            return found[::-1]
        found.append(dict(row, tags=tags, version=release.version))
        bound = ",<%s.dev0" % _series(release.version)


def _last_of_series(row, ask):
    """Return the last release of a row's series, a candidate only if there is nothing else."""
    wanted = "%s==%s.*" % (row["distribution"], _series(row["version"]))
    return ask(wanted, row["python"], "if-necessary", row["version"])


def _is_newer(version, other):
    return table.order(version) > table.order(other)


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
