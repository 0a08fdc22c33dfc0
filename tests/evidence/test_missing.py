"""Test that missing, failed, damaged and older observations are reported, and others shown."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from report import __main__ as command
from report import places
from report.evidence import State, Status, reader, release_table
from report.matrix import build
from report.site.publish import write_site
from report.story import marks
from tests.conftest import PLATFORM
from tests.support import roots, samples

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from report.evidence import Stored

ENTRIES = release_table.read(places.ROOT / "probes" / "releases.toml")
VERSIONS = [entry.version for entry in ENTRIES]


@pytest.fixture(scope="module")
def evidence() -> Stored:
    """Return the committed observations."""
    found = reader.observations(places.ROOT / "observations" / PLATFORM, ENTRIES)
    assert list(found.problems) == []
    return found


@pytest.mark.parametrize("missing", VERSIONS)
def test_any_one_observation_may_be_missing(
    missing: str, evidence: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = {v: data for v, data in evidence.observations.items() if v != missing}
    monkeypatch.setattr(reader, "observations", lambda *_: reader.Stored(observations=kept))
    found = build.build_matrix(places.ROOT, PLATFORM)
    for release in found.releases:
        gone = release.version == missing
        assert release.status is (Status.NOT_OBSERVED if gone else Status.OBSERVED)
        assert bool(release.reason) is gone
    place = VERSIONS.index(missing)
    assert {row.cells[place].state for row in found.rows} == {State.UNREACHED}
    assert all(not change.exact for change in found.changes if _spans(change, place))


def _spans(change: object, place: int) -> bool:
    """Return whether a release is between the two that a change joins."""
    ends = [VERSIONS.index(getattr(change, f"{end}_release")) for end in ("before", "after")]
    return ends[0] < place < ends[1]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the committed data, on which the command line works."""
    (tmp_path / "probes").mkdir()
    shutil.copytree(places.ROOT / "probes" / "locks", tmp_path / "probes" / "locks")
    for name in ("probes/releases.toml", "README.md"):
        shutil.copyfile(places.ROOT / name, tmp_path / name)
    place = tmp_path / "observations" / PLATFORM
    shutil.copytree(places.ROOT / "observations" / PLATFORM, place)
    monkeypatch.setattr(places, "ROOT", tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795000000")
    return tmp_path


def remove(path: Path) -> None:
    """Remove an observation."""
    path.unlink()


def damage(path: Path) -> None:
    """Truncate an observation."""
    path.write_bytes(path.read_bytes()[:-9])


def fail(path: Path) -> None:
    """Replace an observation by that of a release whose import crashed."""
    data = json.loads(path.read_bytes())
    failed = samples.failed(path.stem, "killed by SIGILL")
    path.write_text(json.dumps(failed | {"release": data["release"]}), encoding="utf-8")


def age(path: Path) -> None:
    """Give an observation the previous protocol."""
    data = json.loads(path.read_bytes())
    path.write_text(json.dumps(data | {"protocol": reader.PROTOCOL - 1}), encoding="utf-8")


# a fault of an observation (the oldest, the newest, or one between), the exit code, and
# the text on the release's page
FAULTS: tuple[tuple[Callable[[Path], None], str, int, str], ...] = (
    (remove, "0.12.1", 0, 'not run yet: nox -s "probe('),
    (remove, "2.22.0rc0", 0, 'not run yet: nox -s "probe('),
    (damage, "2.6.5", 1, "not JSON: "),
    (fail, "1.4.1", 0, "killed by SIGILL"),
    (age, "2.22.0rc0", 1, f"protocol {reader.PROTOCOL - 1} is older than {reader.PROTOCOL}"),
)


@pytest.mark.parametrize(("fault", "version", "code", "reason"), FAULTS)
def test_the_report_is_published_and_says_so(  # noqa: PLR0913 - a fault, and what comes of it
    *,
    fault: Callable[[Path], None],
    version: str,
    code: int,
    reason: str,
    root: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fault(root / "observations" / PLATFORM / f"{version}.json")
    assert command.main(["site"]) == code
    printed = capsys.readouterr()
    count = len(VERSIONS)
    assert f"{count - 1} of {count} releases observed" in printed.out
    assert f"; not observed: {version}\n" in printed.out
    assert bool(printed.err) is bool(code)
    front, own = (
        (root / "site" / name).read_text(encoding="utf-8").replace("&#34;", '"')
        for name in ("index.html", f"release/{version}.html")
    )
    assert f"{count - 1} of {count} releases observed" in front
    for text in (front, own):
        assert reason in text


def test_with_no_protocol_of_today_the_report_is_published_and_says_so(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (root / "observations" / PLATFORM).glob("*.json"):
        age(path)
    assert command.main(["site"]) == 1
    printed = capsys.readouterr()
    assert f"0 of {len(VERSIONS)} releases observed" in printed.out
    assert [line.partition(".json: ")[0] for line in printed.err.splitlines()] == VERSIONS
    assert all('nox -s "probe(' in line for line in printed.err.splitlines())
    site = root / "site"
    assert not (site / "data" / "observations").exists()
    front = (site / "index.html").read_text(encoding="utf-8")
    assert f"0 of {len(VERSIONS)} releases observed" in front
    for version in VERSIONS:
        own = (site / "release" / f"{version}.html").read_text(encoding="utf-8")
        assert marks.STALE.text in own
        assert f"protocol {reader.PROTOCOL - 1} is older than {reader.PROTOCOL}" in front
    assert json.loads((site / "data" / "matrix.json").read_text("utf-8"))["cells"] == []


def test_with_nothing_observed_the_report_is_published_and_says_so(tmp_path: Path) -> None:
    roots.table(tmp_path, samples.table(samples.row("1.0.1")))
    write_site(build.build_matrix(tmp_path, PLATFORM), tmp_path / "site")
    front = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "0 of 1 release observed" in front
    assert "not run yet" in front
