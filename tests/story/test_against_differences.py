"""Test that a comparison reads as the report does, and names all that differs, and only that."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from report import places
from report.evidence import decode, reader
from report.story import moved
from report.text import excerpt
from tests.story.test_against import (
    VERSIONS,
    commit,
    headings,
    named,
    observed,
    printed,
    root,
    store,
    table,
)
from tests.support import samples, whole
from tests.support.counting import counted
from tests.support.repository import git
from tests.support.samples import DENSE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["root"]

DECODERS = (
    (reader, "_json"),
    (decode, "observation"),
    (reader, "is_current"),
    (msgspec.json, "decode"),
)
USELESS = "Observations that can't be used"


def file(root: Path, version: str) -> Path:
    """Return the path of an observation."""
    return root / "observations" / samples.PLATFORM / f"{version}.json"


def doubled(path: Path) -> None:
    """Give an observation a key twice."""
    path.write_text(path.read_text("utf-8").replace("{", '{"status": "observed",', 1), "utf-8")


def padded(path: Path) -> None:
    """Make an observation too large."""
    path.write_bytes(path.read_bytes() + b" " * reader.LARGEST)


def piped(path: Path) -> None:
    """Put a named pipe in an observation's place."""
    path.unlink()
    os.mkfifo(path)


def linked(path: Path) -> None:
    """Put a symbolic link in an observation's place."""
    path.unlink()
    path.symlink_to("1.1.0.json")


def folder(path: Path) -> None:
    """Put a folder in an observation's place."""
    path.unlink()
    path.mkdir()
    (path / "a.json").write_text("{}", "utf-8")


