"""Test the page of a symbol: the evidence of each run, and URLs of cells and changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from report.evidence import State
from report.matrix.index import Index
from report.site.publish import write_site
from tests.support import drawn, world
from tests.support.extreme import WORLDS
from tests.support.markup import attribute, parsed, text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    Held = Mapping[str, Any] | State  # what one cell has


def test_every_cell_of_the_matrix_has_an_address_on_its_symbols_page(site: Path) -> None:
    matrix = WORLDS[site.name]()
    index = Index(matrix=matrix)
    ids: dict[str, set[str]] = {}
    for row in matrix.rows:
        for cell in row.cells:
            path, _, fragment = index.anchor(cell).partition("#")
            if path not in ids:
                tree = parsed(site / path)
                ids[path] = {attribute(node, "id") for node in tree.iter()}
            assert fragment in ids[path]


def test_every_change_has_an_address_of_its_own_where_its_edge_is_drawn(site: Path) -> None:
    index = Index(matrix=WORLDS[site.name]())
    addresses = [index.edge(change) for change in index.matrix.changes]
    assert len(addresses) == len(set(addresses))
    for address in addresses:
        path, _, fragment = address.partition("#")
        (cell,) = [n for n in parsed(site / path).iter() if n.get("id") == fragment]
        assert {"changed", "gap"} & set(attribute(cell, "class").split()), address


def test_a_symbols_page_shows_the_evidence_of_each_run(sites: Path) -> None:
    found = text(parsed(sites / "mini" / "symbol" / "tf.layers.dense.html"))
    for expected in (
        "kernel_initializer=None",
        "GlorotUniform",
        "RandomUniform(maxval = 0.0912871, minval = -0.0912871)",
        "tensorflow/python/layers/core.py:250",
        "1 of them wrappers",
        'nox -s "probe(2.2.0rc0)"',
        "Python 3.11, numpy 1.26.4, keras 3.3.3, linux-x86_64",
        "yields to the scope",
        "declared None, measured cut",
        "module has no attribute 'layers'",
        "no Python 3.7 on this machine",
    ):
        assert expected in found


def test_removed_is_told_in_tensorflows_own_words(sites: Path) -> None:
    shown = (sites / "mini" / "symbol" / "tf.get_variable.html").read_text("utf-8")
    assert "it is gone for a while" in shown


def answer(folder: Path, was: Held, now: Held) -> str:
    """Return the short answer on a layer's page; in the newest release another one is ``now``."""
    old = drawn.row(drawn.symbol("tf.layers.Dense"), {}, {}, {}, was)
    new = drawn.row(drawn.symbol("tf.keras.layers.Dense"), State.ABSENT, {}, {}, now)
    index = drawn.index(old, new)
    write_site(index.matrix, folder / "site")
    tree = parsed(folder / "site" / index.page(old.symbol.name))
    return text(next(node for node in tree.iter("section") if attribute(node, "class") == "card"))


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ({}, "tf.keras.layers.Dense starts with it (proof for the kernel)"),
        (State.ABSENT, f"no symbol of its kind there starts with {drawn.LAW}"),
    ],
)
def test_a_removed_symbol_says_what_starts_with_its_law_now(
    tmp_path: Path, now: Held, words: str
) -> None:
    said = answer(tmp_path, State.ABSENT, now)
    assert said.endswith(f"removed from 2.2. Instead, in 2.2: {words}.")


@pytest.mark.parametrize("newest", [{}, State.UNREACHED, State.FAILED])
def test_nothing_replaces_a_symbol_that_may_be_there(tmp_path: Path, newest: Held) -> None:
    assert "Instead" not in answer(tmp_path, newest, {})


def test_ids_differ_without_letter_case_as_file_names_must() -> None:
    cells = [world.blank("x", "kernel", r.version, State.FAILED, "-") for r in world.RELEASES]
    names = ["tf.layers.Dense", "tf.layers.dense", "a b", "a-b", "tf.DENSE", "tf.Dense"]
    index = Index(matrix=world.matrix([world.row(name, "kernel", cells) for name in names]))
    assert len({index.slug(name).lower() for name in names}) == len(names)
    assert index.slug("tf.layers.dense") == "tf.layers.dense"
