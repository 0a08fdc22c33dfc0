"""Read ``confirmed.toml``: when, where and by what each observation was last confirmed.

An observation is confirmed if measuring its release again gives exactly the stored bytes.
probes/setup/confirm.py writes the file, one line per release, and describes its fields. It is
parsed line by line, so that a damaged line doesn't affect the others.
"""

from __future__ import annotations

import codecs
import hashlib
import tomllib
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec

from report.text import short

if TYPE_CHECKING:
    from report.evidence.release_table import Entry

NAME = "confirmed.toml"
LARGEST = 1_000_000  # bytes; a line has about 150
_LONGEST_LINE = 1_000  # bytes; the parser takes minutes for a key with a million dots
LOCAL = "local"  # measured by hand, not by a CI service
_LONGEST = 200  # characters of an error message
_Python = Annotated[str, msgspec.Meta(pattern=r"^3\.[0-9]+\.[0-9a-z.+]{1,40}\Z")]
_Commit = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{7,64}( with changes)?\Z")]
_Emulator = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_. -]{1,100}\Z")]
_Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{16}\Z")]


class Confirmed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The last measurement that reproduced a stored observation.

    ``where`` is "local", or a CI service's name for the run. ``python`` is the full version.
    ``commit`` is None if it is not known. ``observation`` is a prefix of the SHA-256 of the
    observation's bytes. ``emulator`` is what the machine was emulated by, or None if it was real.
    """

    date: date
    where: Annotated[str, msgspec.Meta(pattern=r"\S", max_length=100)]
    python: _Python
    commit: _Commit | None = None
    emulator: _Emulator | None = None
    observation: _Digest


class Confirmations(msgspec.Struct, frozen=True, kw_only=True):
    """The confirmations of a platform's observations, by release; empty without a file.

    ``problem`` is a sentence if the file, or a line of it, can't be used.
    """

    known: Mapping[str, Confirmed] = msgspec.field(default_factory=dict)
    problem: str | None = None


def read(folder: Path, files: Mapping[str, bytes], rows: Mapping[str, Entry]) -> Confirmations:
    """Return the confirmations of ``files``: the bytes of accepted observations, by release.

    A line whose digest is not that of the release's bytes is left out. ``rows`` are the rows of the
    table, by release.
    """
    try:
        content = _content(folder / NAME)
    except FileNotFoundError:
        return Confirmations()
    except OSError as error:
        return Confirmations(problem=_sentence(error.strerror or str(error)))
    found, flaws = _lines(content, rows)
    return Confirmations(
        known={
            version: line
            for version, line in found.items()
            if version in files
            and hashlib.sha256(files[version]).hexdigest().startswith(line.observation)
        },
        problem=_sentence(*flaws) if flaws else None,
    )


def _content(path: Path) -> bytes:
    """Return the bytes of a file; raise OSError if it is not a regular file, or too large."""
    if path.exists() and not path.is_file():  # opening a named pipe would block
        raise OSError("not a file")
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise OSError(f"more than {LARGEST:,} bytes")
    return content


def _lines(content: bytes, rows: Mapping[str, Entry]) -> tuple[dict[str, Confirmed], list[str]]:
    """Return the valid lines by release, and messages about the others and duplicates."""
    found, flaws = [], []
    lines = content.removeprefix(codecs.BOM_UTF8).splitlines()
    for number, line in enumerate(map(bytes.strip, lines), start=1):
        if line and not line.startswith(b"#"):
            try:
                found.append(_line(line, rows))
            except (ValueError, RecursionError) as error:
                flaws.append(f"line {number}: {short(str(error), _LONGEST)}")
    counts = Counter(version for version, _ in found)
    flaws += [
        f"{version} has {count} lines, of which none counts"
        for version, count in counts.items()
        if count > 1
    ]
    return {version: line for version, line in found if counts[version] == 1}, flaws


def _line(line: bytes, rows: Mapping[str, Entry]) -> tuple[str, Confirmed]:
    """Return the release and the record of one line; raise ValueError if it is not valid."""
    if len(line) > _LONGEST_LINE:
        raise ValueError(f"more than {_LONGEST_LINE:,} bytes")
    ((version, fields),) = tomllib.loads(line.decode("utf-8")).items()
    if version not in rows:
        raise ValueError(f"{version!r} is no release in releases.toml")
    confirmed = msgspec.convert(fields, Confirmed)
    row = rows[version]
    if not confirmed.python.startswith(f"{row.python}."):
        raise ValueError(f"Python {confirmed.python}, where the table has {row.python}")
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)  # a clock may be a little fast
    if not row.cutoff <= confirmed.date.isoformat() <= tomorrow.isoformat():
        raise ValueError(f"{confirmed.date} is no day between the release's and today")
    return version, confirmed


def _sentence(flaw: str, *others: str) -> str:
    more = f" (and {len(others)} more)" if others else ""
    return f"{NAME}: {flaw}{more}; mend it, or measure again and run `nox -s confirm`"
