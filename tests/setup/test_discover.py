"""Test the discovery of new releases: found, locked, measured, written and reported."""

from __future__ import annotations

import json
import shutil
import tomllib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import fake, small, stand_in, workflows
from tests.support.checkout import OBSERVATIONS, ROOT, nox
from tests.support.repository import git

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.small import Checkout

LOCKS = "probes/locks"
ARM = OBSERVATIONS.with_name("linux-aarch64")
TABLE = "probes/releases.toml"
LAST, FINAL, LATER = "2.22.0rc0", "2.22.0", "2.23.1"  # the last of the table, and newer ones
TODAY = datetime.now(UTC).strftime("%Y-%m-%d")
UPLOADS = {f"tensorflow_cpu-{FINAL}-": "2026-10-20", f"tensorflow_cpu-{LATER}-": TODAY}
SCRIPT = workflows.step("releases", "discover", "discover")["run"]
NOTHING = f"No release of TensorFlow is newer than the table, up to {LAST}.\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """Return a committed checkout, with wheels of the table's last releases."""
    made = small.checkout(tmp_path)
    offer(made, LAST)
    for version in (small.ONE, small.OTHER):
        shutil.copyfile(ROOT / LOCKS / f"{version}.txt", made.root / LOCKS / f"{version}.txt")
    wheels = tmp_path / "wheels"
    small.wheel(wheels, "tensorflow", "0.12.1", {})  # one of the old series is enough
    small.wheel(wheels, "tf_keras", FINAL, {"tf_keras.py": ""})
    small.keep(made, LAST, "1.15.5")
    git(made.root, "init", "--quiet")
    git(made.root, "add", "--all")
    git(made.root, "commit", "--quiet", "--message", "all of it")
    return made


def offer(checkout: Checkout, *versions: str, source: str = fake.WORKING) -> None:
    """Make wheels of releases without changing their locks."""
    for version in versions:
        lock = checkout.root / LOCKS / f"{version}.txt"
        before = lock.read_bytes() if lock.exists() else None
        checkout.install(version, source.replace(fake.VERSION, version))
        lock.unlink() if before is None else lock.write_bytes(before)


def variables(checkout: Checkout, address: str) -> dict[str, str | None]:
    """Return the environment variables with which nox and uv ask an index."""
    own = {"UV_OFFLINE": None, "UV_FIND_LINKS": None, "UV_INDEX": address, "NO_PROXY": "127.0.0.1"}
    return {**checkout.variables, **own, "UV_HTTP_RETRIES": "0"}


def discovered(checkout: Checkout) -> tuple[str, str]:
    """Run the workflow's shell script with an index; return its output text and findings."""
    with stand_in.index(checkout.root.parent / "wheels", UPLOADS) as address:
        asked = variables(checkout, address)
        path = f"{workflows.shim(checkout.root.parent / 'shim')}:{asked['PATH']}"
        outputs = workflows.run(checkout.root, SCRIPT, **{**asked, "PATH": path})
    text = (checkout.root / "discovered.md").read_text("utf-8")
    assert outputs["summary"] == text
    return text, outputs["found"]


def failed(checkout: Checkout, address: str) -> str:
    """Look for releases with an index, which must fail and change nothing; return the message."""
    done = nox(checkout.root, "-s", "discover", **variables(checkout, address))
    assert done.returncode != 0
    assert "Traceback" not in done.stdout
    assert git(checkout.root, "status", "--short") == ""
    return done.stdout


def rows(root: Path) -> dict[str, dict[str, Any]]:
    """Return the rows of the table by version."""
    table = tomllib.loads((root / TABLE).read_text("utf-8"))["releases"]
    return {row["version"]: row for row in table}


