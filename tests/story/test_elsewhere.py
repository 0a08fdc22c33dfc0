"""Test the command that compares what another machine observed with what is stored."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from report import __main__ as command
from report import places
from report.story import marks
from tests.support import samples
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


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a checkout in which the platforms differ by nature alone."""
    monkeypatch.setattr(places, "ROOT", tmp_path)
    return checkout(tmp_path)


@pytest.fixture
def haswell(root: Path) -> Path:
    """Return the folder of another processor, with the stored observations of two releases."""
    folder = root / ".nox" / "elsewhere" / "Haswell" / OWN
    for version in ON_BOTH:
        store(root, observation(version, OWN), folder)
    return folder


def printed(capsys: pytest.CaptureFixture[str], folder: Path, *versions: str, code: int = 0) -> str:
    """Return the output of the command, which must end with an exit code."""
    assert command.main(["elsewhere", str(folder), *versions]) == code
    caught = capsys.readouterr()
    assert caught.err == ""
    return caught.out


def headings(text: str) -> list[str]:
    """Return the headings of the sections in an output."""
    return [line[3:] for line in text.splitlines() if line.startswith("## ")]


# Another processor


def test_what_is_the_same_byte_for_byte_is_said_first(
    haswell: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = printed(capsys, haswell)
    assert text.splitlines()[0] == (
        f"# The same in `.nox/elsewhere/Haswell/{OWN}` as the stored `{OWN}`?"
    )
    assert text.splitlines()[2] == "- The same, byte for byte: 1.1.0, 1.2.1"
    assert headings(text) == ["What is the same"]
    assert "- Numbers: all of 4 cells, byte for byte\n" in text  # the biases have none
    assert "- Measured: all of 6 cells\n" in text


def test_a_network_that_was_left_out_is_no_difference(
    haswell: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store(root, observation("1.2.1", OWN, tutorial=None), haswell)
    text = printed(capsys, haswell)
    assert text.splitlines()[2:4] == [
        "- The same, byte for byte: 1.1.0",
        "- The same in all that was asked for: 1.2.1",
    ]
    assert headings(text) == ["What is the same"]


def test_a_stored_observation_without_its_network_is_not_evidence(
    haswell: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store(root, observation("1.2.1", OWN, tutorial=None))
    text = printed(capsys, haswell, code=1)
    assert "- 1.2.1: stored not observed (1.2.1.json: " in text


def test_other_numbers_on_another_processor_are_an_error(
    haswell: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = observation("1.2.1", OWN)
    round_off(data)
    store(root, data, haswell)
    text = printed(capsys, haswell, code=1)
    assert "- The same, byte for byte: 1.1.0\n" in text
    assert "- Not the same in what is listed below: 1.2.1\n" in text
    assert "- Numbers: 3 of 4 cells, byte for byte\n" in text
    (line,) = [each for each in text.splitlines() if "but for rounding" in each]
    assert line.startswith(f"- `{samples.DENSE}` kernel, 1.2.1: the same numbers but for rounding")
    assert printed(capsys, haswell, "1.1.0").count("1.2.1") == 0  # only what is asked for


@pytest.mark.parametrize("field", ["lock", "packages", "call_path", "measured"])
def test_whatever_else_differs_on_one_platform_is_an_error(
    field: str, haswell: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = observation("1.2.1", OWN)
    match field:
        case "lock":
            data["release"]["lock"] = "77" * 32
        case "packages":
            data["packages"] |= {"numpy": "1.12.1"}
        case "call_path":
            kernel(data)["call_path"][0][4] = "tensorflow"  # the name of the other distribution
        case _:
            kernel(data)["measured"][0]["mean"] += 1e-9
    store(root, data, haswell)
    told = {"lock": "release", "packages": "packages"}.get(field, field)
    text = printed(capsys, haswell, code=1)
    assert headings(text) == ["What is the same", "What else differs"]
    (line,) = [each for each in text.splitlines() if each.startswith("- 1.2.1: ")]
    assert line.startswith(f"- 1.2.1: `{told}`")


# What can't be compared


def test_a_named_release_that_is_not_there_is_an_error(
    haswell: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = printed(capsys, haswell, "1.0.1", "1.2.1", "9.9.9", code=1)
    assert "- The same, byte for byte: 1.2.1\n" in text
    assert headings(text)[-1] == "Releases that were not compared"
    assert f"- 1.0.1: stored observed, elsewhere {marks.UNSEEN.text} (not run yet: " in text
    assert "- 9.9.9: stored not in the table, elsewhere not in the table\n" in text
    assert "1.1.0" not in text


def test_without_anything_compared_nothing_is_said_to_be_the_same(
    haswell: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = printed(capsys, haswell, "1.0.1", code=1)
    assert text.splitlines()[2] == "Nothing was compared."
    assert headings(text) == ["Releases that were not compared"]


def test_a_damaged_observation_is_refused_with_its_sentence(
    haswell: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (haswell / "1.2.1.json").write_text("{", encoding="utf-8")
    (haswell / "<b>.json").write_text("{}", encoding="utf-8")
    text = printed(capsys, haswell, code=1)
    assert headings(text)[1:] == [
        "Releases that were not compared",
        "Observations that can't be used",
    ]
    assert "\n- 1.2.1.json: not JSON: " in text
    assert "\n- \\<b\\>.json: no release of this name in releases.toml; " in text
    assert "- The same, byte for byte: 1.1.0\n" in text


def test_an_observation_of_another_platform_than_its_folder_is_refused(
    haswell: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = observation("1.2.1", ARM) | {"release": observation("1.2.1", OWN)["release"]}
    store(root, data, haswell)
    text = printed(capsys, haswell, code=1)
    assert "1.2.1.json: platform: holds an observation of linux-aarch64; " in text.replace("\\", "")


@pytest.mark.parametrize("name", ["nowhere", "observations", "probes/releases.toml"])
def test_a_folder_without_observations_is_one_sentence(
    name: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["elsewhere", str(root / name)]) != 0
    caught = capsys.readouterr()
    assert caught.out == ""
    assert "no observation is there; name a folder" in caught.err
    assert len(caught.err.splitlines()) == 1


# Another platform


def test_another_platform_may_differ_and_every_difference_is_told(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = root / "observations" / ARM
    text = printed(capsys, folder)
    said = "- The same in all that was asked for but for distribution and lock: 1.1.0, 1.2.1"
    assert text.splitlines()[2] == said
    assert headings(text) == ["What is the same"]
    data = observation("1.2.1", ARM)
    round_off(data)
    kernel(data, 1)["measured"][0]["mean"] += 1e-9
    store(root, data)
    text = printed(capsys, folder)
    assert headings(text) == ["What is the same", "Numbers: 1 cell", "What else differs"]
    assert "- 1.2.1: `measured` in 1 cell" in text


def test_another_processor_of_another_platform_is_compared_with_that_platform(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = root / ".nox" / "observed" / "cortex-a57" / ARM
    store(root, observation("1.2.1", ARM), folder)
    text = printed(capsys, folder)
    assert text.splitlines()[0].endswith(f" as the stored `{ARM}`?")
    assert text.splitlines()[2] == "- The same, byte for byte: 1.2.1"
    data = observation("1.2.1", ARM)
    round_off(data)
    store(root, data, folder)
    assert "Numbers: 1 cell" in headings(printed(capsys, folder, code=1))


def test_a_named_release_that_another_platform_lacks_is_an_error(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = root / "observations" / ARM
    text = printed(capsys, folder, "1.0.1", code=1)
    assert "- 1.0.1: stored observed, elsewhere not in the table" in text


def test_the_stored_observations_are_the_same_as_themselves(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = printed(capsys, root / "observations" / OWN)
    assert text.splitlines()[2] == f"- The same, byte for byte: {', '.join(VERSIONS)}"


def test_an_older_lock_of_another_platform_is_told(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "probes" / "locks").mkdir()
    text = printed(capsys, root / "observations" / ARM, "1.2.1")
    assert headings(text)[-1] == "What else differs"
    assert text.splitlines()[-1] == (
        "- 1.2.1: not measured under `probes/locks/linux-aarch64/1.2.1.txt`"
    )


def test_thousands_of_cells_are_separated(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, places.ROOT / "observations" / ARM)
    counts = text.partition("## What is the same")[2].partition("##")[0]
    assert re.search(r"\d,\d{3} of \d,\d{3} cells", counts)
    assert not re.search(r"\d{4}", counts)


def test_hostile_text_stays_text(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data: dict[str, Any] = observation("1.2.1", ARM)
    hostile = "<script>\x1b[31m | `x`"
    data["symbols"][1] = samples.blank(data["symbols"][1], "failed", hostile)
    store(root, data)
    text = printed(capsys, root / "observations" / ARM)
    assert "<script>" not in text
    assert "\x1b" not in text
    assert "script" in text
