"""Ask git about the checkout's history: revisions, their files, and the files' contents.

Git is called with an explicit repository, as it refuses to discover one that another user owns
(as in a container). It may not fetch missing objects, and ``GIT_*`` environment variables, which
may point to another repository (as in a hook), are removed.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from report import places
from report.errors import HistoryError, OptionError
from report.text import short

SHALLOW = "get it with `git fetch --unshallow`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A commit, and the name that the user typed for it."""

    name: str
    commit: str


def git(*words: str, given: str = "") -> bytes:
    """Return git's output for the checkout's repository; raise HistoryError if git fails."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    where = (f"--git-dir={places.ROOT / '.git'}", f"--work-tree={places.ROOT}")
    try:
        done = subprocess.run(
            ["git", *where, *words],
            cwd=places.ROOT,
            env={**variables, "GIT_ALLOW_PROTOCOL": "none"},
            input=given.encode(),
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise HistoryError(f"git can't be run ({error.strerror}); install it") from error
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise HistoryError(f"git can't read the history ({last}); mend that")
    return done.stdout


def is_shallow() -> bool:
    """Return whether this clone is shallow; raise HistoryError if it is not a clone."""
    if not (places.ROOT / ".git").exists():  # a parent folder's repository is another project's
        raise HistoryError("this folder has no history; clone the project with git")
    return git("rev-parse", "--is-shallow-repository").strip() != b"false"


def last_day(folder: Path) -> str:
    """Return the day of a folder's last commit; raise HistoryError if git doesn't know it."""
    if is_shallow():
        raise HistoryError(
            f"this clone has no whole history, and would give that of its last fetch; {SHALLOW}"
        )
    shown = ("--no-show-signature", "--no-color", "--encoding=UTF-8")
    words = ("log", "-1", *shown, "--date=short", "--format=%cd", "--", str(folder))
    day = git(*words).decode("utf-8", "replace").strip()
    if not day:
        raise HistoryError("its observations were never committed; commit them")
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError as error:
        raise HistoryError(f"git prints {short(day)!r} for a day; mend that") from error


def find(name: str) -> Revision:
    """Return the commit that a name refers to; raise HistoryError if there is none."""
    if name.startswith(("-", "^")):
        raise OptionError(f"{short(name)}: no revision begins with {name[0]}; type another")
    shallow = is_shallow()
    try:
        found = git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    except HistoryError as error:
        remedy = (
            f"this clone has no whole history; {SHALLOW}"
            if shallow
            else "`git log` lists what there is"
        )
        raise HistoryError(f"{short(name)}: no such revision here; {remedy}") from error
    return Revision(name=name, commit=found.decode().strip())


def blobs(revision: Revision, folder: Path) -> Mapping[str, str]:
    """Return the blob ids of the JSON files in a folder at a revision, by file name."""
    listed = git("ls-tree", "-z", revision.commit, f"{folder.as_posix()}/").decode(
        "utf-8", "replace"
    )
    entries = (entry.split("\t", 1) for entry in listed.split("\0") if entry)
    return {
        path.rpartition("/")[2]: about.split(" ")[2]
        for about, path in entries
        if path.endswith(".json") and " blob " in about
    }


def blob_id(content: bytes, like: str) -> str:
    """Return git's blob id of a file's content, with the hash algorithm of the id ``like``."""
    made = hashlib.new("sha1" if len(like) == hashlib.sha1().digest_size * 2 else "sha256")  # noqa: S324 - git's
    made.update(b"blob %d\0" % len(content) + content)
    return made.hexdigest()


def contents(objects: Collection[str]) -> Mapping[str, bytes | None]:
    """Return the contents of git objects by name; None for one that doesn't exist.

    A name is a blob id, or a commit and a path: ``c0ffee:probes/releases.toml``.
    """
    printed = git("cat-file", "--batch", given="".join(f"{name}\n" for name in objects))
    return dict(zip(objects, _objects(printed), strict=True))


def _objects(printed: bytes) -> Iterator[bytes | None]:
    """Parse ``git cat-file --batch``: yield each object's content, or None if it is missing."""
    at = 0
    while at < len(printed):
        line, at = printed[at : printed.index(b"\n", at)], printed.index(b"\n", at) + 1
        if line.endswith(b" missing"):
            yield None
            continue
        size = int(line.split(b" ")[2])
        yield printed[at : at + size]
        at += size + 1
