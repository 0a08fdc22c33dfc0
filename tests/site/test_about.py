"""Test that the page about the matrix has the figures of the recorded simulation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from probes.kinds import reuse
from report import places
from tests.support.markup import attribute, parsed, text

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


def test_the_shapes_that_reused_objects_are_drawn_at_are_those_of_the_probes(sites: Path) -> None:
    shown = text(parsed(sites / "mini" / "about.html")).replace("\xa0", " ")
    other, first = (" × ".join(map(str, each)) for each in (reuse.OTHER_SHAPE, reuse.SHAPE))  # noqa: RUF001
    assert (
        f"Another shape is {other} beside {first}, and the first {reuse.COMPARED} weights" in shown
    )


def test_the_behavior_of_tensorflow_1_is_said_to_be_another_thing(sites: Path) -> None:
    """In 2.10.1 it keeps the numbers of 2.9.3, which `tf.compat.v1.layers` by default does not."""
    site = sites / "mini"
    (said,) = [
        text(node)
        for node in parsed(site / "about.html").iter("li")
        if attribute(node, "id") == "behavior"
    ]
    assert "tf.compat.v1.disable_v2_behavior()" in said
    assert "nothing changed for it in 2.10" in said
    linked = [
        page.name
        for page in (*site.glob("symbol/*.html"), *site.glob("answer/same-*.html"))
        if any(
            attribute(link, "href") == "../about.html#behavior" for link in parsed(page).iter("a")
        )
    ]
    assert "same-weights-after-upgrade.html" in linked
    assert {name.startswith(("tf.compat.v1.", "same-")) for name in linked} == {True}
