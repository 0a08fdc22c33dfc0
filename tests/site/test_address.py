"""Test a site with a known URL: exports have absolute links, and nothing else changes."""

from __future__ import annotations

import json
import re
import struct
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest

from report import __main__ as command
from report.errors import OptionError
from report.matrix import Index, kinds
from report.site.address import published_at
from report.site.publish import write_site
from report.story import changes, comparison, wording
from tests.support import machines
from tests.support.extreme import WORLDS
from tests.support.markup import attribute, html, parsed, text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HERE = "https://example.org/docs/initializers/"
PROPERTIES = ("og:title", "og:description", "og:image", "og:image:alt", "og:url")


@pytest.fixture(scope="module")
def addressed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the sites of the three matrices with a site URL; return their folder."""
    folder = tmp_path_factory.mktemp("addressed")
    for name, make in WORLDS.items():
        others = machines.beside(make())
        write_site(make(), folder / name, built="2026-11-23", address=HERE, others=others)
    return folder


@pytest.fixture(params=WORLDS)
def there(request: pytest.FixtureRequest, addressed: Path) -> Path:
    """Return the folder of one matrix's site with a site URL."""
    found: Path = addressed / request.param
    return found


def metas(tree: ET.Element, key: str) -> dict[str, str]:
    """Return the contents of a page's meta elements, by name."""
    found = [node for node in tree.iter("meta") if node.get(key)]
    return {attribute(node, key): attribute(node, "content") for node in found}


def canonical(tree: ET.Element) -> list[str]:
    """Return the canonical URLs that a page names."""
    links = (node for node in tree.iter("link") if node.get("rel") == "canonical")
    return [attribute(node, "href") for node in links]


def inside(site: Path, link: str) -> Path:
    """Return the file of the site that an absolute URL refers to."""
    assert link.startswith(HERE), link
    return site / unquote(link.removeprefix(HERE).partition("#")[0] or "index.html")


def pages(site: Path) -> Iterator[tuple[Path, ET.Element]]:
    """Yield the path and the tree of each page but the one for a missing page."""
    yield from (found for found in html(site) if found[0].name != "404.html")


def test_every_page_names_itself_and_says_its_answer(there: Path) -> None:
    descriptions = []
    for path, tree in pages(there):
        (url,) = canonical(tree)
        assert inside(there, url) == path
        described, card = metas(tree, "name")["description"], metas(tree, "property")
        assert {*PROPERTIES} <= {*card}
        assert card["og:title"] == text(next(tree.iter("title")))
        assert card["og:description"] == described
        assert card["og:url"] == url
        assert inside(there, card["og:image"]).is_file()
        assert 20 < len(described) <= 400
        descriptions.append(described)
    assert len(set(descriptions)) > 0.8 * len(descriptions)


def test_a_page_is_described_without_an_address_too(site: Path) -> None:
    for _, tree in html(site):
        assert metas(tree, "name")["description"]
        assert metas(tree, "property") == {}
        assert canonical(tree) == []


def test_the_description_of_a_symbol_is_its_history(addressed: Path) -> None:
    symbols = [tree for path, tree in html(addressed / "mini") if path.parent.name == "symbol"]
    page = max(symbols, key=lambda tree: len(metas(tree, "name")["description"]))
    answer = [text(node) for node in page.iter("p") if node.get("class") == "tell"]
    described = metas(page, "name")["description"]
    assert answer
    for role in answer:
        assert role.replace(":", "", 1).rstrip(".") in described


def described(site: Path, path: str) -> str:
    """Return the description of a page."""
    return metas(parsed(site / path), "name")["description"]


def test_the_description_of_two_releases_is_what_differs(addressed: Path) -> None:
    index = Index(matrix=WORLDS["mini"]())
    found = [comparison.comparison(index, *pair) for pair in chain(*comparison.pairs(index))]
    changed = [each for each in found if each.differences and not each.unseen]
    assert changed
    for each in changed:
        first = each.differences[0]
        said = described(addressed / "mini", each.href)
        assert f"{first.was.text} → {first.now.text}: {first.symbol}" in said
        assert each.counted in said


def test_the_description_of_a_kind_is_its_newest_change(addressed: Path) -> None:
    index = Index(matrix=WORLDS["wide"]())
    newest = {kind: changes.by_release(index, (kind,))[:1] for kind in kinds.others()}
    assert any(newest.values())
    for kind, releases in newest.items():
        first = [wording.plain(release.events[0].pieces)[:80] for release in releases]
        assert (first or ["No"])[0] in described(addressed / "wide", kind.page)


def test_the_start_page_and_an_answer_are_described_apart(there: Path) -> None:
    start = described(there, "index.html")
    answers = [page.relative_to(there).as_posix() for page in there.glob("answer/*.html")]
    assert start not in {described(there, answer) for answer in answers}


def test_the_feed_the_snippets_and_the_markdown_name_pages_whole(there: Path) -> None:
    feed = ET.fromstring((there / "data" / "changes.atom").read_text("utf-8"))  # noqa: S314 - ours
    links = [node.get("href") or "" for node in feed.iter("{http://www.w3.org/2005/Atom}link")]
    assert all(inside(there, link).is_file() for link in links)
    source = (there / "matrix.md").read_text("utf-8")
    assert source.startswith("# ")  # nothing is to be said of links that are whole
    assert "](symbol/" not in source
    for path, tree in html(there):
        for node in tree.iter("pre"):
            assert "SITE" not in text(node), path
            assert HERE in text(node) or "[![" not in text(node), path