# Files that the report refuses


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (doubled, "the key 'status' is there twice"),
        (padded, "more than 8,000,000 bytes"),
        (piped, "not a file"),
        (linked, "a symbolic link"),
        (folder, "not a file"),
    ],
)
def test_what_the_report_refuses_is_refused_with_its_sentence(
    damage: Callable[[Path], None], why: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(file(root, "1.2.1"))
    lines = printed(capsys)
    assert headings(lines) == ["Releases", USELESS]
    assert why in lines[-1]
    if damage is not piped:  # git can't store one
        commit(root)
        lines = printed(capsys)
        assert "the same, byte for byte" in lines[2]
        assert headings(lines) == [USELESS]
        assert why in lines[-1]


def test_a_symbol_that_is_broken_in_both_revisions_is_refused(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = observed("1.2.1")
    data["symbols"][0]["evidence"]["kernel"]["measured"][0]["zeros"] = 2
    store(root, data, "1.2.1")
    commit(root)
    data["symbols"][1]["evidence"]["kernel"]["declared"]["default"] = "other"
    store(root, data, "1.2.1")
    lines = printed(capsys)
    assert headings(lines) == [USELESS]
    assert "symbols/0" in lines[-1]


def test_an_observation_under_an_older_lock_can_be_used(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "probes" / "locks").mkdir()
    (root / "probes" / "locks" / "1.2.1.txt").write_text("numpy==1.13.0", "utf-8")
    assert len(printed(capsys)) == 3


def test_equal_files_are_read_once_and_only_others_are_decoded_again_to_be_compared(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store(root, observed("1.2.1", "he_uniform"), "1.2.1")
    decoded = [counted(monkeypatch, *each) for each in DECODERS]
    assert len(printed(capsys)) > 3
    assert [len(calls) for calls in decoded] == [len(VERSIONS) + 1] * 2 + [0, 2]


def test_a_thousand_cells_of_forty_releases_are_compared_and_each_file_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "checkout"
    for part in ("observations", "probes"):
        shutil.copytree(places.ROOT / part, made / part)
    git(made, "init", "--quiet")
    commit(made)
    monkeypatch.setattr(places, "ROOT", made)
    for path in (made / "observations" / samples.PLATFORM).glob("*.json"):
        path.write_text(
            path.read_text("utf-8").replace('"class": "', '"class": "Other', 30), "utf-8"
        )
    decoded = [counted(monkeypatch, *each) for each in DECODERS]
    lines = [line.replace(",", "") for line in printed(capsys)]
    assert [len(calls) for calls in decoded] == [80, 80, 0, 80]
    assert lines[2].startswith("0 of 40 observations are the same")
    assert sum(int(line.split()[1]) for line in headings(lines) if line.endswith("cells")) >= 1000


def test_observations_that_are_gone_are_counted(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for version in VERSIONS:
        file(root, version).unlink()
    lines = printed(capsys)
    assert lines[2].startswith("0 of 3 observations are the same, byte for byte, as on ")
    assert ", 3 gone. " in lines[2]
    assert headings(lines) == ["Releases"]


# What is named


def test_a_role_that_the_newest_release_lacks_is_compared(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    layer = samples.dense()
    layer["roles"].remove("bias")
    del layer["evidence"]["bias"]
    store(root, observed("1.2.1", symbols=[samples.variable(), layer]), "1.2.1")
    lines = printed(capsys)
    assert headings(lines) == ["Not compared: 1 cell"]
    assert lines[-1] == f"- `{DENSE}` bias, 1.2.1: there, `zeros` → not asked for"


def changed(**evidence: object) -> dict[str, Any]:
    """Return an observation of 1.2.1 whose layer's kernel has other evidence."""
    data = observed("1.2.1")
    data["symbols"][1]["evidence"]["kernel"] |= evidence
    return data


def test_a_cell_that_moved_hides_nothing_else(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = changed(repeat={"tf": True, "keras": False}, call_path=[whole.frame("a.py", 1, "a")])
    for symbol in data["symbols"]:  # the same numbers, of which something else is known
        for draw in symbol["evidence"]["kernel"]["numbers"][0]["draws"]:
            draw["stream"] = whole.stream(2, 0, 1)
    data["release"]["lock"] = "1e" * 32
    store(root, data, "1.2.1")
    lines = printed(capsys)
    assert headings(lines) == ["Repeat: 1 cell", "What else differs"]
    assert lines[-1] == "- 1.2.1: `call_path` in 1 cell, `numbers` in 2 cells, `release`"


def test_another_draw_of_the_same_law_is_named(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = [dict(samples.measured("glorot_uniform", shape)) for shape in samples.SHAPES]
    drawn[0]["diagonal"] += 0.001
    store(root, changed(measured=drawn), "1.2.1")
    assert printed(capsys)[-1] == "- 1.2.1: `measured` in 1 cell"


@pytest.mark.parametrize(
    ("settings", "end"),
    [({"indent": 7}, "\n"), ({"indent": 1}, "\r\n"), ({"sort_keys": True}, "\n\n")],
)
def test_what_is_only_written_differently_is_no_other_evidence(
    settings: dict[str, Any], end: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = file(root, "1.2.1")
    text = json.dumps(json.loads(path.read_text("utf-8")), **settings)
    path.write_bytes(f"{text}\n".replace("\n", end).encode())
    assert printed(capsys)[-1] == "- 1.2.1: written differently, nothing else"


def test_evidence_that_is_shared_is_no_other_evidence(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, name = samples.variable(), "tf.compat.v1.get_variable"
    alone = first | {"name": name, "path": name}
    store(root, observed("1.2.1", symbols=[first, alone]), "1.2.1")
    commit(root)
    store(root, observed("1.2.1", symbols=[first, samples.shared(first, name)]), "1.2.1")
    assert printed(capsys)[-1] == "- 1.2.1: written differently, nothing else"


def test_symbols_in_another_order(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store(root, observed("1.2.1", symbols=observed("1.2.1")["symbols"][::-1]), "1.2.1")
    assert printed(capsys)[-1] == "- 1.2.1: `order of symbols`"


def test_long_values_are_cut_around_their_first_difference(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for end in ("old", "new"):
        commit(root) if end == "new" else None
        store(root, observed("1.2.1", symbols=[named(1, "x" * 300 + end + "y" * 300)]), "1.2.1")
    (line,) = [each for each in printed(capsys) if each.startswith("- ")]
    was, now = line.split(" → ")
    assert "xold" in was
    assert "xnew" in now
    assert len(was) < 200


def test_values_that_print_alike_are_said_to_differ(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store(root, observed("1.2.1", symbols=[named(1, "a b")]), "1.2.1")
    commit(root)
    store(root, observed("1.2.1", symbols=[named(1, "a  b")]), "1.2.1")
    assert printed(capsys)[-1].endswith("a b`, which differ in what is not shown")


# The table's order


def test_what_is_new_is_in_a_release_only_if_the_one_before_was_observed(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table(root, *VERSIONS, "1.9.0", "1.10.1", "1.11.0")
    store(root, observed("1.9.0", "he_uniform"), "1.9.0")
    store(root, observed("1.11.0"), "1.11.0")
    lines = printed(capsys)
    assert lines[2].endswith(", 2 new. No cell moved.")
    assert headings(lines) == ["Releases", "New in 1.9.0", "New in 1.11.0"]
    row = f"- `{DENSE}` kernel, measured"
    assert f"{row} in 1.9.0: `glorot_uniform` → `he_uniform`" in lines
    assert f"{row} after 1.9.0, by 1.11.0: `he_uniform` → `glorot_uniform`" in lines


def test_a_range_has_no_release_that_was_not_compared(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table(root, "1.0.1", "1.1.0", "1.1.1", "1.2.1")
    for version in VERSIONS:
        store(root, observed(version, "he_uniform"), version)
    store(root, observed("1.1.1", "he_uniform"), "1.1.1")
    row = f"- `{DENSE}` kernel, 1.0.1, 1.1.0, 1.2.1: `glorot_uniform` → `he_uniform`"
    assert row in printed(capsys)


def test_an_excerpt_has_the_first_difference() -> None:
    for place in range(400):
        one, other = ("a" * place + mark + "b" * (400 - place) for mark in "12")
        assert "1" in excerpt(one, other, moved.LONGEST)
        assert len(excerpt(one, other, moved.LONGEST)) <= moved.LONGEST
