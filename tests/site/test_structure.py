"""Test the structure of every page: tables, links, ids and captions, nothing external."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from tests.support.markup import attribute, html, matrices, text

if TYPE_CHECKING:
    from pathlib import Path


def test_every_row_of_every_matrix_spans_all_releases(site: Path) -> None:
    tables = [table for _, tree in html(site) for table in matrices(tree)]
    assert tables
    for table in tables:
        columns = [col for col in table.iter("col") if "c" in attribute(col, "class").split()]
        for row in table.iter("tr"):
            cells = list(row.iter("td"))
            if cells:
                assert sum(int(cell.get("colspan", 1)) for cell in cells) == len(columns)


def test_every_link_and_fragment_leads_somewhere_in_the_site(site: Path) -> None:
    trees = {path.resolve(): tree for path, tree in html(site)}
    ids = {path: {n.get("id") for n in tree.iter() if n.get("id")} for path, tree in trees.items()}
    for path, tree in trees.items():
        for link in [*tree.iter("a"), *tree.iter("link"), *tree.iter("script")]:
            address = link.get("href") or link.get("src")
            if address is None or address.startswith("https://github.com/"):
                continue
            parts = urlsplit(address)
            assert not parts.scheme, address
            assert not address.startswith("/"), address
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.is_file(), f"{path.name}: {address}"
            pair = target.name == "compare.html" and ".." in parts.fragment
            if parts.fragment and not pair:
                assert unquote(parts.fragment) in ids[target], f"{path.name}: {address}"


def test_every_page_can_be_reached_from_the_start_page(site: Path) -> None:
    trees = {path.resolve(): tree for path, tree in html(site)}
    start = (site / "index.html").resolve()
    reached, new = {start}, [start]
    while new:
        path = new.pop()
        links = (urlsplit(link.get("href") or "") for link in trees[path].iter("a"))
        targets = {(path.parent / unquote(link.path)).resolve() for link in links if link.path}
        found = targets & trees.keys() - reached
        reached |= found
        new += found
    # a pair of which nothing was compared has its page, but nothing that a link would promise
    lost = {
        path.relative_to(site.resolve()).as_posix()
        for path in trees.keys() - reached
        if "Nothing was compared: " not in text(trees[path])
    }
    assert not lost, "link to it, or add it to the menu with report.site.render.in_menu"


def test_ids_are_unique_and_there_is_one_heading_one_title_one_language(site: Path) -> None:
    titles = []
    for path, tree in html(site):
        found = [node.get("id") for node in tree.iter() if node.get("id")]
        assert len(found) == len(set(found)), path
        assert len(list(tree.iter("h1"))) == 1, path
        assert tree.get("lang") == "en" or next(tree.iter("html")).get("lang") == "en"
        titles.append(text(next(tree.iter("title"))))
    assert all(titles)
    assert len(titles) == len(set(titles))


def test_every_table_has_a_caption_and_every_head_a_scope(site: Path) -> None:
    for path, tree in html(site):
        for table in tree.iter("table"):
            assert text(next(table.iter("caption"))), path
            assert all(head.get("scope") for head in table.iter("th")), path


def test_no_page_asks_for_anything_outside_and_none_has_inline_code(site: Path) -> None:
    for path, tree in html(site):
        metas = list(tree.iter("meta"))
        policy = [m for m in metas if m.get("http-equiv") == "Content-Security-Policy"]
        assert "default-src 'none'" in attribute(policy[0], "content")
        for node in tree.iter():
            if not isinstance(node.tag, str):
                continue
            assert not [name for name in node.attrib if name.startswith("on")], path
            assert node.get("style") is None, path
        assert not list(tree.iter("style"))
        for script in tree.iter("script"):
            assert script.get("src") or script.get("type") == "application/json", path
    assert "@import" not in (site / "style.css").read_text("utf-8")
    assert "url(" not in (site / "style.css").read_text("utf-8")


def test_pictures_say_in_words_what_they_show_and_each_says_its_own(site: Path) -> None:
    for path, tree in html(site):
        names = [svg.get("aria-labelledby") for svg in tree.iter("svg")]
        found = {node.get("id"): text(node) for node in tree.iter("figcaption")}
        assert len(names) == len(set(names)), path
        assert all(found[name] for name in names), path


def test_every_page_leads_to_what_stands_behind_the_matrix(site: Path) -> None:
    for path, tree in html(site):
        (foot,) = tree.iter("footer")
        leads = {attribute(link, "href").rpartition("../")[2] for link in foot.iter("a")}
        assert {"about.html#cell", "about.html#method", "about.html#mislead"} <= leads, path
