"""Test the writing of ``confirmed.toml``: its fields, and that a rerun changes nothing."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from probes.setup import confirm as confirmation
from probes.setup import ledger, places
from tests.support import small
from tests.support.checkout import OBSERVATIONS, copied, move, nox
from tests.support.repository import git

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.small import Checkout

FILE = OBSERVATIONS / "confirmed.toml"
ROWS = [
    {
        "version": version,
        "distribution": "tensorflow-cpu",
        "python": "3.11",
        "cutoff": "2023-02-01",
        "tags": ["tf2"],
        "platform": "linux-x86_64",
    }
    for version in ("2.9.3", "2.10.1", "2.21.0")
]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """Return a committed checkout in which one small release was measured."""
    checkout = small.checkout(tmp_path_factory.mktemp("confirmed"), GITHUB_RUN_ID="")
    (checkout.root / FILE).unlink(missing_ok=True)
    git(checkout.root, "init", "--quiet")
    commit(checkout.root)
    assert checkout.run(small.ONE).returncode == 0
    commit(checkout.root)
    return checkout


def commit(root: Path) -> None:
    """Commit all files of a checkout."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "all of it")


def confirm(checkout: Checkout, *tags: str) -> str:
    """Run the session ``confirm``, which must succeed; return its output."""
    done = nox(checkout.root, "-s", "confirm", "--", *tags, **checkout.variables)
    assert done.returncode == 0, done.stdout
    return done.stdout


def lines(root: Path) -> dict[str, Any]:
    """Return the content of ``confirmed.toml``, by release."""
    return tomllib.loads((root / FILE).read_text("utf-8"))


