"""`python -m benchmarks.accuracy`: print how often verdicts are wrong, as tables."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.accuracy import power, verdicts

# If the test notices all of 300 draws of a disguise, its power is at least 0.99 with 95 %
# confidence: 0.99^300 is 0.049.
DISGUISED = 300


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the simulation, print its figures as Markdown, and write them as Markdown or JSON."""
    parser = argparse.ArgumentParser(prog="benchmarks.accuracy", description=__doc__)
    parser.add_argument("--draws", type=int, default=35_000, help="draws in all")
    parser.add_argument("--disguised", type=int, default=DISGUISED, help="draws of each disguise")
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--output", type=Path, help="file to write: .json, or else Markdown")
    options = parser.parse_args(arguments)
    found = verdicts.simulate(draws=options.draws, workers=options.workers)
    seen = power.simulate(draws=options.disguised, workers=options.workers, seed=verdicts.SEED)
    result = verdicts.figures(found, seen)
    page = markdown(result)
    sys.stdout.write(page)
    if options.output:
        as_json = options.output.suffix == ".json"
        options.output.write_text(json.dumps(result, indent=1) + "\n" if as_json else page, "utf-8")
    return 0


def markdown(result: Mapping[str, Any]) -> str:
    """Return the figures as Markdown: a sentence, and tables of families, tests and disguises."""
    off = f"{100 * result['off']:g} %"
    return (
        f"{result['wrong']} of {result['draws']:,} draws were judged wrongly (at 95 % confidence "
        f"the share is below {result['wrong_share_below']:.2g}).\n\n"
        f"| drawn from | draws | right | judged otherwise | {off} too narrow, noticed "
        f"| {off} too wide, noticed |\n|---|--:|--:|---|--:|--:|\n"
        f"{''.join(map(_family, result['families']))}\n"
        "| test of independence | draws | rejected | most extreme, of its limit |\n"
        f"|---|--:|--:|--:|\n{''.join(map(_test, result['tests']))}\n"
        "| disguise | test | draws | noticed |\n"
        f"|---|---|--:|--:|\n{''.join(map(_disguise, result['disguises']))}"
    )


def _family(family: Mapping[str, Any]) -> str:
    judged = ", ".join(f"{name} {count}" for name, count in family["judged"].items())
    off = ["" if family[side] is None else f"{family[side]:,}" for side in ("narrow", "wide")]
    return _row(f"`{family['name']}`", f"{family['draws']:,}", f"{family['right']:,}", judged, *off)


def _test(test: Mapping[str, Any]) -> str:
    extreme = f"{100 * test['extreme']:.0f} %"
    return _row(test["name"], f"{test['tested']:,}", str(test["rejected"]), extreme)


def _disguise(disguise: Mapping[str, Any]) -> str:
    counts = f"{disguise['draws']:,}", f"{disguise['noticed']:,}"
    return _row(disguise["disguise"], disguise["test"], *counts)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    sys.exit(main())
