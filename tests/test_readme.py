"""What the README says is what the observations say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from report import __main__ as command
from report import load, matrix, readme
from report.edition import Edition
from report.errors import ReportError
from tests.conftest import PLATFORM

if TYPE_CHECKING:
    from pathlib import Path


def test_the_committed_readme_is_true(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--check", "--platform", PLATFORM]) == 0, capsys.readouterr().err


def test_a_readme_of_other_observations_is_not_true(tmp_path: Path) -> None:
    found = matrix.build(load.ROOT, PLATFORM)
    copy = tmp_path / "README.md"
    copy.write_text((load.ROOT / "README.md").read_text(encoding="utf-8"), encoding="utf-8")
    readme.write(copy, Edition(matrix=found))
    assert readme.is_true(copy, Edition(matrix=found))
    assert not readme.is_true(copy, Edition(matrix=replace(found, rows=found.rows[2:])))
    (tmp_path / readme.PICTURE).unlink()
    assert not readme.is_true(copy, Edition(matrix=found))


@pytest.mark.parametrize("text", ["", readme.BEGIN, f"{readme.END}{readme.BEGIN}"])
def test_a_readme_without_its_markers_is_told(text: str, tmp_path: Path) -> None:
    copy = tmp_path / "README.md"
    copy.write_text(text, encoding="utf-8")
    edition = Edition(matrix=matrix.build(load.ROOT, PLATFORM))
    with pytest.raises(ReportError, match=r"README\.md: the markers .* are missing; put them back"):
        readme.write(copy, edition)
    assert copy.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_a_readme_that_can_not_be_read_is_told(content: bytes | None, tmp_path: Path) -> None:
    copy = tmp_path / "README.md"
    if content is not None:
        copy.write_bytes(content)
    edition = Edition(matrix=matrix.build(load.ROOT, PLATFORM, only=""))
    for act in (readme.write, readme.is_true):
        with pytest.raises(ReportError, match=r"README\.md: can't be read: .*; restore it"):
            act(copy, edition)
