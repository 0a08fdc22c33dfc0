"""Test that the README's figures are generated from the data."""

from __future__ import annotations

import re
import resource
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from report import places
from report.__main__ import main
from report.errors import ReportError
from report.evidence import State
from report.matrix.index import Index
from report.site.exports import readme
from tests.support import damage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

README = places.ROOT / "README.md"
# A number that is no version (2.16, 3.6) and no part of a word (x86-64, float32), or has a unit.
FIGURE = re.compile(r"(?<![\w.,-])\d[\d,]*\d(?![\w.-]*\w)|\d[\d.,]*\s?(?:%|[kMG]B\b|s\b|minutes)")


def prose(text: str) -> str:
    """Return the text of the README that is neither generated nor code."""
    typed = text.partition(readme.BEGIN)[0] + text.partition(readme.END)[2]
    return re.sub(r"`[^`]*`|^    .*$", "", typed, flags=re.MULTILINE)


def test_what_the_report_writes_is_what_the_observations_say() -> None:
    assert main(["check"]) == 0


def test_the_table_of_states_names_each_as_the_data_do() -> None:
    table = README.read_text("utf-8").partition("| `state` |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(.*?)`", table, re.MULTILINE) == [state.value for state in State]


def test_no_figure_of_the_data_is_typed_by_hand() -> None:
    assert FIGURE.findall(prose(README.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "figure",
    [
        "all 40 releases",
        "0 of 34,068 draws",
        "errors of 2 % are seen",
        "needs 0.6 GB",
        "in 5 minutes",
    ],
)
def test_a_figure_is_seen(figure: str) -> None:
    assert FIGURE.search(prose(figure))


def test_versions_and_names_are_no_figures() -> None:
    text = "Linux x86-64 with Python 3.11: float32 since 2.16, Conv2D in 2.22.0rc0, one of 2 `40`"
    assert not FIGURE.search(prose(text))


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """Limit the size of files in this process, as if the disk were full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_readme_for_which_there_is_no_room_stays_as_it_was(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    typed = f"{readme.BEGIN}\n{readme.END}\n" + "typed by hand\n" * 2000
    page.write_text(typed, encoding="utf-8")
    with full_disk(20_000), pytest.raises(ReportError, match="can't be written"):
        readme.write(page, Index(matrix=damage.whole()))
    assert page.read_text(encoding="utf-8") == typed
    assert {path.name for path in tmp_path.iterdir()} == {"README.md", "docs"}


def test_a_readme_that_is_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(f"{readme.BEGIN}\n{readme.END}\n", encoding="utf-8")
    (tmp_path / "page.md").chmod(0o640)
    (tmp_path / "README.md").symlink_to("page.md")
    readme.write(tmp_path / "README.md", Index(matrix=damage.whole()))
    assert (tmp_path / "README.md").is_symlink()
    assert "glorot" in (tmp_path / "page.md").read_text(encoding="utf-8")
    assert (tmp_path / "page.md").stat().st_mode & 0o777 == 0o640
