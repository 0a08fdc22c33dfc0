"""Test that two shards, merged by the workflow's shell script, equal one run byte by byte."""

from __future__ import annotations

import re
import shutil
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support import fake, small, workflows
from tests.support.checkout import OBSERVATIONS, nox
from tests.support.repository import git

if TYPE_CHECKING:
    from tests.support.small import Checkout

SHARDS = {"tf1": small.ONE, "keras3": small.OTHER}  # by a tag that no other release has
PROBE = workflows.step("matrix", "probe", "probe")["run"]
REPORT = workflows.step("matrix", "report", "report")["run"]
REQUEST = workflows.step("matrix", "request", "apply")["run"]
CARRIED = ("observations", ".nox/measured")  # from a shard to the report


@dataclass(frozen=True, slots=True, kw_only=True)
class Clones:
    """A committed checkout with two small releases, its clones, and the folder that PATH needs."""

    origin: Checkout
    bin: Path

    def clone(self, name: str) -> Checkout:
        """Make a clone."""
        root = self.origin.root.parent / name
        git(self.origin.root, "clone", "--quiet", str(self.origin.root), str(root))
        return replace(self.origin, root=root)

    def run(self, checkout: Checkout, script: str, **variables: str | None) -> dict[str, str]:
        """Run a shell script of a workflow in a clone, with the tests' own nox."""
        path = f"{self.bin}:{checkout.variables['PATH']}"
        variables = {**checkout.variables, "PATH": path, **variables}
        return workflows.run(checkout.root, script, **variables)

    def merge(self, name: str, *shards: Checkout) -> tuple[Checkout, dict[str, str]]:
        """Merge the shards' observations and report them; return the clone and the outputs."""
        merged = self.clone(name)
        for shard in shards:
            for folder in CARRIED:
                shutil.copytree(shard.root / folder, merged.root / folder, dirs_exist_ok=True)
        head = git(merged.root, "rev-parse", "HEAD").strip()
        online = {"TAG": "all", "BASE": head, "SITE_URL": "", "UV_OFFLINE": None}
        return merged, self.run(merged, REPORT, **online)


@pytest.fixture(scope="module")
def clones(tmp_path_factory: pytest.TempPathFactory) -> Clones:
    """Return a repository in which only two small releases have certain tags."""
    folder = tmp_path_factory.mktemp("shards")
    origin = small.checkout(folder, GITHUB_RUN_ID="123")
    table = origin.root / "probes" / "releases.toml"
    rows = table.read_text("utf-8").replace(', "keras3"', "")
    for tag, version in SHARDS.items():
        rows = re.sub(rf'("{version}".*tags = \[)[^]]*', rf'\1"{tag}"', rows)
    table.write_text(rows, "utf-8")
    git(origin.root, "init", "--quiet")
    commit(origin.root)
    return Clones(origin=origin, bin=workflows.shim(folder / "shim"))


@pytest.fixture(scope="module")
def shards(clones: Clones) -> list[Checkout]:
    """Return two clones, in each of which one of the releases was measured."""
    made = [clones.clone(f"shard {tag}") for tag in SHARDS]
    for shard, tag in zip(made, SHARDS, strict=True):
        clones.run(shard, PROBE, TAG=tag, PYTHON=fake.PYTHON, UV_PYTHON_DOWNLOADS="never")
        stored = (shard.root / "observations").rglob("*.json")
        assert [path.stem for path in stored] == [SHARDS[tag]]
    return made


def commit(root: Path) -> None:
    """Commit all files of a checkout."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "all of it")


def tree(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by name."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_two_shards_merged_are_one_run_and_then_the_evidence_of_the_next(
    clones: Clones, shards: list[Checkout]
) -> None:
    merged, outputs = clones.merge("merged", *shards)
    one = clones.clone("one")
    online = {**one.variables, "UV_OFFLINE": None}
    for words in (
        [*(f"probe({version})" for version in SHARDS.values())],
        ["confirm"],
        ["report", "--", "--readme"],
    ):
        done = nox(one.root, "-s", *words, **online)
        assert done.returncode == 0, done.stdout
    for folder in ("site", "observations", "docs"):
        assert tree(merged.root / folder) == tree(one.root / folder)
    assert (merged.root / "README.md").read_bytes() == (one.root / "README.md").read_bytes()
    confirmed = tomllib.loads((merged.root / OBSERVATIONS / "confirmed.toml").read_text("utf-8"))
    assert list(confirmed) == list(SHARDS.values())
    assert outputs["moved"] == "2"
    assert "Measured: 2 of 40 releases. **Open gap:** 0.12.1, 1.0.1, " in outputs["summary"]
    assert "\n# What moved since `" in outputs["summary"]

    requested = clones.clone("requested")
    clones.run(requested, REQUEST, RUNNER_TEMP=str(merged.root))
    assert tree(requested.root / "observations") == tree(merged.root / "observations")
    commit(requested.root)
    git(requested.root, "push", "--quiet", "origin", "HEAD:measured")
    git(clones.origin.root, "merge", "--quiet", "measured")
    # A shard that could not run is a gap; the other's observation is as committed.
    _, outputs = clones.merge("half", shards[0])
    assert outputs["moved"] == "0"
    assert "Measured: 1 of 40 releases. **Open gap:** 0.12.1" in outputs["summary"]
    assert f" {SHARDS['keras3']}" in outputs["summary"].partition(";")[0]
    assert "The evidence is the same, byte for byte" in outputs["summary"]
