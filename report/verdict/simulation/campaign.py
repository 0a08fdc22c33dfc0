"""How often the verdicts are wrong: draws from every family, judged as the report judges.

Run as ``python -m report.verdict.simulation.campaign [--draws N] [--output PATH]``. Four figures:

* errors: weights drawn from a family whose verdict names neither it nor an equal law;
* power: the same weights, 2 % narrower and 2 % wider, that no longer fit the family;
* each test of independence on the same draws: how many it rejects, which are its errors, and
  how near the most extreme came to its limit;
* each disguise of a draw (`disguises`): how many the test that has to see it sees.

Figures depend on the seed alone, not on the number of processes.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import betaincinv

from report.evidence import Measurement
from report.verdict.dependence import LEVEL
from report.verdict.families import FAMILIES, ORTHOGONAL, law
from report.verdict.fit import RANDOM, explains
from report.verdict.judge import verdict_of
from report.verdict.simulation import draws, power
from report.verdict.simulation.power import LAYERS, SHAPES, Score, tests

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.floating[Any]]

NAMES = (*FAMILIES, ORTHOGONAL)
OFF = 0.02  # the error of scale that must not pass for the family, to either side
SEED = 20240229
TASK_DRAWS = 50  # longer tasks would leave a process idle at the end
CONFIDENCE = 0.95
# Of so many draws of a disguise all must be noticed, to say with that confidence that its test
# has power 0.99: 0.99^300 is 0.049.
DISGUISED = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Some draws from one family for one kind of layer."""

    family: str
    layer: str | None
    draws: int
    seed: tuple[int, ...]


@dataclass(slots=True, kw_only=True)
class Tally:
    """What the draws from one family were judged as.

    ``right`` counts verdicts that name the family or an equal law at the layer's shapes;
    ``narrow`` and ``wide`` count draws that no longer fit it when they are off by OFF.
    ``tests`` are the scores of the tests of independence, by name.
    """

    right: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    narrow: int = 0
    wide: int = 0
    tests: dict[str, Score] = field(default_factory=dict)

    @property
    def draws(self) -> int:
        """How many draws were judged."""
        return self.right + self.wrong.total()

    def add(self, other: Tally) -> None:
        """Count another tally's draws as well."""
        self.right += other.right
        self.wrong.update(other.wrong)
        self.narrow += other.narrow
        self.wide += other.wide
        power.merge(self.tests, other.tests)


def scaled(one: Measurement, factor: float) -> Measurement:
    """Return what is measured on the same weights times a positive factor."""
    mean, std, low, high = (
        draws.rounded(v * factor) for v in (one.mean, one.std, one.min, one.max)
    )
    return replace(one, mean=mean, std=std, min=low, max=high)


def run(task: Task) -> Tally:
    """Draw and judge one task."""
    generator = np.random.default_rng(task.seed)
    tally = Tally()
    for _ in range(task.draws):
        measured = tuple(_sample(task.family, shape, generator) for shape in SHAPES[task.layer])
        verdict = verdict_of(measured)
        if verdict and task.family in (verdict.name, *verdict.also):
            tally.right += 1
        elif verdict:
            tally.wrong[verdict.name] += 1
        if task.family in RANDOM:
            tally.narrow += _misfits(task.family, measured, 1 - OFF)
            tally.wide += _misfits(task.family, measured, 1 + OFF)
        if task.family in (*RANDOM, ORTHOGONAL):
            power.score(tally.tests, tests(measured, orthogonal=task.family == ORTHOGONAL))
    verdict_of.cache_clear()  # no two draws are equal
    return tally


def _sample(family: str, shape: tuple[int, ...], generator: np.random.Generator) -> Measurement:
    if family == ORTHOGONAL:
        first, second = (draws.orthogonal(shape, generator) for _ in range(2))
    else:
        expected, size = law(family, shape), math.prod(shape)
        first, second = (draws.draw(expected, size, generator) for _ in range(2))
    return draws.measure(first, shape, second)


def _misfits(family: str, measured: Iterable[Measurement], factor: float) -> bool:
    return not explains(family, [scaled(one, factor) for one in measured])


