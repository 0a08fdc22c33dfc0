"""The page About: how a cell is read, how it is measured, and how it can mislead."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from report import places
from report.matrix import Index
from report.site.render import File, page
from report.verdict import COMPARED


def pages(index: Index) -> Iterator[File]:
    """Yield the page."""
    yield page(index, "about.html", "about", figures=_figures())


def _figures() -> dict[str, object]:
    """Return what the simulation found, as the page prints it."""
    simulated = json.loads(places.ACCURACY.read_text("utf-8"))
    return {
        "draws": f"{simulated['draws']:,}",
        "wrong": f"{simulated['wrong']:,}",
        "below": f"{1 / simulated['wrong_share_below']:,.0f}",
        "off": f"{100 * simulated['off']:g}",
        "tried": f"{sum(2 * family['draws'] for family in _scaled(simulated)):,}",
        "noticed": f"{sum(f['narrow'] + f['wide'] for f in _scaled(simulated)):,}",
        "compared": COMPARED,
        "tests": len(simulated["tests"]),
        "tested": f"{sum(each['tested'] for each in simulated['tests']):,}",
        "rejected": f"{sum(each['rejected'] for each in simulated['tests']):,}",
        "disguises": len(simulated["disguises"]),
        "disguised": f"{sum(each['draws'] for each in simulated['disguises']):,}",
        "seen": f"{sum(each['noticed'] for each in simulated['disguises']):,}",
    }


def _scaled(simulated: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the families that have a scale to be wrong about."""
    return [family for family in simulated["families"] if family["narrow"] is not None]
