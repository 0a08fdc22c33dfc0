"""Test the published data: complete, valid, reproducible, and safe to open."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import feedparser  # type: ignore[import-untyped]
import jsonschema_rs
import pytest
from msgspec.structs import replace

from report import places
from report.evidence import State
from report.matrix.index import Index
from report.matrix.kinds import KINDS, NUMBERS
from report.site.exports import atom, data, markdown, spreadsheet
from report.text import for_spreadsheet
from tests.support import drawn, whole, world
from tests.support.extreme import WORLDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from report.matrix.records import Matrix

BUILT = "2026-11-23"
CELL = ("symbol", "role", "release", "state", "reason", "declared", "measured", "verdict")


@pytest.fixture(params=WORLDS)
def index(request: pytest.FixtureRequest) -> Index:
    return Index(matrix=WORLDS[request.param](), built=BUILT)


def published(index: Index) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(data.json_lines(data.matrix(index)))
    return content


def test_there_is_one_cell_for_every_symbol_role_and_release_in_order(index: Index) -> None:
    cells = published(index)["cells"]
    assert [(c["symbol"], c["role"], c["release"]) for c in cells] == [
        (row.symbol.name, row.role, release.version)
        for row in index.matrix.rows
        for release in index.matrix.releases
    ]


def test_the_cells_say_what_the_matrix_says(index: Index) -> None:
    wanted = [cell for row in index.matrix.rows for cell in row.cells]
    for cell, found in zip(wanted, published(index)["cells"], strict=True):
        assert set(CELL) <= set(found)
        assert (found["state"], found["reason"]) == (cell.state.value, cell.reason)
        assert found["verdict"] == (cell.verdict.name if cell.verdict else None)
        assert [one["std"] for one in found["measured"]] == [
            one.std for one in cell.evidence.measured
        ]
        assert found["reason"] or cell.state is State.OBSERVED


def test_the_published_schema_is_itself_valid_and_describes_every_field(index: Index) -> None:
    schema = json.loads(dict(data.files(index))["data/matrix.schema.json"])
    jsonschema_rs.meta.validate(schema)
    found = published(index)
    jsonschema_rs.validate(schema, found)
    assert set(found) == set(schema["properties"])
    parts = {"releases": "release", "symbols": "symbol", "cells": "cell", "changes": "change"}
    for name, definition in parts.items():
        known = set(schema["$defs"][definition]["properties"])
        for record in found[name]:
            described = f"describe it under {definition} in {places.MATRIX_SCHEMA.name}"
            assert set(record) == known, described


def broken() -> Iterator[Any]:
    """Yield matrices that must not be published, each with the rule that it breaks."""
    mini = world.mini()
    first = mini.rows[0]
    cell = replace(first.cells[2], reason=None)
    rows = (world.with_cells(first, (*first.cells[:2], cell, *first.cells[3:])), *mini.rows[1:])
    yield pytest.param(replace(mini, rows=rows), "reason", id="a missing value without a reason")
    release = replace(mini.releases[2], reason="")
    releases = (*mini.releases[:2], release, *mini.releases[3:])
    yield pytest.param(replace(mini, releases=releases), "reason", id="a release without one")


@pytest.mark.parametrize(("matrix", "field"), list(broken()))
def test_what_breaks_the_schema_is_not_published(matrix: Matrix, field: str) -> None:
    with pytest.raises(data.ExportError, match=field):
        data.matrix(Index(matrix=matrix))


def test_changes_are_the_histories_and_carry_stable_ids() -> None:
    mini = Index(matrix=world.mini(), built=BUILT)
    found = data.changes(mini)
    assert len(found) == len(mini.matrix.changes) == len({change["id"] for change in found})
    later = data.changes(Index(matrix=world.mini(), built="2027-01-01"))
    assert [change["id"] for change in later] == [change["id"] for change in found]
    gap = next(change for change in found if change["aspect"] == "measured" and not change["exact"])
    assert (gap["before"]["release"], gap["after"]["release"]) == ("1.1.0", "2.2.0rc0")


def test_evidence_that_was_not_recorded_is_never_a_change() -> None:
    """In the miniature world one cell has no evidence beside its weights."""
    exact = [change for change in data.changes(Index(matrix=world.mini())) if change["exact"]]
    assert all(change["before"]["value"] and change["after"]["value"] for change in exact)


def test_the_csv_has_one_line_for_each_run_and_no_formula(index: Index) -> None:
    text = spreadsheet.runs(index)
    assert text.endswith("\r\n")
    head, *records = csv.reader(io.StringIO(text, newline=""))
    assert tuple(head) == spreadsheet.RUNS
    runs = sum(len(row.runs[a]) for row in index.matrix.rows for a in KINDS)
    assert len(records) == runs
    assert {len(record) for record in records} == {len(head)}
    assert not [field for record in records for field in record if field.startswith(tuple("=+-@"))]


def test_the_changes_as_csv_are_those_of_json(index: Index) -> None:
    text = spreadsheet.changes(index)
    head, *records = csv.reader(io.StringIO(text, newline=""))
    assert tuple(head) == spreadsheet.CHANGES
    assert {len(record) for record in records} <= {len(head)}
    for record, change in zip(records, data.changes(index), strict=True):
        line = dict(zip(head, record, strict=True))
        assert (line["id"], line["aspect"], line["page"]) == (
            change["id"],
            change["aspect"],
            change["page"],
        )
        assert line["before_release"] == change["before"]["release"]
        assert line["after_release"] == change["after"]["release"]
        assert line["exact"] == ("yes" if change["exact"] else "no")
        assert line["degree"] == (change["degree"] or "")
    assert not [field for record in records for field in record if field.startswith(tuple("=+-@"))]


def test_a_change_of_numbers_has_its_degree_and_its_cause() -> None:
    name, (first, second, *_) = "tf.moving.dense", [each.version for each in world.RELEASES]
    one = world.observed(name, "kernel", first, "glorot_uniform")
    other = replace(
        world.observed(name, "kernel", second, "glorot_uniform"),
        evidence=world.recorded(whole.OTHER, one),
    )
    index = Index(matrix=world.matrix([world.row(name, "kernel", [one, other])]))
    content = published(index)
    found = {change["aspect"]: change for change in content["changes"]}
    numbers = found[NUMBERS.key]
    assert (numbers["before"]["value"], numbers["after"]["value"]) == (
        f"the numbers of {first}",
        f"the numbers of {second}",
    )
    assert numbers["degree"] == "other"
    assert numbers["cause"]["reasons"] == ["numbering"]
    assert numbers["cause"]["after"] == whole.stream(1, 0, 0)
    assert found["scope"]["degree"] is found["scope"]["cause"] is None
    (line,) = [
        each
        for each in csv.DictReader(io.StringIO(spreadsheet.changes(index), newline=""))
        if each["aspect"] == NUMBERS.key
    ]
    assert (line["degree"], line["cause"]) == ("other", "numbering")
    assert float(line["largest"]) == numbers["largest"] > 0
    assert content["cells"][0]["epochs"] == {"numbers": first, "own_seed": first}


SIGNS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff20A1",
    "\u22121",
    "\ufe661",
)
BEFORE = ("", " ", "\n", "\r\n", "\t", "  \n ", "\xa0", "\u3000", "\u2003", "\xad", "\U000e0020")


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("before", BEFORE)
def test_a_field_that_looks_like_a_formula_is_defused(before: str, sign: str) -> None:
    assert for_spreadsheet(before + sign) == f"'{before}{sign}"


@pytest.mark.parametrize(
    "char", ["\x00", "\x0b", "\x0c", "\x1f", "\x7f", "\u200b", "\ufeff", "\u2028"]
)
def test_a_character_that_steers_is_shown_before_a_formula(char: str) -> None:
    assert for_spreadsheet(f"{char}=1") == f"\\u{ord(char):04x}=1"


def test_a_run_without_a_value_says_why_in_each_of_its_releases() -> None:
    held = {"numbers": [drawn.numbers()], "repeat": {"tf": True, "keras": None}}
    row = drawn.row(drawn.symbol("tf.layers.Dense"), State.ABSENT, State.ABSENT, held, held)
    cells = (replace(row.cells[0], reason="no layers"), *row.cells[1:])
    text = spreadsheet.runs(drawn.index(world.with_cells(row, cells)))
    runs = {(each["aspect"], each["first"]): each for each in csv.DictReader(io.StringIO(text))}
    assert runs["measured", "1.15.5"]["reason"] == "1.15.5: no layers; 2.0.4: why"
    assert runs["measured", "2.1.4"]["reason"] == ""
    assert runs["own_seed", "2.1.4"]["reason"] == "does not apply"


@pytest.mark.parametrize("text", ["\tglorot", "\rglorot", "\nglorot"])
def test_a_field_that_begins_with_a_break_is_defused(text: str) -> None:
    assert for_spreadsheet(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", " ", "glorot_uniform", " a=1", "tf.keras", "0.05", "(=1)", None]
)
def test_any_other_field_stays_as_it_is(text: str | None) -> None:
    assert for_spreadsheet(text) == (text or "")


def test_a_hostile_reason_can_not_start_a_formula_in_any_table() -> None:
    hostile = " \n=HYPERLINK(A1)"
    mini = world.mini()
    row = mini.rows[0]
    cells = (replace(cell, reason=hostile) if cell.reason else cell for cell in row.cells)
    index = Index(matrix=replace(mini, rows=(world.with_cells(row, cells), *mini.rows[1:])))
    fields = [
        field
        for text in (spreadsheet.runs(index), spreadsheet.changes(index))
        for record in csv.reader(io.StringIO(text, newline=""))
        for field in record
    ]
    assert f"'{hostile}" in fields
    assert not [field for field in fields if field.strip().startswith(tuple("=+-@"))]


def test_the_feed_is_read_and_has_an_entry_for_each_change(index: Index) -> None:
    feed = atom.feed(index)
    assert feed is not None
    read = feedparser.parse(feed)
    assert not read.bozo
    ids = [entry.id for entry in read.entries]
    assert len(ids) == len(set(ids)) == len(index.matrix.changes)
    assert set(ids) == {f"urn:uuid:{change['id']}" for change in data.changes(index)}
    pages = {f"urn:uuid:{change['id']}": change["page"] for change in data.changes(index)}
    assert all(entry.link == f"../{pages[entry.id]}" for entry in read.entries)


def test_an_entry_is_dated_by_its_release_and_a_rebuild_keeps_the_date() -> None:
    mini = world.mini()
    dates = [
        {entry.id: entry.updated for entry in feedparser.parse(atom.feed(index)).entries}
        for index in (Index(matrix=mini, built=built) for built in (BUILT, "2027-01-01"))
    ]
    releases = {
        f"urn:uuid:{data.identity(mini.platform, c)}": c.after_release for c in mini.changes
    }
    known = {release.version: release.cutoff for release in mini.releases}
    assert set(releases.values()) >= {"1.1.0", "2.2.0rc0"}
    for identity, version in releases.items():
        assert dates[0][identity] == dates[1][identity] == f"{known[version]}T00:00:00Z"


def test_one_more_change_is_one_more_entry() -> None:
    mini = world.mini()
    fewer = Index(matrix=replace(mini, changes=mini.changes[1:]), built=BUILT)
    ids = [
        {entry.id for entry in feedparser.parse(atom.feed(index)).entries}
        for index in (fewer, Index(matrix=mini, built=BUILT))
    ]
    assert ids[0] < ids[1]
    assert len(ids[1] - ids[0]) == 1


def test_without_a_date_there_is_no_feed_and_none_is_made_up() -> None:
    assert atom.feed(Index(matrix=world.mini())) is None


def test_a_record_is_a_line_so_that_a_diff_reads() -> None:
    index = Index(matrix=world.mini())
    lines = data.json_lines(data.matrix(index)).splitlines()
    cells = [line for line in lines if line.startswith('{"symbol":') and '"state"' in line]
    assert len(cells) == len(index.matrix.rows) * len(index.matrix.releases)


def test_the_short_answer_names_what_the_rows_draw() -> None:
    answer = markdown.short_answer(Index(matrix=world.mini()))
    assert "**glorot\\_uniform** kernels in 2 of 3 observed releases" in answer
    assert "`tf.get_variable`" in answer
