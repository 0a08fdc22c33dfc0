"""Peers on the same releases: how long each takes, and how many it gets to import.

A release at a time, as each of them works by default, from empty caches that are
shared by a peer's releases. Only what it imports counts as time: failing is fast.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks import configs
from benchmarks.clock import timed
from benchmarks.scratch import GB

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from benchmarks.clock import Run
    from benchmarks.scratch import Scratch
    from report.evidence import Entry

ROOM = 8 * GB  # one release with the GPU libraries of its time, unpacked and in pip's cache
LONGEST = 110  # characters of a reason
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_PATH = re.compile(r"(?:/[^\s:'\",]+){2,}")
_WORDS = re.compile(r"\b(?:\w*(?:Error|Exception)|ERROR): \S")
_MESSENGER = "returned non-zero exit status"  # says that something failed, not what
_VERSION = re.compile(r"\b\d+(?:\.\d+)+\S*")
_COMMIT = ("-c", "user.name=bench", "-c", "user.email=bench@localhost", "commit", "-qm", "empty")


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A way to do the same: its files for one release, and its commands in turn.

    ``home`` says that it writes to the user's home and gets another one.
    """

    name: str
    files: Callable[[Entry, str], Mapping[str, str]]
    before: tuple[tuple[str, ...], ...] = ()
    command: tuple[str, ...]
    home: bool = False


PEERS = (
    Peer(
        name="nox with virtualenv and pip",
        files=configs.naive_nox,
        command=(sys.executable, "-m", "nox"),
    ),
    Peer(name="tox", files=configs.tox, command=(sys.executable, "-m", "tox", "run")),
    Peer(
        name="asv with virtualenv",
        files=configs.asv,
        before=(
            ("git", "init", "-q", "-b", "main"),
            ("git", "add", "."),
            ("git", *_COMMIT),
            (sys.executable, "-m", "asv", "machine", "--yes", "--machine", "here"),
        ),
        command=(
            *(sys.executable, "-m", "asv", "run", "--quick", "--show-stderr"),
            *("--machine", "here", "HEAD^!"),
        ),
        home=True,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What became of one release: seconds, and why it was not imported."""

    seconds: float
    reason: str | None


def measure(peer: Peer, rows: Sequence[Entry], scratch: Scratch) -> dict[str, Attempt]:
    """Let a peer install and import each release."""
    folder = scratch.fresh(peer.name.replace(" ", "-"), ROOM)
    found = {}
    for row in rows:
        scratch.room(ROOM)
        found[row.version] = _attempt(peer, row, folder)
        scratch.retire(folder / row.version)
    scratch.retire(folder)
    return found


def _attempt(peer: Peer, release: Entry, folder: Path) -> Attempt:
    place = folder / release.version
    for name, text in peer.files(release, str(place)).items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    changes = _caches(folder) | ({"HOME": str(folder)} if peer.home else {})
    for command in peer.before:
        timed(command, folder=place, changes=changes).wanted(f"{peer.name}: {' '.join(command)}")
    run = timed(peer.command, folder=place, changes=changes)
    mark = place / configs.MARK
    return Attempt(seconds=run.seconds, reason=None if mark.exists() else reason(run, release))


def _caches(folder: Path) -> dict[str, str]:
    """Return variables that keep every cache in a folder."""
    cache = folder / "cache"
    return {
        "PIP_CACHE_DIR": str(cache / "pip"),
        "VIRTUALENV_OVERRIDE_APP_DATA": str(cache / "virtualenv"),
        "XDG_CACHE_HOME": str(cache),
    }


def reason(run: Run, release: Entry) -> str:
    """Return why a release was not imported: the last error said, without place and version."""
    lines = [line.strip(" ·") for line in _ANSI.sub("", run.said).splitlines() if line.strip()]
    errors = [line for line in lines if _WORDS.search(line) and _MESSENGER not in line]
    last = (errors or lines or [f"exit code {run.code}"])[-1]
    start = _WORDS.search(last)
    bare = _PATH.sub("…", last[start.start() if start else 0 :].replace(release.version, "…"))
    return bare if len(bare) <= LONGEST else bare[: LONGEST - 1] + "…"


def reasons(found: Iterable[Attempt]) -> list[tuple[str, int]]:
    """Count the reasons, those that differ in a version alone as one, most frequent first."""
    said = [attempt.reason for attempt in found if attempt.reason is not None]
    kinds = Counter(_VERSION.sub("…", text) for text in said)
    first = {kind: next(t for t in said if _VERSION.sub("…", t) == kind) for kind in kinds}
    return [(first[kind], count) for kind, count in kinds.most_common()]
