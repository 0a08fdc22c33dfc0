"""The simulation: it draws what it says, measures as probes do, and counts right."""

from __future__ import annotations

import importlib
import json
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from report import simulate
from report.families import FAMILIES, law
from report.fit import RANDOM
from report.simulate import Tally, Task, draw, figures, markdown, measure, run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "name",
    ["random_uniform(0, 1)", "truncated_normal(stddev=0.1)", "random_normal(stddev=0.05)"],
)
def test_draws_follow_their_law(name: str) -> None:
    expected = law(name, (9,))
    weights = draw(expected, 20000, np.random.default_rng(5))
    assert weights.dtype == np.float32
    assert stats.kstest(expected.cdf(weights.astype(np.float64)), "uniform").pvalue > 0.001


def test_draws_of_a_point_are_that_point() -> None:
    assert set(draw(law("ones", (9,)), 9, np.random.default_rng(5)).tolist()) == {1.0}


def test_measured_by_hand() -> None:
    weights = np.array([0, 0, 1, 3], np.float32)
    found = measure(weights, (2, 2))
    assert (found.shape, found.count, found.mean) == ((2, 2), 4, 1)
    assert (found.min, found.max, found.zeros) == (0, 3, 0.5)
    assert found.std == 1.22474  # √1.5
    assert found.kurtosis == 2  # (1 + 1 + 0 + 16) / 4 over 1.5²
    assert Counter(dict(enumerate(found.histogram))) == {0: 2, 10: 1, 31: 1} | dict.fromkeys(
        set(range(32)) - {0, 10, 31}, 0
    )


@pytest.mark.parametrize("name", ["he_normal", "lecun_uniform", "zeros", "constant(0.1)"])
def test_measured_as_a_probe_does(name: str) -> None:
    shape = (40, 60)
    weights = draw(law(name, shape), 2400, np.random.default_rng(5))
    probe = importlib.import_module("probes.measured").measure(weights.reshape(shape))
    expected = importlib.import_module("probes.record").rounded(probe)
    found = measure(weights, shape)
    assert list(found.shape) == expected["shape"]
    assert list(found.histogram) == expected["histogram"]
    for key in ("count", "mean", "std", "min", "max", "kurtosis", "zeros"):
        assert getattr(found, key) == expected[key], key


def test_a_task_gives_the_same_tally_again() -> None:
    task = Task(family="he_normal", layer="Dense", draws=3, seed=(1,))
    assert run(task) == run(task) == Tally(right=3, narrow=3, wide=3)


def test_equal_laws_count_as_right() -> None:
    task = Task(family="lecun_uniform", layer="Conv2D", draws=2, seed=(1,))
    assert run(task) == Tally(right=2, narrow=2, wide=2)


@pytest.mark.parametrize("factor", [0.98, 1.02])
def test_scaled_is_what_scaled_weights_measure(factor: float) -> None:
    weights = draw(law("he_normal", (40, 60)), 2400, np.random.default_rng(5))
    expected = measure(weights.astype(np.float64) * factor, (40, 60))
    found = simulate.scaled(measure(weights, (40, 60)), factor)
    assert found.histogram == expected.histogram
    for key in ("mean", "std", "min", "max", "kurtosis", "zeros"):
        assert getattr(found, key) == pytest.approx(getattr(expected, key), rel=2e-5), key


def test_a_short_run_makes_no_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulate, "SHAPES", {"Dense": simulate.SHAPES["Dense"]})
    result = figures(simulate.simulate(draws=2 * len(FAMILIES), workers=1))
    assert (result["draws"], result["wrong"]) == (2 * len(FAMILIES), 0)
    for family in result["families"]:
        noticed = 2 if family["name"] in RANDOM else None
        assert (family["narrow"], family["wide"]) == (noticed, noticed)


def test_the_number_of_processes_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulate, "FAMILIES", {"he_normal": FAMILIES["he_normal"]})
    one, two = (simulate.simulate(draws=6, workers=n) for n in (1, 2))
    assert one == two


# Exact one-sided limit for no event in n: 1 - 0.05^(1/n).
@pytest.mark.parametrize("draws", [1, 100, 30000])
def test_no_mistake_still_leaves_an_upper_limit(draws: int) -> None:
    found = figures({"zeros": Tally(right=draws)})
    assert found["wrong_share_below"] == pytest.approx(1 - 0.05 ** (1 / draws))


SMALL = {
    "he_normal": Tally(right=1998, wrong=Counter(unrecognised=2), narrow=1999, wide=2000),
    "zeros": Tally(right=9),
}


def test_the_page_tells_what_was_judged_as_what() -> None:
    lines = markdown(figures(SMALL)).splitlines()
    assert lines[0].startswith("2 of 2,009 draws were judged wrongly")
    assert lines[-2:] == [
        "| `he_normal` | 2,000 | 1,998 | unrecognised 2 | 1,999 | 2,000 |",
        "| `zeros` | 9 | 9 |  |  |  |",
    ]


@pytest.mark.parametrize("suffix", [".json", ".md"])
def test_the_command_writes_what_it_prints(
    suffix: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(simulate, "simulate", lambda **_: SMALL)
    output = tmp_path / f"out{suffix}"
    assert simulate.main(["--output", str(output)]) == 0
    page = markdown(figures(SMALL))
    assert capsys.readouterr().out == page
    text = output.read_text("utf-8")
    assert text == page if suffix == ".md" else json.loads(text) == figures(SMALL)
