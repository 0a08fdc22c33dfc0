"""The command that publishes: its options, what it prints, and what it never leaves behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from report import __main__ as command
from report import load, platforms, readme, staging
from tests import samples

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROOT = load.ROOT
VERSIONS = ("1.0.1", "1.1.0")
NO_TUTORIAL = {"state": "failed", "reason": "not asked", "networks": []}
START = """
import sys
from pathlib import Path
from report import load
load.ROOT = Path(sys.argv[1])
from report.__main__ import main
sys.exit(main(sys.argv[2:]))
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a root with two observed releases, on which this machine's platform is theirs."""
    (tmp_path / "probes").mkdir()
    rows = [samples.row(version, tags=["tf1"]) for version in VERSIONS]
    (tmp_path / "probes" / "releases.toml").write_text(samples.table(*rows), encoding="utf-8")
    for version in VERSIONS:
        data = samples.observation(version, tutorial=NO_TUTORIAL)
        samples.store(tmp_path / "observations" / samples.PLATFORM, data, version)
    (tmp_path / "README.md").write_text(f"{readme.BEGIN}\n{readme.END}\n", encoding="utf-8")
    monkeypatch.setattr(load, "ROOT", tmp_path)
    monkeypatch.setattr(platforms, "machine", lambda: samples.PLATFORM)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    return tmp_path


def observation(root: Path, version: str) -> Path:
    """Return the place of an observation."""
    return root / "observations" / samples.PLATFORM / f"{version}.json"


def sentence(capsys: pytest.CaptureFixture[str]) -> str:
    """Return the only line on standard error."""
    (line,) = capsys.readouterr().err.splitlines()
    return line


# What is published


