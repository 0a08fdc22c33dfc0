"""Test the command ``check``: problems of observations, README, picture and table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from report import __main__ as command
from report import places
from report.matrix.index import Index
from report.site.exports import readme
from tests.support import samples
from tests.support.five_releases import Fault, built
from tests.support.roots import store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def check(root: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Return a function that runs the command ``check`` on the checkout."""
    monkeypatch.setattr(places, "ROOT", root)
    (root / "README.md").write_text(f"{readme.BEGIN}\n{readme.END}\n", encoding="utf-8")

    def run(*more: str) -> int:
        if (root / "probes" / "releases.toml").exists():
            readme.write(root / "README.md", Index(matrix=built(root)))
        return command.main(["check", "--platform", samples.PLATFORM, *more])

    return run


def test_check_finds_nothing_wrong(
    check: Callable[..., int], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check() == 0
    printed = capsys.readouterr()
    assert printed.out == (
        "4 of 5 releases observed, 0 of them measured here, 0 with a confirmation on record, "
        "0 changes; not observed: 2.1.4\n"
    )
    assert printed.err == ""
    assert not (root / "site").exists()


def test_check_tells_of_every_file_that_is_to_blame(
    fault: Fault, check: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert check() == (1 if fault.blamed else 0)
    printed = capsys.readouterr()
    assert printed.out.startswith("3 of 5 releases observed, ")
    assert [line[:12] for line in printed.err.splitlines()] == ["1.1.0.json: "] * fault.blamed


def test_check_tells_of_a_readme_that_says_something_else(
    check: Callable[..., int], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check() == 0
    path = root / "README.md"
    true = path.read_text(encoding="utf-8")
    assert "zeros" in true
    path.write_text(true.replace("zeros", "ones"), encoding="utf-8")
    assert command.main(["check", "--platform", samples.PLATFORM]) == 1
    assert "nox -s report -- --readme" in capsys.readouterr().err
    path.write_text("no markers\n", encoding="utf-8")
    assert command.main(["check", "--platform", samples.PLATFORM]) == 2
    assert readme.BEGIN in capsys.readouterr().err


def test_check_tells_of_a_picture_that_shows_something_else(
    check: Callable[..., int], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check() == 0
    picture = root / readme.PICTURE
    drawn = picture.read_text(encoding="utf-8")
    for other in (drawn.replace("1.0", "1.1"), None):
        if other is None:
            picture.unlink()
        else:
            picture.write_text(other, encoding="utf-8")
        assert command.main(["check", "--platform", samples.PLATFORM]) == 1
        assert "nox -s report -- --readme" in capsys.readouterr().err


def test_check_tells_of_a_file_that_no_release_has(
    check: Callable[..., int], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store(root, "9.9.9")
    assert check() == 1
    assert capsys.readouterr().err.startswith("9.9.9.json: no release of this name")


def test_check_without_a_table_says_so(
    check: Callable[..., int], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "probes" / "releases.toml").unlink()
    assert check() == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "releases.toml: not a table of releases" in printed.err
