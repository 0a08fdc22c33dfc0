"""Test that ids depend on symbol, role, kind and environments, not on wording."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import feedparser  # type: ignore[import-untyped]
import msgspec
import pytest
from msgspec.structs import force_setattr, replace

from report.evidence import Declared, State, environment
from report.matrix import kinds
from report.matrix.index import Index
from report.matrix.kinds import KINDS, SCOPE
from report.site import publish
from report.site.exports import atom, data
from report.story import marks
from tests.support import whole, world

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from report.matrix.records import Cell, Matrix, Row

BUILT = "2026-11-23"
# each law has another name, and no two have the same
NAMES = {
    "glorot_uniform": "he_uniform",
    "he_normal": "glorot_normal",
    "zeros": "ones",
    "uniform_unit_scaling": "lecun_normal",
    "truncated_normal(stddev=0.1)": "random_normal(stddev=0.05)",
}


def reworded(cell: Cell) -> Cell:
    """Return a cell with all values reworded; equal values stay equal."""
    if cell.state is not State.OBSERVED or cell.verdict is None:
        return replace(cell, reason=f"in other words: {cell.reason}")
    resolved = cell.evidence.resolved
    if resolved:
        resolved = msgspec.structs.replace(resolved, class_name=f"{resolved.class_name}V3")
    return replace(
        cell,
        verdict=replace(cell.verdict, name=NAMES.get(cell.verdict.name, cell.verdict.name)),
        evidence=replace(
            cell.evidence,
            declared=Declared(keyword="init", default=f"{cell.evidence.declared}"),
            resolved=resolved,
            notices=tuple(f"{notice}!" for notice in cell.evidence.notices),
        ),
    )


def rewritten(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Return rows with all values reworded."""
    return tuple(world.with_cells(row, map(reworded, row.cells)) for row in rows)


def moving() -> Matrix:
    """Return a matrix in which every kind of evidence changes between two releases."""
    name = "tf.moving.dense"
    releases = [release.version for release in world.RELEASES]
    last = world.observed(name, "kernel", releases[-1], "he_normal")
    moved = world.row(
        name,
        "kernel",
        [
            world.blank(name, "kernel", releases[0], State.ABSENT, "not there"),
            world.observed(name, "kernel", releases[1], "glorot_uniform"),
            *(world.blank(name, "kernel", each, State.UNREACHED, "-") for each in releases[2:4]),
            replace(
                last,
                evidence=replace(world.recorded(whole.OTHER), measured=last.evidence.measured),
            ),
        ],
    )
    return world.matrix((*world.mini().rows, moved))


def identities(matrix: Matrix) -> dict[str, list[str]]:
    """Return all ids and URLs of the site's changes, cells and feed entries."""
    index = Index(matrix=matrix, built=BUILT)
    files = dict(publish.files(index))
    found = {
        path: re.findall(r'\bid="([^"]*)"', text)
        for path, text in files.items()
        if path.endswith(".html") and not path.startswith("answer/")  # a law brings its theory
    }
    feed = feedparser.parse(atom.feed(index))
    found["feed"] = sorted((entry.id, entry.link) for entry in feed.entries)
    found["json"] = sorted((one["id"], one["page"]) for one in data.changes(index))
    return found


@contextmanager
def as_it_were(records: Sequence[msgspec.Struct], *names: str) -> Iterator[None]:
    """Give fields of frozen records another text as long as the block runs."""
    before = [(record, name, getattr(record, name)) for record in records for name in names]
    try:
        for record, name, text in before:
            force_setattr(record, name, f"{text}, as it were")
        yield
    finally:
        for record, name, text in before:
            force_setattr(record, name, text)


def test_rewording_every_value_changes_no_id(monkeypatch: pytest.MonkeyPatch) -> None:
    before = moving()
    unchanged = set(KINDS) - {change.kind for change in before.changes}
    assert not unchanged, "give it two values that differ in tests/support/whole.py"
    expected = identities(before)
    names = ("REPEATS", "_DECIDES", "_OTHERS", "_SCOPES")
    tables: list[dict[Any, str]] = [getattr(kinds, name) for name in names]
    for table in tables:
        for key, text in list(table.items()):
            monkeypatch.setitem(table, key, f"{text}, as it were")
    with as_it_were(KINDS, "title", "question"):
        after = world.matrix(rewritten(before.rows))
        assert len(after.changes) == len(before.changes)
        assert [one.after for one in after.changes] != [one.after for one in before.changes]
        assert identities(after) == expected


def test_rewording_every_state_and_mark_changes_no_id() -> None:
    matrix = moving()
    expected = identities(matrix)
    every = {*marks.STATES, *marks.NOTES, *marks.BY_STATE.values()}
    with as_it_were([*every], "code", "text", "phrase", "meaning"):
        assert identities(matrix) == expected


def test_an_id_names_the_platform_unless_it_is_the_first_one() -> None:
    assert environment("2.15.1", "linux-x86_64") == "2.15.1"
    assert environment("2.15.1", "macos-arm64") == "2.15.1-macos-arm64"
    mini = world.mini()
    ids = [
        {change["id"] for change in data.changes(Index(matrix=matrix))}
        for matrix in (mini, replace(mini, platform="macos-arm64"))
    ]
    assert len(ids[0]) == len(ids[1]) == len(mini.changes)
    assert not ids[0] & ids[1]


@pytest.mark.parametrize("field", ["symbol", "role", "kind", "before_release", "after_release"])
def test_an_id_holds_all_that_tells_two_changes_apart(field: str) -> None:
    change = world.mini().changes[0]
    other = {"kind": SCOPE}.get(field, "another")
    moved = replace(change, **{field: other})
    assert data.identity("linux-x86_64", moved) != data.identity("linux-x86_64", change)
    reworded_change = replace(change, before="other", after="words", exact=not change.exact)
    assert data.identity("linux-x86_64", reworded_change) == data.identity("linux-x86_64", change)
