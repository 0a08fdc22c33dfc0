"""Test that each limit stated on the pages is real: some draw passes for a law because of it.

If such a draw is noticed after all, the sentence is no longer true and has to be removed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from benchmarks.accuracy import draws
from benchmarks.accuracy.draws import SHAPES
from report import places
from report.verdict.families import law
from report.verdict.judge import verdict_of

Array = np.ndarray[Any, np.dtype[np.floating[Any]]]
Chance = np.random.Generator
Draw = Callable[[Array, Chance], Array]


NORMAL, FLAT = "glorot_normal_untruncated", "glorot_uniform"


def _every_other_column(matrix: Array, _: Chance) -> Array:
    scale = np.where(np.arange(matrix.shape[1]) % 2, 0.95, math.sqrt(2 - 0.95**2))
    found: Array = matrix * scale
    return found


def _negated_elsewhere(matrix: Array, chance: Chance) -> Array:
    flat = matrix.ravel().copy()
    half = len(flat) // 2
    flat[half : 2 * half] = -chance.permutation(flat[:half])
    return flat.reshape(matrix.shape)


def _third_by_two(matrix: Array, _: Chance) -> Array:
    found = matrix.copy()
    each = matrix.shape[1] // 3 * 3
    product = found[:, 0:each:3] * found[:, 1:each:3]
    found[:, 2:each:3] = np.abs(found[:, 2:each:3]) * np.sign(product)
    return found


def _few_at_the_end(matrix: Array, _: Chance) -> Array:
    found = matrix.copy()
    found.flat[:20] = 0.9999 * np.abs(matrix).max()
    return found


def _same_draw(matrix: Array, name: str = NORMAL) -> Array:
    """Return a draw of a law that is the same for each seed."""
    chance = np.random.default_rng(6)
    return draws.draw(law(name, matrix.shape), matrix.size, chance).reshape(matrix.shape)


def _other_order(matrix: Array, chance: Chance) -> Array:
    return chance.permutation(_same_draw(matrix).ravel()).reshape(matrix.shape)


def _other_signs(matrix: Array, chance: Chance) -> Array:
    found: Array = _same_draw(matrix, FLAT) * chance.choice((-1.0, 1.0), matrix.shape)
    return found


def _tenth_of_the_rows(matrix: Array, _: Chance) -> Array:
    found = matrix.copy()
    found[::10] = _same_draw(matrix)[::10]
    return found


def _cut_far_out(matrix: Array, _: Chance) -> Array:
    scale = float(matrix.std())
    found = matrix.copy()
    far = np.abs(found) > 3.7 * scale
    found[far] = found[far] / 2
    return found


# The page's sentence about a limit, and a draw that is not noticed because of it.
LIMITS: list[tuple[str, Draw]] = [
    ("weights that depend on others two steps away or more", _negated_elsewhere),
    ("three at a time", _third_by_two),
    ("a few weights or one row among hundreds that are special", _few_at_the_end),
    ("a draw that other seeds give again in another order", _other_order),
    ("with other signs", _other_signs),
    ("or a tenth of it", _tenth_of_the_rows),
    ("whose scale differs by some percent from column to column", _every_other_column),
    ("that is cut more than 3.5 standard deviations out", _cut_far_out),
]


@pytest.mark.parametrize(("words", "make"), LIMITS, ids=[words for words, _ in LIMITS])
def test_what_is_not_seen_is_said(words: str, make: Draw) -> None:
    template = places.TEMPLATES / "pages" / "about.jinja"
    page = " ".join(template.read_text("utf-8").split())
    assert words in page
    name = FLAT if make is _other_signs else NORMAL
    measured = []
    for shape in SHAPES["Dense"]:
        pair = []
        for seed in (1, 2):
            chance = np.random.default_rng((seed, *shape))
            weights = draws.draw(law(name, shape), math.prod(shape), chance)
            pair.append(make(weights.reshape(shape), chance).astype(np.float32))
        measured.append(draws.measure(pair[0], shape, pair[1]))
    found = verdict_of(tuple(measured))
    assert found is not None
    assert found.name == name
