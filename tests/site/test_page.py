"""Test the build of a site: reproducible, with the expected pages and no others."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from report import places
from report.evidence import Status
from report.matrix.index import Index
from report.site import pages
from report.site.publish import write_site
from report.story import comparison
from tests.support import extreme, world
from tests.support.markup import attribute, parsed, text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUILT = "2026-11-23"


def test_neighbours_and_milestones_have_a_page_each(sites: Path) -> None:
    index = Index(matrix=world.mini())
    neighbours, milestones = comparison.pairs(index)
    versions = list(index.releases)
    assert {*pairwise(versions), ("1.1.0", "2.2.0rc0")} == set(neighbours)
    assert milestones == []  # they are neighbours among what was observed
    for pair in (*neighbours, *milestones):
        assert (sites / "mini" / comparison.address(*pair)).is_file()


def digest(seed: str, zone: str, folder: Path) -> dict[str, bytes]:
    code = (
        "from pathlib import Path; from report.site.publish import write_site;"
        "from tests.support import world;"
        f"write_site(world.mini(), Path({str(folder)!r}), built={BUILT!r})"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
    subprocess.run([sys.executable, "-c", code], check=True, cwd=places.ROOT, env=environment)
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*.*") if p.is_file()}


def test_a_rebuild_is_byte_equal_in_another_zone_and_with_another_seed(tmp_path: Path) -> None:
    first = digest("1", "Asia/Kathmandu", tmp_path / "one")
    assert first == digest("2", "America/St_Johns", tmp_path / "two")


def test_a_build_that_fails_leaves_the_old_site_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    write_site(world.mini(), site, built=BUILT)
    before = (site / "index.html").read_bytes()

    def failing(index: Index) -> Iterator[tuple[str, str]]:
        yield "index.html", "half"
        raise RuntimeError(index.built)

    monkeypatch.setattr(pages, "PAGES", (failing,))
    with pytest.raises(RuntimeError):
        write_site(world.mini(), site, built=BUILT)
    assert (site / "index.html").read_bytes() == before
    assert list(tmp_path.iterdir()) == [site]


def test_a_rebuild_drops_pages_that_are_no_longer_made(tmp_path: Path) -> None:
    site = tmp_path / "site"
    write_site(extreme.wide(3, 2), site)
    write_site(world.mini(), site)
    assert not list(site.glob("symbol/*pkg*"))
    assert (site / "index.html").is_file()


def test_observations_are_published_as_they_were_read_and_linked(tmp_path: Path) -> None:
    read = {"1.0.1": b'{"as": "it is"}\n'}
    write_site(replace(world.mini(), files=read), tmp_path / "site")
    (copied,) = (tmp_path / "site" / "data" / "observations").iterdir()
    assert (copied.name, copied.read_bytes()) == ("1.0.1.json", read["1.0.1"])
    for version, linked in (("1.0.1", True), ("1.1.0", False)):
        tree = parsed(tmp_path / "site" / "release" / f"{version}.html")
        hrefs = [link.get("href") for link in tree.iter("a")]
        assert (f"../data/observations/{version}.json" in hrefs) is linked
    proofs = {
        link.get("href")
        for link in parsed(tmp_path / "site" / "symbol" / "tf.layers.dense.html").iter("a")
        if attribute(link, "href").startswith("../data/observations/")
    }
    assert proofs == {"../data/observations/1.0.1.json"}


def test_a_world_without_observations_says_so(tmp_path: Path) -> None:
    unseen = [
        replace(one, status=Status.NOT_OBSERVED, reason=one.reason or "no Python here")
        for one in world.RELEASES
    ]
    write_site(world.matrix([], unseen), tmp_path / "site")
    found = text(parsed(tmp_path / "site" / "index.html"))
    assert "No release has been observed yet." in found
    assert "no Python 3.7 on this machine" in found