def test_what_stays_inside_the_site_stays_relative(there: Path) -> None:
    for path, tree in pages(there):
        for node in (*tree.iter("a"), *tree.iter("script")):
            link = node.get("href") or node.get("src") or ""
            assert not link.startswith(HERE), path


def test_a_page_that_is_not_there_leads_back_from_any_depth(there: Path) -> None:
    (tree,) = [tree for path, tree in html(there) if path.name == "404.html"]
    links = [node.get("href") or node.get("src") or "" for node in tree.iter()]
    links = [link for link in links if link and not link.startswith("#")]
    assert len(links) > 10
    # By path: the same under another host's name, and under http.
    assert all(inside(there, f"https://example.org{link}").is_file() for link in links)


def test_a_page_that_is_not_there_is_not_indexed(there: Path) -> None:
    (tree,) = [tree for path, tree in html(there) if path.name == "404.html"]
    assert metas(tree, "name")["robots"] == "noindex"
    assert metas(tree, "property") == {}
    assert canonical(tree) == []
    assert not any("robots" in metas(tree, "name") for _, tree in pages(there))


def test_without_an_address_there_is_no_such_page_and_no_sitemap(site: Path) -> None:
    assert not (site / "404.html").exists()
    assert not (site / "sitemap.xml").exists()


def test_the_sitemap_has_every_page_by_its_canonical_link(there: Path) -> None:
    tree = ET.fromstring((there / "sitemap.xml").read_text("utf-8"))  # noqa: S314 - ours
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert tree.tag == f"{space}urlset"
    assert {url.findtext(f"{space}lastmod") for url in tree} == {"2026-11-23"}
    named = [url.findtext(f"{space}loc") for url in tree]
    assert sorted(filter(None, named)) == sorted(
        url for _, page in pages(there) for url in canonical(page)
    )


def test_the_picture_of_a_link_has_the_size_that_services_ask_for(there: Path) -> None:
    content = (there / "card.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    assert struct.unpack(">II", content[16:24]) == (1200, 630)


# The option and the variable


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("https://example.org", "https://example.org/"),
        (" https://example.org/a/b ", "https://example.org/a/b/"),
        ("http://localhost:8000/~me/", "http://localhost:8000/~me/"),
        ("https://example.org:65535/a%20b/2.0", "https://example.org:65535/a%20b/2.0/"),
        ("", ""),
        (None, ""),
    ],
)
def test_an_address_ends_in_a_slash(
    given: str | None, read: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SITE_URL", raising=False)
    assert published_at(given) == read


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ("example.org", "http or https only"),
        ("ftp://example.org/", "http or https only"),
        ("javascript:alert(1)", "http or https only"),
        ("https://", "in host and path ASCII"),
        ("https://example.org/?a=b", "no query and no fragment"),
        ("https://example.org/#top", "no query and no fragment"),
        ("https://example.org/a b", "write a space as %20"),
        ('https://example.org/"><script>', "in host and path ASCII"),
        ("https://example.org/a)(b", "in host and path ASCII"),
        ("https://example.org/50%", "in host and path ASCII"),
        ("https://example.org/\u202e", "in host and path ASCII"),
        ("https://user@example.org/", "no user and no password"),
        ("https://example.org:65536/", "a port is 1 to 65535"),
        ("https://example.org:0", "a port is 1 to 65535"),
        ("https://example.org/a/../b", "no . or .. in the path"),
        ("https://example.org/a/%2E%2e", "no . or .. in the path"),
        ("https://example.org/a/index.html", "the folder, not a page in it"),
    ],
)
def test_what_is_no_address_is_refused(
    given: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = f": not the address of a folder on the web: {re.escape(fault)}.*; write one like "
    with pytest.raises(OptionError, match=rf"^--address .*{refused}https://"):
        published_at(given)
    monkeypatch.setenv("SITE_URL", given)
    with pytest.raises(OptionError, match=rf"^SITE_URL=.*{refused}https://"):
        published_at(None)


@pytest.mark.parametrize(
    "given",
    [
        "https://me:secret@example.org/",
        "me:secret@example.org",
        "https://me:se/secret@example.org/",
        "https://me:a?secret@example.org/",
        "https://me:secret\n@example.org/",
        "https://example.org/?token=secret",
        "https://example.org/#secret",
    ],
)
def test_a_refusal_repeats_no_secret(given: str) -> None:
    with pytest.raises(OptionError) as caught:
        published_at(given)
    assert "secret" not in str(caught.value)
    assert "me:" not in str(caught.value)


def test_the_option_goes_before_the_variable(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SITE_URL", "https://example.org/variable")
    for arguments, start in (
        ([], "https://example.org/variable/"),
        (["--address", HERE], HERE),
        (["--address", ""], None),
    ):
        assert command.main(["site", *arguments]) == 0
        page = (root / "site" / "index.html").read_text("utf-8")
        assert (f'rel="canonical" href="{start}"' in page) == bool(start)
    assert capsys.readouterr().err == ""
    assert command.main(["site", "--address", "nowhere"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_data_is_the_same_wherever_it_is_published(there: Path, sites: Path) -> None:
    for name in ("matrix.json", "changes.json", "matrix.csv", "changes.csv"):
        here = sites / there.name / "data" / name
        assert (there / "data" / name).read_bytes() == here.read_bytes()
    assert json.loads((there / "data" / "matrix.json").read_text("utf-8"))
