"""Write the site: every page, picture and data file, whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from report import exports, pages
from report.aside import aside
from report.edition import Edition
from report.weight import Scale

if TYPE_CHECKING:
    from collections.abc import Iterator

    from report.model import Matrix


def build(
    matrix: Matrix, site: Path, *, built: str | None = None, observations: Path | None = None
) -> None:
    """Write the whole site, or nothing if it is too heavy (WeightError).

    ``built`` is the date of the commit that it is made from;
    ``observations`` is the folder of observation files to publish beside the data.
    """
    raw = exports.observations(observations) if observations else ()
    edition = Edition(matrix=matrix, built=built, raw=frozenset(path.stem for path in raw))
    with _staged(site) as folder, _turns(len(pages.PAGES)) as turns:
        write = partial(_write, edition, folder, turns)
        with aside(write) as other:
            for file in raw:
                _copy(file, folder / "data" / "observations")
            write().add(other())


def _write(edition: Edition, folder: Path, turns: int) -> Scale:
    """Write the kinds of pages whose turn it is, until none is left."""
    scale = Scale(len(edition.releases))
    while turn := os.read(turns, 1):
        for path, text in pages.PAGES[turn[0]](edition):
            scale.put(path, text)
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode("utf-8"))
    return scale


@contextmanager
def _turns(count: int) -> Iterator[int]:
    """Give a pipe of which every process reads whose turn it is: 0 to count - 1, each once."""
    reader, writer = os.pipe()
    os.write(writer, bytes(range(count)))
    os.close(writer)
    try:
        yield reader
    finally:
        os.close(reader)


@contextmanager
def _staged(site: Path) -> Iterator[Path]:
    """Give a folder to write to, and let it take the site's place once all is written."""
    site.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{site.name}-", dir=site.parent))
    new, old = folder / "new", folder / "old"
    try:
        new.mkdir()
        yield new
        if site.exists():
            site.rename(old)
        try:
            new.rename(site)
        except OSError:
            if old.exists():
                old.rename(site)
            raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(path: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target / path.name)
