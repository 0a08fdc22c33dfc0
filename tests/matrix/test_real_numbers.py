"""Test what the stored observations show of numbers: known changes, each with its cause."""

from __future__ import annotations

import pytest

from report import places
from report.evidence import Decides, Seeds
from report.matrix import NUMBERS, OWN_SEED, REPEAT, REUSE, Cell, Index, build_matrix
from report.verdict import Alike, Degree, Reason, Relation, alike

DENSE, GRAPH_DENSE = "tf.keras.layers.Dense", "tf.compat.v1.layers.dense"
GLOROT = "tf.keras.initializers.GlorotUniform"


@pytest.fixture(scope="module")
def index() -> Index:
    """Return the index of the stored observations."""
    return Index(matrix=build_matrix(places.ROOT, "linux-x86_64"))


def cell(index: Index, symbol: str, version: str, role: str = "kernel") -> Cell:
    """Return one cell."""
    return index.cell(index.rows[symbol, role], version)


def relation(index: Index, symbol: str, before: str, after: str, role: str = "kernel") -> Relation:
    """Return how the numbers of a row compare in two releases."""
    found = NUMBERS.relate(*(cell(index, symbol, version, role) for version in (before, after)))
    assert found is not None
    return found


def relations(index: Index, before: str, after: str) -> dict[str, Relation]:
    """Return how the numbers of every row compare that has some in both releases."""
    found = {}
    for row in index.matrix.rows:
        pair = [index.cell(row, version) for version in (before, after)]
        if all(one.evidence.numbers for one in pair) and (related := NUMBERS.relate(*pair)):
            found[f"{row.symbol.name} {row.role}"] = related
    return found


@pytest.mark.parametrize(("before", "after"), [("1.5.1", "1.6.0"), ("1.7.1", "1.8.0")])
def test_the_input_of_a_layer_moves_nothing(index: Index, before: str, after: str) -> None:
    """In 1.6 and 1.7 `tf.zeros` was three operations, which a seed in a graph depended on."""
    found = relations(index, before, after)
    assert len(found) > 60
    assert {one.degree for one in found.values()} == {Degree.SAME}


def test_since_2_2_a_graphs_random_operations_are_numbered_among_themselves(index: Index) -> None:
    found = relations(index, "2.1.4", "2.2.3")
    others = {row: one for row, one in found.items() if one.degree is not Degree.SAME}
    assert len(others) >= 29
    assert all(row.startswith("tf.compat.v1.") for row in others)
    for one in others.values():
        assert one.degree is Degree.OTHER
        assert one.cause is not None
        assert one.cause.reasons == (Reason.NUMBERING,)
    assert found[f"{DENSE} kernel"].degree is Degree.SAME


def test_in_2_10_keras_draws_by_another_operation(index: Index) -> None:
    eager = relation(index, DENSE, "2.9.3", "2.10.1")
    assert eager.degree is Degree.OTHER
    assert eager.cause is not None
    assert eager.cause.reasons[0] is Reason.OPERATION
    assert relation(index, GRAPH_DENSE, "2.9.3", "2.10.1").cause is not None
    kept = relation(index, "tf.compat.v1.get_variable", "2.9.3", "2.10.1")
    assert kept.degree is Degree.SAME


def test_keras_gives_the_same_numbers_from_2_10_on_across_keras_3(index: Index) -> None:
    for symbol, role in ((DENSE, "kernel"), ("tf.keras.layers.Conv2D", "kernel")):
        row = index.rows[symbol, role]
        for ends in (("2.0.4", "2.9.3"), ("2.10.1", "2.22.0rc0")):
            first, last = (index.place[version] for version in ends)
            epochs = {one.epochs[NUMBERS.key] for one in row.cells[first : last + 1]}
            assert epochs == {ends[0]}
            assert relation(index, symbol, *ends).degree is Degree.SAME


def test_orthogonal_of_1_4_is_other_at_the_wide_shape_alone(index: Index) -> None:
    found = relation(index, "tf.orthogonal_initializer", "1.3.0", "1.4.1", "weights")
    assert [(one.shape, one.degree) for one in found.shapes] == [
        ((48, 96), Degree.OTHER),
        ((120, 40), Degree.SAME),
    ]
    assert found.degree is Degree.OTHER
    assert found.cause is not None
    assert found.cause.reasons == (Reason.AFTERWARDS,)


