"""When the stored observations were last confirmed, in words."""

from __future__ import annotations

from collections import Counter

from report.evidence import Confirmed, Release, confirmed
from report.matrix import Index
from report.story import marks
from report.story.wording import several


def of_release(release: Release) -> str:
    """Return when and how a release was confirmed: "2026-11-26, locally, CPython 3.11.7, …".

    It says so if the machine was emulated.
    """
    found = release.confirmed
    if found is None:
        return marks.SILENT.text
    where = "locally" if found.where == confirmed.LOCAL else f"by {found.where}"
    commit = (f"commit {found.commit}",) if found.commit else ()
    python = f"CPython {found.python}"
    return ", ".join((found.date.isoformat(), where, *_emulated(found), python, *commit))


def day(release: Release) -> str:
    """Return the day on which a release was confirmed, and by what it was emulated, if it was."""
    found = release.confirmed
    return ", ".join((found.date.isoformat(), *_emulated(found))) if found else marks.SILENT.text


def _emulated(found: Confirmed) -> tuple[str, ...]:
    return (f"emulated by {found.emulator}",) if found.emulator else ()


def of_all(index: Index) -> str:
    """Return the number of confirmed observations, the dates, and how many were emulated."""
    found = [release.confirmed for release in index.matrix.releases if release.confirmed]
    if not found:
        return "No confirmation is on record yet."
    first, last = (choose(one.date for one in found) for choose in (min, max))
    days = f"of {first}" if first == last else f"the oldest of {first} and the newest of {last}"
    stored = several(len(index.matrix.files), "observation")
    emulated = Counter(one.emulator for one in found if one.emulator)
    by = "".join(f", {count} of them emulated by {name}" for name, count in emulated.items())
    return f"On record are confirmations of {len(found)} of {stored}, {days}{by}."
