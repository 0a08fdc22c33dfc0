"""A root with more releases than there are: copies of the real observations as patch releases.

Run as ``python -m tests.many ROOT [--times N]``, then ``python -m report`` in that folder. Each
release comes N times, its later copies under the next patch versions: what the report reads
of them is real but for that number.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from report import load, table
from tests import samples

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MILESTONE = "milestone"


def many(root: Path, times: int) -> Path:
    """Make a folder in which `python -m report` finds so many releases, and itself."""
    source = load.ROOT / "observations" / samples.PLATFORM
    target = root / "observations" / samples.PLATFORM
    target.mkdir(parents=True)
    (root / "probes").mkdir()
    for folder in ("report", "templates"):
        shutil.copytree(load.ROOT / folder, root / folder)
    rows = []
    for entry in table.read(load.ROOT / "probes" / "releases.toml"):
        text = (source / f"{entry.version}.json").read_text("utf-8")
        for number, version in enumerate(_patches(entry.version, times)):
            # A comparison page for every two milestones: copies are none.
            tags = [tag for tag in entry.tags if number == 0 or tag != MILESTONE]
            row = {"distribution": entry.distribution, "python": entry.python, "tags": tags}
            rows.append(samples.row(version, **row))
            copied = text.replace(f'"version": "{entry.version}"', f'"version": "{version}"')
            (target / f"{version}.json").write_text(copied, "utf-8")
    (root / "probes" / "releases.toml").write_text(samples.table(*rows), "utf-8")
    return root


def _patches(version: str, times: int) -> Iterator[str]:
    """Yield a version and the next ones of its series: 2.15.1, 2.15.2 and on."""
    head = version.rstrip("0123456789")
    last = int(version.removeprefix(head))
    yield from (f"{head}{last + step}" for step in range(times))


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the root that the command line names."""
    parser = argparse.ArgumentParser(prog="tests.many", description=__doc__)
    parser.add_argument("root", type=Path, help="a folder that is made")
    parser.add_argument("--times", type=int, default=10, help="copies of each release")
    options = parser.parse_args(arguments)
    many(options.root, options.times)


if __name__ == "__main__":
    main()
