"""Test that another Python or distribution is refused, and another lock is marked."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from report.evidence import Status
from report.matrix import build
from report.matrix.index import Index
from report.site.publish import write_site
from report.story import marks
from tests.support import roots, samples

if TYPE_CHECKING:
    from pathlib import Path

    from report.matrix.records import Matrix

VERSIONS = ("1.0.1", "1.1.0", "1.2.1")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a checkout of three releases, each measured with its lock."""
    locks = tmp_path / "probes" / "locks"
    locks.mkdir(parents=True)
    roots.table(tmp_path, samples.table(*map(samples.row, VERSIONS)))
    for version in VERSIONS:
        (locks / f"{version}.txt").write_text(f"tensorflow=={version}\n", encoding="utf-8")
        store(tmp_path, version)
    return tmp_path


def store(root: Path, version: str, **changed: str) -> None:
    """Store an observation that matches the table, except for some fields."""
    lock = (root / "probes" / "locks" / f"{version}.txt").read_bytes()
    data = samples.observation(version, tutorial=roots.NO_TUTORIAL)
    data["release"] |= {"lock": hashlib.sha256(lock).hexdigest()} | changed
    roots.store(root, version, data)


def built(root: Path) -> Matrix:
    """Return the matrix of a checkout."""
    return build.build_matrix(root, samples.PLATFORM)


def edit(root: Path, version: str) -> None:
    """Replace the content of a release's lock."""
    path = root / "probes" / "locks" / f"{version}.txt"
    path.write_text("tensorflow==9.9.9\n", encoding="utf-8")


def test_what_was_measured_under_its_lock_has_no_mark(root: Path) -> None:
    found = built(root)
    assert found.problems == ()
    assert not any(release.old_lock for release in found.releases)


@pytest.mark.parametrize(
    ("field", "value", "row"),
    [("python", "3.7", "3.6"), ("distribution", "tensorflow-cpu", "tensorflow")],
)
def test_what_was_not_made_as_the_row_says_is_refused(
    field: str, value: str, row: str, root: Path
) -> None:
    store(root, "1.1.0", **{field: value})
    found = built(root)
    (problem,) = found.problems
    assert problem == (
        f"1.1.0.json: release/{field}: {value}, where the table's row has {row}; "
        'measure it again with nox -s "probe(1.1.0)" -- --force'
    )
    release = found.releases[1]
    assert (release.status, release.reason) == (Status.NOT_OBSERVED, problem)
    assert "1.1.0" not in found.files


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        (
            "edited",
            'older lock: not measured under probes/locks/1.1.0.txt; nox -s "probe(1.1.0)"',
        ),
        ("missing", "probes/locks/1.1.0.txt is missing; nox -s lock -- 1.1.0"),
    ],
)
def test_an_older_lock_is_shown_and_marked_everywhere(how: str, problem: str, root: Path) -> None:
    if how == "edited":
        edit(root, "1.1.0")
    else:
        (root / "probes" / "locks" / "1.1.0.txt").unlink()
    found = built(root)
    assert [release.status for release in found.releases] == [Status.OBSERVED] * 3
    assert [release.old_lock for release in found.releases] == [False, True, False]
    assert found.problems == (f"1.1.0.json: {problem}",)
    assert marks.OLD_LOCK in marks.of_release(Index(matrix=found), found.releases[1])
    site = root / "site"
    write_site(found, site)
    marked = {
        path.name: marks.OLD_LOCK.text in path.read_text(encoding="utf-8").partition('id="env')[0]
        for path in (site / "release").iterdir()
    }
    assert marked == {"1.0.1.html": False, "1.1.0.html": True, "1.2.1.html": False}
    front = (site / "index.html").read_text(encoding="utf-8")
    assert "Observed under an older lock" in front
    assert f'{marks.OLD_LOCK.code}<span class="vh">{marks.OLD_LOCK.text}</span>' in front
    releases = json.loads((site / "data" / "matrix.json").read_text("utf-8"))["releases"]
    assert [release["old_lock"] for release in releases] == [False, True, False]
    (line,) = [
        each for each in (site / "matrix.md").read_text("utf-8").splitlines() if "| 1.1.0 |" in each
    ]
    assert f"observed, {marks.OLD_LOCK.text}" in line


def test_an_older_lock_of_a_failed_release_is_told_too(root: Path) -> None:
    roots.store(root, "1.1.0", samples.failed("1.1.0", "SIGILL: …"))
    found = built(root)
    assert found.releases[1].old_lock
    assert [problem.partition(";")[0] for problem in found.problems] == [
        "1.1.0.json: older lock: not measured under probes/locks/1.1.0.txt"
    ]


def test_the_committed_observations_are_of_todays_locks(real: Matrix) -> None:
    assert real.problems == ()
    assert not any(release.old_lock for release in real.releases)
