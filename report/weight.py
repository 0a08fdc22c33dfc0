"""How heavy the published files may be: a page that outgrows its readers is not written.

What a reader opens counts: pages, pictures, style and script. The data are apart: `data/`
holds every cell with its evidence and the observations as they are, to be downloaded.

The limits are those of up to FORTY releases. Each release more may add to a page what every
reader of it needs: the head of a column, and its name among the members of a run. To the
site it may add a page of its own and its comparison with the release before it.
"""

from __future__ import annotations

import gzip
from fnmatch import fnmatchcase
from typing import NamedTuple

from report.errors import ReportError


class Limit(NamedTuple):
    """The bytes that files of a pattern may have, as they are and gzipped, and per release."""

    pattern: str
    raw: int
    packed: int
    raw_more: int = 0
    packed_more: int = 0


FORTY = 40
LIMITS = (
    Limit("index.html", 110_000, 14_000, raw_more=400, packed_more=40),
    Limit("symbol/*.html", 90_000, 14_000, raw_more=400, packed_more=40),
    Limit("style.css", 14_000, 5_000),
    Limit("report.js", 12_000, 4_000),
    Limit("strip/*.svg", 1_536, 1_000, raw_more=40, packed_more=4),
    Limit("badge/*.svg", 1_536, 1_000),
)
SITE, SITE_MORE = 8_000_000, 75_000
DATA = "data/"


class WeightError(ReportError):
    """A file, or the whole site, is heavier than its readers were promised."""


class Scale:
    """Weighs the files of one site as they are made."""

    def __init__(self, releases: int = FORTY) -> None:
        """Start with nothing on it, for a site of so many releases."""
        self.more = max(0, releases - FORTY)
        self.total = 0

    def put(self, path: str, text: str) -> None:
        """Add a file; refuse one that is too heavy, alone or with all before it."""
        if path.startswith(DATA):
            return
        data = text.encode("utf-8")
        for limit in LIMITS:
            if fnmatchcase(path, limit.pattern):
                _refuse(path, len(data), limit.raw + self.more * limit.raw_more, "")
                packed = limit.packed + self.more * limit.packed_more
                if len(data) > packed // 2:  # what is small is not worth packing
                    _refuse(path, len(gzip.compress(data, mtime=0)), packed, " gzipped")
        self._grow(len(data))

    def add(self, other: Scale) -> None:
        """Add the files that another scale has weighed."""
        self._grow(other.total)

    def _grow(self, size: int) -> None:
        self.total += size
        _refuse("the site without its data", self.total, SITE + self.more * SITE_MORE, "")


def _refuse(what: str, size: int, limit: int, how: str) -> None:
    if size > limit:
        raise WeightError(
            f"{what} has {size:,} bytes{how}, {limit:,} are allowed (report/weight.py). "
            "Nothing was published: shorten what repeats in its template."
        )
