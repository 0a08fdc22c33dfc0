"""Test the page "On another machine", and what other pages say of other machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from report.story import processors
from tests.support.markup import attribute, parsed, table, text

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.markup import Node

PAGE, UPGRADE = "machines.html", "answer/same-weights-after-upgrade.html"


def links(tree: Node) -> list[str]:
    """Return where the links of a page lead."""
    return [attribute(link, "href") for link in tree.iter("a")]


def test_the_menu_and_the_page_on_upgrades_lead_there(sites: Path) -> None:
    (menu,) = [
        n for n in parsed(sites / "mini" / "index.html").iter("nav") if n.get("class") == "top"
    ]
    assert PAGE in links(menu)
    (main,) = parsed(sites / "mini" / UPGRADE).iter("main")
    assert f"../{PAGE}" in links(main)
    (main,) = parsed(sites / "mini" / "about.html").iter("main")
    assert PAGE in links(main)


def test_each_processor_that_was_tried_is_named_with_its_release(sites: Path) -> None:
    lines = table(parsed(sites / "mini" / PAGE), "Releases that were run on an emulated processor")
    assert [(line[0].removeprefix("TensorFlow "), line[1]) for line in lines] == [
        ("1.8.0", "Haswell (AVX2)"),
        ("2.9.3", "Haswell (AVX2)"),
        ("2.21.0", "Haswell (AVX2)"),
        ("2.21.0", "SandyBridge (AVX alone)"),
    ]
    assert processors.tried() == "1.8.0, 2.9.3 and 2.21.0"


def test_the_page_about_names_the_processors_of_its_promise(sites: Path) -> None:
    assert processors.names() == "Haswell (AVX2) and SandyBridge (AVX alone)"
    assert f"in some releases on emulated {processors.names()}" in text(
        parsed(sites / "mini" / "about.html")
    )


def test_the_gpu_is_one_release_on_one_device_by_hand(sites: Path) -> None:
    found = text(parsed(sites / "mini" / PAGE))
    assert "run by hand on 26 November 2026 with TensorFlow 2.21.0" in found
    assert "on an NVIDIA H200" in found
    assert "CUDA_VISIBLE_DEVICES=-1" in found
    lines = table(parsed(sites / "mini" / PAGE), "What a GPU drew")
    assert [[cell.rpartition(": ")[2] for cell in line[1:]] for line in lines] == [
        ["the same bytes", "none", "none"],
        ["the same but for rounding", "6e-7", "26 to 30 %"],
        ["the same but for rounding", "3.5e-6", "89 %"],
    ]


def test_without_another_platform_the_page_says_that_nothing_is_known(sites: Path) -> None:
    found = text(parsed(sites / "mini" / PAGE))
    assert "Not known: no platform but linux-x86_64 has observations here." in found
