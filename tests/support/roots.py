"""Make folders that the report can read in place of the checkout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from report.site.exports import readme
from tests.support import samples

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

NO_TUTORIAL = {"state": "failed", "reason": "not asked", "networks": []}


def observed(root: Path, versions: Sequence[str]) -> Path:
    """Write a table of releases, the observation of each, and a README; return the folder."""
    (root / "probes").mkdir()
    rows = [samples.row(version, tags=["tf1"]) for version in versions]
    (root / "probes" / "releases.toml").write_text(samples.table(*rows), encoding="utf-8")
    for version in versions:
        data = samples.observation(version, tutorial=NO_TUTORIAL)
        samples.store(root / "observations" / samples.PLATFORM, data, version)
    (root / "README.md").write_text(f"{readme.BEGIN}\n{readme.END}\n", encoding="utf-8")
    return root
