"""Test `python -m benchmarks`: its releases, and how it keeps stored figures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks import floor
from benchmarks.__main__ import FEW, PARTS, main
from benchmarks.errors import BenchError
from tests.support.performance import RELEASE, line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


def test_the_default_releases_are_in_the_table() -> None:
    assert tuple(row.version for row in floor.releases(FEW)) == FEW
    with pytest.raises(BenchError, match=r"no such release: 9\.9"):
        floor.releases(["9.9"])


def test_an_unknown_release_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["9.9"]) == BenchError.exit_code
    assert capsys.readouterr().err == "no such release: 9.9; see releases.toml\n"


@pytest.fixture
def again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Return a function that runs one part over stored figures, and returns what is stored then."""
    output = tmp_path / "performance.json"
    where = ["--scratch", str(tmp_path / "bench"), "--output", str(output)]

    def run(part: str, versions: Sequence[str], **before: object) -> dict[str, Any]:
        if before:
            stored = json.loads(output.read_text("utf-8")) | before
            output.write_text(json.dumps(stored), "utf-8")
        monkeypatch.setitem(PARTS, part, lambda bench: bench.figures.update({part: []}))
        assert main([*versions, "--only", part, *where]) == 0
        found: dict[str, Any] = json.loads(output.read_text("utf-8"))
        return found

    return run


def test_a_part_measured_again_leaves_the_others_of_the_same_day_and_releases(
    again: Callable[..., dict[str, Any]],
) -> None:
    first = again("growth", [RELEASE.version])
    assert again("growth", [RELEASE.version], disk={}) == first | {"disk": {}}
    assert "disk" not in again("growth", FEW)


def test_peers_stay_with_the_run_that_they_are_of(again: Callable[..., dict[str, Any]]) -> None:
    again("growth", [RELEASE.version])
    tox = {"name": "tox", "imported": [], "seconds": 0, "ours": 0, "reasons": []}
    for _ in range(2):
        kept = again("growth", FEW, peers=[tox])
        assert kept["peers_run"]["releases"] == [RELEASE.version]
        assert line(kept, "tox").figure == "imports 0 of 1"
    anew = again("peers", FEW)
    assert anew["peers"] == []
    assert "peers_run" not in anew
