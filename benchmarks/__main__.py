"""`python -m benchmarks`: run the benchmarks, print a table, write the figures and their page."""

from __future__ import annotations

import argparse
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import clock, figures, floor, goals, machine, measure
from benchmarks.errors import BenchError
from benchmarks.scratch import REST, Scratch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from report.evidence import Entry

# One release for each Python and way to build a graph: the first, the last of
# TensorFlow 1, one of the middle, the last with Keras 2, and the newest.
FEW = ("0.12.1", "1.15.5", "2.4.4", "2.15.1", "2.21.0")
RUN = ("date", "machine", "releases")  # the keys that identify a run
PARTS = {part.__name__: part for part in measure.PARTS}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks and write their figures; return the exit code."""
    options = _options(arguments)
    # Nox ends a session by SIGTERM. A shell may have SIGINT ignored; the commands would inherit
    # that, and clock.stop() could not end them.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        rows = floor.releases(() if options.all else options.versions or FEW)
        data, failed = _measured(options, rows)
    except BenchError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("interrupted; no figure was written", file=sys.stderr)
        return 130
    print(table(goals.lines(data)))
    figures.write(options.output, data)
    print(f"wrote {options.output.name} and its page")
    for name in failed:
        print(f"{name} was not measured to its end, see above", file=sys.stderr)
    return BenchError.exit_code if failed else 0


def _measured(
    options: argparse.Namespace, rows: Sequence[Entry]
) -> tuple[dict[str, Any], list[str]]:
    """Return the figures of a run, and the names of the parts that failed.

    A failure doesn't end the run, as other parts may have taken hours. The scratch folder is
    removed and all processes are ended, whatever happens.
    """
    scratch = Scratch(options.scratch, options.rest)
    rounds = options.rounds or (2 if options.all else 3)
    failed = []
    bench = measure.Bench(scratch=scratch, rows=rows, rounds=rounds, runs=options.runs)
    try:
        scratch.room(measure.needed(rows) if "whole" in options.only else measure.ROOM)
        for name in options.only:
            try:
                PARTS[name](bench)
            except BenchError as error:
                measure.log(f"{name}: {error}")
                failed.append(name)
    finally:
        clock.stop()
        scratch.remove()
    head = {
        "schema": figures.SCHEMA,
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine.describe(),
        "releases": [row.version for row in rows],
        "rounds": rounds,
    }
    return head | _kept(options, head) | measure.rounded(bench.figures), failed


def _kept(options: argparse.Namespace, head: dict[str, Any]) -> dict[str, Any]:
    """Return the stored figures of the parts that are not measured now, if of the same ``RUN``.

    Figures of another run are dropped, except those of the peers, which take hours: these are
    kept with a description of their run.
    """
    stored = figures.read(options.output) if set(options.only) < set(PARTS) else None
    kept = dict(stored or {})
    peers, run = kept.pop("peers", None), kept.pop("peers_run", None)
    if any(kept.get(key) != head[key] for key in RUN):
        run = run or {key: kept.get(key) for key in RUN}
        kept = {}
    if peers and "peers" not in options.only:
        kept["peers"] = peers
        if run:
            kept["peers_run"] = run
    return kept


def table(lines: Iterable[goals.Line]) -> str:
    """Return the lines as a table whose columns are aligned."""
    head = ("what", "ratio", "goal", "outcome", "made of")
    body = [(one.what, one.figure, one.goal, one.verdict, one.detail) for one in lines]
    widths = [max(map(len, column)) for column in zip(head, *body, strict=True)]
    widths[-1] = len(head[-1])  # the last column needs no padding
    rows = [head, tuple("-" * width for width in widths), *body]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("versions", nargs="*", help=f"releases to take (default: {' '.join(FEW)})")
    add("--all", action="store_true", help="take all releases; needs 36 GB of disk")
    add("--only", nargs="+", choices=PARTS, default=list(PARTS), help="parts to measure")
    add("--rounds", type=int, help="turns of floor and ours (default: 3, with --all 2)")
    add("--runs", type=int, default=3, help="repetitions of what is short")
    add("--rest", type=float, default=REST, help="seconds of rest before each contender")
    add("--scratch", type=Path, default=floor.ROOT / ".bench", help="folder to work in")
    add("--output", type=Path, default=figures.STORED, help="the figures to write")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