def test_what_the_index_has_and_the_table_lacks_is_added(checkout: Checkout) -> None:
    before = rows(checkout.root)
    offer(checkout, FINAL, LATER)
    text, found = discovered(checkout)
    assert found == "true"
    after = rows(checkout.root)
    row = before[LAST]
    assert after.pop(FINAL) == row | {
        "version": FINAL,
        "cutoff": "2026-11-03",
        "beside": ["tf-keras==2.22.*"],
    }
    assert after.pop(LATER) == row | {"version": LATER, "cutoff": TODAY}
    assert after == {version: row for version, row in before.items() if version != LAST}
    changed = git(checkout.root, "diff", "--cached", "--no-renames", "--name-status")
    assert dict(line.split("\t")[::-1] for line in changed.splitlines()) == {
        "README.md": "M",
        "docs/answer.svg": "M",
        f"{OBSERVATIONS}/confirmed.toml": "A",
        f"{OBSERVATIONS}/{LAST}.json": "D",
        f"{ARM}/confirmed.toml": "M",
        f"{ARM}/{LAST}.json": "D",
        f"{LOCKS}/{ARM.name}/{LAST}.txt": "D",
        f"{OBSERVATIONS}/{FINAL}.json": "A",
        f"{OBSERVATIONS}/{LATER}.json": "A",
        f"{LOCKS}/{LAST}.txt": "D",
        f"{LOCKS}/{FINAL}.txt": "A",
        f"{LOCKS}/{LATER}.txt": "A",
        TABLE: "M",
    }
    for version in (FINAL, LATER):
        assert checkout.observed(version)["release"]["version"] == version
    released = json.loads((checkout.root / "site" / "data" / "matrix.json").read_text("utf-8"))
    assert [one["version"] for one in released["releases"]][-2:] == [FINAL, LATER]
    python = f"tensorflow-cpu on CPython {fake.PYTHON}"
    assert text.startswith(
        "Newer than the table, and measured now:\n\n"
        f"- **{FINAL}** (uploaded on 2026-10-20; {python}; packages as of 2026-11-03; "
        f"beside tf-keras==2.22.*; in the place of {LAST}): observed.\n"
        f"- **{LATER}** (uploaded on {TODAY}; {python}; packages as of {TODAY}; "
        "beside tf-keras): observed.\n"
        "# What moved since `HEAD`\n"
    )


def test_where_nothing_is_newer_it_says_so_and_writes_nothing(checkout: Checkout) -> None:
    assert discovered(checkout) == (NOTHING, "false")
    written = git(checkout.root, "status", "--short").split()[1::2]
    assert written == ["discovered.md", "discovered.patch", "discovered.request.md"]


def test_where_the_index_is_out_of_reach_there_is_a_sentence_and_nothing_is_written(
    checkout: Checkout,
) -> None:
    said = failed(checkout, "http://127.0.0.1:9/simple")
    (sentence,) = (line for line in said.splitlines() if "can't be asked" in line)
    assert "the index can't be asked for tensorflow-cpu>=2.22.0rc0" in sentence
    assert "Failed to fetch: " in sentence
    assert "; nothing was written" in sentence


def test_a_release_that_can_not_be_locked_leaves_the_table_as_it_was(checkout: Checkout) -> None:
    """A wheel that needs what nobody offers is found, and has no row without its lock."""
    wheels = checkout.root.parent / "wheels"
    small.wheel(wheels, "tensorflow_cpu", FINAL, {}, "tensorflow-cpu==0.1")
    with stand_in.index(wheels, UPLOADS) as address:
        assert f"lock -- {FINAL}" in failed(checkout, address)


def test_a_release_that_fails_is_added_with_its_reason(checkout: Checkout) -> None:
    """Its observation is the outcome; the release that it replaces goes only then."""
    offer(checkout, FINAL, source="raise ImportError('no such thing')\n")
    text, found = discovered(checkout)
    assert found == "true"
    assert f"in the place of {LAST}): failed: ImportError: no such thing" in text
    assert FINAL in rows(checkout.root)
    assert not checkout.observation(LAST).exists()


def test_a_release_that_is_not_measured_leaves_everything_as_it_was(checkout: Checkout) -> None:
    """Another version than the wheel's is installed, which is a fault of this run."""
    offer(checkout, FINAL, source="__version__ = '2.0.0'\n")
    with stand_in.index(checkout.root.parent / "wheels", UPLOADS) as address:
        assert f"{FINAL}: not measured; nothing was written" in failed(checkout, address)


def test_an_index_without_the_tables_last_release_is_a_sentence(checkout: Checkout) -> None:
    (wheel,) = (checkout.root.parent / "wheels").glob(f"tensorflow_cpu-{LAST}-*")
    wheel.unlink()
    with stand_in.index(checkout.root.parent / "wheels", UPLOADS) as address:
        assert f"the index has no tensorflow-cpu {LAST}, the table's last" in failed(
            checkout, address
        )
