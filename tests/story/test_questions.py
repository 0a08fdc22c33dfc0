"""Test the figures of the NaN question over releases, with hand-made networks."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from msgspec.structs import replace

from report.evidence import Layer, Losses, Network, Steps
from report.matrix.index import Index
from report.matrix.records import Matrix
from report.story import questions
from report.story.questions import Range, Signal, signals
from tests.support import world

VERSIONS = ("1.0.1", "1.1.0")


def network(std: float, gain: float, steps: int | None, loss: float | str = 2.0) -> Network:
    """Return the record of one initializer's network: a dense layer of 100 inputs, 3 outputs."""
    layer = Layer(
        name="dense", shape=(100, 3), weights_std=std, input_rms=2.0, output_std=2.0 * gain
    )
    return Network(
        initializer="default",
        symbol=None,
        layers=(layer,),
        logits_spread=10 * gain,
        loss=Losses(stable=loss, by_hand=loss),
        steps=(Steps(learning_rate=0.1, stable=None, by_hand=steps),),
    )


def index(*networks: Network) -> Index:
    """Return the index of releases with one network each."""
    releases = tuple(
        replace(world.RELEASES[0], version=version, series=version[:3]) for version in VERSIONS
    )
    trained = {version: (one,) for version, one in zip(VERSIONS, networks, strict=False)}
    return Index(
        matrix=Matrix(
            platform="linux-x86_64",
            protocol=1,
            releases=releases,
            rows=(),
            changes=(),
            networks=MappingProxyType(trained),
        )
    )


def shown(*networks: Network) -> Signal:
    """Return the figures of releases with one network each."""
    return signals(index(*networks))["default"]


def test_theory_is_the_root_of_fan_in_times_variance() -> None:
    signal = shown(network(0.1, 0.9, None), network(0.2, 1.9, None))
    (layer,) = signal.layers
    # 100 inputs: sqrt(100) * 0.1 and sqrt(100) * 0.2
    assert (layer.theory.low, layer.theory.high) == pytest.approx((1.0, 2.0))
    assert (layer.gain.low, layer.gain.high) == pytest.approx((0.9, 1.9))
    assert str(signal.spread) == "9 to 19"
    assert signal.releases == 2


def test_figures_that_are_written_alike_are_no_range() -> None:
    assert str(Range(2.4881, 2.4912)) == "2.49"
    assert str(Range(2.484, 2.486)) == "2.48 to 2.49"


def test_the_ends_count_releases_and_steps() -> None:
    signal = shown(network(0.1, 1.0, 1), network(0.1, 1.0, 3))
    assert signal.ends == (
        ("softmax cross entropy", 0.1, "finite in all 2"),
        ("by hand", 0.1, "not finite in 2 of 2, after 1 to 3 steps"),
    )
    one = shown(network(0.1, 1.0, None), network(0.1, 1.0, 1))
    assert one.ends[1][2] == "not finite in 1 of 2, after 1 step"
    assert (one.by_hand, one.stable, one.releases) == (1, 0, 2)


def test_a_loss_that_is_no_number_is_not_part_of_the_range() -> None:
    signal = shown(network(0.1, 1.0, 0, "nan"), network(0.1, 1.0, None, 2.5))
    assert (signal.loss.low, signal.loss.high) == (2.5, 2.5)


def test_the_nan_question_is_answered_by_the_releases_in_which_a_loss_was_not_finite() -> None:
    answers = []
    for steps in ((None, 2), (None, None)):
        trained = [
            (
                network(0.1, 1.0, None),
                replace(network(0.1, 1.0, each), initializer=questions.TRUNCATED),
            )
            for each in steps
        ]
        networks = MappingProxyType(dict(zip(VERSIONS, trained, strict=True)))
        known = Index(matrix=replace(index().matrix, networks=networks))
        answers.append({each.slug: each.answer for each in questions.answerable(known)})
    assert answers[0][questions.NAN.slug].endswith(
        "finite in 1 of 2 releases, TensorFlow's own softmax cross entropy in 0."
    )
    assert [questions.NAN.slug in each for each in answers] == [True, False]
    assert all(questions.RELU.slug in each for each in answers)


def test_a_release_without_the_network_is_not_counted() -> None:
    signal = shown(network(0.1, 1.0, None))
    assert (signal.releases, signal.stable) == (1, 0)
