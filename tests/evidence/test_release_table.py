"""Test the table of releases: each error names the row, the field and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from report import __main__ as command
from report import places
from report.errors import TableError
from report.evidence import release_table
from tests.support import roots, samples

if TYPE_CHECKING:
    from pathlib import Path

ROW = samples.row("1.0.1", tags=["tf1"])
NEWER = samples.row("1.1.0", tags=["tf1"])


def without(field: str) -> str:
    """Return a table whose second row lacks a field."""
    fields = NEWER.strip("{} ").split(", ")
    kept = [each for each in fields if not each.startswith(f"{field} =")]
    assert len(kept) == len(fields) - 1
    return samples.table(ROW, f"{{ {', '.join(kept)} }}")


def changed(**fields: object) -> str:
    """Return a table whose second row has other fields."""
    return samples.table(ROW, samples.row("1.1.0", **({"tags": ["tf1"]} | fields)))


SECOND = "row 2 (1.1.0): "
ROWS = "a row is { version = "
LACKS = "Object missing required field"
# TOML, and a part of its refusal
TABLES = {
    "broken": ("releases = [", "not a table of releases: not TOML: Invalid value (at "),
    "not UTF-8": ("\udcff", "codec can't decode byte 0xff in position 0"),
    "too deep": (f"releases = {'[' * 100_000}", "not TOML: "),
    "empty": ("", "no rows under `releases`; restore the list of releases"),
    "other rows": ("others = []", "no rows under `releases`"),
    "no list": ("releases = 1", "no rows under `releases`"),
    "a list of no rows": ("releases = []", "no rows under `releases`"),
    "a row that is text": ('releases = ["1.0.1"]', f"row 1: Expected `object`, got `str`; {ROWS}"),
    "no version": (without("version"), f"row 2: {LACKS} `version`; {ROWS}"),
    "no tags": (without("tags"), f"{SECOND}{LACKS} `tags`; {ROWS}"),
    "no python": (without("python"), f"{SECOND}{LACKS} `python`; {ROWS}"),
    "no cut-off": (without("cutoff"), f"{SECOND}{LACKS} `cutoff`; {ROWS}"),
    "no distribution": (without("distribution"), f"{SECOND}{LACKS} `distribution`; {ROWS}"),
    "another field": (
        changed(colour=""),
        f"{SECOND}Object contains unknown field `colour`; {ROWS}",
    ),
    "a misspelt field": (
        changed(besides=["tf-keras"]),
        f"{SECOND}Object contains unknown field `besides`; {ROWS}",
    ),
    "a version that is a number": (
        samples.table(ROW.replace('"1.0.1"', "2.15")),
        f"row 1: Expected `str`, got `float` - at `$.version`; {ROWS}",
    ),
    "a version that is a path": (
        samples.table(samples.row("../1.0.1")),
        f"row 1 (../1.0.1): version '../1.0.1' is not a version of TensorFlow's; {ROWS}",
    ),
    "a day that is no text": (
        NEWER.replace('"2017-03-22"', "2017-03-22").join(("releases = [", "]")),
        f"row 1 (1.1.0): Expected `str`, got `date` - at `$.cutoff`; {ROWS}",
    ),
    "no day of the calendar": (
        changed(cutoff="2017-02-30"),
        f"{SECOND}cutoff '2017-02-30' is not a day since 2015-11-09, the upload of its wheel",
    ),
    "no day at all": (
        changed(cutoff="soon"),
        f"{SECOND}cutoff 'soon' is not a day since 2015-11-09",
    ),
    "a day before there was one": (
        changed(cutoff="1917-03-22"),
        f"{SECOND}cutoff '1917-03-22' is not a day since 2015-11-09, the upload of its wheel",
    ),
    "a day without hyphens": (
        changed(cutoff="20170322"),
        f"{SECOND}cutoff '20170322' is not a day",
    ),
    "a tag that is no list": (
        changed(tags="tf1"),
        f"{SECOND}Expected `array`, got `str` - at `$.tags`; {ROWS}",
    ),
    "a tag that is a number": (
        changed(tags=[1]),
        f"{SECOND}Expected `str`, got `int` - at `$.tags[0]`; {ROWS}",
    ),
    "a misspelt tag": (
        changed(tags=["tf1", "millstone"]),
        f"{SECOND}Invalid enum value 'millstone' - at `$.tags[1]`; {ROWS}",
    ),
    "another tag": (
        changed(tags=["old"]),
        "; tags are milestone, tf1, tf2, keras3",
    ),
    "a misspelt distribution": (
        changed(distribution="tensorflow_cpu"),
        f"{SECOND}Invalid enum value 'tensorflow_cpu' - at `$.distribution`; {ROWS}",
    ),
    "another distribution": (
        changed(distribution="tf"),
        "; distributions are tensorflow, tensorflow-cpu; ",
    ),
    "a whole Python": (
        changed(python="3.6.15"),
        f"{SECOND}python '3.6.15' is not a minor version; {ROWS}",
    ),
    "no reason": (changed(unavailable=" "), f"{SECOND}unavailable ' ' is not a reason; {ROWS}"),
    "listed twice": (samples.table(ROW, ROW), "1.0.1 is listed twice; remove one row"),
    "unsorted": (
        samples.table(NEWER, ROW),
        "1.0.1 is listed below 1.1.0, which is newer; sort the rows by version, oldest first",
    ),
    "sorted as text": (
        samples.table(samples.row("1.10.1"), samples.row("1.9.0")),
        "1.9.0 is listed below 1.10.1, which is newer; sort the rows by version",
    ),
    "a candidate below its release": (
        samples.table(samples.row("2.22.0"), samples.row("2.22.0rc0")),
        "2.22.0rc0 is listed below 2.22.0, which is newer",
    ),
}


@pytest.mark.parametrize(("text", "expected"), TABLES.values(), ids=TABLES)
def test_a_bad_table_is_refused_in_one_sentence(text: str, expected: str, tmp_path: Path) -> None:
    path = tmp_path / "releases.toml"
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(TableError) as caught:
        release_table.read(path)
    sentence = str(caught.value)
    assert sentence.startswith(f"{path}: ")
    assert expected in sentence
    assert len(sentence.splitlines()) == 1
    assert "; " in sentence  # what to do follows


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"releases\.toml: not a table .*No such file.*; restore"):
        release_table.read(tmp_path / "releases.toml")


def test_a_bad_table_ends_the_report_in_that_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text, expected = TABLES["a misspelt tag"]
    roots.table(tmp_path, text)
    monkeypatch.setattr(places, "ROOT", tmp_path)
    assert command.main(["site"]) == TableError.exit_code
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert expected in lines[0]
    assert not (tmp_path / "site").exists()


def test_every_field_of_a_row_is_read(tmp_path: Path) -> None:
    path = tmp_path / "releases.toml"
    gone = samples.row("2.15.1", beside=["tf-keras"], unavailable="withdrawn")
    path.write_text(samples.table(ROW, gone), encoding="utf-8")
    first, second = release_table.read(path)
    common = (first.distribution, first.python, first.cutoff)
    assert common == ("tensorflow", "3.6", "2017-03-22")
    assert common == (second.distribution, second.python, second.cutoff)
    assert (first.version, first.tags) == ("1.0.1", ("tf1",))
    assert (first.beside, first.unavailable) == ((), None)
    assert (second.version, second.tags) == ("2.15.1", ())
    assert (second.beside, second.unavailable) == (("tf-keras",), "withdrawn")
    assert (first.series, second.series) == ("1.0", "2.15")


def test_the_committed_table_uses_every_tag() -> None:
    entries = release_table.read(places.ROOT / "probes" / "releases.toml")
    assert (entries[0].version, entries[0].series) == ("0.12.1", "0.12")
    assert {tag for entry in entries for tag in entry.tags} == set(release_table.TAGS)
