"""Test how an index's offers are compared with the table: version, Python and cutoff."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from probes.setup import newer, offers, table
from tests.support.checkout import ROOT

TEXT = (ROOT / "probes" / "releases.toml").read_text("utf-8")
ROWS = tomllib.loads(TEXT)["releases"]
ENDS = ('version = "2.22.0rc0"', 'version = "2.23.0"')
OLD = {
    "version": "2.15.1",
    "distribution": "tensorflow-cpu",
    "python": "3.11",
    "cutoff": "2024-03-22",
    "tags": ["tf2", "milestone"],
}
LAST = OLD | {"version": "2.16.0rc1", "tags": ["tf2", "keras3", "milestone"]}
UNUSABLE: dict[str, str] = {}  # by the last search
BESIDE = {"beside": ["tf-keras==2.16.*"]}


def wheel(tags: str, day: str | None) -> dict[str, Any]:
    """Return a wheel in the format of pylock.toml."""
    found: dict[str, Any] = {"url": f"there/x-1-{tags}.whl"}
    if day:
        found["upload-time"] = datetime.fromisoformat(f"{day}T23:00:00+00:00")
    return found


def linux(python: str = "cp311", day: str | None = "2024-04-01") -> list[dict[str, Any]]:
    """Return a list of one wheel for Linux."""
    return [wheel(f"{python}-{python}-manylinux_2_17_x86_64.manylinux2014_x86_64", day)]


def found(*rows: dict[str, Any], keras: Any = (), **wheels: Any) -> list[newer.Found]:  # noqa: ANN401
    """Return what is newer than these rows, or than two, where an index answers as uv does.

    It has ``wheels`` of TensorFlow, those of ``_2_16_1`` for 2.16.1, and of tf-keras.
    """
    offered = {name[1:].replace("_", "."): one for name, one in wheels.items()}
    packages = {"tensorflow-cpu": offered, "tf-keras": dict(keras)}

    def ask(wanted: str, python: str, candidates: str) -> offers.Release | None:
        assert re.fullmatch(r"3\.\d+", python)
        name, which = re.split(r"(?=[<>=])", wanted, maxsplit=1)
        fit = SpecifierSet(which).filter(packages[name], prereleases=True)
        equal = candidates == "allow"  # and else a candidate comes before all others
        fitting = sorted(fit, key=lambda v: (equal or not Version(v).is_prerelease, Version(v)))
        if fitting and "post" in fitting[-1]:
            raise offers.UnusableError(fitting[-1], f"of {name} is no version for the table")
        return offers.Release(fitting[-1], packages[name][fitting[-1]]) if fitting else None

    new: list[newer.Found]
    new, unusable = newer.search(list(rows or (OLD, LAST)), ask)
    UNUSABLE.clear()
    UNUSABLE.update(unusable)
    return new


def versions(new: list[newer.Found]) -> list[tuple[str, str]]:
    """Return each new version, with the version that it replaces."""
    return [(one.row["version"], one.replaced) for one in new]


def test_the_last_of_each_series_and_a_candidate_only_where_there_is_nothing_else() -> None:
    offered = dict.fromkeys(
        ["_2_15_1", "_2_15_2", "_2_16_0rc1", "_2_16_0rc2", "_2_17_0rc0", "_2_17_0", "_2_17_1rc0"],
        linux(),
    )
    offered |= dict.fromkeys(["_2_19_0rc1", "_3_0_0", "_3_0_1"], linux())
    assert versions(found(**offered)) == [
        ("2.15.2", "2.15.1"),
        ("2.16.0rc2", "2.16.0rc1"),
        ("2.17.0", ""),
        ("2.19.0rc1", ""),
        ("3.0.1", ""),
    ]


@pytest.mark.parametrize("offered", [["_2_16_0rc1"], ["_2_15_1", "_2_16_0rc1"]])
def test_nothing_is_newer(offered: list[str]) -> None:
    assert found(**dict.fromkeys(offered, linux())) == []


@pytest.mark.parametrize("offered", [[], ["_2_15_0"], ["_2_14_9"]])
def test_an_index_without_the_tables_last_release_is_the_wrong_one(offered: list[str]) -> None:
    sentence = "has no tensorflow-cpu 2.16.0rc1, the table's last, nor a newer one: it was removed"
    with pytest.raises(offers.OfferError, match=sentence):
        found(**dict.fromkeys(offered, linux()))


@pytest.mark.parametrize(
    ("bad", "wheels", "sentence"),
    [
        ("_2_17_1", [], "2.17.1 has no wheel for linux-x86_64 from CPython 3.11 on"),
        ("_2_18_0", linux("cp310"), "2.18.0 has no wheel for linux-x86_64 from CPython 3.11 on"),
        ("_2_16_1", [wheel("cp311-cp311-musllinux_1_2_x86_64", "2024-04-01")], "2.16.1 has no"),
        ("_2_15_2", [], "2.15.2 has no wheel"),
        ("_2_17_0_post1", linux(), "2.17.0.post1 of tensorflow-cpu is no version for the table"),
        ("_2_19_0_post1", linux(), "2.19.0.post1 of tensorflow-cpu is no version for the table"),
    ],
)
def test_a_release_of_which_no_row_can_be_made_hides_no_other(
    bad: str, wheels: list[Any], sentence: str
) -> None:
    offered = dict.fromkeys(["_2_15_1", "_2_16_0", "_2_17_0"], linux()) | {bad: wheels}
    assert versions(found(**offered)) == [("2.16.0", "2.16.0rc1"), ("2.17.0", "")]
    (only,) = UNUSABLE.values()
    assert only.startswith(sentence)


def test_a_last_release_that_was_removed_hides_none_that_is_newer() -> None:
    gone = LAST | {"unavailable": "its wheel was removed"}
    offered = {"_2_15_1": linux(), "_2_16_0": linux(), "_2_17_0": linux()}
    assert versions(found(OLD, gone, **offered)) == [("2.17.0", "")]
    assert versions(found(OLD, gone, _2_15_1=linux())) == []
    with pytest.raises(offers.OfferError, match="no row of the table is available"):
        found(gone)


def test_a_row_that_is_a_milestone_alone_leaves_its_tag() -> None:
    (new,) = found(LAST | {"tags": ["milestone"]}, _2_16_0rc1=linux(), _2_17_0=linux())
    assert new.row["tags"] == ["milestone"]


def test_a_series_that_can_not_be_had_is_not_asked_for() -> None:
    gone = OLD | {"unavailable": "its wheel was removed"}
    assert versions(found(gone, LAST, _2_15_2=linux(), _2_16_0=linux())) == [
        ("2.16.0", "2.16.0rc1")
    ]


def test_a_row_is_like_the_one_it_follows_and_a_milestone_only_in_its_place() -> None:
    new = found(_2_16_0=linux(), _2_17_0=linux())
    assert new[0].row == LAST | {"version": "2.16.0", "cutoff": "2024-04-15"}
    assert new[1].row == LAST | {
        "version": "2.17.0",
        "cutoff": "2024-04-15",
        "tags": LAST["tags"][:2],
    }


@pytest.mark.parametrize(
    ("pythons", "expected"),
    [
        (["cp310", "cp311", "cp312"], "3.11"),
        (["cp313", "cp312"], "3.12"),
        (["cp39", "cp310.cp314"], "3.14"),
        (["py2.py3"], "3.11"),
    ],
)
def test_the_first_python_that_has_a_wheel_here(pythons: list[str], expected: str) -> None:
    elsewhere = [wheel("cp311-cp311-win_amd64", "2024-01-01")]
    elsewhere += [wheel("cp311-cp311-manylinux_2_17_aarch64", "2024-01-01")]
    elsewhere += [wheel("cp311-cp311-macosx_10_9_x86_64", "2024-01-01")]
    (new,) = found(_2_16_0=[*elsewhere, *(linux(python)[0] for python in pythons)])
    assert (new.row["python"], new.row["cutoff"]) == (expected, "2024-04-15")


@pytest.mark.parametrize(
    ("came", "cutoff"),
    [
        ("2024-03-01", "2024-04-15"),
        ("2024-04-14", "2024-04-15"),
        ("2024-04-20", "2024-05-04"),  # as 2.20.0, whose tf-keras came later
    ],
)
def test_the_day_waits_for_what_is_beside_it(came: str, cutoff: str) -> None:
    keras = {"2.16.0": [wheel("py3-none-any", came)]}
    (new,) = found(OLD, LAST | BESIDE, keras=keras, _2_16_0=linux())
    assert (new.row["cutoff"], new.row["beside"]) == (cutoff, ["tf-keras==2.16.*"])


def test_without_a_fitting_release_beside_it_the_last_one_is_taken() -> None:
    (new,) = found(OLD, LAST | BESIDE, keras={"2.15.0": linux()}, _2_16_0=linux())
    assert new.row["beside"] == ["tf-keras"]


def test_no_row_is_of_a_day_to_come() -> None:
    today = datetime.now(UTC).date().isoformat()
    (new,) = found(_2_16_0=linux(day=today))
    assert new.row["cutoff"] == today


def test_an_index_that_does_not_say_when_a_release_was_uploaded_is_a_sentence() -> None:
    with pytest.raises(offers.OfferError, match=r"does not say when 2\.16\.0 was uploaded"):
        found(_2_16_0=linux(day=None))


def answer(tmp_path: Path, script: str) -> offers.Release | None:
    """Return the last release offered if a script is run in place of uv."""
    uv = tmp_path / "uv"
    uv.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    uv.chmod(0o755)
    return offers.last(
        uv, lambda path: tomllib.loads(path.read_text("utf-8")), "x", "3.11", "allow"
    )


def locked(*names: str) -> str:
    """Return a script that writes a pylock.toml of releases to its last argument, as uv does."""
    packages = "".join(f'[[packages]]\nname = "x"\nversion = "{name}"\n' for name in names)
    return f"while [ $# -gt 2 ]; do shift; done\ncat > $1 <<'.'\n{packages}.\n"


def test_the_last_of_what_uv_answers_for_several_pythons(tmp_path: Path) -> None:
    release = answer(tmp_path, locked("2.9.3", "2.10.1", "2.10.0"))
    assert release == offers.Release("2.10.1", [])


def test_a_version_that_no_row_can_hold_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        offers.OfferError, match=r"2\.10\.1\.post1 of x is no version for the table"
    ):
        answer(tmp_path, locked("2.10.1.post1"))


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("No solution found: x was not found in the cache", "was not found in the cache"),
        ("No solution found: x was not found in the package registry", "in the package registry"),
        (
            "error: Request failed\n  cause: Failed to fetch: there\n  cause: more",
            "Request failed: ",
        ),
        ("", r"asked for x \(\)"),
    ],
)
def test_where_the_index_does_not_answer_uv_says_why(
    tmp_path: Path, words: str, reason: str
) -> None:
    with pytest.raises(offers.OfferError, match=reason):
        answer(tmp_path, f"echo '{words}'; exit 1")


def test_an_answer_without_a_release_is_none(tmp_path: Path) -> None:
    assert answer(tmp_path, "echo 'No solution found when resolving'; exit 1") is None


def test_a_table_keeps_its_text_but_for_the_rows_that_move() -> None:
    assert table.edited(TEXT, ROWS, ROWS) == TEXT
    patch, added = ROWS[-2] | {"version": "2.21.1"}, ROWS[-1] | {"version": "2.23.0"}
    text = table.edited(TEXT, ROWS, [*ROWS[:-2], patch, ROWS[-1], added])
    last, new = (next(line for line in text.splitlines() if each in line) for each in ENDS)
    assert text.replace("2.21.1", "2.21.0").replace(new + "\n", "") == TEXT
    assert new == last.replace('"2.22.0rc0",', '"2.23.0",   ')
    long = table.edited(TEXT, ROWS, [*ROWS, added | {"version": "2.23.10rc12"}])
    assert len({line.index("python =") for line in long.splitlines() if "version =" in line}) == 1
    assert tomllib.loads(long)["releases"][:-1] == ROWS
