"""Whose observations are shown: those of a platform that has any, and never silently another's."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from pathlib import Path

from report.errors import PlatformError

COMMITTED = "linux-x86_64"  # what the project itself measures on, and an id leaves out


def environment(version: str, platform: str) -> str:
    """Return the id of an environment: the key of whatever was measured in it."""
    return version if platform == COMMITTED else f"{version}-{platform}"


def machine() -> str:
    """Name the platform of this machine, as nox does."""
    return f"{platform.system()}-{platform.machine()}".lower()


def known(root: Path) -> list[str]:
    """List the platforms that have observations, by name."""
    folders = (root / "observations").glob("*")
    return sorted(each.name for each in folders if any(each.glob("*.json")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The platform that is shown, and this machine's where nobody observed anything on it."""

    shown: str
    unobserved: str | None = None

    @property
    def sentence(self) -> str | None:
        """What a reader has to know who expects this machine's own observations."""
        if self.unobserved is None:
            return None
        return f"nothing was observed on {self.unobserved}; shown is {self.shown}"


def choose(root: Path, asked: str | None = None) -> Choice:
    """Return the platform to show: the one asked for, else this machine's, else the committed.

    Raises PlatformError where nobody observed anything on the platform asked for, unless it
    is this machine's own: then another's are shown, and marked.
    """
    found = known(root)
    wanted = asked or machine()
    if wanted in found:
        return Choice(shown=wanted)
    if wanted != machine():
        there = ", ".join(found) or "none"
        raise PlatformError(f"--platform {wanted}: nothing was observed there; there is {there}")
    others = [name for name in (COMMITTED, *found) if name in found]
    return Choice(shown=others[0], unobserved=wanted) if others else Choice(shown=wanted)
