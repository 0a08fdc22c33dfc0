"""Test the page "On another machine", and what other pages say of other machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from report.matrix import Index
from report.site.publish import write_site
from report.story import machines as told
from tests.support import machines, world
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
        ("1.0.1", "Haswell (AVX2)"),
        ("1.8.0", "Haswell (AVX2)"),
        ("2.9.3", "Haswell (AVX2)"),
        ("2.21.0", "Haswell (AVX2)"),
        ("2.21.0", "SandyBridge (AVX alone)"),
    ]
    assert told.tried() == "1.0.1, 1.8.0, 2.9.3 and 2.21.0"


def test_the_page_about_names_the_processors_of_its_promise(sites: Path) -> None:
    assert told.processors() == "Haswell (AVX2) and SandyBridge (AVX alone)"
    assert f"in some releases on emulated {told.processors()}" in text(
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


def test_each_cell_that_differs_is_on_the_page_and_leads_to_its_symbol(sites: Path) -> None:
    matrix = world.mini()
    index = Index(matrix=matrix)
    (across,) = machines.beside(matrix)
    tree = parsed(sites / "mini" / PAGE)
    lines = table(tree, "Cells that differ between Linux x86-64 and Linux ARM64")
    assert {move.kind.title if move.kind else "Not compared" for move in across.moves} == {
        line[0] for line in lines
    }
    assert len({line[0] for line in lines}) > 3
    for move in across.moves:
        title = move.kind.title if move.kind else "Not compared"
        (line,) = [each for each in lines if each[0] == title and move.symbol in each[1]]
        assert index.label(move.release) in line[2]
        assert index.page(move.symbol) in links(tree)


def test_the_page_begins_with_what_is_the_same_and_says_what_was_not_compared(sites: Path) -> None:
    found = text(parsed(sites / "mini" / PAGE))
    for expected in (
        "In 1.1 and 2.2.0rc0: another law in 1 cell",
        "2026-11-27, emulated by qemu-aarch64 7.2.22",
        "the table of releases begins with 1.1 for Linux ARM64",
        "cannot be installed on Linux ARM64: the registry no longer has it",
        "probe failed (SIGILL: an instruction that is not emulated)",
    ):
        assert expected in found


def test_the_start_page_has_the_answer_for_each_machine(sites: Path) -> None:
    tree = parsed(sites / "mini" / "index.html")
    (asked,) = [node for node in tree.iter("ul") if node.get("id") == "questions"]
    (item,) = [text(each) for each in asked if text(each).startswith("Are they the same on")]
    assert "The same bytes on each x86-64 processor that was tried, in 1.0.1, 1.8.0, 2.9.3" in item
    assert "Linux ARM64. In 1.1 and 2.2.0rc0: another law in 1 cell" in item


def test_a_symbols_page_has_a_line_that_leads_to_the_platform(sites: Path) -> None:
    # 1e-8 of the standard deviation of a normal law with 0.1, cut at two of them: 0.088
    bound = "the kept weights by at most 2e-7 of the standard deviation"
    rounded = f"the same numbers but for rounding ({bound})"
    kernel = f"{rounded} in 1.1, not there in 2.2.0rc0 for the kernel"
    for path, expected in (
        ("tf.layers.dense", f"Linux ARM64: {kernel}; not compared in 1.1 for the bias."),
        ("tf.get_variable", "Linux ARM64, 2.2.0rc0: another law."),
        ("tf.keras.layers.dense-class", "Linux ARM64, 2.2.0rc0: not there."),
    ):
        tree = parsed(sites / "mini" / "symbol" / f"{path}.html")
        assert expected in text(tree)
        assert f"../{PAGE}#linux-aarch64" in links(tree)


def test_without_another_platform_the_page_says_that_nothing_is_known(tmp_path: Path) -> None:
    write_site(world.mini(), tmp_path / "site")
    found = text(parsed(tmp_path / "site" / PAGE))
    assert "Not known: no platform but Linux x86-64 has observations here." in found
    assert "ARM64" not in text(parsed(tmp_path / "site" / "symbol" / "tf.layers.dense.html"))


def test_what_is_wrong_with_the_other_platforms_observations_is_on_the_page(tmp_path: Path) -> None:
    (across,) = machines.beside(world.mini())
    other = replace(across.other, problems=("9.9.9.json: not <JSON>",))
    write_site(world.mini(), tmp_path / "site", others=(replace(across, other=other),))
    assert "linux-aarch64/9.9.9.json: not <JSON>" in text(parsed(tmp_path / "site" / PAGE))


def test_the_start_page_says_on_which_platform_its_columns_were_measured(tmp_path: Path) -> None:
    for platform, name in (("linux-x86_64", "Linux x86-64"), ("linux-aarch64", "Linux ARM64")):
        write_site(replace(world.mini(), platform=platform), tmp_path / platform)
        (main,) = parsed(tmp_path / platform / "index.html").iter("main")
        assert f"Measured on {name} in 3 releases" in text(main)
