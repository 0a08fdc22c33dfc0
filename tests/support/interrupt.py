"""Interrupt nox while it installs a release, and check that the next run measures the release.

`python -m tests.support.interrupt 1.0.1 2.21.0` interrupts each release at 20 moments, in a copy of
the checkout, and prints a line for each; it takes a quarter of an hour per release.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.checkout import copied, running
from tests.support.small import Checkout

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# The signals, and whether the whole process group gets them, as with Ctrl-C.
KINDS = {
    "SIGINT to the group": (signal.SIGINT, True),
    "SIGKILL to the group": (signal.SIGKILL, True),
    "SIGKILL to nox alone": (signal.SIGKILL, False),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """One interruption, and the result of the next run.

    ``share`` is the share of the environment's files that had been written before the signal;
    ``packages`` and ``names`` are the numbers of packages and of files then. ``hit`` is true if
    the signal ended nox, ``same`` if the next run wrote the same observation, and ``clean`` if it
    left no temporary files.
    """

    version: str
    kind: str
    share: float
    packages: int
    names: int
    hit: bool
    code: int
    same: bool
    clean: bool

    @property
    def harmless(self) -> bool:
        """Whether nox was interrupted, and the next run succeeded."""
        return self.hit and self.code == 0 and self.same and self.clean

    def __str__(self) -> str:
        """Return the line to print."""
        outcome = "the same bytes" if self.same else "OTHER BYTES"
        outcome += "" if self.hit else ", but it was NOT INTERRUPTED"
        left = "" if self.clean else ", something is LEFT"
        return (
            f"{self.version:8} {self.kind:21} at {self.share:4.0%}, with {self.packages:2} "
            f"packages, {self.names:5} names: exit code {self.code}, {outcome}{left}"
        )


def interruptions(
    checkout: Checkout,
    version: str,
    moments: int,
    kinds: Sequence[str] = tuple(KINDS),
    *,
    known: bool = False,
) -> Iterator[Interruption]:
    """Interrupt the installation of a release at equal steps, with the kinds in turn.

    The next run must write the observation of an undisturbed one, or if it is ``known`` the
    committed one, so that the release isn't measured for it.
    """
    alone = replace(checkout, variables={**checkout.variables, "NOX_PARALLEL": "1"})
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
    total = _undisturbed(alone, version, known=known)
    for number in range(moments):
        share = (number + 0.5) / moments
        yield _interrupt(alone, version, share, int(share * total), kinds[number % len(kinds)])


def _undisturbed(checkout: Checkout, version: str, *, known: bool) -> int:
    """Install a release, and measure it unless its observation is ``known``.

    Return the number of files in its environment after installation.
    """
    with checkout.start(version, "--force", own_group=known) as run:
        while not running(str(checkout.observation(version)), "--out"):
            assert run.poll() is None, f"{version} was not probed"
            time.sleep(0.01)
        total = len(_names(checkout.environment(version)))
        if known:
            os.killpg(run.pid, signal.SIGINT)
        output, _ = run.communicate()
    if run.returncode and not known:
        sys.exit(f"{version} can't be measured undisturbed:\n{output}")
    return total


def _interrupt(
    checkout: Checkout, version: str, share: float, enough: int, kind: str
) -> Interruption:
    """Interrupt nox as soon as the environment has enough files, then run it again to its end."""
    observation = checkout.observation(version)
    expected = observation.read_bytes()
    _forget(checkout, version)
    number, everyone = KINDS[kind]
    environment = checkout.environment(version)
    with checkout.start(version, own_group=True) as run:
        while run.poll() is None and len(_names(environment)) < enough:
            time.sleep(0.01)
        with suppress(ProcessLookupError):
            (os.killpg if everyone else os.kill)(run.pid, number)
        names = _names(environment / "lib")
    done = checkout.run(version)
    interruption = Interruption(
        version=version,
        kind=kind,
        share=share,
        packages=sum(name.endswith(".dist-info") for name in names),
        names=len(names),
        hit=run.returncode != 0,
        code=done.returncode,
        same=observation.read_bytes() == expected,
        clean=not environment.exists() and not list(observation.parent.glob(".*")),
    )
    observation.write_bytes(expected)
    return interruption


def _names(folder: Path) -> list[str]:
    """Return the names of all files and folders in a folder, which may change meanwhile."""
    return [name for _, folders, files in os.walk(folder) for name in (*folders, *files)]


def _forget(checkout: Checkout, version: str) -> None:
    for entry in (checkout.root / ".nox" / "measured").glob(f"*/{version}.*"):
        entry.unlink()


def main(arguments: Sequence[str] | None = None) -> int:
    """Interrupt real releases and print the results; return 1 if any is not harmless."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.interrupt", description=__doc__)
    parser.add_argument("versions", nargs="+", metavar="version")
    parser.add_argument("--moments", type=int, default=20)
    options = parser.parse_args(arguments)
    harm = 0
    with tempfile.TemporaryDirectory() as folder:
        checkout = Checkout(root=copied(Path(folder) / "checkout"), variables={})
        for version in options.versions:
            for one in interruptions(checkout, version, options.moments, known=True):
                print(one, flush=True)  # noqa: T201 - a command line speaks
                harm += not one.harmless
    return int(harm > 0)


if __name__ == "__main__":
    sys.exit(main())
