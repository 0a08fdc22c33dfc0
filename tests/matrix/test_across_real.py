"""Test the comparison with two real observations: 2.21.0 on x86-64 and on ARM.

What is expected was found out by hand, from the two files and from what the platforms share: the
generators count in integers, so that every draw that is scaled alone has the same bytes, and an
orthogonal matrix comes from a decomposition in floating point, which each platform rounds.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from report import places
from report.evidence import platforms
from report.matrix import KINDS, MEASURED, NUMBERS, OWN_SEED, across, build_matrix
from report.verdict import Degree

if TYPE_CHECKING:
    from report.matrix import Across

VERSION, ARM = "2.21.0", "linux-aarch64"
LARGEST = 1.9e-7  # between any two weights of these orthogonal matrices
STORED = Path("observations", ARM, f"{VERSION}.json")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a folder with the table and both observations."""
    names = ("probes/releases.toml", f"observations/{platforms.COMMITTED}/{VERSION}.json", STORED)
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(places.ROOT / name, tmp_path / name)
    return tmp_path


def compared(root: Path) -> Across:
    """Return the comparison of the two observations."""
    (found,) = across.with_others(root, build_matrix(root, platforms.COMMITTED))
    assert found.problems == ()
    assert found.releases == (VERSION,)
    return found


def orthogonal(found: Across) -> set[tuple[str, str]]:
    """Return the rows whose weights are orthogonal."""
    return {
        (cell.symbol, cell.role)
        for cell, _ in found.pairs
        if cell.verdict and cell.verdict.name.startswith("orthogonal")
    }


def test_all_numbers_have_the_same_bytes_but_those_of_orthogonal_rows(root: Path) -> None:
    found = compared(root)
    rounded = orthogonal(found)
    assert len(rounded) == 5
    assert len(found.pairs) == len({(cell.symbol, cell.role) for cell, _ in found.pairs})
    for here, there in found.pairs:
        key = (here.symbol, here.role)
        for kind in (NUMBERS, OWN_SEED):
            relation = kind.relate(here, there)
            degrees = {relation.degree} if relation else set()
            if key in rounded:
                assert degrees == {Degree.ROUNDING}, key
            else:
                assert degrees <= {Degree.SAME}, key
        if key not in rounded:
            digests = [
                [draw.digest for one in cell.evidence.numbers for draw in one.draws]
                for cell in (here, there)
            ]
            assert digests[0] == digests[1]


def test_rounding_is_no_larger_than_it_was_seen_to_be(root: Path) -> None:
    seen = [
        abs(a - b)
        for move in compared(root).moves
        if move.before and move.after
        for one, other in zip(
            move.before.evidence.numbers, move.after.evidence.numbers, strict=True
        )
        for mine, theirs in zip(one.draws, other.draws, strict=True)
        for a, b in zip(mine.values, theirs.values, strict=True)
    ]
    assert 0 < max(seen) < LARGEST + 0.05e-7  # known to one decimal


def test_all_laws_are_equal_and_nothing_else_moved(root: Path) -> None:
    found = compared(root)
    counts = {count.kind: count for count in found.counts}
    assert counts[MEASURED].compared > 100
    for kind in KINDS:
        if kind not in {NUMBERS, OWN_SEED} and kind in counts:
            assert counts[kind].same == counts[kind].compared, kind
    assert {move.kind for move in found.moves} == {NUMBERS, OWN_SEED}
    assert {(move.symbol, move.role) for move in found.moves} == orthogonal(found)
    # the moments of two of them, in their last digit; the network's figures are equal
    assert {version: dict(fields) for version, fields in found.others.items()} == {
        VERSION: {"measured": 2}
    }


def test_the_names_of_the_distributions_do_differ(root: Path) -> None:
    """Otherwise these tests would not show that such names are no difference."""
    here, there = (
        {
            frame[4]
            for symbol in json.loads((root / path).read_text("utf-8"))["symbols"]
            for evidence in symbol.get("evidence", {}).values()
            for frame in evidence["call_path"] or ()
        }
        for path in (f"observations/{platforms.COMMITTED}/{VERSION}.json", STORED)
    )
    assert "tensorflow-cpu" in here - there
    assert "tensorflow" in there - here


def evidence(data: dict[str, Any], at: int) -> tuple[str, str, dict[str, Any]]:
    """Return the symbol, role and evidence of the nth cell with numbers of its own."""
    found = [
        (symbol["name"], role, each)
        for symbol in data["symbols"]
        for role, each in symbol.get("evidence", {}).items()
        if each["numbers"]
    ]
    return found[at]


@pytest.mark.parametrize("at", [0, 7, -1])
@pytest.mark.parametrize(
    ("far", "degree"), [(1e-9, Degree.ROUNDING), (1.0, Degree.PARTLY)], ids=["near", "far"]
)
def test_one_changed_weight_is_told(at: int, far: float, degree: Degree, root: Path) -> None:
    data = json.loads((root / STORED).read_text("utf-8"))
    symbol, role, changed = evidence(data, at)
    draw, measured = changed["numbers"][0]["draws"][0], changed["measured"][0]
    draw["digest"] = "5" * 64
    draw["values"][3] += far * measured["std"] * (-1 if draw["values"][3] > 0 else 1)
    before = {(move.symbol, move.role) for move in compared(root).moves}
    (root / STORED).write_text(json.dumps(data), encoding="utf-8")
    found = compared(root)
    shared = {s["name"] for s in data["symbols"] if s.get("same_as") == symbol}  # it has them too
    told = {
        (move.symbol, move.role): move.relation
        for move in found.moves
        if move.kind is NUMBERS and (move.symbol, move.role) not in before
    }
    assert told.keys() == {(name, role) for name in (symbol, *shared)}
    for relation in told.values():
        assert relation is not None
        assert relation.degree is degree
