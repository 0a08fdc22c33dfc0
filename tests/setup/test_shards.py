"""Test that two shards, merged by the workflow's shell script, equal one run byte by byte."""

from __future__ import annotations

import hashlib
import json
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
COLLECT = workflows.step("matrix", "probe", "collect")["run"]
MERGE = workflows.step("matrix", "report", "merge")["run"]
REPORT = workflows.step("matrix", "report", "report")["run"]
REQUEST = workflows.step("matrix", "request", "apply")["run"]
WORKFLOW = workflows.WORKFLOWS["matrix"]
UPLOADED = "measured"  # the folder of a shard that the report gets
CRASHING = """
def random_uniform_initializer():
    import os; os.abort()
"""
LEDGER = Path(".nox", "measured", OBSERVATIONS.name)


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
        """Run a shell script of a workflow in a clone, which must succeed."""
        return self.exits(0, checkout, script, **variables)

    def exits(
        self, code: int, checkout: Checkout, script: str, **variables: str | None
    ) -> dict[str, str]:
        """Run a shell script of a workflow in a clone, with the tests' own nox."""
        path = f"{self.bin}:{checkout.variables['PATH']}"
        variables = {**checkout.variables, "PATH": path, **variables}
        return workflows.exits(code, checkout.root, script, **variables)

    def merge(self, name: str, *shards: Path, code: int = 0) -> tuple[Checkout, dict[str, str]]:
        """Merge what shards uploaded and report it; return the clone and the outputs."""
        merged = self.clone(name)
        temporary = merged.root.with_name(f"temporary {name}")
        for shard in shards:
            shutil.copytree(shard, temporary / "shards", dirs_exist_ok=True, symlinks=True)
        head = git(merged.root, "rev-parse", "HEAD").strip()
        online = {"TAG": "all", "BASE": head, "SITE_URL": "", "UV_OFFLINE": None}
        self.run(merged, MERGE, RUNNER_TEMP=str(temporary))
        return merged, self.exits(code, merged, REPORT, **online)


@pytest.fixture(scope="module")
def clones(tmp_path_factory: pytest.TempPathFactory) -> Clones:
    """Return a repository in which only two small releases have certain tags."""
    folder = tmp_path_factory.mktemp("shards")
    origin = small.checkout(folder, GITHUB_RUN_ID="123")
    small.keep(origin, small.ONE, small.OTHER, "2.19.1", "1.15.5")
    table = origin.root / "probes" / "releases.toml"
    rows = table.read_text("utf-8").replace(', "keras3"', "")
    for tag, version in SHARDS.items():
        rows = re.sub(rf'("{version}".*tags = \[)[^]]*', rf'\1"{tag}"', rows)
    table.write_text(rows, "utf-8")
    git(origin.root, "init", "--quiet")
    commit(origin.root)
    return Clones(origin=origin, bin=workflows.shim(folder / "shim"))


@pytest.fixture(scope="module")
def shards(clones: Clones) -> list[Path]:
    """Return what two clones upload, in each of which one of the releases was measured."""
    made = [clones.clone(f"shard {tag}") for tag in SHARDS]
    for shard, (tag, version) in zip(made, SHARDS.items(), strict=True):
        clones.run(shard, PROBE, TAG=tag, PYTHON=fake.PYTHON, UV_PYTHON_DOWNLOADS="never")
        clones.run(shard, COLLECT)
        assert set(tree(shard.root / UPLOADED)) == {
            f"{OBSERVATIONS}/{version}.json",
            f"{LEDGER}/{version}.toml",
            f"{LEDGER}/{version}.txt",
        }
    return [shard.root / UPLOADED for shard in made]


