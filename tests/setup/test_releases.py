"""Test the table of releases: aligned, sorted, and one lock for each row."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.version import Version

from probes.setup import table

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "probes" / "releases.toml"
DATA = tomllib.loads(TABLE.read_text(encoding="utf-8"))
ROWS = DATA["releases"]
LOCKS = ROOT / "probes" / "locks"
# The folder of the locks of each platform, with its rows.
ON = {LOCKS: ROWS} | {
    LOCKS / name: [
        row
        for row in table.rows_on(name, ROWS, DATA["platforms"])
        if row["version"] not in fields["unavailable"]
    ]
    for name, fields in DATA["platforms"].items()
}
LOCKED = [(folder / f"{row['version']}.txt", row) for folder, rows in ON.items() for row in rows]


def field(row: dict[str, object], key: str) -> str:
    """Return a field as written in the file, with its comma unless it is the last."""
    return f"{key} = {json.dumps(row[key])}" + ("" if key == list(row)[-1] else ",")


def aligned(row: dict[str, object]) -> str:
    """Return the line of a row, with each field padded to its widest."""
    widths = {
        key: max(
            len(field(other, key)) for other in ROWS if key in other and key != list(other)[-1]
        )
        for key in list(row)[:-1]
    }
    return f"  {{ {' '.join(field(row, key).ljust(widths.get(key, 0)) for key in row)} }},"


def test_the_table_round_trips_aligned_one_row_a_release() -> None:
    written = [
        line for line in TABLE.read_text(encoding="utf-8").splitlines() if "version =" in line
    ]
    assert written == [aligned(row) for row in ROWS]


def test_releases_are_in_order_and_one_a_series() -> None:
    versions = [Version(row["version"]) for row in ROWS]
    assert versions == sorted(set(versions))
    series = [(version.major, version.minor) for version in versions]
    assert len(set(series)) == len(series)
    assert series[0] == (0, 12)


@pytest.mark.parametrize(
    ("lock", "row"), LOCKED, ids=[str(lock.relative_to(LOCKS)) for lock, _ in LOCKED]
)
def test_a_row_has_a_lock_of_its_release_with_hashes_and_no_address(
    lock: Path, row: dict[str, str]
) -> None:
    text = lock.read_text(encoding="utf-8")
    requirements = re.findall(
        r"^(\S+)==(\S+) \\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE
    )
    assert (row["distribution"], row["version"]) in requirements
    assert len(requirements) == len(re.findall(r"^\S", text, re.MULTILINE))
    assert "://" not in text


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["version"]))
def test_tags_follow_the_version_and_the_locked_keras(row: dict[str, str]) -> None:
    lock = (LOCKS / f"{row['version']}.txt").read_text(encoding="utf-8")
    keras = re.search(r"^keras(?:-nightly)?==(\d+)", lock, re.MULTILINE)
    tags = set(row["tags"]) - {"milestone"}
    major = "tf1" if Version(row["version"]).major < 2 else "tf2"
    assert tags == {major} | ({"keras3"} if keras and keras[1] == "3" else set())


def test_there_is_no_lock_of_what_is_not_in_the_table() -> None:
    build = {LOCKS / name for name in ("build.txt", "unshared.txt")}
    assert {lock for lock, _ in LOCKED} | build == set(LOCKS.rglob("*.txt"))


@pytest.mark.parametrize("version", [row["version"] for row in ON[LOCKS / "linux-aarch64"]])
def test_platforms_lock_the_same_versions_but_for_what_has_no_wheel(
    version: str,
) -> None:
    ours, theirs = (
        dict(
            re.findall(r"^(\S+)==(\S+) \\$", (folder / f"{version}.txt").read_text(), re.MULTILINE)
        )
        for folder in ON
    )
    named = set(ours.keys() ^ theirs.keys())
    assert named >= {"tensorflow", "tensorflow-cpu"}
    assert named <= {"tensorflow", "tensorflow-cpu", "tensorflow-cpu-aws"}
    other = {name for name in ours.keys() & theirs.keys() if ours[name] != theirs[name]}
    assert other == ({"h5py"} if version == "2.16.2" else set())  # 3.11.0 has none for Linux ARM64
