"""Test the sizes of published files. Publishing itself has no limit."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

import html5lib  # type: ignore[import-untyped]
import pytest

from report import places
from report.evidence import reader, release_table
from report.matrix import build
from report.matrix.index import Index
from report.site import pages, publish
from report.site.publish import write_site
from tests.conftest import PLATFORM
from tests.support import extreme, world

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from report.evidence import Stored

BUDGETS = (
    # pattern, bytes, gzipped where releases are invented, and where they are real;
    # style and script are published as they are written
    ("index.html", 110_000, 12_000, 14_000),
    ("symbol/*.html", 90_000, 12_000, 14_000),
    ("style.css", 14_000, 5_000, 5_000),
    ("report.js", 12_000, 4_000, 4_000),
    ("compare.js", 12_000, 4_000, 4_000),
    ("strip/*.svg", 1_536, 1_000, 1_000),
)
ENTRIES = release_table.read(places.ROOT / "probes" / "releases.toml")
VERSIONS = [entry.version for entry in ENTRIES]
MILESTONES = {entry.version for entry in ENTRIES if "milestone" in entry.tags}


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the site of forty invented releases; return its folder."""
    folder = tmp_path_factory.mktemp("invented") / "site"
    write_site(extreme.wide(), folder, built="2026-11-23")
    return folder


@pytest.mark.parametrize(("pattern", "limit", "packed"), [each[:3] for each in BUDGETS])
def test_a_page_of_invented_releases_keeps_to_its_budget(
    pattern: str, limit: int, packed: int, invented: Path
) -> None:
    assert_small(invented, pattern, limit, packed)


@pytest.mark.parametrize(("pattern", "limit", "_", "packed"), BUDGETS)
def test_a_real_page_keeps_to_its_budget(
    pattern: str, limit: int, _: int, packed: int, published: Path
) -> None:
    assert_small(published, pattern, limit, packed)


def assert_small(site: Path, pattern: str, limit: int, packed: int) -> None:
    """Check the sizes of the files that match a pattern."""
    paths = list(site.glob(pattern))
    assert paths
    for path in paths:
        assert path.stat().st_size <= limit, path.name
        assert len(gzip.compress(path.read_bytes(), mtime=0)) <= packed, path.name


def test_the_site_of_invented_releases_is_small_with_all_its_data(invented: Path) -> None:
    assert sum(path.stat().st_size for path in invented.rglob("*.*")) <= 10_000_000


def test_the_start_page_has_few_nodes(invented: Path) -> None:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse((invented / "index.html").read_text("utf-8"))
    assert sum(1 for _ in tree.iter()) <= 2_800


def test_all_that_a_reader_of_the_real_site_opens_is_under_eleven_megabytes(
    published: Path,
) -> None:
    """The data are apart: their format is fixed, and the observations are as they are."""
    files = [path for path in published.rglob("*") if path.is_file()]
    opened = [path for path in files if path.relative_to(published).parts[0] != "data"]
    assert len(files) > len(opened) > 250
    assert sum(path.stat().st_size for path in opened) <= 11_000_000


def test_an_observation_is_at_most_450_kilobytes() -> None:
    stored = list((places.ROOT / "observations" / PLATFORM).glob("*.json"))
    assert len(stored) == len(ENTRIES)
    assert max(path.stat().st_size for path in stored) <= 450_000


@pytest.fixture(scope="module")
def evidence() -> Stored:
    """Return the committed observations."""
    return reader.observations(places.ROOT / "observations" / PLATFORM, ENTRIES)


@pytest.fixture
def size(evidence: Stored, monkeypatch: pytest.MonkeyPatch) -> Callable[[Collection[str]], int]:
    """Return a function that measures the site, without its data, of some observations."""

    def measure(versions: Collection[str]) -> int:
        kept = {v: data for v, data in evidence.observations.items() if v in versions}
        assert kept
        found = reader.Stored(observations=kept)
        monkeypatch.setattr(reader, "observations", lambda *_: found)
        index = Index(matrix=build.build_matrix(places.ROOT, PLATFORM), built="2026-11-23")
        files = publish.files(index)
        return sum(len(text.encode()) for path, text in files if not path.startswith("data/"))

    return measure


@pytest.mark.parametrize("missing", ["0.12.1", "1.14.0", "2.10.1", "2.19.1", "2.22.0rc0"])
def test_one_missing_release_adds_little(
    missing: str, size: Callable[[Collection[str]], int]
) -> None:
    assert size([version for version in VERSIONS if version != missing]) <= 12_500_000


def test_the_milestones_alone_are_shown_with_all_their_gaps(
    size: Callable[[Collection[str]], int],
) -> None:
    assert size(MILESTONES) <= 14_500_000


@pytest.mark.parametrize("first", [0, 1])
def test_every_other_release_is_shown_with_all_its_gaps(
    first: int, size: Callable[[Collection[str]], int]
) -> None:
    assert size(VERSIONS[first::2]) <= 36_000_000


@pytest.mark.parametrize("path", ["index.html", "symbol/a.html", "style.css", "report.js"])
def test_a_file_above_every_budget_is_published(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heavy = "x" * 30_000_000
    monkeypatch.setattr(pages, "PAGES", (lambda _: [(path, heavy)],))
    write_site(world.mini(), tmp_path / "site")
    assert (tmp_path / "site" / path).stat().st_size == len(heavy)


def test_style_and_script_are_published_as_they_are_written(invented: Path) -> None:
    templates = Path(places.ROOT / "templates" / "assets")
    for name in ("report.js", "compare.js", "proof.css"):
        assert (invented / name).read_bytes() == (templates / name).read_bytes()
    written = (templates / "style.css").read_bytes()
    assert (invented / "style.css").read_bytes().startswith(written)
