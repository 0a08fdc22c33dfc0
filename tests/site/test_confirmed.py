"""Test how pages show when observations were last confirmed, and problems with that."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from report import __main__ as command
from report import places
from report.matrix import build_matrix
from report.site.publish import write_site
from report.story import marks
from tests.support import roots, samples
from tests.support.markup import parsed, text

if TYPE_CHECKING:
    from pathlib import Path

VERSIONS = ("1.0.1", "1.1.0", "1.2.1")
HOSTILE = "<script>alert(1)</script>\u202e & |x|"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a checkout of three releases, on which the report works."""
    monkeypatch.setattr(places, "ROOT", tmp_path)
    return roots.observed(tmp_path, VERSIONS)


def confirm(root: Path, *lines: str) -> None:
    """Write ``confirmed.toml`` with these lines."""
    path = roots.at(root, VERSIONS[0]).with_name("confirmed.toml")
    path.write_text("\n".join(lines), encoding="utf-8")


def line(root: Path, version: str, where: str = "local", day: str = "2026-11-26") -> str:
    """Return the line of a release whose measurement reproduced its observation."""
    digest = hashlib.sha256(roots.at(root, version).read_bytes()).hexdigest()[:16]
    fields = {"date": day, "where": where, "python": "3.6.15", "observation": digest}
    if where == "local":
        fields["commit"] = "f560ad1b2c3d with changes"
    pairs = ", ".join(f"{name} = {json.dumps(value)}" for name, value in fields.items())
    return f'"{version}" = {{ {pairs} }}'


def site(root: Path) -> Path:
    """Write the site of a checkout; return its folder."""
    write_site(build_matrix(root, samples.PLATFORM), root / "site")
    return root / "site"


def shown(made: Path, version: str) -> str:
    """Return the text after "Last confirmed" on the page of a release."""
    facts = parsed(made / "release" / f"{version}.html").iter("dl")
    (found,) = (
        text(value)
        for each in facts
        for term, value in zip(each.iter("dt"), each.iter("dd"), strict=True)
        if text(term) == "Last confirmed"
    )
    return found


def test_a_confirmation_is_shown_of_the_bytes_that_are_stored_alone(root: Path) -> None:
    other = line(root, "1.1.0")
    run = line(root, "1.2.1", "GitHub Actions run 123", "2026-11-20")
    data = samples.observation("1.1.0", tutorial=roots.NO_TUTORIAL, symbols=[samples.dense()])
    roots.store(root, "1.1.0", data)
    confirm(root, line(root, "1.0.1"), other, run)
    made = site(root)
    assert [shown(made, version) for version in VERSIONS] == [
        "2026-11-26, locally, CPython 3.6.15, commit f560ad1b2c3d with changes",
        marks.SILENT.text,
        "2026-11-20, by GitHub Actions run 123, CPython 3.6.15",
    ]
    assert (
        "On record are confirmations of 2 of 3 observations, the oldest of 2026-11-20 and the "
        "newest of 2026-11-26."
    ) in text(parsed(made / "about.html"))
    days = [row.rpartition(" | ")[2] for row in table(made)]
    assert days == ["2026-11-26 |", f"{marks.SILENT.text} |", "2026-11-20 |"]
    releases = json.loads((made / "data" / "matrix.json").read_text("utf-8"))["releases"]
    first, second, third = (release["confirmed"] for release in releases)
    assert first["date"] == "2026-11-26"
    assert second is None
    assert (third["where"], third["commit"]) == ("GitHub Actions run 123", None)


def table(made: Path) -> list[str]:
    """Return the rows of the table of releases in Markdown."""
    lines = (made / "matrix.md").read_text("utf-8").partition("## Releases")[2].splitlines()
    return [each for each in lines if each.startswith("| 1.")]


def test_of_one_day_the_page_about_names_one(root: Path) -> None:
    confirm(root, *(line(root, version) for version in VERSIONS))
    said = text(parsed(site(root) / "about.html"))
    assert "On record are confirmations of 3 of 3 observations, of 2026-11-26." in said


def test_without_a_confirmation_the_pages_say_so(root: Path) -> None:
    made = site(root)
    assert [shown(made, version) for version in VERSIONS] == [marks.SILENT.text] * 3
    assert "No confirmation is on record yet." in text(parsed(made / "about.html"))


def test_what_was_not_observed_has_nothing_to_confirm(root: Path) -> None:
    confirm(root, line(root, "1.0.1"))
    roots.at(root, "1.0.1").unlink()
    page = (site(root) / "release" / "1.0.1.html").read_text("utf-8")
    assert "Last confirmed" not in page


def test_a_damaged_line_is_reported_and_blocks_nothing(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    confirm(root, line(root, "1.0.1"), '"1.1.0" = <script>', line(root, "1.2.1"))
    for words in (["site", "--readme"], ["check"]):
        assert command.main([*words, "--platform", samples.PLATFORM]) == 0
        printed = capsys.readouterr()
        (sentence,) = printed.err.splitlines()
        assert sentence.startswith("confirmed.toml: line 2: Invalid value")
        assert ", 2 with a confirmation on record, " in printed.out
    assert command.main(["explain", samples.VARIABLE, "--platform", samples.PLATFORM]) == 0
    assert capsys.readouterr().err == f"{sentence}\n"
    assert sentence in text(parsed(root / "site" / "about.html"))
    data = json.loads((root / "site" / "data" / "matrix.json").read_text("utf-8"))
    assert data["confirmation_problem"] == sentence
    assert [release["confirmed"] is None for release in data["releases"]] == [False, True, False]


def test_explain_says_when_what_it_prints_was_confirmed(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    confirm(root, line(root, "1.2.1"))
    assert command.main(["explain", samples.VARIABLE, "--platform", samples.PLATFORM]) == 0
    (words,) = [each for each in capsys.readouterr().out.splitlines() if "as seen in" in each]
    assert words == (
        "    as seen in 1.2.1, last confirmed: 2026-11-26, locally, CPython 3.6.15, "
        "commit f560ad1b2c3d with changes"
    )


def test_hostile_text_stays_text(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    confirm(root, line(root, "1.0.1", HOSTILE), f'"1.1.0" = {HOSTILE}')
    made = site(root)
    for path in (made / "release" / "1.0.1.html", made / "about.html"):
        raw = path.read_text("utf-8")
        assert "<script>alert" not in raw
        assert "\u202e" not in raw
    harmless = HOSTILE.replace("\u202e", "\\u202e")
    assert f"by {harmless}, CPython 3.6.15" in shown(made, "1.0.1")
    assert command.main(["check", "--platform", samples.PLATFORM]) == 1  # of the README alone
    assert "\u202e" not in capsys.readouterr().err
