"""Ask git about the checkout's history: revisions, their files, and the files' contents.

Git is called with an explicit repository, as it refuses to discover one that another user owns
(as in a container). It may not fetch missing objects, and ``GIT_*`` environment variables, which
may point to another repository (as in a hook), are removed.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import msgspec

from report import places
from report.errors import HistoryError, OptionError
from report.text import short

SHALLOW = "get it with `git fetch --unshallow`"
PARTIAL = "get it with `git fetch --refetch --no-filter`"
LINK = "120000"  # git's mode of a symbolic link


class Revision(msgspec.Struct, frozen=True, kw_only=True):
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
        # in two steps, as ":/text" takes all that follows for text
        named = _verified(name)
        return Revision(name=name, commit=_verified(f"{named}^{{commit}}"))
    except HistoryError as error:
        remedy = (
            f"this clone has no whole history; {SHALLOW}"
            if shallow
            else "`git log` lists what there is"
        )
        raise HistoryError(f"{short(name)}: no such revision here; {remedy}") from error


def _verified(name: str) -> str:
    """Return the id of the object that a name refers to."""
    return git("rev-parse", "--verify", "--quiet", "--end-of-options", name).decode().strip()


def unpack(revision: Revision, folder: Path, endings: tuple[str, ...], root: Path) -> None:
    """Write a folder's files of a revision, by the endings of their names, below ``root``.

    Links are made as links, and folders are left empty. Raise OSError if there is no room.
    """
    (root / folder).mkdir(parents=True)
    words = ("ls-tree", "-z", revision.commit, f"{folder.as_posix()}/")
    entries = [entry.split("\t", 1) for entry in os.fsdecode(git(*words)).split("\0") if entry]
    chosen = [(about.split(" "), root / path) for about, path in entries if path.endswith(endings)]
    blobs = [blob for (_, kind, blob), _ in chosen if kind == "blob"]
    contents = dict(zip(blobs, _contents(blobs), strict=True))
    for (mode, kind, blob), path in chosen:
        if kind != "blob":
            path.mkdir()
        elif mode == LINK:
            path.symlink_to(os.fsdecode(contents[blob]))
        else:
            path.write_bytes(contents[blob])


def _contents(blobs: Sequence[str]) -> Iterator[bytes]:
    """Yield the contents of blobs; raise HistoryError if this clone lacks one."""
    try:
        printed = git("cat-file", "--batch", given="".join(f"{blob}\n" for blob in blobs))
    except HistoryError as error:
        if b".promisor" not in git("config", "--list", "--name-only"):
            raise
        raise HistoryError(f"this clone lacks files of its history; {PARTIAL}") from error
    at = 0
    for blob in blobs:
        line, at = printed[at : printed.index(b"\n", at)], printed.index(b"\n", at) + 1
        if line.endswith(b" missing"):
            raise HistoryError(f"this clone lacks the file {blob}; clone the project anew")
        size = int(line.split(b" ")[2])
        yield printed[at : at + size]
        at += size + 1