def commit(root: Path) -> None:
    """Commit all files of a checkout."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "all of it")


def tree(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by name."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_two_shards_merged_are_one_run_and_then_the_evidence_of_the_next(
    clones: Clones, shards: list[Path]
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


def test_a_shard_that_ends_before_it_measures_uploads_nothing(clones: Clones) -> None:
    """Its checkout has the stored observations, which it did not measure."""
    shard = clones.clone("ended")
    clones.run(shard, COLLECT)
    assert list((shard.root / OBSERVATIONS).glob("*.json"))
    assert tree(shard.root / UPLOADED) == {}
    probe = WORKFLOW["jobs"]["probe"]["steps"]
    (upload,) = [step["with"] for step in probe if "upload-artifact@" in step.get("uses", "")]
    assert upload["path"] == UPLOADED


def test_what_was_observed_before_fails_a_shard_and_is_not_uploaded(clones: Clones) -> None:
    """The stored observation stays while it is measured: a crash is a fault of this run."""
    shard = clones.clone("crashing")
    lock = shard.root / "probes" / "locks" / f"{small.ONE}.txt"
    stored = shard.observation(small.ONE)
    data = json.loads(stored.read_text("utf-8"))
    wheels = Path(shard.variables["UV_FIND_LINKS"])
    kept = {path: path.read_bytes() for path in wheels.iterdir()}
    try:
        shard.install(small.ONE, f"{fake.WORKING}{CRASHING}".replace(fake.VERSION, small.ONE))
        data["release"]["lock"] = hashlib.sha256(lock.read_bytes()).hexdigest()
        stored.write_text(json.dumps(data), "utf-8")
        variables = {"PYTHON": fake.PYTHON, "UV_PYTHON_DOWNLOADS": "never"}
        clones.exits(1, shard, PROBE, TAG="tf1", **variables)
    finally:
        for path, content in kept.items():
            path.write_bytes(content)
    clones.run(shard, COLLECT)
    assert tree(shard.root / UPLOADED) == {}


def test_of_an_upload_only_observations_and_their_entries_reach_the_checkout(
    clones: Clones, tmp_path: Path
) -> None:
    """A shard runs the code of releases, and the report's job the code of the checkout."""
    foreign = (
        *("noxfile.py", "report/__main__.py", ".git/config", ".nox/shared/x.txt", "x/2.0.json"),
        *(f"{OBSERVATIONS}/sub/2.0.0.json", f"{OBSERVATIONS}/confirmed.toml", "docs/x.md"),
        f"{OBSERVATIONS}/2.0.0.json.py",
    )
    for name in (*foreign, f"{OBSERVATIONS}/9.9.9.json", f"{LEDGER}/9.9.9.toml"):
        (tmp_path / "shards" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "shards" / name).write_text("foreign", "utf-8")
    (tmp_path / "shards" / OBSERVATIONS / "8.8.8.json").symlink_to("/etc/hosts")
    merged = clones.clone("poisoned")
    before = tree(merged.root)
    clones.run(merged, MERGE, RUNNER_TEMP=str(tmp_path))
    after = tree(merged.root)
    assert {name for name in after if after[name] != before.get(name)} == {
        f"{OBSERVATIONS}/9.9.9.json",
        f"{LEDGER}/9.9.9.toml",
    }


def test_a_request_takes_data_alone_from_a_patch(clones: Clones) -> None:
    made = clones.clone("patched")
    for name in ("noxfile.py", "README.md", ".github/workflows/tests.yml", "observations/x.json"):
        with (made.root / name).open("a", encoding="utf-8") as file:
            file.write("# more\n")
    git(made.root, "add", "--all")
    patch = git(made.root, "diff", "--cached", "--binary")
    (made.root.parent / "measured.patch").write_text(patch, "utf-8")
    requested = clones.clone("filtered")
    clones.run(requested, REQUEST, RUNNER_TEMP=str(made.root.parent))
    written = git(requested.root, "status", "--short").splitlines()
    assert written == [" M README.md", "?? observations/x.json"]


def test_what_fails_in_the_report_is_red_after_everything_was_written(
    clones: Clones, shards: list[Path], tmp_path: Path
) -> None:
    """A damaged observation, and a base whose observations are of another schema."""
    damaged = tmp_path / OBSERVATIONS / "1.0.1.json"
    damaged.parent.mkdir(parents=True)
    damaged.write_text("{", "utf-8")
    merged, outputs = clones.merge("damaged", shards[0], tmp_path, code=1)
    assert outputs["changed"] == "true"
    assert int(outputs["moved"]) >= 1
    assert "Measured: 1 of 40 releases." in outputs["summary"]
    assert "\n**Failed:** report" in outputs["summary"]
    assert (merged.root / "site" / "index.html").exists()
    assert f"{OBSERVATIONS}/1.0.1.json" in (merged.root / "measured.patch").read_text("utf-8")
    online = {"TAG": "all", "BASE": "0" * 40, "SITE_URL": "", "UV_OFFLINE": None}
    outputs = clones.exits(1, merged, REPORT, **online)
    assert "\n**Failed:** report against" in outputs["summary"]
    assert outputs["changed"] == "true"