def test_a_measured_release_has_a_line_and_a_rerun_changes_nothing(measured: Checkout) -> None:
    assert not (measured.root / FILE).exists()  # only `nox -s confirm` writes it
    said = confirm(measured, "keras3")
    assert "Measured: 1 of 7 releases. **Open gap:** 2.16.2, 2.17.1, 2.18.1" in said
    line = lines(measured.root)[small.ONE]
    assert list(lines(measured.root)) == [small.ONE]
    assert list(line) == ["date", "where", "python", "commit", "observation"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", line["date"])
    assert line["where"] == "local"
    assert re.fullmatch(r"3\.\d+\.\d+", line["python"])
    assert line["commit"] == git(measured.root, "rev-parse", "--short=12", "HEAD~").strip()
    commit(measured.root)
    assert measured.run(small.ONE, "--force").returncode == 0
    assert git(measured.root, "status", "--porcelain") == ""


def test_who_measured_with_other_probes_than_the_commits_says_so(measured: Checkout) -> None:
    probe = measured.root / "probes" / "observe.py"
    original = probe.read_bytes()
    probe.write_bytes(original + b"# another\n")
    run = dict(measured.variables) | {"GITHUB_RUN_ID": "123"}
    done = nox(measured.root, "-s", f"probe({small.ONE})", **run)
    assert done.returncode == 0, done.stdout
    confirm(measured)
    probe.write_bytes(original)
    line = lines(measured.root)[small.ONE]
    assert line["commit"].endswith(" with changes")
    assert line["where"] == "GitHub Actions run 123"


def test_a_tag_that_is_none_is_a_sentence(measured: Checkout) -> None:
    done = nox(measured.root, "-s", "confirm", "--", "mileston", **measured.variables)
    assert done.returncode != 0
    assert "mileston: no tag; tags are all, milestone, tf1, tf2, keras3" in done.stdout


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the checkout, on which ``confirm`` works."""
    copy = copied(tmp_path / "checkout")
    (copy / FILE).unlink(missing_ok=True)
    move(copy, monkeypatch, confirmation, ledger, places)
    return copy


def enter(root: Path, *rows: dict[str, Any]) -> str:
    """Take releases as measured, write ``confirmed.toml``, and return its text."""
    environment = root / "environment"
    environment.mkdir(exist_ok=True)
    (environment / "pyvenv.cfg").write_text("home = /x\nversion_info = 3.11.7\n", "utf-8")
    for row in rows:
        ledger.confirm(row, ledger.fingerprint(row))
        confirmation.note(row, environment)
    confirmation.write(ROWS)
    return (root / FILE).read_text("utf-8")


def test_lines_are_in_the_order_of_the_table_and_stay_as_they_are(root: Path) -> None:
    first = enter(root, ROWS[2])
    both = enter(root, ROWS[1])
    assert list(tomllib.loads(both)) == ["2.10.1", "2.21.0"]
    assert set(first.splitlines()) < set(both.splitlines())
    assert "commit" not in both  # no repository says which
    (root / ".nox" / "measured").rename(root / "elsewhere")  # on another machine
    assert enter(root) == both


def test_another_platform_has_a_file_of_its_own_that_names_the_emulator(root: Path) -> None:
    enter(root, ROWS[2])
    own = (root / FILE).read_bytes()
    row = ROWS[2] | {"platform": "linux-aarch64", "distribution": "tensorflow"}
    place = root / "observations" / "linux-aarch64" / "2.21.0.json"
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(b"{}")
    ledger.confirm(row, ledger.fingerprint(row))
    confirmation.note(row, root / "environment", "qemu-aarch64 7.2.22")
    assert confirmation.write([row]) == ["2.21.0"]
    (line,) = tomllib.loads(place.with_name("confirmed.toml").read_text("utf-8")).values()
    assert line["emulator"] == "qemu-aarch64 7.2.22"
    assert line["observation"] == hashlib.sha256(b"{}").hexdigest()[:16]
    assert confirmation.write([row]) == ["2.21.0"]  # the line that was written is one that is kept
    assert (root / FILE).read_bytes() == own


def test_a_line_goes_with_its_observation_and_its_row(root: Path) -> None:
    enter(root, *ROWS)
    (root / OBSERVATIONS / "2.9.3.json").write_bytes(b"{}")
    (root / OBSERVATIONS / "2.10.1.json").unlink()
    assert list(tomllib.loads(enter(root))) == ["2.21.0"]
    confirmation.write(ROWS[:2])
    assert tomllib.loads((root / FILE).read_text("utf-8")) == {}


def test_what_is_no_line_of_the_file_is_left_out(root: Path) -> None:
    whole = enter(root, *ROWS)
    damaged = whole.replace('"2.10.1" =', '<<<<<<< "2.10.1"').encode() + b"\xff\n"
    (root / FILE).write_bytes(damaged)
    (root / ".nox" / "measured").rename(root / "elsewhere")
    assert list(tomllib.loads(enter(root))) == ["2.9.3", "2.21.0"]


@pytest.mark.parametrize(
    "change",
    [
        ("date", '"2999-01-01"'),
        ("date", '"2023-01-31"'),
        ("date", '"2024-02-30"'),
        ("where", '"?"'),
        ("python", '"3.10.7"'),
        ("observation", '"0123456789abcdef", by = "me", observation'),
    ],
)
def test_a_line_that_the_report_refuses_is_not_kept(change: tuple[str, str], root: Path) -> None:
    whole = enter(root, *ROWS)
    field, text = change
    damaged = re.sub(rf'("2.10.1".* {field} =) "[^"]*"', rf"\1 {text}", whole)
    assert damaged != whole
    (root / FILE).write_text(damaged, "utf-8")
    (root / ".nox" / "measured").rename(root / "elsewhere")
    assert list(tomllib.loads(enter(root))) == ["2.9.3", "2.21.0"]


def test_of_two_lines_about_one_release_none_is_kept(root: Path) -> None:
    whole = enter(root, *ROWS)
    twice = whole + whole.splitlines()[-1] + "\n"
    (root / FILE).write_text("\ufeff" + twice, "utf-8")
    (root / ".nox" / "measured").rename(root / "elsewhere")
    assert list(tomllib.loads(enter(root))) == ["2.9.3", "2.10.1"]


@pytest.mark.parametrize("kind", ["pipe", "folder", "link"])
def test_what_is_no_file_is_a_sentence(kind: str, measured: Checkout) -> None:
    """A pipe would block, and a link name a file outside of the checkout."""
    path, other = measured.root / FILE, measured.root.parent / "other"
    path.unlink(missing_ok=True)
    other.write_text("mine", "utf-8")
    made = {"pipe": os.mkfifo, "folder": os.mkdir, "link": lambda link: link.symlink_to(other)}
    made[kind](path)
    try:
        done = nox(measured.root, "-s", "confirm", **measured.variables)
    finally:
        path.rmdir() if kind == "folder" else path.unlink()
    assert done.returncode != 0
    assert "confirmed.toml: it is no regular file; remove it; nothing was written" in done.stdout
    assert "Traceback" not in done.stdout
    assert other.read_text("utf-8") == "mine"


def test_a_commit_is_of_this_checkouts_own_repository(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(root.parent, "init", "--quiet")
    commit(root.parent)
    monkeypatch.setenv("GIT_DIR", str(root.parent / ".git"))
    assert "commit" not in enter(root, ROWS[0])
    git(root, "init", "--quiet")
    commit(root)
    git(root, "config", "status.showUntrackedFiles", "no")
    head = git(root, "rev-parse", "--short=12", "HEAD").strip()
    assert f'commit = "{head}",' in enter(root, ROWS[0])
    (root / "probes" / "more.py").write_text("", "utf-8")
    assert f'commit = "{head} with changes",' in enter(root, ROWS[0])


def test_what_was_planned_and_not_measured_is_an_open_gap() -> None:
    assert confirmation.summary(["a", "b"], ["b", "a", "c"]) == "Measured: 2 of 2 releases."
    said = confirmation.summary(["a", "b"], ["b"])
    assert said.startswith("Measured: 1 of 2 releases. **Open gap:** a;")
