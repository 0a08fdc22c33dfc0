"""When the stored observations were last confirmed, in words."""

from __future__ import annotations

from report.evidence import Release, confirmed
from report.matrix import Index
from report.story import marks
from report.story.wording import several


def of_release(release: Release) -> str:
    """Return when and how a release was confirmed: "2026-11-26, locally, CPython 3.11.7, …"."""
    found = release.confirmed
    if found is None:
        return marks.SILENT.text
    where = "locally" if found.where == confirmed.LOCAL else f"by {found.where}"
    commit = (f"commit {found.commit}",) if found.commit else ()
    return ", ".join((found.date.isoformat(), where, f"CPython {found.python}", *commit))


def of_all(index: Index) -> str:
    """Return a sentence with the number of confirmed observations and the dates."""
    found = [release.confirmed for release in index.matrix.releases if release.confirmed]
    if not found:
        return "No confirmation is on record yet."
    first, last = (choose(one.date for one in found) for choose in (min, max))
    days = f"of {first}" if first == last else f"the oldest of {first} and the newest of {last}"
    stored = several(len(index.matrix.files), "observation")
    return f"On record are confirmations of {len(found)} of {stored}, {days}."
