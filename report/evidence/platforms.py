"""Platforms: what is named after them, and the choice of the one whose observations are shown."""

from __future__ import annotations

import platform
import re
from pathlib import Path

import msgspec

from report.errors import PlatformError

COMMITTED = "linux-x86_64"  # the project's own platform, which is left out of ids
NAME = re.compile(r"[a-z0-9]+-[a-z0-9_]+")
OR = " or, on such a machine, "  # between the two commands


def environment(version: str, platform: str) -> str:
    """Return the id of an environment, which is the key of everything measured in it."""
    return version if platform == COMMITTED else f"{version}-{platform}"


def lock_file(version: str, port: str | None) -> str:
    """Return the path of a release's lock file, relative to the checkout.

    ``port`` is the platform if the table of releases has a table of its own for it.
    """
    return "/".join(("probes", "locks", *([port] if port else ()), f"{version}.txt"))


def commands(version: str, platform: str, *, again: bool = False) -> tuple[str, ...]:
    """Return the commands that measure a release on a platform.

    There are two for another Linux than the project's own: under an emulator, on any machine, and
    on a machine of that platform. ``again`` is true if there is an observation already.
    """
    force = " --force" if again else ""
    probe = f'nox -s "probe({version})"{force and f" --{force}"}'
    if platform == COMMITTED or not platform.startswith("linux-"):
        return (probe,)
    return f"nox -s elsewhere -- {version} --platform {platform}{force}", probe


def measuring(version: str, platform: str, *, again: bool = False) -> str:
    """Return the commands that measure a release on a platform as text."""
    return OR.join(commands(version, platform, again=again))


def machine() -> str:
    """Return the platform of this machine by the name that nox uses, e.g. ``linux-x86_64``."""
    return f"{platform.system()}-{platform.machine()}".lower()


def known(root: Path) -> list[str]:
    """Return the platforms that have observations, sorted by name.

    A folder with another name than a platform's, such as a copy, is none. One that can't be listed
    may have some.
    """
    folders = (root / "observations").glob("*")
    named = (each for each in folders if NAME.fullmatch(each.name))
    return sorted(each.name for each in named if any(files(each)))


def files(folder: Path) -> tuple[list[Path], dict[str, str]]:
    """Return the observations in a folder, sorted, and why they can't be listed, by ``*``."""
    try:
        every = sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return [], {}
    except OSError as error:
        why = f"*.json: cannot be read: {error.strerror}; let this user read the folder"
        return [], {"*": why}
    return [path for path in every if path.suffix == ".json"], {}


class Choice(msgspec.Struct, frozen=True, kw_only=True):
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
