"""Test the reader of files and folders: links, pipes and unknown files are refused."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from report import places
from report.evidence import decode, platforms, reader, release_table
from tests.support import samples
from tests.support.stored import AGAIN, VALID, refusal, valid

ENTRY = release_table.Entry(
    version="1.0.1", distribution="tensorflow", python="3.6", cutoff="2017-03-22", tags=("tf1",)
)
STORED = sorted((places.ROOT / "observations").glob("*/*.json"))


@pytest.mark.parametrize(
    "data",
    [samples.observation(), samples.failed("1.0.1", "SIGILL: …"), samples.observation(protocol=1)],
)
def test_what_is_written_is_read(data: dict[str, Any], path: Path) -> None:
    samples.store(path.parent, data)
    assert reader.observation(path, "1.0.1") == data


def test_a_link_is_not_followed(path: Path, tmp_path: Path) -> None:
    outside = samples.store(tmp_path / "elsewhere", samples.observation())
    path.symlink_to(outside)
    assert refusal(path) == "1.0.1.json: a symbolic link; put the file itself there"


def test_a_link_to_nowhere_is_refused(path: Path) -> None:
    path.symlink_to(path)
    assert refusal(path).startswith("1.0.1.json: a symbolic link")


def test_a_folder_is_refused(path: Path) -> None:
    path.mkdir()
    assert refusal(path) == "1.0.1.json: not a file; see what is there"


def test_a_pipe_is_not_waited_for(path: Path) -> None:
    os.mkfifo(path)
    assert refusal(path) == "1.0.1.json: not a file; see what is there"


def test_a_file_larger_than_memory_is_not_read_to_its_end(path: Path) -> None:
    path.touch()
    os.truncate(path, 2**36)  # sparse: 64 GiB that take no disk space
    assert refusal(path) == f"1.0.1.json: more than 8,000,000 bytes{AGAIN}"


def test_a_file_that_vanished_is_refused(path: Path) -> None:
    assert refusal(path) == "1.0.1.json: not a file; see what is there"


def test_a_file_that_may_not_be_read_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path.write_bytes(VALID)
    monkeypatch.setattr(Path, "open", forbidden)  # root may read whatever a test forbids
    expected = "1.0.1.json: cannot be read: Permission denied; see what is there"
    assert refusal(path) == expected


def test_a_folder_that_may_not_be_listed_is_a_problem_and_not_an_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    folder = tmp_path / "observations" / samples.PLATFORM
    folder.mkdir(parents=True)
    assert platforms.known(tmp_path) == []
    monkeypatch.setattr(Path, "iterdir", refused)
    found = reader.observations(folder, ())
    assert found.problems["*"] == (
        "*.json: cannot be read: Permission denied; let this user read the folder"
    )
    assert platforms.known(tmp_path) == [samples.PLATFORM]


def test_a_folder_is_read_to_its_end(path: Path) -> None:
    path.write_bytes(VALID)
    for name in ("0.9.0", "1.0.1.part", "\udcff"):  # the last is no text in any encoding
        (path.parent / f"{name}.json").write_bytes(VALID)
    (path.parent / "notes.txt").write_bytes(b"no observation")
    found = reader.observations(path.parent, (ENTRY,))
    unknown = "no release of this name in releases.toml; add its row or remove the file"
    assert list(found.observations) == ["1.0.1"]
    assert list(found.problems.values()) == [
        f"0.9.0.json: {unknown}",
        f"1.0.1.part.json: {unknown}",
        rf"\udcff.json: {unknown}",
    ]


def test_a_problem_belongs_to_the_release_of_its_file(path: Path) -> None:
    path.write_bytes(b"")
    found = reader.observations(path.parent, (ENTRY,))
    assert found.observations == {}
    assert list(found.problems) == ["1.0.1"]


def test_evidence_of_another_platform_is_refused(path: Path) -> None:
    path.write_bytes(valid(platform="darwin-arm64"))
    found = reader.observations(path.parent, (ENTRY,))
    assert found.observations == {}
    assert list(found.problems.values()) == [
        f"1.0.1.json: platform: holds an observation of darwin-arm64{AGAIN}"
    ]


def test_a_platform_is_written_in_either_case(path: Path) -> None:
    path.write_bytes(valid(platform="Linux-X86_64"))
    assert reader.observations(path.parent, (ENTRY,)).problems == {}


def test_no_folder_is_no_observation(tmp_path: Path) -> None:
    assert reader.observations(tmp_path / "none", (ENTRY,)) == reader.Stored()


def test_observations_are_stored() -> None:
    assert STORED


@pytest.mark.parametrize("stored", STORED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_stored_observation_is_evidence(stored: Path) -> None:
    assert reader.observation(stored, stored.stem)["platform"] == stored.parent.name


@pytest.mark.parametrize("stored", STORED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_each_file_on_a_stored_call_path_is_of_a_distribution(stored: Path) -> None:
    """On some platforms TensorFlow's files are of another distribution than its name."""
    observed = decode.observation(reader.observation(stored, stored.stem))
    frames = [
        frame
        for answer in observed.answers
        for evidence in answer.evidence.values()
        for frame in evidence.call_path or ()
    ]
    assert frames
    assert not {frame.file for frame in frames if frame.distribution is None}
