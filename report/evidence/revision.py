"""What git keeps of the checkout: a revision, its files, and what they held.

Git is given the repository: one that it finds itself it refuses where the checkout is another
user's, as in a container. What a clone lacks git may not fetch, and what its user or a hook has
set for another repository is left out.
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
    """A commit, by the name that a user typed for it."""

    name: str
    commit: str


def git(*words: str, given: str = "") -> bytes:
    """Return what git prints about the checkout, and about no other; raises HistoryError."""
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
    """Tell whether this clone lacks a part of its history; raises HistoryError without one."""
    if not (places.ROOT / ".git").exists():  # the history of a folder above is another's
        raise HistoryError("this folder has no history; clone the project with git")
    return git("rev-parse", "--is-shallow-repository").strip() != b"false"


def last_day(folder: Path) -> str:
    """Return the day of the last commit of a folder; raises HistoryError where none tells it."""
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
    """Return the commit that a name means; raises HistoryError where it means none here."""
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
    """Return the ids of the JSON files in a folder at a revision, by their names."""
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
    """Return the id that git gives to a file, in the format of another id."""
    made = hashlib.new("sha1" if len(like) == hashlib.sha1().digest_size * 2 else "sha256")  # noqa: S324 - git's
    made.update(b"blob %d\0" % len(content) + content)
    return made.hexdigest()


def contents(objects: Collection[str]) -> Mapping[str, bytes | None]:
    """Return what objects hold, by the names they were asked for; None of one that isn't there.

    A name is a blob's id, or a commit and a path: ``c0ffee:probes/releases.toml``.
    """
    printed = git("cat-file", "--batch", given="".join(f"{name}\n" for name in objects))
    return dict(zip(objects, _objects(printed), strict=True))


def _objects(printed: bytes) -> Iterator[bytes | None]:
    """Yield what ``git cat-file --batch`` prints of each object: a line of its size, and itself."""
    at = 0
    while at < len(printed):
        line, at = printed[at : printed.index(b"\n", at)], printed.index(b"\n", at) + 1
        if line.endswith(b" missing"):
            yield None
            continue
        size = int(line.split(b" ")[2])
        yield printed[at : at + size]
        at += size + 1
