"""Test the reading of ``confirmed.toml``, also with lines that can't be used."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.setup import confirm as writer
from report.evidence import Confirmed, confirmed
from report.evidence.release_table import Entry

if TYPE_CHECKING:
    from pathlib import Path

FILES = {"1.0.1": b"{}\n", "2.9.3": b"[2]\n", "2.21.0": b"[3]\n"}
PYTHONS = {"1.0.1": "3.6", "2.9.3": "3.10", "2.20.0": "3.11", "2.21.0": "3.11"}
CUTOFF = "2026-11-01"
ROWS = {
    version: Entry(
        version=version, distribution="tensorflow-cpu", python=python, cutoff=CUTOFF, tags=("tf2",)
    )
    for version, python in PYTHONS.items()
}
TODAY = datetime.now(UTC).date()
GOOD = {
    "date": "2026-11-26",
    "where": "local",
    "python": "3.10.2",
    "commit": "f560ad1b2c3d",
    "observation": hashlib.sha256(FILES["2.9.3"]).hexdigest()[:16],
}


def line(version: str = "2.9.3", /, **changed: object) -> str:
    """Return a line of the file, by default of 2.9.3, with fields changed, or removed by None."""
    fields = {name: value for name, value in (GOOD | changed).items() if value is not None}
    pairs = ", ".join(f"{name} = {json.dumps(value)}" for name, value in fields.items())
    return f'"{version}" = {{ {pairs} }}'


def about(version: str, python: str) -> str:
    """Return a valid line of another release."""
    digest = hashlib.sha256(FILES[version]).hexdigest()[:16]
    return line(version, python=python, observation=digest)


def read(folder: Path, *lines: str | bytes) -> confirmed.Confirmations:
    """Return the confirmations in a file of these lines."""
    content = b"\n".join(one.encode() if isinstance(one, str) else one for one in lines)
    (folder / confirmed.NAME).write_bytes(content)
    return confirmed.read(folder, FILES, ROWS)


def test_a_line_is_a_record(tmp_path: Path) -> None:
    head = ("\ufeff# when, where and by what", "  # by hand", "")
    found = read(tmp_path, *head, "  " + line(), "")
    assert found.problem is None
    assert found.known == {
        "2.9.3": Confirmed(
            date=date(2026, 11, 26),
            where="local",
            python="3.10.2",
            commit="f560ad1b2c3d",
            observation=GOOD["observation"],
        )
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("where", "GitHub Actions run 123"),
        ("python", "3.10.0rc2"),
        ("commit", "f560ad1b2c3d with changes"),
        ("commit", None),
        ("emulator", "qemu-aarch64 7.2.22"),
        ("emulator", None),
    ],
)
def test_what_a_field_may_say(field: str, value: str | None, tmp_path: Path) -> None:
    found = read(tmp_path, line(**{field: value}) + "\r")
    assert found.problem is None
    assert getattr(found.known["2.9.3"], field) == value


DAMAGED: list[tuple[str | bytes, str]] = [
    ("<<<<<<< HEAD", "Invalid"),
    (line()[:-1], "Unclosed inline table"),
    (line().encode() + b" # \xff", "can't decode byte 0xff"),
    ('"2.9.3" = ' + "[" * 100_000, ""),
    ("[section]", "'section' is no release in releases.toml"),
    (line("2.9.4"), "'2.9.4' is no release in releases.toml"),
    ('"2.9.3" = "2026-11-26"', "Expected `object`, got `str`"),
    (line(date=None), "missing required field `date`"),
    (line(where=None), "missing required field `where`"),
    (line(python=None), "missing required field `python`"),
    (line(observation=None), "missing required field `observation`"),
    (line(by="me"), "unknown field `by`"),
    (line(date="2026-11-31"), "at `$.date`"),
    (line(date="yesterday"), "at `$.date`"),
    (line(date=20261126), "at `$.date`"),
    (line(date="2026-10-31"), "2026-10-31 is no day between the release's and today"),
    (line(date="2999-01-01"), "2999-01-01 is no day between the release's and today"),
    ("a." * 450_000 + "a = 1", "more than 1,000 bytes"),
    (line(where=" "), "at `$.where`"),
    (line(where="x" * 101), "at `$.where`"),
    (line(python="3.10"), "at `$.python`"),
    (line(python="3.10.2\n"), "at `$.python`"),
    (line(python="3.1.2"), "Python 3.1.2, where the table has 3.10"),
    (line(commit="main"), "at `$.commit`"),
    (line(commit="f560ad1b2c3d with luck"), "at `$.commit`"),
    (line(emulator=""), "at `$.emulator`"),
    (line(emulator="x" * 101), "at `$.emulator`"),
    (line(emulator="QEMU <7.2>"), "at `$.emulator`"),
    (line(emulator="qemu-aarch64\n"), "at `$.emulator`"),
    (line(emulator=["qemu"]), "at `$.emulator`"),
    (line(observation="0123456789abcde"), "at `$.observation`"),
    (line(observation=GOOD["observation"].upper() + "!"), "at `$.observation`"),
]


@pytest.mark.parametrize(("bad", "why"), DAMAGED)
def test_a_damaged_line_hides_no_other(bad: str | bytes, why: str, tmp_path: Path) -> None:
    found = read(tmp_path, about("1.0.1", "3.6.15"), bad, about("2.21.0", "3.11.7"))
    assert list(found.known) == ["1.0.1", "2.21.0"]
    assert found.problem is not None
    assert found.problem.startswith("confirmed.toml: line 2: ")
    assert why in found.problem
    assert found.problem.isprintable()
    assert len(found.problem) < 300
    assert found.problem.endswith("; mend it, or measure again and run `nox -s confirm`")


def test_of_many_damaged_lines_the_first_is_shown_and_the_others_are_counted(
    tmp_path: Path,
) -> None:
    found = read(tmp_path, *["?"] * 40, line())
    assert list(found.known) == ["2.9.3"]
    assert found.problem is not None
    assert "line 1: " in found.problem
    assert " (and 39 more); " in found.problem


def test_of_two_lines_about_one_release_none_counts(tmp_path: Path) -> None:
    found = read(tmp_path, line(), about("1.0.1", "3.6.15"), line(date="2026-11-27"))
    assert list(found.known) == ["1.0.1"]
    assert found.problem is not None
    assert "2.9.3 has 2 lines, of which none counts" in found.problem


def test_a_line_about_other_bytes_than_the_stored_is_about_none(tmp_path: Path) -> None:
    """Nor is the digest of nothing about an observation that isn't there."""
    nothing = hashlib.sha256(b"").hexdigest()[:16]
    lines = (line(observation="0" * 16), line("2.20.0", python="3.11.7", observation=nothing))
    assert read(tmp_path, *lines) == confirmed.Confirmations()


