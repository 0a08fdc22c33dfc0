"""`python -m report elsewhere FOLDER`: compare what another machine observed with what is stored.

The other machine has another processor, or is of another platform. What is the same comes first,
and then the lists of ``moved.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from report import places
from report.errors import OptionError
from report.evidence import platforms, reader, release_table
from report.matrix import Across, Matrix, across, matrix_of
from report.story import moved, wording
from report.story.moved import ITEM
from report.terminal import say
from report.text import for_markdown as escaped
from report.text import for_markdown_code as code
from report.text import short


def command(name: str, versions: Sequence[str]) -> int:
    """Print how the observations in a folder compare with the stored ones; return the exit code.

    The folder is named after its platform, and compared with the stored observations of that
    platform; these are compared with linux-x86_64's. If ``versions`` are given, only they are
    compared. The code is 1 if one can't be compared, or differs from the stored one of its own
    platform.
    """
    folder = Path(name).resolve()
    asked = tuple(versions) or _files(folder)
    stored = _read(_stored(folder), asked)
    found = across.compare(stored, _read(folder, asked, network=False))
    for line in moved.limited(lines(found, _shown(folder), asked)):
        say(line)
    differs = folder.name == stored.platform and bool(found.moves or found.others)
    return 1 if differs or set(asked) - set(found.releases) else 0


def _stored(folder: Path) -> Path:
    """Return the folder of the stored observations: of the same platform, if there are others."""
    own = places.ROOT / "observations" / folder.name
    project = places.ROOT / "observations" / platforms.COMMITTED
    return own if own.is_dir() and own != folder else project


def _files(folder: Path) -> tuple[str, ...]:
    """Return the names of a folder's observations; raise OptionError if it has none."""
    found = tuple(sorted(path.stem for path in folder.glob("*.json")))
    if not found:
        raise OptionError(
            f"{short(str(folder))}: no observation is there; name a folder that has some, "
            "such as observations/linux-aarch64"
        )
    return found


def _shown(folder: Path) -> str:
    """Return the path of a folder, relative to the checkout if it is in it."""
    within = folder.is_relative_to(places.ROOT)
    return (folder.relative_to(places.ROOT) if within else folder).as_posix()


def _read(folder: Path, asked: Sequence[str], *, network: bool = True) -> Matrix:
    """Return the matrix of some releases of a folder, which may be without the network."""
    table = release_table.read(places.ROOT / "probes" / "releases.toml", folder.name)
    entries = tuple(entry for entry in table if entry.version in asked)
    stored = reader.observations(folder, entries, network=network)
    problems = {version: each for version, each in stored.problems.items() if version in asked}
    return matrix_of(places.ROOT, folder, entries, replace(stored, problems=problems))


def lines(found: Across, name: str, asked: Sequence[str]) -> Iterator[str]:
    """Yield the Markdown lines of the whole comparison with the folder ``name``."""
    yield f"# The same in {code(short(name))} as the stored {code(found.shown.platform)}?"
    yield ""
    yield from _releases(found)
    yield from moved.section("What is the same", _same(found))
    yield from moved.cells(found.moves, found.releases)
    yield from moved.section("What else differs", _others(found))
    missing = [version for version in asked if version not in found.releases]
    yield from moved.section("Releases that were not compared", _missing(found, missing))
    yield from moved.refused(found.other)


def _releases(found: Across) -> Iterator[str]:
    """Yield a sentence for each result that releases have, which names them."""
    differ = {*(move.release for move in found.moves), *found.others}
    of = "" if found.shown.platform == found.other.platform else " but for distribution and lock"
    was, now = found.shown.files, found.other.files
    equal = [each for each in found.releases if was[each] == now[each]]
    results = {
        "The same, byte for byte": equal,
        f"The same in all that was asked for{of}": {*found.releases} - {*equal} - differ,
        "Not the same in what is listed below": differ,
    }
    for result, some in results.items():
        if some:
            versions = ", ".join(each for each in found.releases if each in some)
            yield f"{ITEM}{result}: {escaped(versions)}"
    if not found.releases:
        yield "Nothing was compared."


def _same(found: Across) -> Iterator[str]:
    """Yield the list item of each kind: in how many cells it is the same, of those compared."""
    for each in found.counts:
        cells = wording.several(each.compared, moved.CELL)
        of = f"{each.same:,} of {cells}" if each.differ else f"all of {cells}"
        yield f"{ITEM}{each.kind.title}: {of}{', byte for byte' if each.kind.samples else ''}"


def _others(found: Across) -> Iterator[str]:
    """Yield a list item for what differs beyond the cells, and for each older lock."""
    for version, fields in found.others.items():
        yield f"{ITEM}{escaped(version)}: {wording.markdown(moved.fields(fields))}"
    for side, matrix in (("stored ", found.shown), ("", found.other)):
        for release in matrix.releases:
            if release.old_lock and release.version in found.releases:
                lock = f"{side}not measured under {code(release.lock_file)}"
                yield f"{ITEM}{escaped(release.version)}: {lock}"


def _missing(found: Across, versions: Sequence[str]) -> Iterator[str]:
    """Yield the list item of each release that was not compared: its status on both sides."""
    sides = [{r.version: r for r in side.releases} for side in (found.shown, found.other)]
    for version in versions:
        both = [wording.markdown(moved.outcome(side.get(version))) for side in sides]
        yield f"{ITEM}{escaped(version)}: stored {both[0]}, elsewhere {both[1]}"
