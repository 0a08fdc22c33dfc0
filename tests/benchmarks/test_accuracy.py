"""Test the simulation of verdicts: it judges and counts its draws correctly."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.accuracy import power, verdicts
from benchmarks.accuracy.__main__ import main, markdown
from benchmarks.accuracy.disguises import DISGUISES
from benchmarks.accuracy.draws import SHAPES, draw, measure
from benchmarks.accuracy.power import Score, Seen
from benchmarks.accuracy.verdicts import NAMES, Tally, Task, figures, run
from report import places
from report.verdict.dependence import Check
from report.verdict.families import law
from report.verdict.fit import RANDOM

if TYPE_CHECKING:
    from pathlib import Path


def test_a_task_gives_the_same_tally_again() -> None:
    task = Task(family="he_normal", layer="Dense", draws=3, seed=(1,))
    first, second = run(task), run(task)
    assert first == second
    assert (first.right, first.narrow, first.wide, first.wrong.total()) == (3, 3, 3, 0)
    assert first.tests["row mean"].tested == 6  # at both shapes of three draws
    assert all(score.rejected == 0 for score in first.tests.values())


def test_equal_laws_count_as_right() -> None:
    task = Task(family="lecun_uniform", layer="Conv2D", draws=2, seed=(1,))
    assert run(task).right == 2


def test_an_orthogonal_matrix_is_drawn_at_its_own_shapes() -> None:
    tally = run(Task(family="orthogonal", layer="orthogonal", draws=2, seed=(1,)))
    assert (tally.right, tally.narrow, tally.wide) == (2, 0, 0)
    assert tally.tests["kurtosis"].tested == 4
    assert tally.tests["diagonal"].tested == 2  # of both shapes together


@pytest.mark.parametrize("factor", [0.98, 1.02])
def test_scaled_is_what_scaled_weights_measure(factor: float) -> None:
    weights = draw(law("he_normal", (40, 60)), 2400, np.random.default_rng(5))
    expected = measure(weights.astype(np.float64) * factor, (40, 60))
    found = verdicts.scaled(measure(weights, (40, 60)), factor)
    assert found.histogram == expected.histogram
    for key in ("mean", "std", "min", "max", "kurtosis", "zeros"):
        assert getattr(found, key) == pytest.approx(getattr(expected, key), rel=2e-5), key


def test_a_short_run_makes_no_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "LAYERS", ("Dense",))
    result = figures(verdicts.simulate(draws=len(NAMES), workers=1))
    assert (result["draws"], result["wrong"]) == (len(NAMES), 0)
    for family in result["families"]:
        noticed = 1 if family["name"] in RANDOM else None
        assert (family["narrow"], family["wide"]) == (noticed, noticed)


def test_the_recorded_figures_are_of_the_layers_that_the_probes_build() -> None:
    shapes = {layer: [list(each) for each in pair] for layer, pair in SHAPES.items()}
    recorded = json.loads(places.ACCURACY.read_text("utf-8"))["shapes"]
    assert recorded == shapes, "run nox -s simulate -- --output report/verdict/accuracy.json"


def test_the_number_of_processes_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "NAMES", ("he_normal",))
    one, two = (verdicts.simulate(draws=6, workers=n) for n in (1, 2))
    assert one == two


def test_of_disguises_all_are_drawn_and_the_number_of_processes_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(power, "DISGUISES", DISGUISES[2:3])
    monkeypatch.setattr(power, "LAYERS", ("Dense", "Conv2D", "variable"))
    monkeypatch.setattr(power, "_TRIAL", 10)  # so that each of the matrices has two trials
    one, two = (power.simulate(draws=2, workers=n, seed=1) for n in (1, 2))
    assert one == two
    assert one[0] == Seen(disguise="all weights are sorted", test="lag", draws=9, noticed=9)
    assert [each.draws for each in one] == [9] + [20] * len(power.MATRICES)


# value, lower and upper end, as a share of the way to the limit
EXTREMES = [
    (0.01, -0.02, 0.02, 0.5),
    (-0.015, -0.02, 0.02, 0.75),
    (3.1, 2.0, 4.0, 0.1),
    (1.9, 2.0, 4.0, 1.1),
    (0.3, float("-inf"), 0.4, 0.75),
    (0.0, float("-inf"), 0.0, 0.0),
]


@pytest.mark.parametrize(("value", "low", "high", "extreme"), EXTREMES)
def test_a_score_counts_rejections_and_keeps_the_most_extreme(
    value: float, low: float, high: float, extreme: float
) -> None:
    scores: dict[str, Score] = {}
    check = Check(name="lag along axis 1", value=value, low=low, high=high, odd="odd")
    power.score(scores, [check, check])
    rejected = 2 if extreme > 1 else 0
    assert scores == {"lag": Score(tested=2, rejected=rejected, extreme=extreme)}


# Exact one-sided limit for no event in n: 1 - 0.05^(1/n).
@pytest.mark.parametrize("draws", [1, 100, 30000])
def test_no_mistake_still_leaves_an_upper_limit(draws: int) -> None:
    found = figures({"zeros": Tally(right=draws)})
    assert found["wrong_share_below"] == pytest.approx(1 - 0.05 ** (1 / draws))


SMALL = {
    "he_normal": Tally(
        right=1998,
        wrong=Counter(unrecognised=2),
        narrow=1999,
        wide=2000,
        tests={"lag": Score(tested=4000, rejected=1, extreme=1.04)},
    ),
    "zeros": Tally(right=9),
}
SEEN = [Seen(disguise="all weights are sorted", test="lag", draws=300, noticed=299)]


def test_the_page_tells_what_was_judged_as_what() -> None:
    lines = markdown(figures(SMALL, SEEN)).splitlines()
    assert lines[0].startswith("2 of 2,009 draws were judged wrongly")
    assert "| `he_normal` | 2,000 | 1,998 | unrecognised 2 | 1,999 | 2,000 |" in lines
    assert "| `zeros` | 9 | 9 |  |  |  |" in lines
    assert "| lag | 4,000 | 1 | 104 % |" in lines
    assert lines[-1] == "| all weights are sorted | lag | 300 | 299 |"


@pytest.mark.parametrize("suffix", [".json", ".md"])
def test_the_command_writes_what_it_prints(
    suffix: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verdicts, "simulate", lambda **_: SMALL)
    monkeypatch.setattr(power, "simulate", lambda **_: SEEN)
    output = tmp_path / f"out{suffix}"
    assert main(["--output", str(output)]) == 0
    page = markdown(figures(SMALL, SEEN))
    assert capsys.readouterr().out == page
    text = output.read_text("utf-8")
    assert text == page if suffix == ".md" else json.loads(text) == figures(SMALL, SEEN)
