"""Test the noxfile: the list of sessions, errors of the table, and current releases."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.checkout import ROOT, copied, nox

VERSION = "2.21.0"
TABLE = Path("probes") / "releases.toml"
ROWS = tomllib.loads((ROOT / TABLE).read_text("utf-8"))["releases"]
PYTHONS = {f"probe({row['version']})": row["python"] for row in ROWS}
# Enters a release in the ledger, as measuring it does.
CONFIRM = f"""
import noxfile
for row in noxfile.AVAILABLE if {{everything}} else [noxfile.BY_VERSION["{VERSION}"]]:
    noxfile.ledger.confirm(row, noxfile.ledger.fingerprint(row))
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the checkout in which nothing was measured."""
    return copied(tmp_path_factory.mktemp("noxfile") / "checkout")


def confirm(checkout: Path, *, everything: bool = False) -> None:
    """Make nox take one release, or all, as measured on this machine."""
    done = python(checkout, CONFIRM.format(everything=everything))
    assert done.returncode == 0, done.stdout


def python(checkout: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run Python code in a checkout."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=checkout,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def listed(checkout: Path, *arguments: str) -> dict[str, str]:
    """Return the Python version of each probe that nox lists."""
    done = nox(checkout, "-l", "--json", *arguments)
    assert done.returncode == 0, done.stdout
    found = json.loads(done.stdout)
    return {one["session"]: one["python"] for one in found if one["name"] == "probe"}


def test_the_list_gives_every_release_its_python_whatever_is_current(tmp_path: Path) -> None:
    checkout = copied(tmp_path / "checkout")
    assert listed(checkout, "-t", "all") == PYTHONS
    confirm(checkout, everything=True)
    assert listed(checkout, "-t", "all") == PYTHONS
    on_3_7 = {session: python for session, python in PYTHONS.items() if python == "3.7"}
    assert listed(checkout, "-t", "all", "-p", "3.7") == on_3_7
    done = nox(checkout, "-t", "all", "-p", "3.7")
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("the observation is current") == len(on_3_7)


def table(checkout: Path, text: str) -> str:
    """Return nox's message about a table, which it refuses without a traceback."""
    original = (checkout / TABLE).read_text("utf-8")
    (checkout / TABLE).write_text(text, "utf-8")
    try:
        done = nox(checkout, "-l")
    finally:
        (checkout / TABLE).write_text(original, "utf-8")
    assert done.returncode != 0
    assert "Traceback" not in done.stdout
    return done.stdout


def other(name: str = "linux-aarch64", **changes: object) -> str:
    """Return a table of one row and one other platform; fields that are None are left out."""
    fields = {"distribution": "tensorflow", "since": "2.21.0"} | changes
    inline = {key: json.dumps(value).replace('": ', '" = ') for key, value in fields.items()}
    texts = [f"{key} = {inline[key]}" for key, value in fields.items() if value is not None]
    return "\n".join([f"{row()}[platforms.{name}]", *texts, ""])


