"""A checkout of three releases, of which another platform has the last two, observed on both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from report.evidence import platforms
from report.matrix import across, build_matrix
from report.site.exports import readme
from tests.support import roots, samples

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from report.matrix import Across

OWN, ARM = platforms.COMMITTED, "linux-aarch64"
VERSIONS = ("1.0.1", "1.1.0", "1.2.1")
ON_BOTH = VERSIONS[1:]
_DISTRIBUTIONS = {OWN: "tensorflow-cpu", ARM: "tensorflow"}
PORT = f"""
[platforms.{ARM}]
distribution = "tensorflow"
since = "1.1.0"
"""


def table(root: Path) -> None:
    """Write the table of releases."""
    rows = (samples.row(version, distribution="tensorflow-cpu") for version in VERSIONS)
    roots.table(root, samples.table(*rows) + PORT)


def observation(version: str, platform: str, **changed: object) -> dict[str, Any]:
    """Return an observation: its distribution is in the call paths, and its lock its own."""
    name = _DISTRIBUTIONS[platform]
    lock = ("0f" if platform == OWN else "1e") * 32
    release = {"version": version, "distribution": name, "python": "3.6", "lock": lock}
    data = samples.observation(
        version, platform=platform, release=release, tutorial=roots.NO_TUTORIAL
    )
    for evidence in (e for s in data["symbols"] for e in s["evidence"].values()):
        for frame in evidence["call_path"]:
            frame[4] = name
    return data | changed


def kernel(data: dict[str, Any], symbol: int = 0) -> dict[str, Any]:
    """Return the evidence of a symbol's kernel; of the layer by default."""
    found: dict[str, Any] = data["symbols"][symbol]["evidence"]["kernel"]
    return found


def store(root: Path, data: dict[str, Any], folder: Path | None = None) -> Path:
    """Store an observation, in the folder of its platform by default; return its path."""
    folder = folder or root / "observations" / data["platform"]
    return samples.store(folder, data, data["release"]["version"])


def checkout(root: Path) -> Path:
    """Make the checkout, in which the platforms differ by nature alone."""
    table(root)
    (root / "README.md").write_text(f"{readme.BEGIN}\n{readme.END}\n", encoding="utf-8")
    for version in VERSIONS:
        store(root, observation(version, OWN))
    for version in ON_BOTH:
        store(root, observation(version, ARM))
    return root


def compared(root: Path, change: Callable[[dict[str, Any]], object] | None = None) -> Across:
    """Return the comparison, after a change of the other platform's observation of 1.2.1."""
    if change:
        data = observation("1.2.1", ARM)
        change(data)
        store(root, data)
    (found,) = across.with_others(root, build_matrix(root, OWN))
    return found


def round_off(data: dict[str, Any]) -> None:
    """Change the layer's kernel after a seed call by a ten-thousandth of ``ROUNDING``."""
    for draw in (draw for one in kernel(data)["numbers"] for draw in one["draws"]):
        draw["digest"] = "c" * 64
        draw["values"] = [value + 5e-10 for value in draw["values"]]
