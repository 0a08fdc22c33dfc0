"""The parts of a benchmark: run the contenders in turn and collect their figures."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks import commands, floor, ours, peers, process
from benchmarks.scratch import GB

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.scratch import Scratch
    from report.evidence import Entry

EACH = 800_000_000  # bytes; the mean size of an environment
SPARE = 4 * GB  # archives being unpacked, and environments larger than the mean
ROOM = 8 * GB  # the most that ours needs
LEAST = 12 * GB  # what a peer needs with pip's cache
DIGITS = 3


@dataclass(slots=True, kw_only=True)
class Bench:
    """One run of the benchmarks, with the figures so far.

    ``rounds`` is the number of turns of ours and the floor, ``runs`` that of short commands.
    ``each`` is the time of each release's session in the last turn of ours.
    """

    scratch: Scratch
    rows: Sequence[Entry]
    rounds: int
    runs: int
    figures: dict[str, Any] = field(default_factory=dict)
    each: dict[str, float] = field(default_factory=dict)

    def whole(self) -> None:
        """Measure ours and the floor from nothing, in alternating order.

        Probes and reruns are measured in the environments of the last turn. Ours is first, as the
        first contender may be slowed down by downloads that are not cached in the network yet.
        """
        kinds = ("floor", "ours", "floor_cpu", "ours_cpu")
        found: dict[str, list[float]] = {kind: [] for kind in kinds}
        for turn in range(self.rounds):
            last = turn == self.rounds - 1
            order = [self._ours, self._floor][:: -1 if turn % 2 else 1]
            for contender in order:
                for kind, seconds in contender(last).items():
                    found[kind].append(seconds)
        self.figures |= {"whole": found, "rounds": self.rounds}

    def _floor(self, last: bool) -> dict[str, float]:  # noqa: FBT001
        log(f"the floor: {len(self.rows)} releases")
        folder = self.scratch.fresh("floor", needed(self.rows))
        found = floor.measure(self.rows, folder)
        if last:
            self._probes(folder)
        self.scratch.retire(folder)
        return {"floor": found.seconds, "floor_cpu": found.cpu}

    def _ours(self, last: bool) -> dict[str, float]:  # noqa: FBT001
        log(f"ours: {len(self.rows)} releases")
        folder = self.scratch.fresh("ours", ROOM)
        checkout = ours.clone(folder)
        found = ours.whole(checkout, self.rows)
        self.each = found.each
        if last:
            self.figures["disk"] = {"peak": found.peak, "end": found.end, "left": found.left}
            self._reruns(checkout)
            log("nox -l and nox -s explain")
            self.figures["commands"] = commands.nox(checkout, self.runs)
        self.scratch.retire(folder)
        return {"ours": found.seconds, "ours_cpu": found.cpu}

    def _probes(self, environments: Path) -> None:
        found = self.figures["probe"] = {}
        for row in self.rows:
            log(f"one probe of {row.version}")
            found[row.version] = process.measure(row, environments, self.runs)

    def _reruns(self, checkout: Path) -> None:
        log("nothing to do")
        again = [ours.matrix(checkout, self.rows).seconds for _ in range(self.runs)]
        one = self.rows[len(self.rows) // 2]
        found: dict[str, Any] = {"version": one.version, "ours": [], "floor": []}
        for _ in range(self.runs):
            log(f"{one.version} alone, changed and as the floor")
            folder = self.scratch.fresh("one", ROOM)
            found["floor"].append(floor.measure([one], folder).seconds)
            found["ours"].append(ours.changed(checkout, self.rows, one))
            self.scratch.retire(folder)
        self.figures |= {"again": again, "changed": found}

    def growth(self) -> None:
        """Measure ours from nothing for fewer releases, evenly spread over the table."""
        found = []
        for size in sizes(len(self.rows)):
            log(f"growth: {size} releases")
            folder = self.scratch.fresh(f"growth-{size}", ROOM)
            took = ours.whole(ours.clone(folder), spread(self.rows, size)).seconds
            found.append({"releases": size, "ours": [took]})
            self.scratch.retire(folder)
        if "whole" in self.figures:
            found.append({"releases": len(self.rows), "ours": self.figures["whole"]["ours"]})
        self.figures["growth"] = found

    def report(self) -> None:
        """Measure the report of all releases and of ten times as many."""
        log("the report")
        folder = self.scratch.fresh("report", GB)
        self.figures["report"] = commands.reports(folder, self.runs)
        self.scratch.retire(folder)

    def peers(self) -> None:
        """Measure other tools on the same releases."""
        found = self.figures["peers"] = []
        whole = self.figures.get("whole")
        for peer in peers.PEERS:
            log(f"{peer.name}: {len(self.rows)} releases")
            attempts = peers.measure(peer, self.rows, self.scratch)
            imported = {v: a.seconds for v, a in attempts.items() if a.reason is None}
            found.append(
                {
                    "name": peer.name,
                    "imported": list(imported),
                    "seconds": sum(imported.values()),
                    "ours": whole and share(median(whole["ours"]), self.each, list(imported)),
                    "reasons": peers.reasons(attempts.values()),
                }
            )


PARTS = (Bench.whole, Bench.growth, Bench.report, Bench.peers)


def needed(rows: Sequence[Entry]) -> int:
    """Return the bytes of disk that the largest contender needs for these releases."""
    return max(EACH * len(rows) + SPARE, LEAST)


def share(seconds: float, each: dict[str, float], chosen: Sequence[str]) -> float:
    """Return the part of a run's seconds that the chosen releases took."""
    return seconds * sum(each[version] for version in chosen) / sum(each.values())


def sizes(count: int) -> list[int]:
    """Return the numbers of releases to measure growth at: a quarter and a half, if above 1."""
    return sorted({size for size in (count // 4, count // 2) if size > 1})


def spread(rows: Sequence[Entry], size: int) -> list[Entry]:
    """Return ``size`` releases evenly spread over the table, so that their mean is comparable."""
    return [rows[(2 * index + 1) * len(rows) // (2 * size)] for index in range(size)]


def rounded(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return figures with all floats rounded to ``DIGITS`` decimals."""
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, dict):
        return {key: rounded(one) for key, one in value.items()}
    return [rounded(one) for one in value] if isinstance(value, list | tuple) else value


def log(what: str) -> None:
    """Print what is being measured to standard error; ignore a closed stream."""
    with suppress(OSError):
        print(f"bench: {what}", file=sys.stderr, flush=True)
