"""Measure the floor: install each release from its lock file and import it, two at a time.

There are no probes, no report and no clean-up, so that nothing that installs and imports these
releases can be faster.
"""

from __future__ import annotations

import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.clock import search_path, stop, timed
from benchmarks.errors import BenchError
from report.evidence import release_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from report.evidence import Entry

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "probes" / "locks"
AT_ONCE = 2
IMPORT = ("-c", "import tensorflow")


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """The floor's elapsed time and processor time, in seconds."""

    seconds: float
    cpu: float


def releases(versions: Sequence[str] = ()) -> tuple[Entry, ...]:
    """Return the table's rows of ``versions``, or of all available releases, in its order."""
    rows = [
        row for row in release_table.read(ROOT / "probes" / "releases.toml") if not row.unavailable
    ]
    unknown = set(versions) - {row.version for row in rows}
    if unknown:
        raise BenchError(f"no such release: {', '.join(sorted(unknown))}; see releases.toml")
    return tuple(row for row in rows if not versions or row.version in versions)


def interpreter(release: Entry) -> str:
    """Return the path of a release's Python interpreter, found as the noxfile finds it."""
    found = shutil.which(f"python{release.python}", path=search_path())
    if found is None:
        raise BenchError(f"CPython {release.python} is not on PATH; run `nox -s interpreters`")
    return found


def measure(rows: Sequence[Entry], folder: Path) -> Floor:
    """Install and import releases, and return how long that took."""
    for row in rows:
        interpreter(row)
    start = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            cpu = sum(pool.map(lambda row: _install_and_import(row, folder), rows))
        except BaseException:
            stop()  # else the pool would wait for the running commands
            raise
    return Floor(seconds=time.perf_counter() - start, cpu=cpu)


def python(folder: Path, release: Entry) -> Path:
    """Return the Python of the environment that the floor made for a release."""
    return folder / release.version / "bin" / "python"


def _install_and_import(release: Entry, folder: Path) -> float:
    """Install and import one release; return the processor time in seconds."""
    environment = folder / release.version
    uv = _uv()
    place = (folder / f"at-{release.version}").absolute()
    place.mkdir()
    made = timed([uv, "venv", "-q", "-p", interpreter(release), environment], folder=place)
    made.checked(f"uv venv for {release.version}")
    installed = timed(
        [
            *(uv, "pip", "install", "--quiet", "--python", python(folder, release)),
            *("--no-cache", "--no-deps", "--require-hashes", "--link-mode", "hardlink"),
            *("-r", LOCKS / f"{release.version}.txt", "--build-constraints", LOCKS / "build.txt"),
        ],
        folder=place,
    )
    installed.checked(f"the installation of {release.version}")
    imported = timed([python(folder, release), *IMPORT], folder=place)
    imported.checked(f"import of {release.version}")
    return made.cpu + installed.cpu + imported.cpu


def _uv() -> str:
    """Return the path of this environment's uv, which nox uses too."""
    local = Path(sys.prefix) / "bin" / "uv"
    found = str(local) if local.exists() else shutil.which("uv")
    if found is None:
        raise BenchError("uv is missing: run this with `nox -s bench`")
    return found
