"""Read and write the figures of the last benchmark in docs/, and the page and plot made of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from benchmarks import floor, goals, plot
from benchmarks.errors import BenchError
from report.text import for_markdown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA = 1
STORED = floor.ROOT / "docs" / "performance.json"
MISSING = "–"

INTRODUCTION = """\
# Performance

The floor is to download and unpack each release, start Python and import TensorFlow, two at a time,
and nothing else. Everything above it is this project's. Ratios come first, as they were measured
side by side in one run; seconds are those of one machine on one day."""

GROWTH = """\
## Growth

![Time from nothing against the number of releases](performance.svg)

Each point is a run from nothing. On the straight line through them every release costs the same.
The figures are in the row on growth above."""

PEERS = """\
## Peers

Each installs `tensorflow` of the same release with its own defaults, as of the day of the run, one
after another. Only releases that it imports count as time, and ours is its share of the whole run
for the same releases."""

METHOD = """\
## Method

- Contenders take turns, and the order of the turns alternates. A ratio is taken within a turn; the
  figure is the median of the turns. Processor time is shown as well: where others use the machine
  it varies less than time.
- Each starts in a fresh folder, with empty caches, and after a rest: on some file systems what was
  just removed slows what is made next.
- One probe process is compared with a bare import in the same environment when both are warm, and
  its memory is that of all its processes together, a shared page counted once, looked at every
  hundredth of a second.
- Disk is what the file system holds more than at the start; whatever else is written there counts
  as well.

To measure it yourself: `nox -s bench` for a few releases, `nox -s bench -- --all` for all. That
writes this page, `performance.json` and `performance.svg`."""


class FiguresError(BenchError):
    """The stored figures can't be read."""


def read(path: Path = STORED) -> dict[str, Any] | None:
    """Return the stored figures; None if nothing was measured yet."""
    if not path.exists():
        return None
    try:
        data = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise FiguresError(f"{path.name}: not JSON: {error}; run nox -s bench") from error
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise FiguresError(f"{path.name}: not of schema {SCHEMA}; run nox -s bench")
    return data


def write(path: Path, data: dict[str, Any]) -> None:
    """Write the figures, their page and their plot; remove an old plot if there is no new one."""
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")
    svg = plot.draw(data)
    if svg is None:
        path.with_suffix(".svg").unlink(missing_ok=True)
    else:
        path.with_suffix(".svg").write_text(svg, "utf-8")
    path.with_suffix(".md").write_text(page(data, plotted=svg is not None), "utf-8")


def page(data: dict[str, Any], *, plotted: bool) -> str:
    """Return a Markdown page of the figures and their goals."""
    parts = [INTRODUCTION, _run(data), "\n".join(_table(goals.lines(data)))]
    if plotted:
        parts.append(GROWTH)
    if data.get("peers"):
        parts += [PEERS, _run(goals.peers_run(data)), "\n".join(_peers(data))]
    return "\n\n".join([*parts, METHOD]) + "\n"


def _run(run: dict[str, Any]) -> str:
    """Return a sentence with a run's date, machine and number of releases."""
    machine, count = run["machine"], len(run["releases"])
    rounds = f", in {run['rounds']} rounds" if "rounds" in run else ""
    return (
        f"Measured on {run['date']} with {count} release{'s' * (count != 1)}{rounds}:\n"
        f"{for_markdown(machine['cpu'])}, {machine['cores']} cores, "
        f"{machine['memory'] / goals.GB:.0f} GB of memory, {for_markdown(machine['kernel'])}."
    )


def _table(lines: list[goals.Line]) -> Iterator[str]:
    yield "| What | Ratio | Goal | Outcome | Made of |"
    yield "| --- | --- | --- | --- | --- |"
    for line in lines:
        cells = (line.what, line.figure, line.goal, line.verdict, line.detail)
        yield f"| {' | '.join(for_markdown(cell or MISSING) for cell in cells)} |"


def _peers(data: dict[str, Any]) -> Iterator[str]:
    total = len(goals.peers_run(data)["releases"])
    for peer in data["peers"]:
        yield f"- {for_markdown(peer['name'])} imports {len(peer['imported'])} of {total}"
        for reason, count in peer["reasons"]:
            yield f"  - {count} ×: {for_markdown(reason)}"
