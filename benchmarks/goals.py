"""The goals for speed, memory and disk, and the comparison of measured figures with them.

Figures are stored as measured; ratios and outcomes are computed here, for both the page and the
table in the terminal. A figure that was not measured has a row too.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

GB = 10**9
NOT_MEASURED = "not measured"
# The goals, as ratios, seconds or bytes.
WHOLE, PROBE, PROBE_WORST, CHANGED, CONSTANT, TENFOLD = 1.5, 1.3, 2.0, 1.15, 1.15, 10.0
AGAIN, REPORT, LIST, EXPLAIN = 5.0, 3.0, 0.5, 1.0
PEAK, LEFT = 6 * GB, 1 * GB


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the table: what is measured, the figure, its details, and the goal.

    ``met`` is None if there is no goal or nothing was measured.
    """

    what: str
    figure: str = NOT_MEASURED
    detail: str = ""
    goal: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        """The outcome in words; empty if ``met`` is None."""
        return "" if self.met is None else "met" if self.met else "not met"


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Return the ratio ``ours`` / ``theirs`` of each turn."""
    return [a / b for a, b in zip(ours, theirs, strict=True)]


def lines(data: dict[str, Any]) -> list[Line]:
    """Return the rows of the table, one for each goal and each peer."""
    return [line for part in _PARTS for line in part(data)]


def _whole(data: dict[str, Any]) -> Iterator[Line]:
    what, goal = f"{_count(data)} from nothing", f"at most {WHOLE} × the floor"
    if (whole := data.get("whole")) is None:
        yield Line(what=what, goal=goal)
        return
    turns = ratios(whole["ours"], whole["floor"])
    ratio, cpu = median(turns), median(ratios(whole["ours_cpu"], whole["floor_cpu"]))
    took, floor = (seconds(median(whole[name])) for name in ("ours", "floor"))
    apart = f"{min(turns):.2f} to {max(turns):.2f} × in {len(turns)} turns"
    yield Line(
        what=what,
        figure=f"{ratio:.2f} × the floor",
        detail=f"{took}; the floor {floor}; {apart if len(turns) > 1 else 'in one turn'}; "
        f"processor time {cpu:.2f} ×",
        goal=goal,
        met=ratio <= WHOLE,
    )


def _probes(data: dict[str, Any]) -> Iterator[Line]:
    for kind, words in (("symbols", "the symbols alone"), ("tutorial", "with the tutorial")):
        for quantity, word in (("seconds", "time"), ("peak", "memory")):
            what = f"one probe, {words}: {word}"
            goal = f"median {PROBE}, none over {PROBE_WORST:g} × an import"
            found = _beside_import(data, kind, quantity)
            if not found:
                yield Line(what=what, goal=goal)
                continue
            spent = median(_beside_import(data, kind, "cpu").values())
            cpu = f"; processor time {spent:.2f} ×" if quantity == "seconds" else ""
            middle, worst = median(found.values()), max(found, key=found.__getitem__)
            yield Line(
                what=what,
                figure=f"{middle:.2f} × an import",
                detail=f"at most {found[worst]:.2f} ×, with {worst}{cpu}",
                goal=goal,
                met=middle <= PROBE and found[worst] <= PROBE_WORST,
            )


def _count(data: dict[str, Any]) -> str:
    count = len(data["releases"])
    return f"{count} release{'' if count == 1 else 's'}"


def _beside_import(data: dict[str, Any], kind: str, quantity: str) -> dict[str, float]:
    """Return the ratio of a probe's cost to that of a bare import, by release."""
    return {
        version: median(ratios(one[kind][quantity], one["import"][quantity]))
        for version, one in (data.get("probe") or {}).items()
        if kind in one
    }


def _reruns(data: dict[str, Any]) -> Iterator[Line]:
    yield _quick("nothing to do", data.get("again"), AGAIN)
    what, goal = "one release changed", f"at most {CHANGED} × its floor and the report"
    if (changed := data.get("changed")) is None:
        yield Line(what=what, goal=goal)
        return
    again = median(data["again"])
    needed = [floor + again for floor in changed["floor"]]
    ratio = median(ratios(changed["ours"], needed))
    yield Line(
        what=what,
        figure=f"{ratio:.2f} × what it needs",
        detail=f"{changed['version']}: {seconds(median(changed['ours']))}; "
        f"it needs {seconds(median(needed))}",
        goal=goal,
        met=ratio <= CHANGED,
    )


