"""Plot growth as SVG: the time from nothing against the number of releases."""

from __future__ import annotations

import io
import re
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.typing import RcKeyType

# Colours with enough contrast on both white and black.
OURS, FLOOR, TEXT = "#3d8bd4", "#c97b12", "#767e88"
SIZE = (6.4, 4.0)
STYLE: dict[RcKeyType, str] = {
    "svg.hashsalt": "performance",  # makes the output reproducible
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "text.color": TEXT,
    "axes.labelcolor": TEXT,
    "axes.edgecolor": TEXT,
    "xtick.color": TEXT,
    "ytick.color": TEXT,
}
Point = tuple[int, float]


def line(points: Sequence[Point]) -> tuple[float, float]:
    """Return the slope and intercept of the least-squares line through points."""
    count = len(points)
    middle_x, middle_y = (sum(values) / count for values in zip(*points, strict=True))
    spread = sum((x - middle_x) ** 2 for x, _ in points)
    slope = sum((x - middle_x) * (y - middle_y) for x, y in points) / spread
    return slope, middle_y - slope * middle_x


def draw(data: dict[str, Any]) -> str | None:
    """Return the plot as SVG; None if fewer than two sizes were measured."""
    points = [(one["releases"], median(one["ours"])) for one in data.get("growth") or []]
    if len(points) < 2:  # noqa: PLR2004 - one point is no line
        return None
    whole = data.get("whole")
    floor = (len(data["releases"]), median(whole["floor"])) if whole else None
    return _svg(points, floor)


def _svg(points: Sequence[Point], floor: Point | None) -> str:
    # Imported late: child processes forked before would have its memory too.
    from matplotlib import rc_context  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    slope, start = line(points)
    with rc_context(STYLE):
        figure = Figure(figsize=SIZE, layout="constrained")
        axes = figure.subplots()
        ends = [0, max(count for count, _ in points)]
        axes.plot(ends, [start + slope * x for x in ends], color=OURS, linewidth=1)
        axes.plot(*zip(*points, strict=True), "o", color=OURS, label="from nothing")
        if floor:
            axes.plot(*floor, "D", color=FLOOR, label="the floor")
        axes.set(xlabel="releases", ylabel="seconds", ylim=(0, None), xlim=(0, None))
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False)
        out = io.StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
    return _bare(out.getvalue())


def _bare(svg: str) -> str:
    """Return an SVG without doctype, metadata and names of fonts."""
    start = svg.index("<svg")
    without = re.sub(r"\s*<metadata>.*?</metadata>", "", svg[start:], flags=re.DOTALL)
    without = re.sub(r"font-family: [^;]*sans-serif", "font-family: sans-serif", without)
    return "".join(f"{line.rstrip()}\n" for line in without.splitlines())
