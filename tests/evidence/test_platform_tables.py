"""Test the tables of other platforms, and what depends on them: releases, lock files, commands."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from report import places
from report.errors import TableError
from report.evidence import Status, platforms, release_table
from report.matrix import build_matrix
from tests.support import samples

if TYPE_CHECKING:
    from pathlib import Path

    from report.evidence import Release

ARM = "linux-aarch64"
VERSIONS = ("1.0.1", "1.1.0", "1.2.1", "1.3.0")
ROWS = samples.table(
    samples.row("1.0.1"),
    samples.row("1.1.0", unavailable="withdrawn"),
    samples.row("1.2.1", distribution="tensorflow-cpu", beside=["tf-keras"]),
    samples.row("1.3.0", distribution="tensorflow-cpu"),
)


def port(name: str = ARM, **changed: object) -> str:
    """Return the table of a platform, with fields changed, or removed by None."""
    fields = {"distribution": "tensorflow", "since": "1.1.0"} | changed
    lines = (f"{key} = {json.dumps(value)}" for key, value in fields.items() if value is not None)
    return "\n".join([f"[platforms.{name}]", *lines, ""])


def lacking(*pairs: str) -> str:
    """Return the table of a platform with reasons why releases are unavailable."""
    return f"{port()}unavailable = {{ {', '.join(pairs)} }}\n"


def written(folder: Path, *tables: str) -> Path:
    """Write the rows and these tables below them; return the path."""
    path = folder / "releases.toml"
    path.write_text("\n".join([ROWS, *tables]), encoding="utf-8")
    return path


def test_a_platform_has_the_releases_since_its_first_with_its_own_distribution(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, lacking('"1.2.1" = "no wheel"'))
    rows = release_table.read(path)
    entries = release_table.read(path, ARM)
    assert [each.version for each in entries] == ["1.1.0", "1.2.1", "1.3.0"]
    assert {each.distribution for each in entries} == {"tensorflow"}
    assert [each.unavailable for each in entries] == ["withdrawn", "no wheel", None]
    for row, entry in zip(rows[1:], entries, strict=True):  # the rest is the row's
        for field in ("python", "cutoff", "tags", "beside", "series"):
            assert getattr(entry, field) == getattr(row, field)


@pytest.mark.parametrize("platform", [platforms.COMMITTED, "darwin-arm64", "linux-riscv64"])
def test_a_platform_without_a_table_has_the_rows_as_they_are(platform: str, tmp_path: Path) -> None:
    alone = release_table.read(written(tmp_path))
    assert release_table.read(written(tmp_path, port()), platform) == alone
    assert [each.version for each in alone] == [*VERSIONS]
    assert [each.port for each in alone] == [None] * len(VERSIONS)


WHAT = "a platform is [platforms.linux-aarch64] with distribution = "
# a table, and a part of its refusal
TABLES = {
    "no table": ("platforms = 1\n", "platforms: no table; "),
    "a list": ("[[platforms]]\n", "platforms: no table; "),
    "a platform that is text": (
        'platforms = { linux-arm = "x" }\n',
        "Expected `object`, got `str`",
    ),
    "no distribution": (port(distribution=None), "missing required field `distribution`; "),
    "no first release": (port(since=None), "missing required field `since`; "),
    "another field": (port(untill="1.2.1"), "unknown field `untill`; "),
    "rows of its own": (port(releases=[]), "unknown field `releases`; "),
    "a misspelt distribution": (
        port(distribution="tensorflow-aarch64"),
        "Invalid enum value 'tensorflow-aarch64' - at `$.distribution`; ",
    ),
    "a first release that is a number": (port(since=2.1), "got `float` - at `$.since`; "),
    "a first release that is none": (port(since="1.1"), "since '1.1' is not the version of a row;"),
    "a list of unavailable ones": (
        port(unavailable=["1.2.1"]),
        "Expected `object`, got `array` - at `$.unavailable`; ",
    ),
    "an unavailable one that is none": (
        lacking('"1.2" = "no wheel"'),
        "unavailable: '1.2' is not the version of a row since 1.1.0; ",
    ),
    "an unavailable one before the first": (
        lacking('"1.0.1" = "no wheel"'),
        "unavailable: '1.0.1' is not the version of a row since 1.1.0; ",
    ),
    "no reason": (lacking('"1.2.1" = " "'), "unavailable: 1.2.1: ' ' is not a reason; "),
    "a reason that is no text": (lacking('"1.2.1" = true'), "Expected `str`, got `bool`"),
    "the rows' own platform": (
        port(platforms.COMMITTED),
        "platforms.linux-x86_64: the rows are this platform's; remove its table; ",
    ),
    "a path": (port('"../linux-aarch64"'), "platforms.../linux-aarch64: not the name of a "),
    "capitals": (port("Linux-aarch64"), "platforms.Linux-aarch64: not the name of a platform"),
    "a name that ends a line": (port('"linux-arm\\n"'), "not the name of a platform, such as"),
    "no name": (port('""'), "platforms.: not the name of a platform, such as linux-aarch64; "),
}


@pytest.mark.parametrize("platform", [platforms.COMMITTED, ARM])
@pytest.mark.parametrize(("text", "expected"), TABLES.values(), ids=TABLES)
def test_a_bad_table_of_a_platform_is_refused_for_every_platform_in_one_sentence(
    text: str, expected: str, platform: str, tmp_path: Path
) -> None:
    path = tmp_path / "releases.toml"
    first = text.startswith("platforms =")  # a key of the whole file stands before any table
    path.write_text("\n".join([text, ROWS] if first else [ROWS, text]), encoding="utf-8")
    with pytest.raises(TableError) as caught:
        release_table.read(path, platform)
    sentence = str(caught.value)
    assert sentence.startswith(f"{path}: platforms")
    assert expected in sentence
    assert WHAT in sentence
    assert len(sentence.splitlines()) == 1


# What depends on the table


def checkout(root: Path, version: str = "1.2.1", lock: str = "0f" * 32) -> Path:
    """Make a checkout with the table and, on ARM, the observation of one release."""
    (root / "probes").mkdir()
    written(root / "probes", port())
    release = samples.observation(version)["release"] | {"lock": lock}
    data = samples.observation(version, platform=ARM, release=release)
    samples.store(root / "observations" / ARM, data, version)
    return root


def of(root: Path, version: str, platform: str = ARM) -> Release:
    """Return a release of a platform's matrix."""
    (one,) = (r for r in build_matrix(root, platform).releases if r.version == version)
    return one


