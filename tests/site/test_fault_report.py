"""Test faults of the report: a site that can't be written, a killed build, hostile text."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

from report import __main__ as command
from report import places
from tests.support import fake, roots, samples

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_site_that_can_not_be_replaced_is_told_and_stays_whole(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with fake.mounted(root / "site") as site:  # a mount point can't be renamed
        (site / "index.html").write_text("old", encoding="utf-8")
        assert command.main(["site"]) == 4
        assert (site / "index.html").read_text(encoding="utf-8") == "old"
        assert not list(root.glob(".site-*"))
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 1
    assert errors[0].startswith("site/ was not written, what was there is untouched: ")
    assert command.main(["site"]) == 0
    assert (root / "site" / "index.html").stat().st_size > 1000


def test_a_read_only_disk_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with fake.mounted(tmp_path) as folder:
        monkeypatch.setattr(places, "ROOT", roots.observed(folder, ("1.0.1",)))
        fake.make_read_only(folder)
        assert command.main(["site"]) == 4
        assert not (folder / "site").exists()
    errors = capsys.readouterr().err
    assert "Read-only file system" in errors
    assert errors.endswith("; let the report write to the folder that site/ is in\n")


def test_a_full_disk_leaves_the_pages_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with fake.mounted(tmp_path) as folder:
        monkeypatch.setattr(places, "ROOT", roots.observed(folder, ("1.0.1",)))
        site = folder / "site"
        site.mkdir()
        (site / "index.html").write_text("old", encoding="utf-8")
        assert command.main(["site"]) == 4
        assert [path.name for path in site.iterdir()] == ["index.html"]
        assert (site / "index.html").read_text(encoding="utf-8") == "old"
        assert not list(folder.glob(".site-*"))
    errors = capsys.readouterr().err
    assert "No space left on device" in errors
    assert errors.endswith("; make room for it there\n")


def test_a_build_killed_at_any_moment_leaves_whole_pages_or_none(root: Path) -> None:
    assert command.main(["site"]) == 0
    site = root / "site"
    whole = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    start = "from pathlib import Path; from report import places; "
    start += f"places.ROOT = Path({str(root)!r})\n"
    start += "from report.__main__ import main; main(['site'])"
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", start], cwd=fake.ROOT, check=True)
    lasts = time.monotonic() - began
    for share in (0.6, 0.75, 0.9):
        with subprocess.Popen([sys.executable, "-c", start], cwd=fake.ROOT) as process:
            time.sleep(lasts * share)
            process.kill()
        found = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
        assert found in (whole, {})  # none, if killed between the two renames


# Exits the process at any use of a socket.
CLOSED = """
import sys
from pathlib import Path
sys.addaudithook(lambda event, _: sys.exit(event) if event.startswith("socket.") else None)
from report import places
places.ROOT = Path(sys.argv[1])
from report.__main__ import main
sys.exit(main(["site"]))
"""


def test_the_report_opens_no_connection(root: Path) -> None:
    for start, code in ((CLOSED, 0), (CLOSED.replace('main(["site"])', "socket()"), 1)):
        source = start.replace(
            "from report.__main__", "from socket import socket\nfrom report.__main__"
        )
        command_line = [sys.executable, "-c", source, str(root)]
        done = subprocess.run(command_line, cwd=fake.ROOT, capture_output=True, check=False)
        assert done.returncode == code
    assert (root / "site" / "index.html").exists()


FUNCTION = 2  # its place in a frame
CURSOR = "\x1b[2J\x1b[H\x9b2J\r\b\u202e\x07"


def test_hostile_text_does_not_move_the_terminals_cursor(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    layer = samples.dense()
    layer["evidence"]["kernel"]["declared"]["default"] = CURSOR
    layer["evidence"]["kernel"]["call_path"][0][FUNCTION] = CURSOR
    roots.store(root, "1.0.1", samples.observation("1.0.1", symbols=[layer]))
    assert command.main(["explain", samples.DENSE]) == 0
    roots.store(root, "1.0.1", samples.observation("1.0.1", **{CURSOR: 1}))
    assert command.main(["check"]) == 1
    output = capsys.readouterr()
    assert "declared" in output.out
    assert "1.0.1.json" in output.err
    assert all(line.isprintable() for text in output for line in text.split("\n"))
