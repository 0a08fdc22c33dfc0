"""How often the verdicts are wrong: draws from every family, judged as the report judges.

Run as ``python -m report.simulate [--draws N] [--output PATH]``. Two figures:

* errors: weights drawn from a family whose verdict names neither it nor an equal law;
* power: the same weights, 2 % narrower and 2 % wider, that no longer fit the family.

Figures depend on the seed alone, not on the number of processes.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import betaincinv

from report.families import FAMILIES, law
from report.fit import LEVEL, RANDOM, explains
from report.forms import UNIFORM
from report.model import Measurement
from report.verdicts import judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from report.forms import Law

# The shapes that the probes draw for each kind of layer; None is a bare variable.
SHAPES: dict[str | None, tuple[tuple[int, ...], ...]] = {
    "Dense": ((180, 320), (480, 120)),
    "Conv2D": ((5, 5, 9, 256), (3, 3, 100, 64)),
    None: ((180, 320), (57600,)),
}
BINS = 32
DIGITS = 6
OFF = 0.02  # the error of scale that must not pass for the family, to either side
SEED = 20240229
TASK_DRAWS = 50  # longer tasks would leave a process idle at the end
CONFIDENCE = 0.95


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
    """

    right: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    narrow: int = 0
    wide: int = 0

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


def draw(expected: Law, size: int, generator: np.random.Generator) -> NDArray[np.float32]:
    """Return float32 weights of a law; a truncated one by rejection, which is its definition."""
    if expected.form is UNIFORM:
        standard = 2 * generator.random(size, dtype=np.float32) - 1
    elif expected.form.std == 0:
        standard = np.zeros(size, dtype=np.float32)
    else:
        standard = generator.standard_normal(size, dtype=np.float32)
        far = np.flatnonzero(np.abs(standard) > expected.form.limit)
        while far.size:
            standard[far] = generator.standard_normal(far.size, dtype=np.float32)
            far = far[np.abs(standard[far]) > expected.form.limit]
    return standard * np.float32(expected.scale) + np.float32(expected.center)


def measure(weights: NDArray[np.floating[Any]], shape: tuple[int, ...]) -> Measurement:
    """Measure flat weights as a probe does, except for columns: independent ones differ."""
    flat = weights.astype(np.float64)
    low, high = float(flat.min()), float(flat.max())
    mean = float(flat.mean())
    squares = (flat - mean) ** 2
    variance, fourth = float(squares.mean()), float((squares**2).mean())
    return Measurement(
        shape=shape,
        count=flat.size,
        mean=_rounded(mean),
        std=_rounded(math.sqrt(variance)),
        min=_rounded(low),
        max=_rounded(high),
        kurtosis=_rounded(fourth / variance**2) if high > low else None,
        histogram=_histogram(flat, low, high),
        zeros=_rounded(1 - np.count_nonzero(flat) / flat.size),
    )


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _histogram(flat: NDArray[np.float64], low: float, high: float) -> tuple[int, ...]:
    """Count as numpy.histogram does, in a fifth of its time; one bin for a single value."""
    if not high > low:
        return (flat.size,)
    bins = ((flat - low) * (BINS / (high - low))).astype(np.intp)
    counts = np.bincount(bins, minlength=BINS + 1).tolist()
    return (*counts[: BINS - 1], counts[BINS - 1] + counts[BINS])


def scaled(one: Measurement, factor: float) -> Measurement:
    """Return what is measured on the same weights times a positive factor."""
    mean, std, low, high = (_rounded(v * factor) for v in (one.mean, one.std, one.min, one.max))
    return replace(one, mean=mean, std=std, min=low, max=high)


def run(task: Task) -> Tally:
    """Draw and judge one task."""
    generator = np.random.default_rng(task.seed)
    tally = Tally()
    for _ in range(task.draws):
        measured = tuple(_sample(task.family, shape, generator) for shape in SHAPES[task.layer])
        verdict = judge(measured)
        if verdict and task.family in (verdict.name, *verdict.also):
            tally.right += 1
        elif verdict:
            tally.wrong[verdict.name] += 1
        if task.family in RANDOM:
            tally.narrow += _misfits(task.family, measured, 1 - OFF)
            tally.wide += _misfits(task.family, measured, 1 + OFF)
    judge.cache_clear()  # no two draws are equal
    return tally


def _sample(family: str, shape: tuple[int, ...], generator: np.random.Generator) -> Measurement:
    return measure(draw(law(family, shape), math.prod(shape), generator), shape)


def _misfits(family: str, measured: Iterable[Measurement], factor: float) -> bool:
    return not explains(family, [scaled(one, factor) for one in measured])


def simulate(*, draws: int, workers: int, seed: int = SEED) -> dict[str, Tally]:
    """Judge at least ``draws`` draws in all, spread evenly; return the tally of each family."""
    tasks = list(_tasks(math.ceil(draws / (len(FAMILIES) * len(SHAPES))), seed))
    found = {name: Tally() for name in FAMILIES}
    with ProcessPoolExecutor(workers) as pool:
        for task, tally in zip(tasks, (pool.map if workers > 1 else map)(run, tasks), strict=True):
            found[task.family].add(tally)
    return found


def _tasks(draws: int, seed: int) -> Iterator[Task]:
    for (i, family), (j, layer) in product(enumerate(FAMILIES), enumerate(SHAPES)):
        for start in range(0, draws, TASK_DRAWS):
            size = min(TASK_DRAWS, draws - start)
            yield Task(family=family, layer=layer, draws=size, seed=(seed, i, j, start))


def figures(found: Mapping[str, Tally]) -> dict[str, Any]:
    """Return the simulation's figures, ready for JSON.

    ``wrong_share_below`` is the upper end of the exact (Clopper-Pearson) one-sided 95 %
    interval for the share of wrong verdicts. ``narrow`` and ``wide`` are how many of a
    family's draws were noticed when off by ``off``; None for a single value.
    """
    draws = sum(tally.draws for tally in found.values())
    wrong = sum(tally.wrong.total() for tally in found.values())
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
    }


def markdown(result: Mapping[str, Any]) -> str:
    """Return the figures as a page: two sentences and the confusion table."""
    percent = f"{100 * result['off']:g} %"
    head = (
        f"{result['wrong']} of {result['draws']:,} draws were judged wrongly (at 95 % confidence "
        f"the share is below {result['wrong_share_below']:.2g}).\n\n"
        f"| drawn from | draws | right | judged otherwise | {percent} too narrow, noticed "
        f"| {percent} too wide, noticed |\n|---|--:|--:|---|--:|--:|\n"
    )
    return head + "".join(_line(family) for family in result["families"])


def _line(family: Mapping[str, Any]) -> str:
    judged = ", ".join(f"{name} {count}" for name, count in family["judged"].items())
    off = ["" if family[side] is None else f"{family[side]:,}" for side in ("narrow", "wide")]
    cells = (f"`{family['name']}`", f"{family['draws']:,}", f"{family['right']:,}", judged, *off)
    return f"| {' | '.join(cells)} |\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the simulation, print its page, and write it as Markdown or JSON."""
    parser = argparse.ArgumentParser(prog="report.simulate", description=__doc__)
    parser.add_argument("--draws", type=int, default=34_000, help="draws in all")
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--output", type=Path, help="file to write: .json, or else Markdown")
    options = parser.parse_args(arguments)
    result = figures(simulate(draws=options.draws, workers=options.workers))
    page = markdown(result)
    sys.stdout.write(page)
    if options.output:
        as_json = options.output.suffix == ".json"
        options.output.write_text(json.dumps(result, indent=1) + "\n" if as_json else page, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
