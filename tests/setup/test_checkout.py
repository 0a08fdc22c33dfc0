"""Test that the copies made for tests have the checkout's files, whatever its repository."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.support import checkout, fake
from tests.support.repository import git

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILES = {".gitignore": "/site\n__pycache__/\n", "noxfile.py": "", "probes/locks/é 1.txt": ""}
IGNORED = ("site/index.html", "probes/__pycache__/x.pyc")


def in_a_repository(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commit the checkout."""
    del monkeypatch
    git(root, "init", "--quiet")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "a checkout")


def unpacked(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the checkout without a repository, as from an archive."""
    del root, monkeypatch


def of_another_user(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make another user the checkout's owner, as in a container."""
    if os.geteuid() != 0:
        fake.unmet("only root may give a folder to another user")
    in_a_repository(root, monkeypatch)
    for path in (root, *root.rglob("*")):
        os.chown(path, 1234, 1234)


def in_a_hook(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the environment variables of another repository, as in a git hook."""
    in_a_repository(root, monkeypatch)
    monkeypatch.setenv("GIT_DIR", str(root.parent / "another"))


def ignored_by_the_user(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the user's global git settings to ignore all files."""
    home = root.parent / "home"
    (home / ".config" / "git").mkdir(parents=True)
    (home / ".config" / "git" / "ignore").write_text("*\n", encoding="utf-8")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)


@pytest.mark.parametrize(
    "prepare", [in_a_repository, unpacked, of_another_user, in_a_hook, ignored_by_the_user]
)
def test_a_copy_holds_what_git_does_not_ignore(
    prepare: Callable[[Path, pytest.MonkeyPatch], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = tmp_path / "checkout"
    for name in (*FILES, *IGNORED):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(FILES.get(name, "ignored"), encoding="utf-8")
    prepare(root, monkeypatch)
    monkeypatch.setattr(checkout, "ROOT", root)
    copy = checkout.copied(tmp_path / "copy")
    found = {str(path.relative_to(copy)) for path in copy.rglob("*") if path.is_file()}
    assert found == set(FILES)
