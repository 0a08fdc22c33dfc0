"""Run git in tests, without the user's settings and environment variables."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "nobody",
    "GIT_AUTHOR_EMAIL": "nobody@example.org",
    "GIT_COMMITTER_NAME": "nobody",
    "GIT_COMMITTER_EMAIL": "nobody@example.org",
}


def git(folder: Path, *words: str, **variables: str) -> str:
    """Run git in a folder and return its output; raise CalledProcessError if it fails."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(
        ["git", *words],
        cwd=folder,
        env=kept | SETTINGS | variables,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        errors="surrogateescape",
        check=True,
    ).stdout


def files(folder: Path, empty: Path) -> list[str]:
    """Return the names of a folder's files that its .gitignore files don't exclude.

    A new repository in ``empty`` is used for that: the folder may have none, one that a hook is
    using, or one of another user.
    """
    where = (f"--git-dir={empty}", f"--work-tree={folder}")
    git(folder, *where, "init", "--quiet")
    listed = git(
        *(folder, *where, "ls-files", "--others", "-z"),
        "--exclude-per-directory=.gitignore",
    )
    return listed.split("\0")[:-1]
