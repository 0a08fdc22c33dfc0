"""The page About: how to read a cell, how it is measured, and how it can mislead."""

from __future__ import annotations

import json
from collections.abc import Iterator

from report import places
from report.evidence import platforms
from report.matrix import Index
from report.site.render import File, in_menu, page
from report.story import confirmations, machines, wording
from report.verdict import COMPARED, numbers, reuse

in_menu("About", "about.html", place=40)
EXAMPLE = "2.15.1"  # a release that every platform may have


def pages(index: Index) -> Iterator[File]:
    """Yield the page."""
    simulated = json.loads(places.ACCURACY.read_text("utf-8"))
    tests, disguises = simulated["tests"], simulated["disguises"]
    scaled = [family for family in simulated["families"] if family["narrow"] is not None]
    figures = {
        "draws": simulated["draws"],
        "wrong": simulated["wrong"],
        "below": round(1 / simulated["wrong_share_below"]),
        "tried": sum(2 * family["draws"] for family in scaled),
        "noticed": sum(family["narrow"] + family["wide"] for family in scaled),
        "compared": COMPARED,
        "tests": len(tests),
        "tested": sum(test["tested"] for test in tests),
        "rejected": sum(test["rejected"] for test in tests),
        "disguises": len(disguises),
        "disguised": sum(disguise["draws"] for disguise in disguises),
        "seen": sum(disguise["noticed"] for disguise in disguises),
    }
    printed = {name: f"{figure:,}" for name, figure in figures.items()}
    kinds = sorted({row.symbol.layer for row in index.layers if row.symbol.layer})
    off = f"{100 * simulated['off']:g}"  # percent
    yield page(
        index,
        "about.html",
        "about",
        figures={**printed, "off": off},
        confirmed=confirmations.of_all(index),
        commands=platforms.commands(EXAMPLE, index.matrix.platform),
        processors=machines.processors() if index.matrix.platform == platforms.COMMITTED else "",
        layers=wording.plain(wording.listed(kinds)),
        compared={
            "kept": numbers.KEPT,
            "rounding": f"{numbers.ROUNDING:g}",
            "other": f"{numbers.OTHER:g}",
            "stream": reuse.ONE_STREAM,
            "independent": reuse.INDEPENDENT,
        },
    )