def test_rounding_is_tiny_and_everything_else_is_altogether_other(index: Index) -> None:
    """Nothing lies between 4e-5 and 1, but for laws of another scale."""
    changes = [one.relation for one in index.matrix.changes if one.relation]
    rounded = [one for one in changes if one.degree is Degree.ROUNDING]
    assert len(rounded) > 20
    assert all(one.largest is not None and one.largest < 6e-5 for one in rounded)
    assert {one.cause.reasons for one in rounded if one.cause} == {(Reason.ARITHMETIC,)}
    degrees = {one.degree for one in changes}
    assert degrees == {Degree.ROUNDING, Degree.OTHER, Degree.NOT_COMPARABLE}


def test_every_change_of_numbers_has_a_cause_or_no_call_in_common(index: Index) -> None:
    changes = [one for one in index.matrix.changes if one.kind in {NUMBERS, OWN_SEED}]
    assert len(changes) > 300
    for change in changes:
        assert change.relation is not None
        if change.relation.degree is Degree.NOT_COMPARABLE:
            before, after = (set(calls) for calls in change.relation.calls)
            assert not before & after
        else:
            assert change.relation.cause is not None
            assert Reason.UNKNOWN not in change.relation.cause.reasons


def test_since_2_10_set_seed_no_longer_repeats_a_keras_layer(index: Index) -> None:
    repeats = {v: REPEAT.value(cell(index, DENSE, v)) for v in ("2.6.5", "2.9.3", "2.10.1")}
    assert repeats == {
        "2.6.5": "tf.random.set_seed: yes; keras.utils.set_random_seed: not there",
        "2.9.3": "tf.random.set_seed: yes; keras.utils.set_random_seed: yes",
        "2.10.1": "tf.random.set_seed: no; keras.utils.set_random_seed: yes",
    }
    seeds = {each.seeds for each in cell(index, DENSE, "2.10.1").evidence.numbers}
    assert seeds == {Seeds.KERAS}


# the release, an object without a seed used twice, one with a seed used twice, whether it warns
REGIMES = [
    ("2.6.5", Alike.INDEPENDENT, Alike.SAME, False),
    ("2.9.3", Alike.INDEPENDENT, Alike.INDEPENDENT, False),
    ("2.10.1", Alike.SAME, Alike.SAME, True),
    ("2.21.0", Alike.SAME, Alike.SAME, False),
]


@pytest.mark.parametrize(("version", "unseeded", "seeded", "warns"), REGIMES)
def test_an_initializer_that_is_used_twice_has_three_regimes(
    index: Index,
    version: str,
    unseeded: Alike,
    seeded: Alike,
    warns: bool,  # noqa: FBT001 - a column of the table
) -> None:
    one = cell(index, GLOROT, version, "weights")
    reuse = one.evidence.reuse
    assert reuse is not None
    assert reuse.seeded is not None
    assert (alike(reuse.unseeded.again), alike(reuse.seeded.again)) == (unseeded, seeded)
    assert any("called multiple times" in text for text in reuse.warns) == warns
    assert (REUSE.value(one) or "").endswith("; it warns") == warns


def test_an_own_seed_decides_alone_but_for_2_7_to_2_9(index: Index) -> None:
    decides = {}
    for version in ("2.6.5", "2.7.4", "2.9.3", "2.10.1", "2.21.0"):
        own = cell(index, GLOROT, version, "weights").evidence.own_seed
        decides[version] = own and own.decides
    alone = dict.fromkeys(("2.6.5", "2.10.1", "2.21.0"), Decides.OWN)
    assert decides == alone | dict.fromkeys(("2.7.4", "2.9.3"), Decides.BOTH)
    epochs = {v: cell(index, GLOROT, v, "weights").epochs[OWN_SEED.key] for v in decides}
    assert epochs["2.10.1"] == epochs["2.6.5"] == epochs["2.21.0"] != epochs["2.9.3"]
