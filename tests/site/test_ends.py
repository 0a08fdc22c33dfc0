"""Test how the report ends: whatever fails or stops it, it leaves no incomplete site."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from report import __main__ as command
from report import places
from report.site import staging

if TYPE_CHECKING:
    from pathlib import Path

ROOT = places.ROOT
START = """
import sys
from pathlib import Path
from report import places
from report.evidence import platforms
places.ROOT = Path(sys.argv[1])
platforms.machine = lambda: "linux-x86_64"
from report.__main__ import main
sys.exit(main(["site", *sys.argv[2:]]))
"""


def heed_signals() -> None:
    """Reset the signals in a child process that a background shell, or nohup, ignores."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


# Standard output


def run(root: Path, *, stdout: int | None, start: str = START) -> tuple[int, str]:
    """Run the command with another standard output, which is closed if None."""
    command_line = [sys.executable, "-c", start, str(root)]

    def prepare() -> None:
        heed_signals()
        if stdout is None:
            os.close(1)

    done = subprocess.run(
        command_line,
        cwd=ROOT,
        stdout=stdout,
        stderr=subprocess.PIPE,
        preexec_fn=prepare,
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
    code, errors = run(root, stdout=writer if writer >= 0 else None)
    if writer >= 0:
        os.close(writer)
    assert (root / "site" / "index.html").stat().st_size > 1000
    assert list((root / "site" / "data" / "observations").iterdir())
    if how == "read by nobody":  # as `head` is after its lines
        assert (code, errors) == (0, "")
    else:
        assert code == 4
        assert errors.startswith("standard output")
        assert len(errors.splitlines()) == 1


# Interruption

# A slow disk, so that a signal comes while the pages are written.
SLOW = """
import pathlib, time
write = pathlib.Path.write_bytes
pathlib.Path.write_bytes = lambda path, data: time.sleep(0.05) or write(path, data)
"""


def interrupted(root: Path, how: int) -> tuple[int, str]:
    """Run the command, stop it while it writes, and return its exit code and last output."""
    command_line = [sys.executable, "-c", SLOW + START, str(root)]
    with subprocess.Popen(
        command_line,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=heed_signals,  # noqa: PLW1509 - there are no threads here
        text=True,
    ) as process:
        while not list(root.glob(".site-*/new/*")):
            assert process.poll() is None
            time.sleep(0.001)
        process.send_signal(how)
        _, errors = process.communicate(timeout=20)
    return process.returncode, errors


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
        if name == "report.site.publish":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
sys.exit(main(["site", *sys.argv[2:]]))
"""


def test_ctrl_c_while_modules_are_imported_is_one_sentence_too(root: Path) -> None:
    code, errors = run(root, stdout=subprocess.DEVNULL, start=INTERRUPTS_AN_IMPORT)
    assert (code, errors) == (
        130,
        "interrupted by SIGINT: site/ is whole, the old one or the new one\n",
    )


def test_a_killed_report_is_cleaned_up_by_the_next_one(root: Path) -> None:
    code, errors = interrupted(root, signal.SIGKILL)
    assert (code, errors) == (-signal.SIGKILL, "")
    (left,) = root.glob(".site-*")
    assert command.main(["site"]) == 0
    assert not left.exists()
    assert not list(root.glob(".site-*"))


def test_a_site_that_a_killed_run_had_moved_away_comes_back(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = root / ".site-abcdefgh"
    (left / staging.OLD).mkdir(parents=True)
    (left / staging.OLD / "index.html").write_text("old", encoding="utf-8")
    (left / staging.NEW).mkdir()
    monkeypatch.setattr("report.site.publish.files", lambda _: iter([("a\0", "no file name")]))
    with pytest.raises(ValueError, match="null"):
        command.main(["site"])
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
        assert command.main(["site"]) == 0
        assert (other / "index.html").exists()
        assert (root / "site" / "about.html").exists()
    assert (root / "site" / "index.html").read_text(encoding="utf-8") == "of another run"
    left = {path.name for path in root.glob(".site-*")}
    assert left == {".site-backup", ".site-link", ".site-file"}
    assert list((root / "observations").iterdir())


@pytest.mark.parametrize("there", [True, False])
def test_where_the_site_is_a_link_what_it_leads_to_is_written(*, there: bool, root: Path) -> None:
    """The link was replaced by a folder, and a reader of the published link saw the old site."""
    served = root / "served"
    if there:
        served.mkdir()
    (root / "site").symlink_to("served")
    assert command.main(["site"]) == 0
    assert (root / "site").is_symlink()
    assert (served / "index.html").is_file()
    assert not list(root.glob(".s*-*"))
