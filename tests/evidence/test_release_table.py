"""The table of releases: a fault is refused with its row, its field and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from report import __main__ as command
from report import places
from report.errors import TableError
from report.evidence import release_table
from tests.support import samples

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
# TOML, and what is said of it
TABLES = {
    "broken": ("releases = [", "not a table of releases: not TOML: Invalid value (at "),
    "not UTF-8": ("\udcff", "codec can't decode byte 0xff in position 0"),
    "too deep": (f"releases = {'[' * 100_000}", "not TOML: "),
    "empty": ("", "no rows under `releases`; restore the list of releases"),
    "other rows": ("others = []", "no rows under `releases`"),
    "no list": ("releases = 1", "no rows under `releases`"),
    "a list of no rows": ("releases = []", "no rows under `releases`"),
    "a row that is text": ('releases = ["1.0.1"]', "row 1: not a table; write { version = …, … }"),
    "no version": (
        without("version"),
        'row 2: version is missing; add version = "2.15.1"',
    ),
    "no tags": (without("tags"), f'{SECOND}tags is missing; add tags = ["tf2"]'),
    "no python": (without("python"), f'{SECOND}python is missing; add python = "3.11"'),
    "no cut-off": (without("cutoff"), f"{SECOND}cutoff is missing; add cutoff = "),
    "no distribution": (without("distribution"), f"{SECOND}distribution is missing; add "),
    "another field": (
        changed(colour=""),
        f"{SECOND}colour is no field of a release; there is version, distribution, python",
    ),
    "a misspelt field": (
        changed(besides=["tf-keras"]),
        f"{SECOND}besides is no field of a release; did you mean 'beside'?",
    ),
    "a version that is a number": (
        samples.table(ROW.replace('"1.0.1"', "2.15")),
        'row 1: version is not text; write version = "2.15.1"',
    ),
    "a version that is a path": (
        samples.table(samples.row("../1.0.1")),
        "row 1 (../1.0.1): version '../1.0.1' is none of TensorFlow's; write ",
    ),
    "a day that is no text": (
        NEWER.replace('"2017-03-22"', "2017-03-22").join(("releases = [", "]")),
        'row 1 (1.1.0): cutoff is not text; write cutoff = "2024-03-22"',
    ),
    "no day of the calendar": (changed(cutoff="2017-02-30"), f"{SECOND}cutoff '2017-02-30' is no"),
    "no day at all": (changed(cutoff="soon"), f"{SECOND}cutoff 'soon' is no day since 2015-11-09"),
    "a day before there was one": (
        changed(cutoff="1917-03-22"),
        f"{SECOND}cutoff '1917-03-22' is no day since 2015-11-09; write the upload of its wheel",
    ),
    "a day without hyphens": (changed(cutoff="20170322"), f"{SECOND}cutoff '20170322' is no day"),
    "a tag that is no list": (changed(tags="tf1"), f"{SECOND}tags is not a list of texts; write "),
    "a tag that is a number": (changed(tags=[1]), f"{SECOND}tags is not a list of texts; write "),
    "a misspelt tag": (
        changed(tags=["tf1", "millstone"]),
        f"{SECOND}tag 'millstone' selects nothing; did you mean 'milestone'?",
    ),
    "another tag": (
        changed(tags=["old"]),
        f"{SECOND}tag 'old' selects nothing; there is milestone, tf1, tf2, keras3",
    ),
    "a misspelt distribution": (
        changed(distribution="tensorflow_cpu"),
        f"{SECOND}distribution 'tensorflow_cpu' is not known; did you mean 'tensorflow-cpu'?",
    ),
    "a whole Python": (changed(python="3.6.15"), f"{SECOND}python '3.6.15' is no minor version; "),
    "no reason": (changed(unavailable=" "), f"{SECOND}unavailable is empty; write why"),
    "listed twice": (samples.table(ROW, ROW), "1.0.1 is listed twice; remove one row"),
    "unsorted": (
        samples.table(NEWER, ROW),
        "1.0.1 stands below 1.1.0, which is newer; sort the rows by version, oldest first",
    ),
    "sorted as text": (
        samples.table(samples.row("1.10.1"), samples.row("1.9.0")),
        "1.9.0 stands below 1.10.1, which is newer; sort the rows by version",
    ),
    "a candidate below its release": (
        samples.table(samples.row("2.22.0"), samples.row("2.22.0rc0")),
        "2.22.0rc0 stands below 2.22.0, which is newer",
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
    (tmp_path / "probes").mkdir()
    text, expected = TABLES["a misspelt tag"]
    (tmp_path / "probes" / "releases.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(places, "ROOT", tmp_path)
    assert command.main(["site"]) == TableError.exit_code
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].endswith(expected)
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
