"""Simulate the errors and the power of the tests of independence.

Errors are rejected draws of the true law; power is the share of disguised draws that are noticed
by the test named with the disguise, at one of the two shapes at least.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import groupby, product

import numpy as np

from benchmarks.accuracy import draws
from benchmarks.accuracy.disguises import DISGUISES, waves
from benchmarks.accuracy.draws import SHAPES
from report.evidence import Measurement
from report.verdict.dependence import Check, checks, haar, turned
from report.verdict.families import ORTHOGONAL, law

LAYERS = tuple(layer for layer in SHAPES if layer != ORTHOGONAL)
# The families whose draws are disguised, one of each form.
FAMILIES = ("glorot_uniform", "glorot_normal", "glorot_normal_untruncated")
# Orthogonal matrices that are not uniform: in words, the test's name, and a function to draw one.
MATRICES = (
    ("orthogonal: singular vectors of positive numbers", " mean", draws.one_sided),
    ("orthogonal: signs as a QR factorisation leaves them", "diagonal", draws.unsigned),
    ("orthogonal: cosines, shuffled and turned", "kurtosis", waves),
    ("orthogonal: the same after another seed", "another seed", None),
)
_TRIAL = 28  # draws of one trial
_MATRICES = 10  # the factor by which matrices are drawn more often: they take little time


@dataclass(slots=True, kw_only=True)
class Score:
    """A test's results on draws of the true law.

    ``extreme`` is the most extreme value, as a share of the test's limit.
    """

    tested: int = 0
    rejected: int = 0
    extreme: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How many draws of a disguise its test noticed."""

    disguise: str
    test: str
    draws: int
    noticed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A number of draws of one disguise, family and layer, as a task for a worker process.

    ``disguise`` is the index in ``DISGUISES`` followed by ``MATRICES``.
    """

    disguise: int
    family: str
    layer: str
    draws: int
    seed: tuple[int, ...]


def tests(measured: Sequence[Measurement], *, orthogonal: bool) -> Iterator[Check]:
    """Yield the tests of independence of a draw, or those of uniformity if it is ``orthogonal``."""
    for one in measured:
        yield from haar(one) if orthogonal else checks(one)
    if orthogonal:
        yield from turned(measured)


def score(scores: dict[str, Score], found: Iterable[Check]) -> None:
    """Add the tests of a draw of the true law to the scores."""
    for check in found:
        one = scores.setdefault(check.name.partition(" along")[0], Score())
        one.tested += 1
        one.rejected += not check.passed
        one.extreme = max(one.extreme, _extremity(check))


def merge(scores: dict[str, Score], others: Mapping[str, Score]) -> None:
    """Add other scores to the scores."""
    for name, other in others.items():
        one = scores.setdefault(name, Score())
        one.tested += other.tested
        one.rejected += other.rejected
        one.extreme = max(one.extreme, other.extreme)


def _extremity(check: Check) -> float:
    if check.low <= 0 and check.low != -check.high:  # a limit to one side
        return round(check.value / check.high, 3) if check.high else float(check.value)
    middle = (check.low + check.high) / 2
    return round(abs(check.value - middle) / (check.high - middle), 3)


def simulate(*, draws: int, workers: int, seed: int) -> list[Seen]:
    """Return the results of at least ``draws`` draws of each disguise."""
    trials = list(_trials(draws, seed))
    with ProcessPoolExecutor(workers) as pool:
        noticed = list((pool.map if workers > 1 else map)(run, trials))
    found = []
    pairs = zip(trials, noticed, strict=True)
    for place, each in groupby(pairs, key=lambda pair: pair[0].disguise):
        members = list(each)
        text, test, _ = (*DISGUISES, *MATRICES)[place]
        drawn = sum(trial.draws for trial, _ in members)
        hits = sum(count for _, count in members)
        found.append(Seen(disguise=text, test=test.strip(), draws=drawn, noticed=hits))
    return found


def _trials(draws: int, seed: int) -> Iterator[Trial]:
    for place in range(len(DISGUISES) + len(MATRICES)):
        whole = place >= len(DISGUISES)
        pairs = product((ORTHOGONAL,), (ORTHOGONAL,)) if whole else product(FAMILIES, LAYERS)
        homes = list(enumerate(pairs))
        each = math.ceil((_MATRICES if whole else 1) * draws / len(homes))
        for (home, (family, layer)), start in product(homes, range(0, each, _TRIAL)):
            yield Trial(
                disguise=place,
                family=family,
                layer=layer,
                draws=min(_TRIAL, each - start),
                seed=(seed, 1 + place, home, start),
            )


def run(trial: Trial) -> int:
    """Return how many draws of a trial the disguise's test noticed."""
    generator = np.random.default_rng(trial.seed)
    return sum(_noticed(trial, generator) for _ in range(trial.draws))


def _noticed(trial: Trial, generator: np.random.Generator) -> bool:
    matrix = trial.family == ORTHOGONAL
    test = (*DISGUISES, *MATRICES)[trial.disguise][1]
    made = _matrix if matrix else _disguised
    measured = [made(trial, shape, generator) for shape in SHAPES[trial.layer]]
    found = tests(measured, orthogonal=matrix)
    return any(test in check.name and not check.passed for check in found)


def _disguised(trial: Trial, shape: tuple[int, ...], generator: np.random.Generator) -> Measurement:
    disguise = DISGUISES[trial.disguise][2]
    size, columns = math.prod(shape), shape[-1] if len(shape) > 1 else 1
    first, second = (
        draws.draw(law(trial.family, shape), size, generator).reshape(-1, columns) for _ in range(2)
    )
    if disguise is None:
        return draws.measure(first, shape, first)
    return draws.measure(disguise(first, generator).astype(np.float32), shape, second)


def _matrix(trial: Trial, shape: tuple[int, ...], generator: np.random.Generator) -> Measurement:
    made = MATRICES[trial.disguise - len(DISGUISES)][2]
    if made is None:
        first = draws.orthogonal(shape, generator)
        return draws.measure(first, shape, first)
    return draws.measure(made(shape, generator), shape, made(shape, generator))
