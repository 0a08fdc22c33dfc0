"""Choose the platform whose observations are shown, and say so if it is not this machine's."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from pathlib import Path

from report.errors import PlatformError

COMMITTED = "linux-x86_64"  # the project's own platform, which is left out of ids


def environment(version: str, platform: str) -> str:
    """Return the id of an environment, which is the key of everything measured in it."""
    return version if platform == COMMITTED else f"{version}-{platform}"


def machine() -> str:
    """Return the platform of this machine by the name that nox uses, e.g. ``linux-x86_64``."""
    return f"{platform.system()}-{platform.machine()}".lower()


def known(root: Path) -> list[str]:
    """Return the platforms that have observations, sorted by name."""
    folders = (root / "observations").glob("*")
    return sorted(each.name for each in folders if any(each.glob("*.json")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The platform to show; ``unobserved`` is the one asked for if it has no observations."""

    shown: str
    unobserved: str | None = None

    @property
    def sentence(self) -> str | None:
        """The note for a reader who expects another platform's observations, if one is needed."""
        if self.unobserved is None:
            return None
        return f"nothing was observed on {self.unobserved}; shown is {self.shown}"


def choose(root: Path, asked: str | None = None) -> Choice:
    """Return the platform to show: the one asked for, or this machine's by default.

    If this machine's has no observations, another platform is shown and the choice says so. Raise
    PlatformError if another platform was asked for that has none.
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
