"""Read the table of releases, and check it before nox makes sessions of it."""

import json
import re
from datetime import datetime

from probes.setup.places import PROJECT, TABLE

TAGS = ("milestone", "tf1", "tf2", "keras3")
_FIELDS = {
    "version": r"\d+\.\d+\.\d+(rc\d+)?",
    "distribution": r"[a-z-]+",
    "python": r"3\.\d+",
    "cutoff": r"\d{4}-\d\d-\d\d",
}
_LINE = re.compile(r'\s*\{ version = "([^"]+)"')
_WHY = "unavailable"
_OPTIONAL = ("tags", "beside", _WHY)
_PLATFORM = r"[a-z0-9]+-[a-z0-9_]+"
_OTHER = ("distribution", "since")  # the required fields of another platform


def read(load):
    """Return the rows of the table, its other platforms, and a sentence for each fault in it.

    ``load`` reads a TOML file; the standard library has a parser since 3.11.
    """
    try:
        found = load(TABLE)
        rows, platforms = found["releases"], found.get("platforms", {})
    except KeyError:
        return [], {}, ["`releases` is missing; restore the file with git"]
    except (OSError, ValueError) as error:
        return [], {}, ["it can't be read: %s; mend it, or restore it with git" % error]
    return rows, platforms, list(faults(rows)) or list(_platform_faults(rows, platforms))


def rows_on(platform, rows, platforms):
    """Return the rows of the releases of a platform, with its name as the field ``platform``.

    One of the table's ``platforms`` has its own first release and distribution.
    """
    other = platforms.get(platform)
    if other is None:
        return [dict(row, platform=platform) for row in rows]
    own = {"platform": platform, "distribution": other["distribution"]}
    reasons = other.get(_WHY, {})
    return [
        dict(row, **own, **{_WHY: reasons[row["version"]]} if row["version"] in reasons else {})
        for row in rows
        if order(row["version"]) >= order(other["since"])
    ]


def _platform_faults(rows, platforms):
    """Yield a sentence for each fault in the tables of other platforms."""
    if not isinstance(platforms, dict):
        yield "`platforms` is no table; write it as [platforms.linux-aarch64]"
        return
    versions = [row["version"] for row in rows]
    for platform, fields in platforms.items():
        if platform == PROJECT or not re.fullmatch(_PLATFORM, platform):
            yield "%r is no other platform; write one as linux-aarch64" % platform
            continue
        for fault in _fields_faults(fields, versions):
            yield "platforms.%s: %s" % (platform, fault)


def _fields_faults(fields, versions):
    known = (*_OTHER, _WHY)
    if not isinstance(fields, dict) or not set(_OTHER) <= set(fields) <= set(known):
        yield "its fields are %s, and %s are required" % (", ".join(known), " and ".join(_OTHER))
        return
    if not fits("distribution", fields["distribution"]):
        yield "distribution can't be %r; write it as the rows do" % fields["distribution"]
    reasons = fields.get(_WHY, {})
    if not isinstance(reasons, dict) or not all(map(_is_reason, reasons.values())):
        yield "%s must be a table of versions and reasons" % _WHY
        return
    for version in [fields["since"], *reasons]:
        if version not in versions:
            yield "%r is none of the releases; name one of them" % version


def faults(rows):
    """Yield a sentence for each fault in the rows of the table."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        yield "`releases` is no list of rows; restore the file with git"
        return
    if not rows:
        yield "no release is listed; add a row, or restore the file with git"
    for row in rows:
        for fault in _row_faults(row):
            yield "%s: %s" % (row.get("version") or "the row %s" % row, fault)
    versions = [row["version"] for row in rows if fits("version", row.get("version"))]
    for before, after in zip(versions, versions[1:]):  # noqa: RUF007 - pairwise starts at 3.10
        if order(before) >= order(after):
            yield "%s is listed after %s; list every release once, oldest first" % (after, before)


def edited(text, rows, new):
    """Return the text of the table with other rows: one line each, in aligned columns.

    ``new`` begins with the replacements of ``rows``, in order; the rest of the text is kept.
    """
    widths = {}
    for row in new:
        for field in list(row)[:-1]:
            widths[field] = max(widths.get(field, 0), len(_written(row, field)))
    lines = ["  { %s },\n" % _joined(row, widths) for row in new]
    written = dict(zip((row["version"] for row in rows), lines))
    edited = []
    for line in text.splitlines(keepends=True):
        found = _LINE.match(line)
        edited.append(written[found.group(1)] if found else line)
        if found and found.group(1) == rows[-1]["version"]:
            edited += lines[len(rows) :]
    return "".join(edited)


def _joined(row, widths):
    *padded, last = row
    written = [_written(row, field).ljust(widths[field]) for field in padded]
    return " ".join([*written, _written(row, last)])


def _written(row, field):
    """Return one field of a row, with its comma unless it is the last."""
    return "%s = %s%s" % (field, json.dumps(row[field]), "" if field == list(row)[-1] else ",")


def _row_faults(row):
    known = (*_FIELDS, *_OPTIONAL)
    for field in row:
        if field not in known:
            yield "%s is no field of a row; the fields are %s" % (field, ", ".join(known))
    for field in _FIELDS:
        if field not in row:
            yield "%s is missing; write it as the other rows do" % field
        elif not fits(field, row[field]):
            yield "%s can't be %r; write it as the other rows do" % (field, row[field])
    if not isinstance(row.get("unavailable", ""), str):
        yield "unavailable must be a text: why the release can't be had"
    if not _is_texts(row.get("beside", [])):
        yield "beside must be a list of texts, such as %r" % ["tf-keras==2.15.*"]
    tags = row.get("tags")
    if not tags or not _is_texts(tags):
        yield "tags are missing; give a list of at least one of %s" % ", ".join(TAGS)
        return
    for tag in sorted(set(tags).difference(TAGS)):
        yield "%r is no tag; tags are %s" % (tag, ", ".join(TAGS))


def _is_reason(value):
    return isinstance(value, str) and bool(value.strip())


def _is_texts(value):
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def fits(field, value):
    """Return whether ``value`` is valid for a field of a row."""
    if not isinstance(value, str) or not re.fullmatch(_FIELDS[field], value):
        return False
    try:
        return field != "cutoff" or bool(datetime.strptime(value, "%Y-%m-%d"))  # noqa: DTZ007
    except ValueError:  # there is no such day
        return False


def order(version):
    """Return a sort key for versions: 2.9.3 before 2.10.1, and 2.22.0rc0 before 2.22.0."""
    numbers, _, candidate = version.partition("rc")
    return [int(part) for part in numbers.split(".")], not candidate, int(candidate or 0)
