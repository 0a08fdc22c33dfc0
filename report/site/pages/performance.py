"""The page Performance: what `nox -s bench` measured, beside the goals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from report import goals, places
from report.errors import ReportError
from report.site.render import render

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from report.matrix.index import Edition

SCHEMA = 1
FIGURES = places.DATA / "performance.json"


class PerformanceError(ReportError):
    """The stored figures can't be read."""


def read(path: Path | None = None) -> dict[str, Any] | None:
    """Return the stored figures; None where nothing was measured yet."""
    path = path or FIGURES
    if not path.exists():
        return None
    try:
        data = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise PerformanceError(f"{path.name}: not JSON: {error}; run nox -s bench") from error
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise PerformanceError(f"{path.name}: not of schema {SCHEMA}; run nox -s bench")
    return data


def page(edition: Edition) -> Iterator[tuple[str, str]]:
    """Yield the page and its plot; nothing where nothing was measured."""
    data = read()
    if data is None:
        return
    plot = FIGURES.with_suffix(".svg")
    yield (
        "performance.html",
        render(
            edition,
            "performance.jinja",
            root="",
            page="performance.html",
            measured=data,
            memory=f"{data['machine']['memory'] / goals.GB:.0f}",
            lines=goals.lines(data),
            peers=data.get("peers") or (),
            peers_run=goals.peers_run(data),
            plot=plot.exists(),
        ),
    )
    if plot.exists():
        yield "performance.svg", plot.read_text("utf-8")
