"""Test the building of a matrix: each cell exists and has the evidence of its role."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

from benchmarks.many import many
from report.evidence import State, Status, reader
from report.matrix import build
from report.matrix.kinds import MEASURED
from report.verdict import Accord
from tests.support import samples
from tests.support.five_releases import VERSIONS, assert_complete, built, cells, fail, release
from tests.support.roots import store

if TYPE_CHECKING:
    from pathlib import Path

    from report.matrix import Matrix


def test_one_cell_for_every_symbol_role_and_release(root: Path) -> None:
    found = built(root)
    assert_complete(found)
    assert found.problems == ()
    assert found.changes == ()
    assert (found.platform, found.protocol) == (samples.PLATFORM, reader.PROTOCOL)
    assert [one.version for one in found.releases] == list(VERSIONS)
    assert [one.status for one in found.releases] == [*[Status.OBSERVED] * 4, Status.UNAVAILABLE]


def test_a_release_keeps_what_the_table_and_its_observation_say(root: Path) -> None:
    one = release(build.build_matrix(root, samples.PLATFORM, ["1.1.0"]), "1.1.0")
    assert (one.series, one.python, one.distribution) == ("1.1", "3.6", "tensorflow")
    assert (one.tags, one.packages["numpy"]) == (("tf1",), "1.12.0")
    assert (one.recorded, one.stale, one.reason) == (False, False, None)


def test_only_what_was_measured_here_is_not_recorded(root: Path) -> None:
    found = build.build_matrix(root, samples.PLATFORM, ["1.1.0", "2.0.4"])
    assert [one.recorded for one in found.releases] == [True, False, True, False, True]


def test_a_cell_holds_the_evidence_of_its_role(root: Path) -> None:
    kernel, bias, _ = cells(built(root), "1.0.1")
    assert kernel.verdict is not None
    assert bias.verdict is not None
    assert (kernel.verdict.name, bias.verdict.name) == ("glorot_uniform", "zeros")
    assert [one.shape for one in kernel.evidence.measured] == list(samples.SHAPES)
    assert str(kernel.evidence.declared) == "kernel_initializer='glorot_uniform'"
    assert kernel.agreement is not None
    assert (kernel.agreement.state, kernel.conflict) == (Accord.AGREE, None)
    assert kernel.evidence.resolved is not None
    assert kernel.evidence.resolved.class_name == "GlorotUniform"


def test_a_role_that_the_newest_release_lacks_keeps_its_row(root: Path) -> None:
    layer = samples.dense()
    layer["roles"].remove("bias")
    del layer["evidence"]["bias"]
    store(root, "2.0.4", samples.observation("2.0.4", symbols=[layer, samples.variable()]))
    rows = {row.key: row for row in built(root).rows}
    assert [*rows] == [
        (samples.DENSE, "kernel"),
        (samples.DENSE, "bias"),
        (samples.VARIABLE, "kernel"),
    ]
    states = [cell.state for cell in rows[samples.DENSE, "bias"].cells]
    assert states[:3] == [State.OBSERVED] * 3
    assert states[3] is State.UNREACHED


def test_the_networks_are_kept_of_what_was_observed(root: Path) -> None:
    fail(root)
    found = built(root).networks
    assert list(found) == ["1.0.1", "1.2.1", "2.0.4"]
    kept = samples.observation("1.0.1")["tutorial"]["networks"]
    assert [network.initializer for network in found["1.0.1"]] == [n["initializer"] for n in kept]
    assert found["1.0.1"][0].loss.by_hand == kept[0]["loss"]["by_hand"]


def test_the_newest_release_gives_the_order(root: Path) -> None:
    extra = samples.variable() | dict.fromkeys(("name", "path"), "tf.contrib.old")
    store(root, "1.0.1", samples.observation("1.0.1", symbols=[extra, samples.variable()]))
    turned = samples.observation("2.0.4", symbols=[samples.variable(), samples.dense()])
    store(root, "2.0.4", turned)
    names = [row.symbol.name for row in built(root).rows]
    assert names == [samples.VARIABLE, samples.DENSE, samples.DENSE, "tf.contrib.old"]


def test_the_order_of_rows_changes_nothing_else(root: Path) -> None:
    symbols = [
        samples.dense("he_uniform"),
        samples.variable("he_normal"),
        samples.blank(
            samples.dense() | dict.fromkeys(("name", "path"), "tf.layers.Dense"),
            "absent",
            "not yet",
        ),
    ]
    found = set()
    for order in permutations(symbols):
        store(root, "1.2.1", samples.observation("1.2.1", symbols=order))
        found.add(frozenset(built(root).changes))
    (changes,) = found
    measured = {change for change in changes if change.kind is MEASURED}
    assert {(change.symbol, change.after_release, change.after) for change in measured} == {
        (samples.DENSE, "1.2.1", "he_uniform"),
        (samples.DENSE, "2.0.4", "glorot_uniform"),
        (samples.VARIABLE, "1.2.1", "he_normal"),
        (samples.VARIABLE, "2.0.4", "glorot_uniform"),
    }


def test_copies_of_the_releases_are_read_as_well_and_change_nothing(
    real: Matrix, tmp_path: Path
) -> None:
    twice = build.build_matrix(many(tmp_path / "root", 2), samples.PLATFORM)
    assert len(twice.releases) == 2 * len(real.releases)
    assert len(twice.problems) == 2 * len(real.problems)
    values = [[(c.key, c.kind, c.before, c.after) for c in m.changes] for m in (real, twice)]
    assert values[0] == values[1]
