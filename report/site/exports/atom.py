"""The Atom feed of changes: one entry each, with an id that stays the same in every build.

An entry's date is that of the release with the change: the upload of its wheel plus two weeks, as
of which its packages were resolved. So entries sort in the order of history, and every build
gives the same dates. The feed's own date is the commit's.
"""

from __future__ import annotations

import uuid
from xml.etree import ElementTree as ET

from report.matrix import Index
from report.site.exports.data import NAMESPACE, identity
from report.story import changes, wording
from report.text import clean, short

DATES = (
    "An entry is dated by the release that brought the change: by the day as of which its "
    "packages were chosen, about two weeks after its wheel was uploaded."
)


def feed(index: Index) -> str | None:
    """Return the changes as an Atom feed; None if the site has no date, which Atom requires."""
    if index.built is None:
        return None
    start = index.address or "../"
    folder = index.address and f"{index.address}data/"
    root = ET.Element("feed", xmlns="http://www.w3.org/2005/Atom")
    _add(root, "title", "TensorFlow's default initializers: changes of behaviour")
    _add(root, "subtitle", DATES)
    _add(root, "id", uuid.uuid5(NAMESPACE, index.matrix.platform).urn)
    _add(root, "updated", f"{index.built}T00:00:00Z")
    ET.SubElement(root, "link", href=f"{folder}changes.atom", rel="self")
    ET.SubElement(root, "link", href=f"{start}index.html")
    _add(ET.SubElement(root, "author"), "name", "TensorFlow initializer matrix")
    for change in sorted(index.matrix.changes, key=lambda each: -index.place[each.after_release]):
        text = wording.plain(changes.transition(index, change))
        entry = ET.SubElement(root, "entry")
        _add(entry, "title", f"{short(change.symbol)} {change.role}: {text}")
        _add(entry, "id", f"urn:uuid:{identity(index.matrix.platform, change)}")
        day = index.releases[change.after_release].cutoff
        _add(entry, "updated", f"{day}T00:00:00Z")
        ET.SubElement(entry, "link", href=f"{start}{index.edge(change)}")
        ET.SubElement(entry, "category", term=change.kind.key)
        _add(entry, "summary", f"{wording.when(index, change)}: {text}")
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = clean(text)
