"""Test that the page about the matrix has the figures of the recorded simulation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from report import places
from tests.support.markup import parsed, text

if TYPE_CHECKING:
    from pathlib import Path


def test_the_about_page_states_the_simulation_as_it_is_recorded(sites: Path) -> None:
    """Goals: fewer than 1 wrong in 10,000, and 2 % noticed in more than 999 of 1,000."""
    recorded = json.loads(places.ACCURACY.read_text("utf-8"))
    scaled = [family for family in recorded["families"] if family["narrow"] is not None]
    assert recorded["wrong_share_below"] < 1 / 10_000
    assert all(min(f["narrow"], f["wide"]) > 0.999 * f["draws"] for f in scaled)
    shown = text(parsed(sites / "mini" / "about.html"))
    assert f"a simulation of {recorded['draws']:,} draws" in shown
    assert f"{recorded['wrong']:,} verdicts were wrong" in shown


def test_the_about_page_names_the_layers_of_the_matrix(sites: Path) -> None:
    """The miniature world has Dense layers only."""
    shown = text(parsed(sites / "mini" / "about.html"))
    assert "Only the symbols listed were asked: Dense layers," in shown