def test_without_a_file_nothing_is_known(tmp_path: Path) -> None:
    assert confirmed.read(tmp_path, FILES, ROWS) == confirmed.Confirmations()
    assert read(tmp_path) == confirmed.Confirmations()


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda path: path.mkdir(), "not a file"),
        (os.mkfifo, "not a file"),
        (lambda path: path.write_bytes(b"#" * 1_000_001), "more than 1,000,000 bytes"),
    ],
)
def test_what_is_no_such_file_is_reported_in_a_sentence(
    make: Any,  # noqa: ANN401
    why: str,
    tmp_path: Path,
) -> None:
    make(tmp_path / confirmed.NAME)
    found = confirmed.read(tmp_path, FILES, ROWS)
    assert found.known == {}
    assert found.problem is not None
    assert found.problem.startswith(f"confirmed.toml: {why}; ")


TYPED = st.lists(st.sampled_from([*line(), "\n", "\ufeff"]) | st.characters(), max_size=60)


@given(typed=TYPED, data=st.data())
def test_no_content_is_an_error_or_about_other_bytes(
    typed: list[str], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever is typed into the file, what is known was in one of its lines, and is true."""
    whole = "\n".join((about("1.0.1", "3.6.15"), line(), about("2.21.0", "3.11.7")))
    at = data.draw(st.integers(0, len(whole)))
    text = whole[:at] + "".join(typed) + whole[at:]
    folder = tmp_path_factory.mktemp("any")
    for version, found in read(folder, text.encode("utf-8", "surrogatepass")).known.items():
        assert hashlib.sha256(FILES[version]).hexdigest()[:16] == found.observation


@given(
    facts=st.lists(
        st.tuples(
            st.just("local") | st.from_regex(r"GitHub Actions run [0-9]{1,19}", fullmatch=True),
            st.integers(0, 99),
            st.none() | st.from_regex(r"[0-9a-f]{12,40}( with changes)?", fullmatch=True),
            st.none() | st.from_regex(r"[a-z0-9_. -]{1,100}", fullmatch=True),
        ),
        min_size=len(FILES),
        max_size=len(FILES),
    )
)
def test_what_the_probes_write_is_what_the_report_reads(
    facts: list[tuple[str, int, str | None, str | None]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("written")
    common = {"cutoff": CUTOFF, "platform": "linux-aarch64"}
    rows = [{"version": one, "python": PYTHONS[one], **common} for one in FILES]
    for version, content in FILES.items():
        (folder / f"{version}.json").write_bytes(content)
    (folder / common["platform"]).mkdir()
    names: dict[str, Any] = {
        "observation": lambda row: folder / f"{row['version']}.json",
        "LEDGER": folder,
    }
    expected = {}
    with (
        mock.patch.multiple(writer, **names),
        mock.patch.object(writer.ledger, "is_current", return_value=True),
    ):
        for row, (where, patch, commit, emulator) in zip(rows, facts, strict=True):
            version = row["version"]
            python = f"{PYTHONS[version]}.{patch}"
            with mock.patch.multiple(
                writer,
                _where=lambda _, where=where: where,
                _python=lambda _, python=python: python,
                _commit=lambda commit=commit: commit,
            ):
                writer.note(row, folder, emulator)
            expected[version] = (where, python, commit, emulator)
        writer.write(rows)
    found = confirmed.read(folder, FILES, ROWS)
    assert found.problem is None
    assert expected == {
        version: (one.where, one.python, one.commit, one.emulator)
        for version, one in found.known.items()
    }
    assert all((TODAY - one.date).days in {0, 1} for one in found.known.values())
