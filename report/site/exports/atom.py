"""The changes of behaviour as an Atom feed: one entry each, with an id that a rebuild keeps.

An entry is dated by the release that brought the change: by the day as of which its
packages were chosen, its wheel's upload plus two weeks. So a reader sorts changes in the
order of history, and a rebuild gives the same dates. The feed's own date is the commit's.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from report.site.exports.data import NAMESPACE, identity
from report.story import wording
from report.text import clean, short

if TYPE_CHECKING:
    from report.matrix.index import Edition
    from report.matrix.records import Change

ATOM = "http://www.w3.org/2005/Atom"
DATES = (
    "An entry is dated by the release that brought the change: by the day as of which its "
    "packages were chosen, about two weeks after its wheel was uploaded."
)


def feed(edition: Edition) -> str | None:
    """Write the changes as an Atom feed; None without a date, as none is ever made up."""
    if edition.built is None:
        return None
    date = _moment(edition.built)
    root = ET.Element("feed", xmlns=ATOM)
    _add(root, "title", "TensorFlow's default initializers: changes of behaviour")
    _add(root, "subtitle", DATES)
    _add(root, "id", uuid.uuid5(NAMESPACE, edition.matrix.platform).urn)
    _add(root, "updated", date)
    ET.SubElement(root, "link", href="changes.atom", rel="self")
    ET.SubElement(root, "link", href="../index.html")
    _add(ET.SubElement(root, "author"), "name", "TensorFlow initializer matrix")
    place = edition.place
    for change in sorted(edition.changes, key=lambda change: -place[change.after_release]):
        cutoff = edition.releases[change.after_release].cutoff
        _entry(edition, root, change, _moment(cutoff) if cutoff else date)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _moment(day: str) -> str:
    return day if "T" in day else f"{day}T00:00:00Z"


def _entry(edition: Edition, feed: ET.Element, change: Change, date: str) -> None:
    entry = ET.SubElement(feed, "entry")
    said = wording.plain(wording.moved(edition, change))
    _add(entry, "title", f"{short(change.symbol)} {change.role}: {said}")
    _add(entry, "id", f"urn:uuid:{identity(edition.matrix.platform, change)}")
    _add(entry, "updated", date)
    ET.SubElement(entry, "link", href=f"../{edition.edge(change)}")
    ET.SubElement(entry, "category", term=change.kind.key)
    _add(entry, "summary", f"{wording.when(edition, change)}: {said}")


def _add(parent: ET.Element, tag: str, content: str) -> None:
    ET.SubElement(parent, tag).text = clean(content)
