"""Make folders that the report can read in place of the checkout, and read the checkout's data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from report import places
from report.site.exports import readme
from tests.support import samples

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NO_TUTORIAL = {"state": "failed", "reason": "not asked", "networks": []}


def at(root: Path, version: str) -> Path:
    """Return the path of a release's observation."""
    return root / "observations" / samples.PLATFORM / f"{version}.json"


def committed(version: str) -> dict[str, Any]:
    """Return the committed observation of a release."""
    found: dict[str, Any] = json.loads(at(places.ROOT, version).read_text("utf-8"))
    return found


def table(root: Path, text: str) -> None:
    """Write a table of releases."""
    (root / "probes").mkdir(exist_ok=True)
    (root / "probes" / "releases.toml").write_text(text, encoding="utf-8")


def store(root: Path, version: str, data: object = None) -> None:
    """Store an observation of a release, by default a valid one without the network."""
    data = data or samples.observation(version, tutorial=NO_TUTORIAL)
    samples.store(at(root, version).parent, data, version)


def observed(root: Path, versions: Sequence[str]) -> Path:
    """Write a table of releases, the observation of each, and a README; return the folder."""
    table(root, samples.table(*(samples.row(version, tags=["tf1"]) for version in versions)))
    for version in versions:
        store(root, version)
    (root / "README.md").write_text(f"{readme.BEGIN}\n{readme.END}\n", encoding="utf-8")
    return root
