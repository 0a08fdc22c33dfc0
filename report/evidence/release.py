"""The record of one release, with the status of its observation."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from report.evidence import platforms
from report.evidence.confirmed import Confirmed


class Status(StrEnum):
    """The status of a release's observation; ``FAILED`` means that its probe ran and failed."""

    OBSERVED = "observed"
    FAILED = "failed"
    UNAVAILABLE = "unavailable"
    NOT_OBSERVED = "not-observed"


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table of releases, with the status of its observation.

    ``packages`` are the versions of the other packages that affect the defaults (numpy, keras,
    tf_keras). ``cutoff`` is the day as of which they were resolved: the upload of the release's
    wheel plus two weeks. ``lock`` is the SHA-256 of the lock file that was installed.
    ``recorded`` is true if the observation was made elsewhere; ``stale`` if its protocol is
    older; ``old_lock`` if its lock is no longer the release's. ``confirmed`` is the last
    measurement that reproduced the observation exactly, if one is on record. ``port`` is the
    platform if the table of releases has a table of its own for it.
    """

    version: str
    series: str
    distribution: str
    python: str
    cutoff: str
    lock: str | None = None
    status: Status = Status.OBSERVED
    reason: str | None = None
    packages: Mapping[str, str | None] = msgspec.field(default_factory=dict)
    tags: tuple[str, ...] = ()
    recorded: bool = True
    stale: bool = False
    old_lock: bool = False
    confirmed: Confirmed | None = None
    port: str | None = None

    @property
    def lock_file(self) -> str:
        """The path of its lock file, relative to the checkout."""
        return platforms.lock_file(self.version, self.port)

    @property
    def commands(self) -> tuple[str, ...]:
        """The commands that measure it: the first on any machine, the second on its platform.

        There is none if it can't be installed.
        """
        if self.status is Status.UNAVAILABLE:
            return ()
        return platforms.commands(self.version, self.port or platforms.COMMITTED)

    @property
    def installed(self) -> tuple[str, ...]:
        """The installed ones of ``packages`` as text, such as "numpy 1.16.4"."""
        return tuple(f"{name} {version}" for name, version in self.packages.items() if version)
