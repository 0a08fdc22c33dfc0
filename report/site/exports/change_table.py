"""The changes as a spreadsheet: one line each, with the id and address that JSON gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from report.site.exports import data

if TYPE_CHECKING:
    from report.matrix.index import Edition

ENDS = ("before", "after")
COLUMNS = (
    "symbol",
    "role",
    "aspect",
    "before_release",
    "before",
    "after_release",
    "after",
    "exact",
    "id",
    "page",
)


def table(edition: Edition) -> str:
    """Write the changes as CSV."""
    return data.spreadsheet(COLUMNS, (_flat(change) for change in data.changes(edition)))


def _flat(change: dict[str, Any]) -> tuple[object, ...]:
    values = {end: change[end]["value"] for end in ENDS}
    releases = {f"{end}_release": change[end]["release"] for end in ENDS}
    flat = {**change, **values, **releases, "exact": "yes" if change["exact"] else "no"}
    return tuple(flat[column] for column in COLUMNS)