def row(**changes: object) -> str:
    """Return a table of one row; fields that are None are left out."""
    fields = {
        "version": "2.21.0",
        "distribution": "tensorflow",
        "python": "3.11",
        "cutoff": "2026-03-20",
        "tags": ["tf2"],
    } | changes
    texts = [f"{key} = {json.dumps(value)}" for key, value in fields.items() if value is not None]
    return f"releases = [{{ {', '.join(texts)} }}]\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (row(tags=None), "2.21.0: tags are missing"),
        (row(tags=[]), "2.21.0: tags are missing"),
        (row(tags="tf2"), "2.21.0: tags are missing"),
        (row(tags=["tf2", "milestnoe"]), "2.21.0: 'milestnoe' is no tag; tags are milestone"),
        (row(tags=[["tf2"]]), "2.21.0: tags are missing"),
        (row(python=None), "2.21.0: python is missing"),
        (row(python=3.1), "2.21.0: python can't be 3.1"),
        (row(version=None), "version is missing"),
        (row(version="2.21"), "2.21: version can't be '2.21'"),
        (row(version=7), "7: version can't be 7"),
        (row(distribution="../x"), "2.21.0: distribution can't be '../x'"),
        (row(cutoff="soon"), "2.21.0: cutoff can't be 'soon'"),
        (row(cutoff="2026-02-31"), "2.21.0: cutoff can't be '2026-02-31'"),
        (row(besid=["x"]), "2.21.0: besid is no field of a row"),
        (row(beside="tf-keras"), "2.21.0: beside must be a list of texts"),
        (row(unavailable=True), "2.21.0: unavailable must be a text"),
        (other(since=None), "platforms.linux-aarch64: its fields are distribution, since"),
        (other(until="2.21.0"), "platforms.linux-aarch64: its fields are distribution, since"),
        (other(distribution=7), "platforms.linux-aarch64: distribution can't be 7"),
        (other(since="9.9.9"), "platforms.linux-aarch64: '9.9.9' is none of the releases"),
        (other(since=["2.21.0"]), "platforms.linux-aarch64: ['2.21.0'] is none of the releases"),
        (other(unavailable="no"), "platforms.linux-aarch64: unavailable must be a table"),
        (other(unavailable={"2.21.0": ""}), "platforms.linux-aarch64: unavailable must be a table"),
        (other('"../x"'), "'../x' is no other platform"),
        (other("linux-x86_64"), "'linux-x86_64' is no other platform"),
        (row() + "platforms = 7\n", "`platforms` is no table"),
        (row() + "platforms.linux-aarch64 = 7\n", "platforms.linux-aarch64: its fields are"),
        ("releases = []\n", "no release is listed"),
        ("releases = 7\n", "`releases` is no list of rows"),
        ("releases = [7]\n", "`releases` is no list of rows"),
        ("", "`releases` is missing"),
        ("releases = [\n", "it can't be read"),
    ],
)
def test_a_fault_of_the_table_is_a_sentence(checkout: Path, text: str, sentence: str) -> None:
    said = table(checkout, text)
    assert f"probes/releases.toml: {sentence}" in said or f": {sentence}" in said


@pytest.mark.parametrize(
    ("first", "second"), [("2.10.1", "2.9.3"), ("2.9.3", "2.9.3"), ("2.22.0", "2.22.0rc0")]
)
def test_rows_must_be_in_order_and_each_once(checkout: Path, first: str, second: str) -> None:
    rows = [row(version=version)[len("releases = [") : -2] for version in (first, second)]
    said = table(checkout, f"releases = [{', '.join(rows)}]\n")
    assert f"probes/releases.toml: {second} is listed after {first}" in said


def test_the_table_that_is_there_has_no_fault(checkout: Path) -> None:
    assert nox(checkout, "-l").returncode == 0


def test_an_unknown_release_is_not_locked(checkout: Path) -> None:
    lock = checkout / "probes" / "locks" / f"{VERSION}.txt"
    before = lock.read_bytes()
    done = nox(checkout, "-s", "lock", "--", "9.9.9", VERSION)
    assert done.returncode != 0
    assert "Traceback" not in done.stdout
    assert "9.9.9: not in probes/releases.toml; add the row first" in done.stdout
    assert lock.read_bytes() == before


def test_without_uv_there_is_a_sentence(checkout: Path) -> None:
    for arguments in (["-s", f"probe({VERSION})"], ["-s", "lock", "--", VERSION]):
        done = nox(checkout, *arguments, UV="/nonexistent")
        assert done.returncode != 0
        assert "Traceback" not in done.stdout
        assert 'uv is not on this machine: get it with `python -m pip install "nox[uv]"`' in (
            done.stdout
        )


@pytest.mark.parametrize(
    "arguments", [["-s", "lock", "--", "9.9.9"], ["-k", "lock", "--", "9.9.9"]], ids=" ".join
)
def test_no_session_opens_with_a_warning_about_parallel(
    checkout: Path, arguments: list[str]
) -> None:
    said = nox(checkout, *arguments).stdout
    assert "Running session lock" in said
    assert "parallel" not in said


def report(checkout: Path) -> str:
    """Return the report's command if arguments for the probes were given too."""
    output = nox(checkout, "-s", "report", "--", "--force", "--keep").stdout
    (command,) = (line for line in output.splitlines() if " -m report " in line)
    return command


def test_the_report_is_told_what_is_current_and_nothing_meant_for_the_probes(
    tmp_path: Path,
) -> None:
    checkout = copied(tmp_path / "checkout")
    (checkout / "report" / "__main__.py").write_text("", encoding="utf-8")  # which takes its time
    confirm(checkout)
    assert f" --measured {VERSION} --lacking" in report(checkout)
    lock = checkout / "probes" / "locks" / f"{VERSION}.txt"
    lock.write_bytes(lock.read_bytes() + b"\n")
    command = report(checkout)
    assert " --measured --lacking" in command
    assert "--force" not in command
    assert "--keep" not in command