def test_a_lock_file_of_a_platform_is_in_its_folder(tmp_path: Path) -> None:
    root = checkout(tmp_path)
    assert of(root, "1.2.1").lock_file == "probes/locks/linux-aarch64/1.2.1.txt"
    assert of(root, "1.2.1", platforms.COMMITTED).lock_file == "probes/locks/1.2.1.txt"
    assert of(root, "1.2.1", "darwin-arm64").lock_file == "probes/locks/1.2.1.txt"


def test_an_observation_is_compared_with_its_platform_s_lock_file(tmp_path: Path) -> None:
    text = "tensorflow==1.2.1\n"
    root = checkout(tmp_path, lock=hashlib.sha256(text.encode()).hexdigest())
    locks = root / "probes" / "locks"
    locks.mkdir()
    (locks / "1.2.1.txt").write_text(text, encoding="utf-8")  # the rows' own
    assert of(root, "1.2.1").old_lock
    (missing,) = build_matrix(root, ARM).problems
    assert missing == (
        "1.2.1.json: probes/locks/linux-aarch64/1.2.1.txt is missing; nox -s lock -- 1.2.1"
    )
    (locks / ARM).mkdir()
    (locks / ARM / "1.2.1.txt").write_text("tensorflow==1.2.0\n", encoding="utf-8")
    (sentence,) = build_matrix(root, ARM).problems
    assert sentence == (
        "1.2.1.json: older lock: not measured under probes/locks/linux-aarch64/1.2.1.txt; "
        "nox -s elsewhere -- 1.2.1 --platform linux-aarch64 "
        'or, on such a machine, nox -s "probe(1.2.1)"'
    )
    (locks / ARM / "1.2.1.txt").write_text(text, encoding="utf-8")
    (locks / "1.2.1.txt").unlink()
    assert not of(root, "1.2.1").old_lock
    assert build_matrix(root, ARM).problems == ()


def test_a_release_that_was_not_measured_on_a_platform_says_how(tmp_path: Path) -> None:
    root = checkout(tmp_path)
    how = 'nox -s "probe(1.3.0)"'
    assert of(root, "1.3.0", platforms.COMMITTED).reason == f"not run yet: {how}"
    assert of(root, "1.3.0", "darwin-arm64").reason == f"not run yet: {how}"
    elsewhere = "nox -s elsewhere -- 1.3.0 --platform linux-aarch64"
    assert of(root, "1.3.0").reason == f"not run yet: {elsewhere} or, on such a machine, {how}"
    assert of(root, "1.3.0").commands == (elsewhere, how)
    assert of(root, "1.3.0", platforms.COMMITTED).commands == (how,)
    assert of(root, "1.1.0").status is Status.UNAVAILABLE


def test_an_observation_of_another_platform_is_refused_with_its_command(tmp_path: Path) -> None:
    root = checkout(tmp_path)
    (stored,) = (root / "observations" / ARM).iterdir()
    data = json.loads(stored.read_text("utf-8"))
    again = (
        "measure it again with nox -s elsewhere -- 1.2.1 --platform linux-aarch64 --force "
        'or, on such a machine, nox -s "probe(1.2.1)" -- --force'
    )
    for fields, fault in (
        ({"platform": platforms.COMMITTED}, "platform: holds an observation of linux-x86_64"),
        (
            {"release": data["release"] | {"distribution": "tensorflow-cpu"}},
            "release/distribution: tensorflow-cpu, where the table's row has tensorflow",
        ),
    ):
        samples.store(stored.parent, data | fields, "1.2.1")
        assert build_matrix(root, ARM).problems == (f"1.2.1.json: {fault}; {again}",)


def test_a_stored_release_before_the_platform_s_first_is_refused(tmp_path: Path) -> None:
    root = checkout(tmp_path, "1.0.1")
    (sentence,) = build_matrix(root, ARM).problems
    assert sentence.startswith("1.0.1.json: no release of this name in releases.toml; ")


def test_the_committed_table_says_why_a_platform_lacks_a_release() -> None:
    path = places.ROOT / "probes" / "releases.toml"
    rows, entries = release_table.read(path), release_table.read(path, ARM)
    assert [each.version for each in entries] == [each.version for each in rows[-13:]]
    unavailable = [each.version for each in entries if each.unavailable]
    assert unavailable == ["2.10.1", "2.11.1"]
    assert {each.distribution for each in entries} == {"tensorflow"}


def test_every_release_of_a_platform_has_its_lock_file() -> None:
    for platform in (platforms.COMMITTED, ARM):
        entries = release_table.read(places.ROOT / "probes" / "releases.toml", platform)
        for entry in (entry for entry in entries if not entry.unavailable):
            lock = places.ROOT / platforms.lock_file(entry.version, entry.port)
            lines = lock.read_text("utf-8").splitlines()
            assert any(line.startswith(f"{entry.distribution}==") for line in lines)
