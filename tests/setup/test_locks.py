"""Test which releases are locked, for which platforms, and with which of uv's options."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from probes.setup import locks
from probes.setup.places import PLATFORM

if TYPE_CHECKING:
    from pathlib import Path

VERSION, ARM, MAC = "2.21.0", "linux-aarch64", "darwin-arm64"
FIELDS = {"version": VERSION, "python": "3.11", "cutoff": "2026-03-20"}


class Session:
    """A session of nox that keeps uv's commands and the warnings."""

    def __init__(self, scratch: Path, *posargs: str) -> None:
        """Use a folder of scratch files, and the arguments after ``--``."""
        self.posargs = posargs
        self.scratch = scratch
        self.commands: list[tuple[str, ...]] = []
        self.warnings: list[str] = []

    def create_tmp(self) -> str:
        """Return the folder of the session's files."""
        return str(self.scratch)

    def run_install(self, *command: str) -> None:
        """Keep a command."""
        self.commands.append(command)

    def warn(self, sentence: str) -> None:
        """Keep a warning."""
        self.warnings.append(sentence)


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    """Return a session that locks one release into a folder of its own."""
    monkeypatch.setattr(locks, "lock", lambda row: tmp_path / row["platform"] / f"{VERSION}.txt")
    return Session(tmp_path, VERSION)


def write(session: Session, *platforms: str) -> list[str | None]:
    """Lock the release for some platforms; return uv's name of each that was locked."""
    rows = {
        name: [{**FIELDS, "platform": name, "distribution": "tensorflow"}] for name in platforms
    }
    locks.write(session, "uv", rows, [VERSION], Exception)
    option = "--python-platform"
    return [
        command[command.index(option) + 1] if option in command else None
        for command in session.commands
    ]


def test_a_release_is_locked_for_each_platform_of_linux(session: Session) -> None:
    assert write(session, PLATFORM, ARM) == [None, "aarch64-manylinux_2_28"]
    assert session.warnings == []


def test_a_platform_that_is_not_linux_is_locked_on_such_a_machine_alone(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name of its wheels would be one of Linux, which uv refuses."""
    assert write(session, PLATFORM, MAC) == [None]
    (warning,) = session.warnings
    assert warning.startswith(f"{MAC} is not locked here")
    session.commands.clear()
    monkeypatch.setattr(locks, "PLATFORM", MAC)
    assert write(session, "linux-x86_64", MAC) == ["x86_64-manylinux_2_28", None]
