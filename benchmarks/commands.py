"""What a reader waits for: the report of 40 and of 400 releases, `nox -l`, `nox -s explain`."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any

from benchmarks import ours
from benchmarks.clock import timed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TIMES = 10  # copies of every release; the tenth of 2.21.0 calls itself 92.21.0
APART = 10  # between the major versions of copies
SYMBOL = "tf.layers.dense"
PLATFORM = "linux-x86_64"
_VERSION = re.compile(r"(\d+)(\..*)")


def copied(version: str, copy: int) -> str:
    """Return the version that a copy of a release has: 2.21.0 becomes 12.21.0, 22.21.0, …."""
    match = _VERSION.fullmatch(version)
    if match is None:
        raise ValueError(f"not a version: {version}")
    return f"{int(match[1]) + APART * copy}{match[2]}"


def multiply(root: Path, times: int) -> None:
    """Add renamed copies of all releases and observations to a checkout that is thrown away."""
    place = root / "probes" / "releases.toml"
    rows = [line for line in place.read_text("utf-8").splitlines() if "{ version" in line]
    versions = [row.split('"')[1] for row in rows]
    lines = [
        row.replace(f'"{version}"', f'"{copied(version, copy)}"', 1)
        for copy in range(times)
        for version, row in zip(versions, rows, strict=True)
    ]
    place.write_text("\n".join(["releases = [", *lines, "]", ""]), "utf-8")
    for seen in sorted((root / "observations" / PLATFORM).glob("*.json")):
        data: dict[str, Any] = json.loads(seen.read_text("utf-8"))
        for copy in range(1, times):
            data["release"]["version"] = name = copied(seen.stem, copy)
            text = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True)
            (seen.parent / f"{name}.json").write_text(f"{text}\n", "utf-8")


def reports(folder: Path, runs: int) -> dict[str, Any]:
    """Return the seconds of `python -m report` by number of releases, or why it failed.

    The two are run in turn; a first run of each only warms up.
    """
    few, many = ours.clone(_made(folder / "few")), ours.clone(_made(folder / "many"))
    multiply(many, TIMES)
    found: dict[str, Any] = {"few": [], "many": [], "copies": TIMES, "failed": None}
    for turn in range(runs + 1):
        for name, root in (("few", few), ("many", many)):
            run = timed([sys.executable, "-m", "report"], folder=root)
            if name == "few":
                run.wanted("python -m report")
            elif run.code:
                found["failed"] = run.said.strip().splitlines()[-1]
                continue
            if turn:
                found[name].append(run.seconds)
    return found


def nox(checkout: Path, runs: int) -> dict[str, list[float]]:
    """Return the seconds of listing the sessions and of explaining one symbol."""
    commands: dict[str, Callable[[], float]] = {
        "list": lambda: ours.nox(checkout, "-l").seconds,
        "explain": lambda: ours.nox(checkout, "-s", "explain", "--", SYMBOL).seconds,
    }
    for command in commands.values():
        command()  # the first one makes its environment
    return {name: [command() for _ in range(runs)] for name, command in commands.items()}


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
