"""Test the replacement of a site whose folder can't be renamed, such as a mount point."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from report import __main__ as command
from report import places
from report.errors import SiteError
from report.evidence import platforms
from report.site import staging
from tests.support import fake, roots, samples

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

OLD = {"index.html": "old", "only old.txt": "old", "data/matrix.json": "old", "data/x/y": "old"}
NEW = {"index.html": "new", "data/matrix.json": "new", "data/z/y": "new"}
ROOM = "size=64m"
STEPS = {"open", "os.mkdir", "os.remove", "os.rename", "os.rmdir"}


@contextmanager
def lower_layer(folder: Path) -> Iterator[Path]:
    """Make a folder whose ``site`` is in a container image's layer, by overlayfs."""
    with fake.mounted(folder, ROOM) as disk:
        layers = [disk / name for name in ("lower", "upper", "work", "merged")]
        for layer in layers:
            layer.mkdir()
        write(layers[0] / "site", OLD)
        options = "lowerdir={},upperdir={},workdir={}".format(*layers)
        mount = ["mount", "-t", "overlay", "overlay", "-o", options, str(layers[-1])]
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
        if done.returncode:
            fake.unmet(f"an overlay can't be mounted: {done.stderr.strip()}")
        try:
            yield layers[-1]
        finally:
            subprocess.run(["umount", "--lazy", str(layers[-1])], check=True)


@contextmanager
def mount_point(folder: Path) -> Iterator[Path]:
    """Make a folder whose ``site`` is a mount point."""
    with fake.mounted(folder / "site", ROOM) as site:
        write(site, OLD)
        yield folder


@contextmanager
def plain(folder: Path) -> Iterator[Path]:
    """Make a folder whose ``site`` can be renamed."""
    write(folder / "site", OLD)
    yield folder


PLACES = {"lower layer": lower_layer, "mount point": mount_point, "plain": plain}


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """Return a folder with an old site."""
    made: AbstractContextManager[Path] = PLACES[request.param](tmp_path / "place")
    with made as folder:
        yield folder


def write(site: Path, files: dict[str, str]) -> None:
    """Write the files of a site."""
    for name, text in files.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, encoding="utf-8")


def content(site: Path) -> dict[str, str]:
    """Return the contents of a site's files."""
    files = [path for path in site.rglob("*") if path.is_file()]
    return {str(path.relative_to(site)): path.read_text(encoding="utf-8") for path in files}


def names(folder: Path) -> list[str]:
    """Return the names of the files in a folder."""
    return sorted(path.name for path in folder.iterdir())


def replace(site: Path) -> None:
    """Replace the old site by the new one, as the report does."""
    with staging.staged(site) as folder:
        write(folder, NEW)


def test_a_site_is_replaced_wherever_it_is(place: Path) -> None:
    replace(place / "site")
    replace(place / "site")
    assert content(place / "site") == NEW
    assert names(place) == ["site"]


def test_the_report_is_written_into_a_mounted_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "ROOT", roots.observed(tmp_path, ("1.0.1",)))
    monkeypatch.setattr(platforms, "machine", lambda: samples.PLATFORM)
    with mount_point(tmp_path) as root:
        (root / "site" / staging.KEPT).mkdir()  # as in the root of a disk
        assert command.main(["site"]) == 0
        assert (root / "site" / "index.html").stat().st_size > 1000
        assert not (root / "site" / "only old.txt").exists()
        assert (root / "site" / staging.KEPT).is_dir()
        assert not list(root.glob(".site-*"))


def kill_at(site: Path, step: int) -> bool:
    """Replace a site in a process that is killed before a step; return whether it was killed."""
    pid = os.fork()
    if pid == 0:
        try:
            with staging.staged(site) as folder:
                write(folder, NEW)
                left = iter(range(step))
                sys.addaudithook(
                    lambda event, _: (
                        os._exit(9) if event in STEPS and next(left, None) is None else None
                    )
                )
        finally:
            os._exit(0)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status) == 9


@pytest.mark.parametrize("kind", PLACES)
def test_killed_at_any_step_the_next_run_finds_the_old_site_or_the_new_one(
    kind: str, tmp_path: Path
) -> None:
    found = []
    for step in itertools.count():
        with PLACES[kind](tmp_path / str(step)) as place:
            killed = kill_at(place / "site", step)
            with pytest.raises(ZeroDivisionError), staging.staged(place / "site"):
                raise ZeroDivisionError
            found.append(content(place / "site"))
            assert names(place) == ["site"]
        if not killed:
            break
    assert all(one in (OLD, NEW) for one in found)
    assert found[0] == OLD
    assert found[-1] == NEW


@pytest.mark.parametrize("error", [OSError(28, "No space left"), KeyboardInterrupt()])
def test_what_fails_while_the_content_is_replaced_leaves_the_old_site(
    place: Path, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = staging._put  # noqa: SLF001 - the last step

    def failing(content: Path, site: Path) -> None:
        if content.name == staging.NEW:
            write(site, {"index.html": "half"})
            raise error
        put(content, site)

    monkeypatch.setattr(staging, "_put", failing)
    with pytest.raises(type(error)):
        replace(place / "site")
    assert content(place / "site") == OLD
    assert names(place) == ["site"]


def test_a_site_on_a_read_only_disk_stays_as_it_is(tmp_path: Path) -> None:
    with mount_point(tmp_path) as place:
        fake.make_read_only(place / "site")
        with pytest.raises(OSError, match="Read-only file system"):
            replace(place / "site")
        assert content(place / "site") == OLD
        assert names(place) == ["site"]


def test_a_site_that_can_not_be_restored_is_kept_and_the_sentence_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mount_point(tmp_path) as place:
        monkeypatch.setattr(staging, "_put", fail)
        with pytest.raises(SiteError, match=r"site is not whole: .*; what was there is in .*old"):
            replace(place / "site")
        (left,) = place.glob(".site-*")
        assert content(left / staging.OLD) == OLD
        monkeypatch.undo()
        replace(place / "site")
        assert content(place / "site") == NEW
        assert names(place) == ["site"]


def fail(*_: object) -> None:
    """Raise the error of a missing disk."""
    raise OSError(5, "Input/output error")
