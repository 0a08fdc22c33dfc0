"""Run the programs that the pages offer to paste, in the releases that they are for.

Around each change: the probes' own input was once taken for one of 1.6, a graph's operations are
numbered otherwise since 2.2, and Keras draws otherwise since 2.10.
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from report import places
from report.matrix import NUMBERS, Index, build_matrix
from report.story import program
from tests.conftest import PLATFORM
from tests.support.checkout import CI, copied, nox

if TYPE_CHECKING:
    from pathlib import Path

GRAPH = (
    "tf.layers.dense",
    "tf.layers.conv2d",
    "tf.get_variable",
    "tf.keras.initializers.he_normal",
)
V1 = ("tf.compat.v1.layers.dense",)
KERAS = ("tf.keras.layers.Dense", "tf.keras.initializers.GlorotUniform")
PAIRS = {
    ("1.5.1", "1.6.0"): GRAPH,
    ("2.1.4", "2.2.3"): (*V1, *KERAS),
    ("2.9.3", "2.10.1"): (*V1, *KERAS),
}
ENDS = [(version, pair) for pair in PAIRS for version in pair]


@pytest.fixture(scope="module")
def index() -> Index:
    """Return the index of the stored observations."""
    return Index(matrix=build_matrix(places.ROOT, PLATFORM))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the releases of all pairs; return the folder of their environments."""
    checkout = copied(tmp_path_factory.mktemp("pasted") / "checkout")
    sessions = [f"probe({version})" for version, _ in ENDS]
    done = nox(checkout, "--install-only", "-j", "2", "-s", *sessions)
    assert not CI or done.returncode == 0, done.stdout
    return checkout / ".nox"


@pytest.mark.parametrize(("version", "pair"), ENDS, ids=[version for version, _ in ENDS])
def test_a_program_that_is_pasted_prints_what_the_page_shows(
    index: Index, installed: Path, tmp_path: Path, version: str, pair: tuple[str, str]
) -> None:
    python = installed / f"probe-{version}" / "bin" / "python"
    if not CI and not python.exists():
        pytest.skip(f"the interpreter of {version} is not on this machine")
    programs = [
        found
        for row in index.matrix.rows
        if row.symbol.name in PAIRS[pair] and row.role != "bias"
        for number in index.cell(row, version).evidence.numbers
        if (found := program.program(index, row, version, number.call))
    ]
    assert {row.symbol.name for row in index.matrix.rows} >= {*PAIRS[pair]}
    assert len(programs) >= len(PAIRS[pair])
    running = [
        subprocess.Popen(
            [str(python), "-I", "-B", "-c", each.source],
            cwd=tmp_path,
            env={"TF_CPP_MIN_LOG_LEVEL": "3", "HOME": str(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for each in programs
    ]
    for process, each in zip(running, programs, strict=True):
        printed, warned = process.communicate()
        assert process.returncode == 0, f"{each.source}\n{warned}"
        assert printed == f"{each.prints}\n", each.source


def test_the_pairs_changed_as_the_pages_say(index: Index) -> None:
    def changed(pair: tuple[str, str]) -> set[str]:
        return {
            change.symbol
            for change in index.matrix.changes
            if change.kind is NUMBERS and (change.before_release, change.after_release) == pair
        }

    same, numbered, stateless = (changed(pair) & {*PAIRS[pair]} for pair in PAIRS)
    assert same == set()
    assert numbered == {*V1}
    assert stateless >= {*KERAS}
