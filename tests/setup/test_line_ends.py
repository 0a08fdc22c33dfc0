"""Test that CR LF line ends don't change digests, and that git doesn't produce them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from report.matrix import build
from tests.support import samples
from tests.support.checkout import ROOT
from tests.support.repository import git

if TYPE_CHECKING:
    from pathlib import Path


def test_a_lock_is_the_same_whatever_its_lines_end_with(tmp_path: Path) -> None:
    locks = tmp_path / "probes" / "locks"
    locks.mkdir(parents=True)
    (tmp_path / "probes" / "releases.toml").write_text(
        samples.table(samples.row("1.0.1", tags=["tf1"])), encoding="utf-8"
    )
    text = (ROOT / "probes" / "locks" / "1.0.1.txt").read_bytes()
    stored = samples.observation("1.0.1")
    stored["release"]["lock"] = recorded = _recorded()
    assert len(recorded) == len("0f" * 32)
    samples.store(tmp_path / "observations" / samples.PLATFORM, stored)
    for ends in (b"\n", b"\r\n"):
        (locks / "1.0.1.txt").write_bytes(text.replace(b"\n", ends))
        (release,) = build.build_matrix(tmp_path, samples.PLATFORM).releases
        assert not release.old_lock


def _recorded() -> str:
    """Return the digest of the lock in the committed observation of 1.0.1."""
    data = (ROOT / "observations" / samples.PLATFORM / "1.0.1.json").read_text("utf-8")
    return data.partition('"lock": "')[2].partition('"')[0]


def test_git_checks_out_the_same_bytes_whatever_a_user_has_set(tmp_path: Path) -> None:
    for name in (".gitattributes", "probes/locks/1.0.1.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    lock = tmp_path / "probes" / "locks" / "1.0.1.txt"

    converting = ("-c", "core.autocrlf=true")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, *converting, "add", ".")
    git(tmp_path, *converting, "commit", "--quiet", "--message", "a checkout")
    lock.unlink()
    git(tmp_path, *converting, "checkout", "--", ".")
    assert b"\r" not in lock.read_bytes()


def test_git_ignores_what_is_made_even_where_it_is_a_link(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_bytes((ROOT / ".gitignore").read_bytes())
    git(tmp_path, "init", "--quiet")
    (tmp_path / "another disk").mkdir()
    for name in (".nox", "site", ".bench"):
        (tmp_path / name).symlink_to("another disk")
        assert git(tmp_path, "check-ignore", name) == f"{name}\n"
