"""Build the matrix of a git revision and the one of the checkout, to be compared."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from report import places
from report.errors import HistoryError, TableError
from report.evidence import Revision, reader, revision
from report.matrix.build import build_matrix
from report.matrix.records import Matrix

TABLE = Path("probes") / "releases.toml"
Files = Mapping[str, bytes | None]  # by version; None if it is a folder or unreadable


class Readings(msgspec.Struct, frozen=True, kw_only=True):
    """The matrices of a revision (``before``) and of the checkout (``after``), for one platform.

    ``was`` and ``now`` hold the bytes of their observation files, including refused ones.
    """

    revision: Revision
    before: Matrix
    after: Matrix
    was: Files
    now: Files

    @property
    def same(self) -> frozenset[str]:
        """The releases whose files are the same, byte for byte."""
        both = self.was.keys() & self.now.keys()
        return frozenset(version for version in both if self.was[version] == self.now[version])

    @property
    def new(self) -> tuple[str, ...]:
        """The releases observed in the checkout alone, oldest first; none if all are new."""
        known = [release.version for release in self.after.releases]
        fresh = self.after.files.keys() - self.was.keys()
        return tuple(version for version in known if self.was and version in fresh)


def readings(then: Revision, platform: str) -> Readings:
    """Return the readings of a revision and of the checkout.

    Raise HistoryError if the revision has nothing that this version of the report can read.
    """
    folder = Path("observations") / platform
    accepted: reader.Accepted = {}
    after = build_matrix(places.ROOT, platform, accepted=accepted)
    with _unpacked(then, folder) as root:
        try:
            before = build_matrix(root, platform, accepted=accepted)
        except TableError as error:
            why = str(error).replace(str(root / TABLE), TABLE.as_posix())
            raise HistoryError(f"{then.name}: {why}, or compare with another revision") from error
        was, now = _files(root / folder), _files(places.ROOT / folder)
    found = Readings(revision=then, before=before, after=after, was=was, now=now)
    known = len(found.same) == len(was) or before.files
    if not known and not any(reader.is_current(each or b"") for each in was.values()):
        raise HistoryError(
            f"{then.name}: its observations are not of the schema and protocol that this report "
            "reads; compare with a revision that has such"
        )
    return found


@contextmanager
def _unpacked(then: Revision, folder: Path) -> Iterator[Path]:
    """Unpack the table and the observations of a revision for as long as they are read."""
    try:
        with tempfile.TemporaryDirectory() as scratch:
            revision.unpack(then, TABLE.parent, (TABLE.name,), Path(scratch))
            revision.unpack(then, folder, (".json",), Path(scratch))
            yield Path(scratch)
    except OSError as error:
        where = tempfile.gettempdir()
        raise HistoryError(
            f"the observations of {then.name} can't be unpacked in {where} ({error.strerror}); "
            "make room there"
        ) from error


def _files(folder: Path) -> Files:
    return {path.stem: _content(path) for path in folder.glob("*.json")}


def _content(path: Path) -> bytes | None:
    """Return what git would store: a file's bytes, or a link's target."""
    try:
        if path.is_symlink():
            return os.fsencode(path.readlink())
        return path.read_bytes() if path.is_file() else None
    except OSError:
        return None