def test_only_what_was_accepted_is_published_by_the_bytes_that_were_read(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = root / "observations" / samples.PLATFORM
    secret = root / "secret.json"
    secret.write_text("nobody may read this", encoding="utf-8")
    observation(root, "1.1.0").unlink()
    observation(root, "1.1.0").symlink_to(secret)
    (folder / "notes.json").write_text('{"mine": true}', encoding="utf-8")
    (folder / "1.2.1.json").touch()
    os.truncate(folder / "1.2.1.json", 2**30)  # sparse: it takes no place
    read = observation(root, "1.0.1").read_bytes()
    assert command.main([]) == 1
    published = root / "site" / "data" / "observations"
    assert {path.name: path.read_bytes() for path in published.iterdir()} == {"1.0.1.json": read}
    told = capsys.readouterr().err
    assert "1.1.0.json: a symbolic link" in told
    assert "notes.json: no release of this name" in told


def test_a_file_that_changes_meanwhile_is_published_as_it_was_read(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = observation(root, "1.0.1").read_bytes()
    original = staging.staged

    def changing(site: Path) -> object:
        observation(root, "1.0.1").write_text("something else", encoding="utf-8")
        return original(site)

    monkeypatch.setattr("report.page.staged", changing)
    assert command.main([]) == 0
    published = root / "site" / "data" / "observations" / "1.0.1.json"
    assert published.read_bytes() == read


# Platforms


def test_an_unknown_platform_is_an_error_that_lists_what_there_is(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "site").mkdir()
    (root / "site" / "index.html").write_text("old", encoding="utf-8")
    (root / "observations" / "empty").mkdir()
    for unknown in ("nonsense", "empty", "../observations/linux-x86_64"):
        assert command.main(["--platform", unknown]) != 0
        assert sentence(capsys) == (
            f"--platform {unknown}: nothing was observed there; there is {samples.PLATFORM}"
        )
    assert (root / "site" / "index.html").read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("asked", [[], ["--platform", "darwin-arm64"]])
def test_a_machine_without_observations_shows_the_committed_ones_and_says_so(
    asked: list[str],
    root: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(platforms, "machine", lambda: "darwin-arm64")
    assert command.main(asked) == 0
    said = f"nothing was observed on darwin-arm64; shown is {samples.PLATFORM}"
    assert sentence(capsys) == said
    data = json.loads((root / "site" / "data" / "matrix.json").read_text(encoding="utf-8"))
    assert data["platform"] == samples.PLATFORM
    assert data["unobserved_platform"] == "darwin-arm64"
    assert {release["status"] for release in data["releases"]} == {"observed"}
    for page in ("index.html", "about.html", "release/1.0.1.html", "matrix.md"):
        text = (root / "site" / page).read_text(encoding="utf-8").replace("\\", "").replace("`", "")
        assert said[1:] in text, page


def test_a_platform_with_observations_is_shown_without_a_mark(root: Path) -> None:
    assert command.main(["--platform", samples.PLATFORM]) == 0
    assert "othing was observed on" not in (root / "site" / "index.html").read_text("utf-8")


# Options and environment


@pytest.mark.parametrize("epoch", ["abc", "1e9", "9" * 30, "-" + "9" * 30, " "])
def test_a_date_that_is_none_is_told_and_the_site_untouched(
    epoch: str,
    root: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert command.main([]) != 0
    assert sentence(capsys).startswith(f"SOURCE_DATE_EPOCH={epoch}: not a number of seconds")
    assert not (root / "site").exists()


def test_a_date_of_the_environment_is_that_of_the_site(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert command.main([]) == 0
    assert "as of 1970-01-02" in (root / "site" / "index.html").read_text(encoding="utf-8")


def test_a_release_that_is_not_in_the_table_can_not_be_measured_here(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["--measured", "1.0.1", "9.9"]) != 0
    assert sentence(capsys) == (
        "--measured 9.9: not in the table of releases, which has 1.0.1, 1.1.0"
    )
    assert not (root / "site").exists()


# Standard output


def run(root: Path, *, stdout: int | None, start: str = START) -> tuple[int, str]:
    """Run the command with another standard output, closed where it is None."""
    command_line = [sys.executable, "-c", start, str(root)]
    close: Callable[[], None] | None = (lambda: os.close(1)) if stdout is None else None
    done = subprocess.run(
        command_line,
        cwd=ROOT,
        stdout=stdout,
        stderr=subprocess.PIPE,
        preexec_fn=close,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize("how", ["closed", "full", "read by nobody"])
def test_a_site_is_published_whatever_becomes_of_standard_output(how: str, root: Path) -> None:
    if how == "read by nobody":
        reader, writer = os.pipe()
        os.close(reader)
    else:
        writer = os.open("/dev/full", os.O_WRONLY) if how == "full" else -1
    code, said = run(root, stdout=writer if writer >= 0 else None)
    if writer >= 0:
        os.close(writer)
    assert (root / "site" / "index.html").stat().st_size > 1000
    assert list((root / "site" / "data" / "observations").iterdir())
    if how == "read by nobody":  # as `head` is after its lines
        assert (code, said) == (0, "")
    else:
        assert code == 4
        assert said.startswith("standard output")
        assert len(said.splitlines()) == 1


# Interruption


def interrupted(root: Path, how: int) -> tuple[int, str]:
    """Start the command, stop it while it writes, and return its code and last words."""
    command_line = [sys.executable, "-c", START, str(root)]
    with subprocess.Popen(
        command_line,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while not list(root.glob(".site-*/new/*")):
            assert process.poll() is None
            time.sleep(0.001)
        process.send_signal(how)
        _, said = process.communicate(timeout=20)
    return process.returncode, said


@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_stopped_report_leaves_one_sentence_and_nothing_else(how: str, root: Path) -> None:
    (root / "site").mkdir()
    (root / "site" / "index.html").write_text("old", encoding="utf-8")
    number = getattr(signal, how)
    assert interrupted(root, number) == (
        128 + number,
        f"interrupted by {how}: site/ is whole, the old one or the new one\n",
    )
    assert (root / "site" / "index.html").read_text(encoding="utf-8") == "old"
    assert not list(root.glob(".site-*"))


INTERRUPTS_AN_IMPORT = """
import os, signal, sys
from report.__main__ import main
class Finder:
    def find_spec(self, name, *_):
        if name == "report.publish":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
sys.exit(main(sys.argv[2:]))
"""


def test_ctrl_c_while_modules_are_imported_is_one_sentence_too(root: Path) -> None:
    code, said = run(root, stdout=subprocess.DEVNULL, start=INTERRUPTS_AN_IMPORT)
    assert (code, said) == (
        130,
        "interrupted by SIGINT: site/ is whole, the old one or the new one\n",
    )


def test_a_killed_report_is_cleaned_up_by_the_next_one(root: Path) -> None:
    code, said = interrupted(root, signal.SIGKILL)
    assert (code, said) == (-signal.SIGKILL, "")
    (left,) = root.glob(".site-*")
    assert command.main([]) == 0
    assert not left.exists()
    assert not list(root.glob(".site-*"))


def test_a_site_that_a_killed_run_had_moved_away_comes_back(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = root / ".site-abcdefgh"
    (left / staging.OLD).mkdir(parents=True)
    (left / staging.OLD / "index.html").write_text("old", encoding="utf-8")
    (left / staging.NEW).mkdir()
    monkeypatch.setattr("report.page.pages.files", lambda _: iter([("a\0", "no file name")]))
    with pytest.raises(ValueError, match="null"):
        command.main([])
    assert (root / "site" / "index.html").read_text(encoding="utf-8") == "old"
    assert not left.exists()


@pytest.mark.parametrize("error", [OSError(28, "No space left"), KeyboardInterrupt()])
def test_a_site_comes_back_whatever_happens_between_the_two_renames(
    error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("old", encoding="utf-8")
    rename = type(site).rename

    def failing(path: Path, target: Path) -> Path:
        if path.name == staging.NEW:
            raise error
        return rename(path, target)

    monkeypatch.setattr(type(site), "rename", failing)
    with pytest.raises(type(error)), staging.staged(site) as folder:
        (folder / "index.html").write_text("new", encoding="utf-8")
    assert (site / "index.html").read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [site]


def test_what_another_report_writes_or_somebody_keeps_is_not_touched(root: Path) -> None:
    (root / ".site-backup").mkdir()
    (root / ".site-backup" / "index.html").write_text("mine", encoding="utf-8")
    (root / ".site-link").symlink_to(root / "observations")
    (root / ".site-file").write_text("mine", encoding="utf-8")
    with staging.staged(root / "site") as other:
        (other / "index.html").write_text("of another run", encoding="utf-8")
        assert command.main([]) == 0
        assert (other / "index.html").exists()
        assert (root / "site" / "about.html").exists()
    assert (root / "site" / "index.html").read_text(encoding="utf-8") == "of another run"
    left = {path.name for path in root.glob(".site-*")}
    assert left == {".site-backup", ".site-link", ".site-file"}
    assert list((root / "observations").iterdir())
