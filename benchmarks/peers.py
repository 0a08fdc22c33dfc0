"""Measure peers, i.e. other tools: how long each takes, and how many releases it imports.

Each runs one release at a time, as is its default, with caches that are empty at first and shared
by its releases. Only the time of releases that it imports counts, as failing is fast.
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

ROOM = 8 * GB  # one release with its GPU libraries, installed and in pip's cache
LONGEST = 110  # characters of a reason
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_PATH = re.compile(r"(?:/[^\s:'\",]+){2,}")
_WORDS = re.compile(r"\b(?:\w*(?:Error|Exception)|ERROR): \S")
_MESSENGER = "returned non-zero exit status"  # an error line that doesn't give the cause
_VERSION = re.compile(r"\b\d+(?:\.\d+)+\S*")
_COMMIT = ("-c", "user.name=bench", "-c", "user.email=bench@localhost", "commit", "-qm", "empty")


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A tool that can install and import a release: its configuration files and commands.

    ``before`` are commands to run first. ``home`` is true if it writes to the user's home
    directory, and so needs another one.
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
    """The result of one release: seconds, and why it was not imported, or None if it was."""

    seconds: float
    reason: str | None


def measure(peer: Peer, rows: Sequence[Entry], scratch: Scratch) -> dict[str, Attempt]:
    """Let a peer install and import each release; return the results by version."""
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
        timed(command, folder=place, changes=changes).checked(f"{peer.name}: {' '.join(command)}")
    run = timed(peer.command, folder=place, changes=changes)
    mark = place / configs.MARK
    return Attempt(seconds=run.seconds, reason=None if mark.exists() else reason(run, release))


def _caches(folder: Path) -> dict[str, str]:
    """Return environment variables that move all caches to a folder."""
    cache = folder / "cache"
    return {
        "PIP_CACHE_DIR": str(cache / "pip"),
        "VIRTUALENV_OVERRIDE_APP_DATA": str(cache / "virtualenv"),
        "XDG_CACHE_HOME": str(cache),
    }


def reason(run: Run, release: Entry) -> str:
    """Return the last error line of a run, without paths and the release's version."""
    lines = [line.strip(" ·") for line in _ANSI.sub("", run.output).splitlines() if line.strip()]
    errors = [line for line in lines if _WORDS.search(line) and _MESSENGER not in line]
    last = (errors or lines or [f"exit code {run.code}"])[-1]
    start = _WORDS.search(last)
    bare = _PATH.sub("…", last[start.start() if start else 0 :].replace(release.version, "…"))
    return bare if len(bare) <= LONGEST else bare[: LONGEST - 1] + "…"


def reasons(found: Iterable[Attempt]) -> list[tuple[str, int]]:
    """Return the reasons with their counts, most frequent first; versions are ignored."""
    texts = [attempt.reason for attempt in found if attempt.reason is not None]
    kinds = Counter(_VERSION.sub("…", text) for text in texts)
    first = {kind: next(t for t in texts if _VERSION.sub("…", t) == kind) for kind in kinds}
    return [(first[kind], count) for kind, count in kinds.most_common()]
