"""Test the comparison of two platforms: what is told, and what is no difference."""

from __future__ import annotations

import shutil
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from report.evidence import State
from report.matrix import EXISTENCE, KINDS, MEASURED, NUMBERS, OWN_SEED, Index, across, build_matrix
from report.verdict import Degree
from tests.support import samples, whole
from tests.support.samples import DENSE, VARIABLE
from tests.support.two_platforms import (
    ARM,
    ON_BOTH,
    OWN,
    VERSIONS,
    checkout,
    compared,
    kernel,
    observation,
    round_off,
    store,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a checkout in which the platforms differ by nature alone."""
    return checkout(tmp_path)


def test_distribution_lock_and_their_names_are_no_difference(root: Path) -> None:
    found = compared(root)
    assert (found.moves, dict(found.others)) == ((), {})
    assert found.releases == ON_BOTH
    assert (found.shown.platform, found.other.platform) == (OWN, ARM)
    assert found.problems == ()


def test_releases_that_one_platform_lacks_are_not_compared(root: Path) -> None:
    assert lacking(compared(root)) == ["1.0.1"]
    store(root, samples.failed("1.2.1", "SIGILL") | only(observation("1.2.1", ARM)))
    (root / "observations" / OWN / "1.1.0.json").unlink()
    found = compared(root)
    assert (found.releases, found.moves, found.pairs) == ((), (), ())
    assert lacking(found) == [*VERSIONS]


def test_all_releases_are_in_the_order_of_the_table_from_either_side(root: Path) -> None:
    (root / "observations" / ARM / "1.2.1.json").unlink()
    matrices = [build_matrix(root, platform) for platform in (OWN, ARM)]
    for shown, other in (matrices, matrices[::-1]):
        found = across.compare(shown, other)
        assert found.versions == VERSIONS
        assert lacking(found) == ["1.0.1", "1.2.1"]


def lacking(found: across.Across) -> list[str]:
    """Return the releases that were not compared."""
    return [version for version in found.versions if version not in found.releases]


def only(data: dict[str, Any]) -> dict[str, Any]:
    """Return the platform and the release of an observation."""
    return {key: data[key] for key in ("platform", "release")}


def test_rounding_is_told_with_its_size_and_with_what_was_measured_where(root: Path) -> None:
    found = compared(root, round_off)
    (move,) = found.moves
    assert (move.symbol, move.role, move.release, move.kind) == (DENSE, "kernel", "1.2.1", NUMBERS)
    assert move.before is not None
    assert move.after is not None
    assert move.before.evidence.numbers[0].draws[0].digest == "a" * 64  # of the shown platform
    assert move.after.evidence.numbers[0].draws[0].digest == "c" * 64
    assert move.relation is not None
    assert move.relation.degree is Degree.ROUNDING
    deviation = max(one.std for one in move.before.evidence.measured)
    assert move.relation.largest == pytest.approx(5e-10 / deviation, rel=0.5)
    assert found.others == {}
    assert found.moved == {(DENSE, "kernel", "1.2.1"): {NUMBERS: move}}


def test_the_relation_of_a_row_is_known_in_every_release(root: Path) -> None:
    found = compared(root, round_off)
    degrees = {
        kind: {
            cell.release: relation.degree
            for cell, other in found.pairs
            if (cell.symbol, cell.role) == (DENSE, "kernel")
            if (relation := kind.relate(cell, other))
        }
        for kind in (NUMBERS, OWN_SEED)
    }
    assert degrees == {
        NUMBERS: {"1.1.0": Degree.SAME, "1.2.1": Degree.ROUNDING},
        OWN_SEED: {"1.1.0": Degree.SAME, "1.2.1": Degree.SAME},
    }
    biases = [pair for pair in found.pairs if pair[0].role == "bias"]
    assert [NUMBERS.relate(*pair) for pair in biases] == [None, None]  # all weights are equal


def test_cells_are_counted_by_kind_with_those_that_are_equal(root: Path) -> None:
    counts = {each.kind: (each.compared, each.same) for each in compared(root, round_off).counts}
    cells = 3 * len(ON_BOTH)  # of kernel and bias of the layer, and of the variable's kernel
    assert counts[EXISTENCE] == counts[MEASURED] == (cells, cells)
    assert counts[NUMBERS] == (4, 3)  # the bias has none
    assert list(counts) == [kind for kind in KINDS if kind in counts]


@pytest.mark.parametrize("field", [*whole.VALUES])
def test_no_field_of_the_evidence_can_differ_untold(field: str, root: Path) -> None:
    def change(data: dict[str, Any]) -> None:
        value = whole.OTHER[field]
        (data["symbols"][0] if field == "notices" else kernel(data))[field] = value

    found = compared(root, change)
    kinds = {move.kind.key for move in found.moves if move.kind}
    told = kinds | {name for fields in found.others.values() for name in fields}
    assert told == {field}


def count_frames(data: dict[str, Any]) -> None:
    """Change a line number in a call path."""
    kernel(data)["call_path"][0][1] += 1


def disown(data: dict[str, Any]) -> None:
    """Take a frame's distribution away: its file would be the user's own."""
    kernel(data)["call_path"][0][4:] = [None, None]


def upgrade(data: dict[str, Any]) -> None:
    """Change the version of a frame's distribution."""
    kernel(data)["call_path"][0][5] = "1.0.2"


def average(data: dict[str, Any]) -> None:
    """Change a mean in its last digit."""
    kernel(data)["measured"][0]["mean"] += 1e-9


def pack(data: dict[str, Any]) -> None:
    """Change the version of NumPy."""
    data["packages"] = data["packages"] | {"numpy": "1.12.1"}


def train(data: dict[str, Any]) -> None:
    """Change the network."""
    data["tutorial"] = {"state": "observed", "reason": None, "networks": [samples.network()]}


OTHERS: list[tuple[Change, dict[str, int]]] = [
    (count_frames, {"call_path": 1}),
    (disown, {"call_path": 1}),
    (upgrade, {"call_path": 1}),
    (average, {"measured": 1}),
    (pack, {"packages": 0}),
    (train, {"tutorial": 0}),
]


@pytest.mark.parametrize(("change", "fields"), OTHERS)
def test_what_differs_beyond_the_cells_is_counted(
    change: Change, fields: dict[str, int], root: Path
) -> None:
    found = compared(root, change)
    assert found.moves == ()
    assert found.others == {"1.2.1": Counter(fields)}


# What one side lacks


def test_a_symbol_that_one_platform_was_not_asked_for_is_named(root: Path) -> None:
    found = compared(root, lambda data: data["symbols"].pop(1))
    (move,) = found.moves
    assert (move.symbol, move.release, move.kind, move.after) == (VARIABLE, "1.2.1", None, None)
    assert [cell.release for cell, _ in found.pairs if cell.symbol == VARIABLE] == ["1.1.0"]


def test_a_symbol_that_failed_on_one_platform_is_named_and_not_compared(root: Path) -> None:
    def change(data: dict[str, Any]) -> None:
        data["symbols"][1] = samples.blank(data["symbols"][1], "failed", "SIGILL")

    found = compared(root, change)
    (move,) = found.moves
    assert move.after is not None
    assert (move.symbol, move.kind, move.after.state) == (VARIABLE, None, State.FAILED)
    assert [cell.release for cell, _ in found.pairs if cell.symbol == VARIABLE] == ["1.1.0"]


def test_a_symbol_that_one_platform_does_not_have_differs_in_existence(root: Path) -> None:
    def change(data: dict[str, Any]) -> None:
        data["symbols"][1] = samples.blank(data["symbols"][1], "absent", "no attribute")

    (move,) = compared(root, change).moves
    assert (move.symbol, move.kind) == (VARIABLE, EXISTENCE)


# Which platforms are compared


def test_every_other_platform_with_observations_is_compared(root: Path) -> None:
    (root / "observations" / "darwin-arm64").mkdir()
    shutil.copytree(root / "observations" / ARM, root / "observations" / f"{ARM}.old")
    shown = build_matrix(root, OWN)
    assert [each.other.platform for each in across.with_others(root, shown)] == [ARM]
    other = build_matrix(root, ARM)
    assert [each.other.platform for each in across.with_others(root, other)] == [OWN]
    store(root, observation("1.1.0", OWN) | {"platform": "darwin-arm64"})
    names = [each.other.platform for each in across.with_others(root, shown)]
    assert names == ["darwin-arm64", ARM]


def test_without_another_platform_there_is_no_comparison(root: Path) -> None:
    for path in (root / "observations" / ARM).iterdir():
        path.unlink()
    shown = build_matrix(root, OWN)
    assert across.with_others(root, shown) == Index(matrix=shown).across == ()


def test_the_problems_of_the_other_platform_name_its_folder(root: Path) -> None:
    (root / "observations" / ARM / "1.2.1.json").write_text("{", encoding="utf-8")
    (root / "observations" / ARM / "confirmed.toml").write_text("x", encoding="utf-8")
    found = compared(root)
    first, second = found.problems
    assert first.startswith(f"{ARM}/1.2.1.json: not JSON: ")
    assert second.startswith(f"{ARM}/confirmed.toml: line 1: ")
    assert found.releases == ("1.1.0",)
