"""How heavy the published files may be: a page that outgrows its readers is not written.

What a reader opens counts: pages, pictures, style and script. The data are apart: `data/`
holds every cell with its evidence and the observations as they are, to be downloaded.
"""

from __future__ import annotations

import gzip
from fnmatch import fnmatchcase

from report.errors import ReportError

# pattern, bytes as they are, bytes gzipped
LIMITS = (
    ("index.html", 110_000, 14_000),
    ("symbol/*.html", 90_000, 14_000),
    ("style.css", 8_000, 3_000),
    ("report.js", 6_000, 2_500),
    ("strip/*.svg", 1_536, 1_000),
    ("badge/*.svg", 1_536, 1_000),
)
SITE = 8_000_000
DATA = "data/"


class WeightError(ReportError):
    """A file, or the whole site, is heavier than its readers were promised."""


class Scale:
    """Weighs the files of one site as they are made."""

    def __init__(self) -> None:
        """Start with nothing on it."""
        self.total = 0

    def put(self, path: str, text: str) -> None:
        """Add a file; refuse one that is too heavy, alone or with all before it."""
        if path.startswith(DATA):
            return
        data = text.encode("utf-8")
        for pattern, raw, packed in LIMITS:
            if fnmatchcase(path, pattern):
                _refuse(path, len(data), raw, "")
                _refuse(path, len(gzip.compress(data, mtime=0)), packed, " gzipped")
        self._grow(len(data))

    def add(self, other: Scale) -> None:
        """Add the files that another scale has weighed."""
        self._grow(other.total)

    def _grow(self, size: int) -> None:
        self.total += size
        _refuse("the site without its data", self.total, SITE, "")


def _refuse(what: str, size: int, limit: int, how: str) -> None:
    if size > limit:
        raise WeightError(
            f"{what} has {size:,} bytes{how}, {limit:,} are allowed (report/weight.py). "
            "Nothing was published: shorten what repeats in its template."
        )
