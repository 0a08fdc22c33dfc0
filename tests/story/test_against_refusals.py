"""Test the messages and exit codes for revisions that can't be compared."""

from __future__ import annotations

import json
import tempfile
from typing import TYPE_CHECKING

import pytest

from report import __main__ as command
from report import places
from report.evidence import reader
from tests.story.test_against import VERSIONS, commit, observed, printed, root, store
from tests.support import samples
from tests.support.repository import git

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["root"]


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return the one sentence with which a revision is refused."""
    assert command.main(["against", *arguments]) == 2
    caught = capsys.readouterr()
    assert caught.out == ""
    (sentence,) = caught.err.splitlines()
    return sentence


@pytest.mark.parametrize(
    "name", ["none", "HEAD~9", "HEAD:probes", "HEAD..HEAD", "", " ", "c0ffee", "a\nb"]
)
@pytest.mark.usefixtures("root")
def test_a_revision_that_does_not_exist(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, name).endswith(": no such revision here; `git log` lists what there is")


@pytest.mark.parametrize("name", ["--all", "^HEAD"])
@pytest.mark.usefixtures("root")
def test_what_git_takes_for_more_than_a_name(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, "--", name) == f"{name}: no revision begins with {name[0]}; type another"


@pytest.mark.parametrize("key", ["schema", "protocol"])
def test_a_revision_of_an_older_schema(
    key: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for version in VERSIONS:
        store(root, observed(version, **{key: getattr(reader, key.upper()) - 1}), version)
    commit(root)
    store(root, observed("1.0.1"), "1.0.1")
    assert refused(capsys, "HEAD") == (
        "HEAD: its observations are not of the schema and protocol that this report reads; "
        "compare with a revision that has such"
    )


def test_one_old_observation_among_others_is_said_of_its_release(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store(root, observed("1.0.1", protocol=reader.PROTOCOL - 1), "1.0.1")
    commit(root)
    store(root, observed("1.0.1"), "1.0.1")
    lines = printed(capsys)
    (line,) = [each for each in lines if each.startswith("- 1.0.1")]
    assert "stale: protocol" in line
    assert line.endswith("→ observed with numpy 1.12.0")


def test_a_revision_without_a_table_of_releases(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "probes" / "releases.toml").rename(root / "releases.toml")
    commit(root)
    (root / "releases.toml").rename(root / "probes" / "releases.toml")
    sentence = refused(capsys, "HEAD")
    assert sentence.startswith("HEAD: probes/releases.toml: ")
    assert sentence.endswith(", or compare with another revision")


@pytest.fixture
def shallow(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a shallow clone with two of three commits."""
    for version in ("1.0.1", "1.1.0"):
        store(root, observed(version, "he_uniform"), version)
        commit(root)
    clone = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth=2", root.as_uri(), str(clone))
    monkeypatch.setattr(places, "ROOT", clone)
    return clone


@pytest.mark.usefixtures("shallow")
def test_a_shallow_clone_says_how_to_get_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, "HEAD~2") == (
        "HEAD~2: no such revision here; this clone has no whole history; get it with "
        "`git fetch --unshallow`"
    )


@pytest.mark.usefixtures("shallow")
def test_what_a_shallow_clone_has_is_compared(capsys: pytest.CaptureFixture[str]) -> None:
    assert "## Measured: 1 cell" in printed(capsys, "HEAD~1")


def test_a_clone_that_would_fetch_what_it_lacks(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store(root, observed("1.0.1", "he_uniform"), "1.0.1")
    commit(root)
    git(root, "config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", root.as_uri(), str(clone))
    monkeypatch.setattr(places, "ROOT", clone)
    assert refused(capsys, "HEAD~1") == (
        "this clone lacks files of its history; get it with `git fetch --refetch --no-filter`"
    )
    git(clone, "fetch", "--quiet", "--refetch", "--no-filter")
    assert "## Measured: 1 cell" in printed(capsys, "HEAD~1")


def test_a_revision_named_by_the_text_of_its_message(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store(root, observed("1.0.1", "he_uniform"), "1.0.1")
    git(root, "commit", "--quiet", "--all", "--message", "other")
    assert "## Measured: 1 cell" in printed(capsys, ":/data")


def test_a_folder_without_history(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / ".git").rename(root / "old.git")
    assert refused(capsys, "HEAD") == "this folder has no history; clone the project with git"


def test_a_history_that_is_damaged(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / ".git" / "HEAD").write_text("nothing", encoding="utf-8")
    assert refused(capsys, "HEAD").startswith("git can't read the history (fatal: ")


def test_a_history_that_lacks_a_file(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blob = git(root, "rev-parse", f"HEAD:observations/{samples.PLATFORM}/1.2.1.json").strip()
    (root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    assert refused(capsys, "HEAD") == f"this clone lacks the file {blob}; clone the project anew"


def test_without_git(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(root))
    assert refused(capsys, "HEAD") == ("git can't be run (No such file or directory); install it")


@pytest.mark.usefixtures("root")
def test_a_platform_that_nobody_observed(capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, "HEAD", "--platform", "os2-ppc").startswith("--platform os2-ppc: ")


def test_no_room_to_unpack(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(root / "none"))
    assert refused(capsys, "HEAD") == (
        f"the observations of HEAD can't be unpacked in {root / 'none'} "
        "(No such file or directory); make room there"
    )


# The same whatever a user's git is


def test_a_hook_s_repository_is_left_out(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    assert "byte for byte" in printed(capsys)[2]
    assert root.is_dir()


def test_a_repository_of_sha256(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tmp_path / "long"
    store(made, observed("1.0.1"), "1.0.1")
    (made / "probes").mkdir()
    (made / "probes" / "releases.toml").write_text(
        samples.table(samples.row("1.0.1", tags=["tf1"])), encoding="utf-8"
    )
    git(made, "init", "--quiet", "--object-format=sha256")
    commit(made)
    monkeypatch.setattr(places, "ROOT", made)
    assert "byte for byte" in printed(capsys)[2]


def test_the_words_of_a_release_steer_nothing(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = samples.failed("1.2.1", "</details><script>\x1b[2J\u202e` | ![x](y)\n# no")
    store(root, hostile, "1.2.1")
    text = "\n".join(printed(capsys))
    assert "<" not in text.replace(r"\<", "")
    assert "\x1b" not in text
    assert json.dumps(text, ensure_ascii=True).count(r"\u202e") <= 1
