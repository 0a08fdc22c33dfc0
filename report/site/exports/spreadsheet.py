"""CSV that is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Hashable, Iterable

from report.text import for_spreadsheet


def as_csv(columns: Iterable[str], records: Iterable[tuple[Hashable, ...]]) -> str:
    """Return a table as CSV (RFC 4180), safe to open in a spreadsheet."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(map(for_spreadsheet, record) for record in records)
    return target.getvalue()
