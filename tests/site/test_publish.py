"""Test the command that publishes the site: its content, platform and options."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from report import __main__ as command
from report.evidence import platforms
from report.site import staging
from tests.support import roots, samples

if TYPE_CHECKING:
    from pathlib import Path


def sentence(capsys: pytest.CaptureFixture[str]) -> str:
    """Return the only line on standard error."""
    (line,) = capsys.readouterr().err.splitlines()
    return line


# What is published


def test_only_what_was_accepted_is_published_by_the_bytes_that_were_read(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = root / "observations" / samples.PLATFORM
    secret = root / "secret.json"
    secret.write_text("nobody may read this", encoding="utf-8")
    roots.at(root, "1.1.0").unlink()
    roots.at(root, "1.1.0").symlink_to(secret)
    (folder / "notes.json").write_text('{"mine": true}', encoding="utf-8")
    (folder / "1.2.1.json").touch()
    os.truncate(folder / "1.2.1.json", 2**30)  # sparse: it takes no place
    read = roots.at(root, "1.0.1").read_bytes()
    assert command.main(["site"]) == 1
    published = root / "site" / "data" / "observations"
    assert {path.name: path.read_bytes() for path in published.iterdir()} == {"1.0.1.json": read}
    errors = capsys.readouterr().err
    assert "1.1.0.json: a symbolic link" in errors
    assert "notes.json: no release of this name" in errors


def test_a_file_that_changes_meanwhile_is_published_as_it_was_read(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = roots.at(root, "1.0.1").read_bytes()
    original = staging.staged

    def changing(site: Path) -> object:
        roots.at(root, "1.0.1").write_text("something else", encoding="utf-8")
        return original(site)

    monkeypatch.setattr("report.site.publish.staged", changing)
    assert command.main(["site"]) == 0
    published = root / "site" / "data" / "observations" / "1.0.1.json"
    assert published.read_bytes() == read


# Platforms


def test_an_unknown_platform_is_an_error_that_lists_what_there_is(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "site").mkdir()
    (root / "site" / "index.html").write_text("old", encoding="utf-8")
    (root / "observations" / "empty").mkdir()
    for unknown in ("nonsense", "empty", "../observations/linux-x86_64"):
        assert command.main(["site", "--platform", unknown]) != 0
        assert sentence(capsys) == (
            f"--platform {unknown}: nothing was observed there; there is {samples.PLATFORM}"
        )
    assert (root / "site" / "index.html").read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("asked", [[], ["--platform", "darwin-arm64"]])
def test_a_machine_without_observations_shows_the_committed_ones_and_says_so(
    asked: list[str],
    root: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(platforms, "machine", lambda: "darwin-arm64")
    assert command.main(["site", *asked]) == 0
    notice = f"nothing was observed on darwin-arm64; shown is {samples.PLATFORM}"
    assert sentence(capsys) == notice
    data = json.loads((root / "site" / "data" / "matrix.json").read_text(encoding="utf-8"))
    assert data["platform"] == samples.PLATFORM
    assert data["unobserved_platform"] == "darwin-arm64"
    assert {release["status"] for release in data["releases"]} == {"observed"}
    for page in ("index.html", "about.html", "release/1.0.1.html", "matrix.md"):
        text = (root / "site" / page).read_text(encoding="utf-8").replace("\\", "").replace("`", "")
        assert notice[1:] in text, page


def test_a_report_says_what_was_measured_here_and_what_the_machine_lacks(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lacking = "CPython 3.6 is not on this machine"
    assert command.main(["site", "--measured", "1.0.1", "--lacking", lacking]) == 0
    printed = capsys.readouterr()
    assert "2 of 2 releases observed, 1 of them measured here, " in printed.out
    assert lacking in printed.err
    assert (root / "site" / "index.html").exists()


def test_a_platform_with_observations_is_shown_without_a_mark(root: Path) -> None:
    assert command.main(["site", "--platform", samples.PLATFORM]) == 0
    assert "othing was observed on" not in (root / "site" / "index.html").read_text("utf-8")


# Options and environment


@pytest.mark.parametrize("epoch", ["abc", "1e9", "9" * 30, "-" + "9" * 30, " "])
def test_a_date_that_is_none_is_told_and_the_site_untouched(
    epoch: str,
    root: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert command.main(["site"]) != 0
    assert sentence(capsys).startswith(f"SOURCE_DATE_EPOCH={epoch}: not a number of seconds")
    assert not (root / "site").exists()


def test_a_date_of_the_environment_is_that_of_the_site(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert command.main(["site"]) == 0
    assert "as of 1970-01-02" in (root / "site" / "index.html").read_text(encoding="utf-8")


def test_a_release_that_is_not_in_the_table_can_not_be_measured_here(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["site", "--measured", "1.0.1", "9.9"]) != 0
    assert sentence(capsys) == (
        "--measured 9.9: not in the table of releases, which has 1.0.1, 1.1.0"
    )
    assert not (root / "site").exists()
