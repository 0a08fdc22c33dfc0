"""Test the comparison with other platforms in the published data, JSON and CSV."""

from __future__ import annotations

import csv
import html
import io
import json
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from report import __main__ as command
from report import places
from report.evidence import platforms as chosen
from report.matrix import Index, across, build_matrix
from report.site import publish
from report.site.exports import data, markdown, spreadsheet
from tests.support import samples
from tests.support.samples import DENSE, VARIABLE
from tests.support.two_platforms import (
    ARM,
    ON_BOTH,
    OWN,
    VERSIONS,
    checkout,
    kernel,
    observation,
    round_off,
    store,
)

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "=HYPERLINK(A1) <b>\u202e"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a checkout whose platforms differ in three ways in 1.2.1."""
    root = checkout(tmp_path)
    differing = observation("1.2.1", ARM)
    round_off(differing)
    kernel(differing)["measured"][0]["mean"] += 1e-9
    differing["symbols"][1] = samples.blank(differing["symbols"][1], "failed", HOSTILE)
    store(root, differing)
    return root


def index(root: Path, platform: str = OWN) -> Index:
    """Return the index of a platform's matrix, with its comparisons."""
    shown = build_matrix(root, platform)
    return Index(matrix=shown, across=across.with_others(root, shown))


def published(root: Path, platform: str = OWN) -> dict[str, Any]:
    """Return the comparison with the only other platform, as it is published."""
    content: dict[str, Any] = json.loads(data.json_lines(data.matrix(index(root, platform))))
    (found,) = content["platforms"]
    return dict(found)


def lines(root: Path) -> list[dict[str, str]]:
    """Return the lines of the CSV."""
    return list(csv.DictReader(io.StringIO(spreadsheet.platforms(index(root)), newline="")))


def test_what_was_compared_is_said_and_what_was_not(root: Path) -> None:
    found = published(root)
    assert (found["platform"], found["compared"]) == (ARM, [*ON_BOTH])
    assert found["releases"] == [
        {"release": "1.0.1", "here": "observed", "there": None},
        *({"release": each, "here": "observed", "there": "observed"} for each in ON_BOTH),
    ]
    assert published(root, ARM)["releases"][0] == {
        "release": "1.0.1",
        "here": None,
        "there": "observed",
    }


def test_every_difference_has_its_values_and_its_degree(root: Path) -> None:
    found = published(root)
    by_aspect = {each["aspect"]: each for each in found["differences"]}
    assert by_aspect.keys() == {"numbers", "state"}
    numbers, state = by_aspect["numbers"], by_aspect["state"]
    assert (numbers["symbol"], numbers["role"], numbers["release"]) == (DENSE, "kernel", "1.2.1")
    assert numbers["degree"] == "but for rounding"
    assert 0 < numbers["largest"] < 1e-4
    assert "sha256 aaaaaaaa" in numbers["here"]
    assert "sha256 cccccccc" in numbers["there"]
    assert (state["symbol"], state["here"]) == (VARIABLE, "observed")
    assert state["there"] == f"failed: {HOSTILE}"
    assert (state["degree"], state["largest"]) == (None, None)
    assert found["others"] == [{"release": "1.2.1", "field": "measured", "cells": 1}]


def test_the_other_direction_swaps_the_values(root: Path) -> None:
    here, there = published(root)["differences"], published(root, ARM)["differences"]
    swapped = [{**each, "here": each["there"], "there": each["here"]} for each in here]
    key = ("symbol", "aspect")
    assert sorted(swapped, key=lambda d: [d[k] for k in key]) == sorted(
        there, key=lambda d: [d[k] for k in key]
    )


def test_the_schema_describes_every_field(root: Path) -> None:
    schema = data.schema()
    found = published(root)
    jsonschema_rs.validate(schema, data.matrix(index(root)))
    assert set(found) == set(schema["$defs"]["across"]["properties"])
    for each in found["differences"]:
        assert set(each) == set(schema["$defs"]["difference"]["properties"])


def test_the_csv_has_a_line_for_each_release_and_each_difference(root: Path) -> None:
    found = lines(root)
    assert {line["platform"] for line in found} == {ARM}
    releases = [line for line in found if line["aspect"] == "release"]
    assert [(line["release"], line["here"], line["there"]) for line in releases] == [
        ("1.0.1", "observed", ""),
        ("1.1.0", "observed", "observed"),
        ("1.2.1", "observed", "observed"),
    ]
    differing = [line for line in found if line not in releases]
    expected = published(root)["differences"]
    assert [(line["symbol"], line["aspect"]) for line in differing] == [
        (each["symbol"], each["aspect"]) for each in expected
    ]
    assert float(differing[0]["largest"]) == expected[0]["largest"]


