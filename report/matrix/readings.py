"""Read the observations of a git revision and of the checkout as two matrices of what differs.

Files that are equal byte by byte are not parsed, and of those that differ, only the symbols that
differ.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from report import places
from report.errors import HistoryError, TableError
from report.evidence import Entry, Revision, differing, release_table, revision
from report.matrix.build import build_matrix
from report.matrix.records import Matrix

TABLE = Path("probes") / "releases.toml"
Files = Mapping[str, bytes]  # the bytes of observations by release


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """Two matrices of one platform: ``before`` of a revision, ``after`` of the checkout.

    They hold only what differs, and the release before each new one. ``new`` are the releases
    observed only in the checkout, ``gone`` only in the revision. ``pairs`` has both versions of
    each observation that differs, by release; ``equal`` is the number of identical files.
    """

    revision: Revision
    before: Matrix
    after: Matrix
    equal: int
    pairs: Mapping[str, tuple[bytes, bytes]]
    new: tuple[str, ...]
    gone: tuple[str, ...]

    def parts(self, release: str) -> tuple[str, ...]:
        """Return the names of the fields and kinds of evidence that differ in an observation."""
        return differing.parts(*self.pairs[release])


def readings(then: Revision, platform: str) -> Readings:
    """Return the readings of a revision and of the checkout.

    Raise HistoryError if the revision has nothing that this version of the report can read.
    """
    try:
        with tempfile.TemporaryDirectory() as scratch:
            return _readings(then, Path("observations") / platform, Path(scratch))
    except OSError as error:
        where = tempfile.gettempdir()
        raise HistoryError(
            f"the observations of {then.name} can't be unpacked in {where} ({error.strerror}); "
            "make room there"
        ) from error


def _readings(then: Revision, folder: Path, scratch: Path) -> Readings:
    before, after = scratch / "before", scratch / "after"
    for root in (before, after):
        (root / TABLE).parent.mkdir(parents=True)
        (root / folder).mkdir(parents=True)
    now = _files(places.ROOT / folder)
    was = _files_of(then, folder, now)
    rows, old_rows = _rows(places.ROOT / TABLE), _rows_of(then, before / TABLE)
    shutil.copyfile(places.ROOT / TABLE, after / TABLE)
    same = {version for version in now if was.get(version) == now[version]}
    unread = {version for version in same if old_rows.get(version) == rows.get(version)}
    new = tuple(version for version in now if version not in was)
    whole = _befores(new, [version for version in rows if version in now]) if was else set()
    _unpack(was, now, unread - whole, whole, before / folder)
    _unpack(now, was, unread - whole, whole, after / folder)
    return Readings(
        revision=then,
        before=build_matrix(before, folder.name),
        after=build_matrix(after, folder.name),
        equal=len(same),
        pairs={
            version: (was[version], now[version])
            for version in now
            if version in was and version not in same
        },
        new=new,
        gone=tuple(version for version in was if version not in now),
    )


def _befores(new: Collection[str], observed: Sequence[str]) -> set[str]:
    """Return the observed release before each new one, which is needed to show its changes."""
    return {before for before, version in pairwise(observed) if version in new}


def _files(folder: Path) -> Files:
    """Return the observations in a folder; an unreadable file is empty, and refused later."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        try:
            found[path.stem] = b"" if path.is_symlink() else path.read_bytes()
        except OSError:
            found[path.stem] = b""
    return found


def _files_of(then: Revision, folder: Path, now: Files) -> Files:
    """Return the observations of a revision; only those that differ are read from git."""
    blobs = {Path(name).stem: blob for name, blob in revision.blobs(then, folder).items()}
    equal = {
        version
        for version, blob in blobs.items()
        if version in now and revision.blob_id(now[version], blob) == blob
    }
    stored = revision.contents([blob for version, blob in blobs.items() if version not in equal])
    found = {
        version: now[version] if version in equal else stored[blob] or b""
        for version, blob in blobs.items()
    }
    if len(equal) < len(blobs) and not any(map(differing.is_current, found.values())):
        raise HistoryError(
            f"{then.name}: its observations are not of the schema and protocol that this report "
            "reads; compare with a revision that has such"
        )
    return found


def _rows(path: Path) -> Mapping[str, Entry]:
    return {entry.version: entry for entry in release_table.read(path)}


def _rows_of(then: Revision, path: Path) -> Mapping[str, Entry]:
    """Return the table of releases of a revision, after writing it to ``path``."""
    name = f"{then.commit}:{TABLE.as_posix()}"
    path.write_bytes(revision.contents([name])[name] or b"")
    try:
        return _rows(path)
    except TableError as error:
        why = str(error).replace(str(path), TABLE.as_posix())
        raise HistoryError(f"{then.name}: {why}, or compare with another revision") from error


def _unpack(
    files: Files, others: Files, unread: Collection[str], whole: Collection[str], folder: Path
) -> None:
    """Write the observations to read, without symbols equal in ``others`` if not ``whole``."""
    for version in files.keys() - unread:
        content, other = files[version], others.get(version)
        if version not in whole and other is not None and other != content:
            content = differing.without_equal(content, other)
        (folder / f"{version}.json").write_bytes(content)