def _quick(what: str, measured: Sequence[float] | None, limit: float) -> Line:
    goal = f"under {limit:g} s"
    if not measured:
        return Line(what=what, goal=goal)
    middle = median(measured)
    return Line(
        what=what,
        figure=f"{middle / limit:.2f} × the goal",
        detail=seconds(middle),
        goal=goal,
        met=middle < limit,
    )


def _reports(data: dict[str, Any]) -> Iterator[Line]:
    report = data.get("report") or {"few": [], "many": [], "copies": 10, "failed": None}
    yield _quick("the report of all releases", report["few"], REPORT)
    what = f"the report of {report['copies']} times as many"
    goal = f"at most {TENFOLD:g} × the time"
    if report["failed"]:
        yield Line(what=what, figure="failed", detail=report["failed"], goal=goal, met=False)
    elif report["many"]:
        ratio = median(ratios(report["many"], report["few"]))
        took = seconds(median(report["many"]))
        yield Line(what=what, figure=f"{ratio:.2f} ×", detail=took, goal=goal, met=ratio <= TENFOLD)
    else:
        yield Line(what=what, goal=goal)
    commands = data.get("commands") or {}
    yield _quick("nox -l", commands.get("list"), LIST)
    yield _quick("nox -s explain", commands.get("explain"), EXPLAIN)


def _disk(data: dict[str, Any]) -> Iterator[Line]:
    disk = data.get("disk") or {}
    for key, what, limit in (
        ("peak", "disk, peak above the start", PEAK),
        ("left", "disk, left in .nox", LEFT),
    ):
        goal = f"at most {limit / GB:g} GB"
        if key not in disk:
            yield Line(what=what, goal=goal)
            continue
        yield Line(
            what=what,
            figure=f"{disk[key] / limit:.2f} × the goal",
            detail=f"{disk[key] / GB:.2f} GB",
            goal=goal,
            met=disk[key] <= limit,
        )


def _growth(data: dict[str, Any]) -> Iterator[Line]:
    what, goal = "growth of the cost per release", f"constant: at most {CONSTANT} ×"
    points = [(one["releases"], median(one["ours"])) for one in data.get("growth") or []]
    if len(points) < 2:  # noqa: PLR2004 - one point is no line
        yield Line(what=what, goal=goal)
        return
    (few, first), (many, last) = min(points), max(points)
    ratio = (last / many) / (first / few)
    yield Line(
        what=what,
        figure=f"{ratio:.2f} × from {few} to {many}",
        detail=", ".join(f"{count}: {seconds(took / count)}" for count, took in points),
        goal=goal,
        met=ratio <= CONSTANT,
    )


def peers_run(data: dict[str, Any]) -> dict[str, Any]:
    """Return the date, machine and releases of the run in which the peers were measured."""
    return data.get("peers_run") or data


def _peers(data: dict[str, Any]) -> Iterator[Line]:
    for peer in data.get("peers") or []:
        total = len(peers_run(data)["releases"])
        figure = f"imports {len(peer['imported'])} of {total}"
        if peer["imported"] and peer["ours"]:
            ratio = peer["seconds"] / peer["ours"]
            yield Line(
                what=peer["name"],
                figure=f"{ratio:.2f} × ours",
                detail=f"{figure}: {seconds(peer['seconds'])}; "
                f"ours for these {seconds(peer['ours'])}",
            )
        else:
            yield Line(what=peer["name"], figure=figure, detail="no time to compare")


_PARTS: tuple[Callable[[dict[str, Any]], Iterator[Line]], ...] = (
    _whole,
    _probes,
    _reruns,
    _reports,
    _disk,
    _growth,
    _peers,
)


def seconds(value: float) -> str:
    """Return a duration as text: with two decimals below 10 s, else without."""
    return f"{value:.2f} s" if value < 10 else f"{value:,.0f} s"  # noqa: PLR2004