def test_no_field_of_the_csv_is_a_formula(root: Path) -> None:
    data = observation("1.2.1", ARM)
    kernel(data)["declared"]["default"] = HOSTILE
    kernel(data)["declared"]["keyword"] = "=cmd"
    store(root, data)
    (line,) = [each for each in lines(root) if each["aspect"] == "declared"]
    assert line["there"].startswith("'=cmd=")
    assert "\u202e" not in line["there"]


def test_without_another_platform_the_files_say_so(root: Path) -> None:
    for path in (root / "observations" / ARM).iterdir():
        path.unlink()
    alone = index(root)
    assert data.matrix(alone)["platforms"] == []
    assert spreadsheet.platforms(alone).splitlines() == [",".join(spreadsheet.PLATFORMS)]


@pytest.mark.parametrize("platform", [OWN, ARM])
def test_a_report_of_either_platform_has_the_columns_of_its_entries(
    platform: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "ROOT", root)
    assert command.main(["site", "--platform", platform]) == 0
    folder = root / "site" / "data"
    content = json.loads((folder / "matrix.json").read_text("utf-8"))
    expected = {OWN: VERSIONS, ARM: ON_BOTH}[platform]
    assert [release["version"] for release in content["releases"]] == [*expected]
    assert [each["platform"] for each in content["platforms"]] == [{OWN: ARM, ARM: OWN}[platform]]
    assert len((folder / "platforms.csv").read_text("utf-8").splitlines()) == 1 + 3 + 2


def test_a_damaged_observation_of_another_platform_is_told_and_blocks_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(places, "ROOT", root)
    for words in (["site", "--readme"], ["check"]):
        assert command.main([*words, "--platform", OWN]) == 0
    (root / "observations" / ARM / "1.2.1.json").write_text("{", encoding="utf-8")
    capsys.readouterr()
    for words in (["site"], ["check"]):
        assert command.main([*words, "--platform", OWN]) == 1
        (sentence, *_) = capsys.readouterr().err.splitlines()
        assert sentence.startswith(f"{ARM}/1.2.1.json: not JSON: ")
    content = json.loads((root / "site" / "data" / "matrix.json").read_text("utf-8"))
    assert content["platforms"][0]["problems"] == [sentence]
    assert content["platforms"][0]["compared"] == ["1.1.0"]


def test_the_readme_has_the_answer_of_the_project_s_own_platform(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "ROOT", root)
    for version in ON_BOTH:
        store(root, observation(version, ARM, symbols=[samples.dense("he_uniform")]))
    own, other = (markdown.short_answer(index(root, platform)) for platform in (OWN, ARM))
    assert own != other
    for platform in (ARM, OWN):
        assert command.main(["site", "--readme", "--platform", platform]) == 0
        assert own in (root / "README.md").read_text("utf-8")
        assert command.main(["check", "--platform", platform]) == 0


@pytest.mark.parametrize(("machine", "shown"), [(ARM, ARM), (OWN, OWN), ("darwin-arm64", OWN)])
def test_a_machine_shows_its_own_platform_or_else_the_project_s(
    machine: str, shown: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "ROOT", root)
    monkeypatch.setattr(chosen, "machine", lambda: machine)
    assert command.main(["site"]) == 0
    content = json.loads((root / "site" / "data" / "matrix.json").read_text("utf-8"))
    assert content["platform"] == shown
    assert content["unobserved_platform"] == (None if machine == shown else machine)


def test_what_was_measured_here_is_of_this_machines_platform(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(places, "ROOT", root)
    for machine, count in ((OWN, 2), (ARM, 0)):
        monkeypatch.setattr(chosen, "machine", lambda machine=machine: machine)
        assert command.main(["site", "--platform", OWN, "--measured", *ON_BOTH]) == 0
        assert f"{count} of them measured here" in capsys.readouterr().out
    monkeypatch.setattr(chosen, "machine", lambda: OWN)
    assert command.main(["site", "--platform", ARM, "--measured", *VERSIONS]) == 0


def test_the_commands_on_a_page_are_those_of_its_platform(root: Path) -> None:
    for platform, command_ in ((OWN, 'nox -s "probe('), (ARM, "nox -s elsewhere -- ")):
        publish.write_site(build_matrix(root, platform), root / "site")
        about = html.unescape((root / "site" / "about.html").read_text("utf-8"))
        assert f"<code>{command_}" in about
        assert ("AVX-512" in about) == (platform == OWN)


def test_a_release_that_can_not_be_installed_has_no_command() -> None:
    known = {each.version: each for each in build_matrix(places.ROOT, ARM).releases}
    assert [version for version, each in known.items() if not each.commands] == ["2.10.1", "2.11.1"]
    assert known["2.12.1"].commands[0] == f"nox -s elsewhere -- 2.12.1 --platform {ARM}"
