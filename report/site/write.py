"""Write the site: every page, picture and data file, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from report import places
from report.matrix import Index, Matrix
from report.site import exports, pages, table
from report.site.render import File, filled
from report.site.staging import staged


def write_site(matrix: Matrix, site: Path, *, built: str | None = None) -> None:
    """Write the whole site, with the accepted observations beside the data, as they are.

    ``built`` is the date of the commit that it is made from.
    """
    index = Index(matrix=matrix, built=built, raw=frozenset(matrix.files))
    with staged(site) as folder:
        for path, text in files(index):
            _write(folder / path, text.encode("utf-8"))
        _write(folder / "objects.inv", exports.inventory(index))
        for version, content in matrix.files.items():
            _write(folder / "data" / "observations" / f"{version}.json", content)


def files(index: Index) -> Iterator[File]:
    """Yield every file that is made: its path in the site, and its text."""
    yield from _assets(index)
    yield from exports.files(index)
    yield from pages.files(index)


def _assets(index: Index) -> Iterator[File]:
    """Yield the style sheets, the icon and the script; the widths of the matrix follow the data."""
    folder = places.TEMPLATES / "assets"
    widths = filled("assets/columns.css.jinja", **table.sizes(index))
    yield "style.css", (folder / "style.css").read_text("utf-8") + widths
    for name in ("proof.css", "icon.svg", "report.js"):
        yield name, (folder / name).read_text("utf-8")


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
