"""Test the style sheet's colours: their contrast, and difference in colour-blind vision."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

import pytest
from coloraide import Color

from report import places


def tokens() -> dict[str, dict[str, str]]:
    css = (places.ROOT / "templates" / "assets" / "style.css").read_text("utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    found = [dict(re.findall(r"--(\w+): (#[0-9a-f]+)", block)) for block in (light, dark)]
    return {"light": found[0], "dark": found[1]}


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2."""
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


HUES = ("uniform", "normal", "constant", "other")
TINTS = ("tint1", "tint2", "tint3", "tint4")
PAPERS = ("page", "card", "warn", *HUES, *TINTS)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_lines_can_be_told_from_what_is_behind_them(scheme: str) -> None:
    found = tokens()[scheme]
    for paper in PAPERS:
        assert contrast(found["text"], found[paper]) >= 6.5, paper
        assert contrast(found["edge"], found[paper]) >= 4.2, paper
    for paper in ("page", "card"):
        assert contrast(found["soft"], found[paper]) >= 4.5
        assert contrast(found["link"], found[paper]) >= 4.5
        assert contrast(found["line"], found[paper]) >= 3
    assert contrast(found["soft"], found["hatch"]) >= 4.5


SIGHTS = ((None, None), ("protan", "vienot"), ("deutan", "vienot"), ("tritan", "brettel"))
NEAREST = {"light": 9.6, "dark": 9.2}  # what the design measured of these four hues


def apart(one: str, other: str, sight: str | None, method: str | None) -> float:
    """Return the CIEDE2000 difference of two colours under a sight.

    As simulated by Vienot, Brettel & Mollon 1999 for the red-green kinds, and by
    Brettel, Vienot & Mollon 1997 for tritan, of which the later method says nothing.
    """
    seen = [Color(colour) for colour in (one, other)]
    if sight:
        seen = [colour.filter(sight, method=method) for colour in seen]
    return float(seen[0].delta_e(seen[1], method="2000"))


@pytest.mark.parametrize(("sight", "method"), SIGHTS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_four_hues_stay_apart_under_every_sight(
    scheme: str, sight: str | None, method: str | None
) -> None:
    found = tokens()[scheme]
    nearest = min(apart(found[a], found[b], sight, method) for a, b in combinations(HUES, 2))
    assert nearest >= NEAREST[scheme]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_tints_of_what_is_no_law_have_no_colour_and_can_be_told_from_their_neighbours(
    scheme: str,
) -> None:
    found = tokens()[scheme]
    chroma = {tint: Color(found[tint]).convert("lch-d65")["chroma"] for tint in TINTS}
    assert max(chroma.values()) <= 5
    assert min(apart(found[one], found[two], None, None) for one, two in pairwise(TINTS)) >= 4


def test_the_measure_of_sight_sees_red_and_green_meet() -> None:
    red, green = "#e11", "#44ab44"  # no and yes of a well-known table
    assert apart(red, green, None, None) > 60
    assert apart(red, green, "deutan", "vienot") < 20
    assert apart("#fff", "#000", None, None) == pytest.approx(100, abs=0.01)
