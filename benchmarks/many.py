"""Make a checkout with many releases, to measure how the report's time grows.

Each real observation is copied several times, under the patch versions that follow its own.
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
    """Make a folder to run `python -m report` in, with ``times`` copies of each release."""
    target = root / OBSERVATIONS
    target.mkdir(parents=True)
    (root / "probes").mkdir()
    for folder in ("report", "templates"):
        shutil.copytree(places.ROOT / folder, root / folder)
    rows = []
    for entry in release_table.read(places.ROOT / "probes" / "releases.toml"):
        text = (places.ROOT / OBSERVATIONS / f"{entry.version}.json").read_text("utf-8")
        for number, version in enumerate(_patches(entry.version, times)):
            # Copies are no milestones: each pair of milestones has a comparison page.
            tags = [tag for tag in entry.tags if number == 0 or tag != MILESTONE]
            rows.append(_row(entry, version, tags))
            copy = text.replace(f'"version": "{entry.version}"', f'"version": "{version}"')
            (target / f"{version}.json").write_text(copy, "utf-8")
    releases = "\n".join(["releases = [", *rows, "]", ""])
    (root / "probes" / "releases.toml").write_text(releases, "utf-8")
    return root


def _patches(version: str, times: int) -> Iterator[str]:
    """Yield a version and the patch versions after it: 2.15.1, 2.15.2, …."""
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
