"""Test the date on the pages: from a complete history, or none."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from report import places
from report.site import publish
from tests.support import fake, repository, samples
from tests.support.checkout import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DAYS = ("2026-11-24", "2027-03-03")


def git(folder: Path, *words: str, day: str = DAYS[0]) -> str:
    """Run git in a folder, with a day as the date of commits."""
    when = f"{day}T12:00:00+00:00"
    return repository.git(folder, *words, GIT_AUTHOR_DATE=when, GIT_COMMITTER_DATE=when)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a checkout whose observations are older than its last commit."""
    root = tmp_path / "checkout"
    folder = root / "observations" / samples.PLATFORM
    samples.store(folder, samples.observation("1.0.1"))
    git(root, "init", "--quiet")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "data")
    (root / "README.md").touch()
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "docs", day=DAYS[1])
    monkeypatch.setattr(places, "ROOT", root)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    return root


def date(root: Path) -> str | None:
    """Return the date that pages show."""
    return publish._date(root / "observations" / samples.PLATFORM)  # noqa: SLF001 - of all pages


def test_the_date_is_that_of_the_last_commit_of_the_observations(checkout: Path) -> None:
    assert date(checkout) == DAYS[0]


@pytest.mark.parametrize(
    "setting", ["log.showSignature=true", "color.ui=always", "log.date=relative", "log.follow=true"]
)
def test_settings_of_git_do_not_change_it(checkout: Path, setting: str) -> None:
    key, _, value = setting.partition("=")
    git(checkout, "config", key, value)
    assert date(checkout) == DAYS[0]


def test_a_clone_without_its_history_has_no_date_and_says_why(
    checkout: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    clone = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth=1", checkout.as_uri(), str(clone))
    monkeypatch.setattr(places, "ROOT", clone)
    assert date(clone) is None
    assert "git fetch --unshallow" in capsys.readouterr().err


def test_an_unpacked_archive_has_no_date_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(places, "ROOT", tmp_path)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert date(tmp_path) is None
    assert capsys.readouterr().err == (
        "the site has no date: this folder has no history; clone the project with git, "
        "or set SOURCE_DATE_EPOCH\n"
    )


def test_observations_that_were_never_committed_have_no_date(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = checkout / "observations" / "linux-aarch64"
    new.mkdir()
    assert publish._date(new) is None  # noqa: SLF001 - the date of all pages
    assert "its observations were never committed" in capsys.readouterr().err


def test_what_a_git_prints_instead_of_a_day_is_no_date(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An old git prints a format that it does not know as it is."""
    programs = checkout.parent / "programs"
    programs.mkdir()
    prints = 'case "$*" in *is-shallow*) echo false;; *) echo %cd;; esac'
    (programs / "git").write_text(f"#!/bin/sh\n{prints}\n", encoding="utf-8")
    (programs / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    assert date(checkout) is None
    assert "git prints '%cd' for a day" in capsys.readouterr().err


# A user's git


def variables_of_a_repository() -> list[str]:
    """Return the environment variables by which git finds another repository."""
    return repository.git(ROOT, "rev-parse", "--local-env-vars").split()


@pytest.mark.parametrize("variable", variables_of_a_repository())
def test_the_repository_of_a_hook_or_a_shell_does_not_give_it(
    checkout: Path, variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    samples.store(other / "observations" / samples.PLATFORM, samples.observation("1.0.1"))
    git(other, "init", "--quiet")
    git(other, "add", ".")
    git(other, "commit", "--quiet", "--message", "data", day=DAYS[1])
    monkeypatch.setenv(variable, str(other / ".git"))
    assert date(checkout) == DAYS[0]


def test_the_history_of_a_folder_above_does_not_give_it(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = checkout / "inner"
    folder = inner / "observations" / samples.PLATFORM
    samples.store(folder, samples.observation("1.0.1"))
    git(checkout, "add", ".")
    git(checkout, "commit", "--quiet", "--message", "a copy", day=DAYS[1])
    monkeypatch.setattr(places, "ROOT", inner)
    assert date(inner) is None


def test_a_worktree_has_it(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(checkout, "worktree", "add", "--quiet", str(tmp_path / "tree"))
    monkeypatch.setattr(places, "ROOT", tmp_path / "tree")
    assert date(tmp_path / "tree") == DAYS[0]


def test_a_checkout_of_another_user_has_it(checkout: Path) -> None:
    if os.geteuid() != 0:
        fake.unmet("only root may give a folder to another user")
    for path in (checkout, *checkout.rglob("*")):
        os.chown(path, 1234, 1234)
    assert date(checkout) == DAYS[0]


@pytest.mark.parametrize("encoding", ["UTF-16", "ISO-8859-1"])
def test_the_encoding_of_messages_does_not_change_it(checkout: Path, encoding: str) -> None:
    git(checkout, "config", "i18n.logOutputEncoding", encoding)
    assert date(checkout) == DAYS[0]


def test_a_clone_that_would_fetch_its_history_has_none_and_says_why(
    checkout: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    git(checkout, "config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    uri = checkout.as_uri()
    git(tmp_path, "clone", "--quiet", "--filter=tree:0", "--no-checkout", uri, str(clone))
    monkeypatch.setattr(places, "ROOT", clone)
    assert date(clone) is None
    (sentence,) = capsys.readouterr().err.splitlines()
    assert sentence.startswith("the site has no date: git can't read the history (fatal: ")
    assert sentence.endswith("; mend that, or set SOURCE_DATE_EPOCH")


def test_without_git_there_is_none_and_it_says_why(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(checkout))
    assert date(checkout) is None
    assert capsys.readouterr().err == (
        "the site has no date: git can't be run (No such file or directory); install it, "
        "or set SOURCE_DATE_EPOCH\n"
    )
