"""A root with more releases than there are: copies of the real observations as patch releases.

Each release comes several times, its later copies under the next patch versions: what the
report reads of them is real but for that number.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from report import places
from report.evidence import release_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from report.evidence import Entry

OBSERVATIONS = "observations/linux-x86_64"
MILESTONE = "milestone"


def many(root: Path, times: int) -> Path:
    """Make a folder in which `python -m report` finds so many releases, and itself."""
    target = root / OBSERVATIONS
    target.mkdir(parents=True)
    (root / "probes").mkdir()
    for folder in ("report", "templates"):
        shutil.copytree(places.ROOT / folder, root / folder)
    rows = []
    for entry in release_table.read(places.ROOT / "probes" / "releases.toml"):
        text = (places.ROOT / OBSERVATIONS / f"{entry.version}.json").read_text("utf-8")
        for number, version in enumerate(_patches(entry.version, times)):
            # A comparison page for every two milestones: copies are none.
            tags = [tag for tag in entry.tags if number == 0 or tag != MILESTONE]
            rows.append(_row(entry, version, tags))
            copy = text.replace(f'"version": "{entry.version}"', f'"version": "{version}"')
            (target / f"{version}.json").write_text(copy, "utf-8")
    releases = "\n".join(["releases = [", *rows, "]", ""])
    (root / "probes" / "releases.toml").write_text(releases, "utf-8")
    return root


def _patches(version: str, times: int) -> Iterator[str]:
    """Yield a version and the next ones of its series: 2.15.1, 2.15.2 and on."""
    head = version.rstrip("0123456789")
    last = int(version.removeprefix(head))
    yield from (f"{head}{last + step}" for step in range(times))


def _row(entry: Entry, version: str, tags: Sequence[str]) -> str:
    fields = {
        "version": version,
        "distribution": entry.distribution,
        "python": entry.python,
        "cutoff": entry.cutoff,
        "tags": tags,
    }
    return f"  {{ {', '.join(f'{key} = {json.dumps(value)}' for key, value in fields.items())} }},"
