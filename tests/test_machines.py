"""The report on machines that are set up otherwise: the same bytes, and nobody's files are lost."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import unicodedata
from typing import TYPE_CHECKING

import pytest

from report import __main__ as command
from report import places
from report.evidence import platforms
from report.site import staging
from tests import roots, samples
from tests.fake import ROOT

if TYPE_CHECKING:
    from pathlib import Path

START = """
import sys, time
from pathlib import Path
from report import places
from report.evidence import platforms
places.ROOT = Path(sys.argv[1])
platforms.machine = lambda: "linux-x86_64"
{before}
from report.__main__ import main
sys.exit(main([]))
"""
VERSIONS = ("1.0.1", "1.1.0")
C_LOCALE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
LETTERS = os.fsdecode(b"\xe9 not UTF-8") + "\u00e9 e\u0301 '\"$(x) [a]* #?%20:\n"


def run(root: Path, *, before: str = "", shell: str = "", **variables: str) -> None:
    """Write the site of a root by a command of its own, after lines of Python and of a shell."""
    words = [sys.executable, "-c", START.format(before=before), str(root)]
    if shell:
        words = ["sh", "-c", f'{shell} "$@"', "sh", *words]
    done = subprocess.run(
        words, cwd=ROOT, env={**os.environ, **variables}, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def files(root: Path) -> dict[str, bytes]:
    """Return what was published."""
    site = root / "site"
    return {str(path.relative_to(site)): path.read_bytes() for path in site.rglob("*.*")}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return what is published here."""
    root = roots.observed(tmp_path_factory.mktemp("here"), VERSIONS)
    run(root)
    return files(root)


@pytest.mark.parametrize(
    ("shell", "before", "variables"),
    [
        pytest.param("exec", "", C_LOCALE, id="C locale"),
        pytest.param("umask 077; exec", "", {}, id="umask"),
        pytest.param("ulimit -n 16; exec", "", {}, id="few file handles"),
        pytest.param("exec taskset -c 0", "", {}, id="one processor"),
        pytest.param("exec", "time.time = lambda: -1.0", {}, id="clock before 1970"),
        pytest.param("exec", "time.time = lambda: 2.0**33", {}, id="clock after 2106"),
        pytest.param("exec", "", {"HOME": "/nowhere", "TMPDIR": "/nowhere"}, id="no home"),
    ],
)
def test_a_machine_changes_no_byte(
    shell: str,
    before: str,
    variables: dict[str, str],
    tmp_path: Path,
    expected: dict[str, bytes],
) -> None:
    root = roots.observed(tmp_path, VERSIONS)
    run(root, before=before, shell=shell, **variables)
    assert files(root) == expected


@pytest.mark.parametrize("variables", [{}, C_LOCALE], ids=["here", "C locale"])
def test_a_long_and_odd_path_changes_no_byte(
    variables: dict[str, str], tmp_path: Path, expected: dict[str, bytes]
) -> None:
    root = tmp_path / ("long" * 50) / ("path" * 50) / LETTERS
    root.mkdir(parents=True)
    run(roots.observed(root, VERSIONS), **variables)
    assert files(root) == expected


def test_a_linked_checkout_changes_no_byte(tmp_path: Path, expected: dict[str, bytes]) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (tmp_path / "link").symlink_to(roots.observed(checkout, VERSIONS))
    run(tmp_path / "link")
    assert files(checkout) == expected


def test_any_file_system_keeps_the_names_apart(published: Path) -> None:
    names = [str(path.relative_to(published)) for path in published.rglob("*")]
    assert len({unicodedata.normalize("NFD", name).casefold() for name in names}) == len(names)
    assert all(name == shlex.quote(name) and ":" not in name for name in names)
    assert max(map(len, names)) < 120


# Somebody's files


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a root with one observed release, which the command line reads from now on."""
    monkeypatch.setattr(places, "ROOT", roots.observed(tmp_path, VERSIONS))
    monkeypatch.setattr(platforms, "machine", lambda: samples.PLATFORM)
    return tmp_path


def test_a_file_where_the_site_should_be_is_kept(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "site").write_text("mine", encoding="utf-8")
    assert command.main([]) == 4
    assert (root / "site").read_text(encoding="utf-8") == "mine"
    assert not list(root.glob(".site-*"))
    (sentence,) = capsys.readouterr().err.splitlines()
    assert "Not a directory" in sentence


def test_a_link_that_leads_to_itself_is_an_error(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "site").symlink_to("site")
    assert command.main([]) == 4
    assert (root / "site").is_symlink()
    assert not list(root.glob(".site-*"))
    (sentence,) = capsys.readouterr().err.splitlines()
    assert sentence.startswith("site/ was not written, what was there is untouched: ")


def test_leftovers_are_removed_whatever_the_folder_is_called(tmp_path: Path) -> None:
    site = tmp_path / "www[1]*"
    left = tmp_path / f".{site.name}-abcdefgh"
    (left / staging.OLD).mkdir(parents=True)
    (left / staging.OLD / "index.html").write_text("old", encoding="utf-8")
    with pytest.raises(ZeroDivisionError), staging.staged(site):
        raise ZeroDivisionError
    assert (site / "index.html").read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [site]
