"""Simulate how often verdicts are wrong, by judging draws from every family as the report does.

There are four figures:

* errors: draws from a family whose verdict names neither it nor a family with the same law;
* power: the same draws, made 2 % narrower and 2 % wider, that no longer fit the family;
* for each test of independence on the same draws: how many it rejects wrongly, and how near the
  most extreme value came to its limit;
* for each disguise (`disguises`): how many draws its test notices.

The figures depend only on the seed, not on the number of processes.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec.structs import replace
from scipy.special import betaincinv

from benchmarks.accuracy import draws, power
from benchmarks.accuracy.draws import SHAPES
from benchmarks.accuracy.power import LAYERS, Score, tests
from probes.run.record import rounded
from report.evidence import Measurement
from report.verdict.dependence import LEVEL
from report.verdict.families import FAMILIES, ORTHOGONAL, law
from report.verdict.fit import RANDOM, explains
from report.verdict.judge import verdict_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.floating[Any]]

NAMES = (*FAMILIES, ORTHOGONAL)
OFF = 0.02  # the relative error of scale, in both directions, that should be noticed
SEED = 20240229
TASK_DRAWS = 50  # with longer tasks a process would be idle at the end
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A number of draws from one family for one kind of layer, for a worker process."""

    family: str
    layer: str
    draws: int
    seed: tuple[int, ...]


@dataclass(slots=True, kw_only=True)
class Tally:
    """The verdicts on draws from one family.

    ``right`` counts verdicts that name the family or one with the same law at the layer's
    shapes; ``wrong`` counts the others by name. ``narrow`` and ``wide`` count draws that don't
    fit the family after scaling by 1 - OFF and 1 + OFF. ``tests`` are the scores of the tests of
    independence, by name.
    """

    right: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    narrow: int = 0
    wide: int = 0
    tests: dict[str, Score] = field(default_factory=dict)

    @property
    def draws(self) -> int:
        """The number of draws."""
        return self.right + self.wrong.total()

    def add(self, other: Tally) -> None:
        """Add another tally to this one."""
        self.right += other.right
        self.wrong.update(other.wrong)
        self.narrow += other.narrow
        self.wide += other.wide
        power.merge(self.tests, other.tests)


def scaled(one: Measurement, factor: float) -> Measurement:
    """Return the statistics of the same weights multiplied by a positive factor."""
    mean, std, low, high = (rounded(v * factor) for v in (one.mean, one.std, one.min, one.max))
    return replace(one, mean=mean, std=std, min=low, max=high)


def run(task: Task) -> Tally:
    """Draw and judge the weights of one task."""
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
    verdict_of.cache_clear()  # else it would grow, as no two draws are equal
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
    """Judge at least ``draws`` draws, evenly spread over families; return the tally of each."""
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
    """Return the simulation's figures as data for JSON.

    ``wrong_share_below`` is the upper end of the exact (Clopper-Pearson) one-sided 95 %
    interval for the share of wrong verdicts. ``shapes`` are those at which each layer draws.
    ``narrow`` and ``wide`` are how many of a family's draws were noticed when scaled by 1 -
    ``off`` and 1 + ``off``; None for laws of a single value. ``tests`` are the scores of the
    tests of independence, ``disguises`` the results of the disguised draws.
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
        "shapes": {layer: [list(each) for each in pair] for layer, pair in SHAPES.items()},
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