def simulate(*, draws: int, workers: int, seed: int = SEED) -> dict[str, Tally]:
    """Judge at least ``draws`` draws in all, spread evenly; return the tally of each family."""
    tasks = list(_tasks(math.ceil(draws / (len(NAMES) * len(LAYERS))), seed))
    found = {name: Tally() for name in NAMES}
    with ProcessPoolExecutor(workers) as pool:
        for task, tally in zip(tasks, (pool.map if workers > 1 else map)(run, tasks), strict=True):
            found[task.family].add(tally)
    return found


def _tasks(draws: int, seed: int) -> Iterator[Task]:
    for (i, family), (j, layer) in product(enumerate(NAMES), enumerate(LAYERS)):
        drawn = ORTHOGONAL if family == ORTHOGONAL else layer
        for start in range(0, draws, TASK_DRAWS):
            size = min(TASK_DRAWS, draws - start)
            yield Task(family=family, layer=drawn, draws=size, seed=(seed, i, j, start))


def figures(found: Mapping[str, Tally], seen: Iterable[power.Seen] = ()) -> dict[str, Any]:
    """Return the simulation's figures, ready for JSON.

    ``wrong_share_below`` is the upper end of the exact (Clopper-Pearson) one-sided 95 %
    interval for the share of wrong verdicts. ``narrow`` and ``wide`` are how many of a
    family's draws were noticed when off by ``off``; None for a single value. ``tests`` are
    those of independence: in how many draws, how many rejections, and the most extreme
    value as a share of its limit. ``disguises`` are what one of them has to see.
    """
    draws = sum(tally.draws for tally in found.values())
    wrong = sum(tally.wrong.total() for tally in found.values())
    scores: dict[str, Score] = {}
    for tally in found.values():
        power.merge(scores, tally.tests)
    return {
        "draws": draws,
        "wrong": wrong,
        "wrong_share_below": float(betaincinv(wrong + 1, max(1, draws - wrong), CONFIDENCE)),
        "off": OFF,
        "level": LEVEL,
        "families": [
            {
                "name": name,
                "draws": tally.draws,
                "right": tally.right,
                "judged": dict(tally.wrong.most_common()),
                "narrow": tally.narrow if name in RANDOM else None,
                "wide": tally.wide if name in RANDOM else None,
            }
            for name, tally in found.items()
        ],
        "tests": [{"name": name, **asdict(scores[name])} for name in scores],
        "disguises": [asdict(each) for each in seen],
    }


def markdown(result: Mapping[str, Any]) -> str:
    """Return the figures as a page: a sentence, the confusion table, the tests, the disguises."""
    percent = f"{100 * result['off']:g} %"
    head = (
        f"{result['wrong']} of {result['draws']:,} draws were judged wrongly (at 95 % confidence "
        f"the share is below {result['wrong_share_below']:.2g}).\n\n"
        f"| drawn from | draws | right | judged otherwise | {percent} too narrow, noticed "
        f"| {percent} too wide, noticed |\n|---|--:|--:|---|--:|--:|\n"
    )
    lines = (_line(family) for family in result["families"])
    return "".join((head, *lines, *power.markdown(result["tests"], result["disguises"])))


def _line(family: Mapping[str, Any]) -> str:
    judged = ", ".join(f"{name} {count}" for name, count in family["judged"].items())
    off = ["" if family[side] is None else f"{family[side]:,}" for side in ("narrow", "wide")]
    cells = (f"`{family['name']}`", f"{family['draws']:,}", f"{family['right']:,}", judged, *off)
    return f"| {' | '.join(cells)} |\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the simulation, print its page, and write it as Markdown or JSON."""
    parser = argparse.ArgumentParser(prog="report.verdict.simulation.campaign", description=__doc__)
    parser.add_argument("--draws", type=int, default=35_000, help="draws in all")
    parser.add_argument("--disguised", type=int, default=DISGUISED, help="draws of each")
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--output", type=Path, help="file to write: .json, or else Markdown")
    options = parser.parse_args(arguments)
    found = simulate(draws=options.draws, workers=options.workers)
    seen = power.simulate(draws=options.disguised, workers=options.workers, seed=SEED)
    result = figures(found, seen)
    page = markdown(result)
    sys.stdout.write(page)
    if options.output:
        as_json = options.output.suffix == ".json"
        options.output.write_text(json.dumps(result, indent=1) + "\n" if as_json else page, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
