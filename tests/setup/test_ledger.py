"""Test the ledger: a release is current until something it was measured with changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from probes.setup import installing, ledger, places
from tests.support.checkout import OBSERVATIONS, copied, move

if TYPE_CHECKING:
    from types import ModuleType

OF_A_RELEASE = installing.of_a_release
ROW = {
    "version": "2.21.0",
    "python": "3.11",
    "distribution": "tensorflow-cpu",
    "platform": "linux-x86_64",
}
VERSION = ROW["version"]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the checkout."""
    return copied(tmp_path_factory.mktemp("ledger") / "checkout")


@pytest.fixture
def checkout(original: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the copy, which the ledger is of."""
    move(original, monkeypatch, ledger, places)
    return original


def test_each_platform_has_an_entry_of_its_own(checkout: Path) -> None:
    confirm()
    other = ROW | {"platform": "linux-aarch64", "distribution": "tensorflow"}
    assert not ledger.is_current(other)
    place = checkout / "observations" / "linux-aarch64" / f"{VERSION}.json"
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(b"{}")
    ledger.confirm(other, ledger.fingerprint(other))
    assert ledger.is_current(other)
    place.write_bytes(b"{ }")
    assert not ledger.is_current(other)
    assert is_current()


def confirm() -> None:
    """Enter the release in the ledger, as a run that begins now does."""
    ledger._probes.cache_clear()  # noqa: SLF001 - each run is a process of its own
    ledger.confirm(ROW, ledger.fingerprint(ROW))


def is_current() -> bool:
    """Return whether the release is current for a run that begins now."""
    ledger._probes.cache_clear()  # noqa: SLF001
    return bool(ledger.is_current(ROW))


@pytest.mark.parametrize(
    "name",
    [
        f"probes/locks/{VERSION}.txt",
        "probes/locks/build.txt",
        "probes/locks/unshared.txt",
        "probes/observe.py",
        "probes/run/child.py",
        "probes/kinds/measured.py",
        "probes/release/layers.py",
        "report/evidence/observation.schema.json",
        f"observations/linux-x86_64/{VERSION}.json",
    ],
)
def test_a_release_is_current_while_all_it_was_measured_with_is_as_it_was(
    checkout: Path, name: str
) -> None:
    confirm()
    assert is_current()
    original = (checkout / name).read_bytes()
    (checkout / name).write_bytes(original + b"\n")
    assert not is_current()
    # measured with this lock, which was then restored: the observation has another lock
    confirm()
    (checkout / name).write_bytes(original)
    assert not is_current()


@pytest.mark.parametrize("name", ["switches", "installing", "ledger", "a_new_one"])
def test_code_that_only_the_python_of_nox_runs_leaves_a_release_current(
    checkout: Path, name: str
) -> None:
    confirm()
    with (checkout / "probes" / "setup" / f"{name}.py").open("a", encoding="utf-8") as module:
        module.write("\n_SENTENCE = 'in other words'\n")
    assert is_current()


def another_option(*arguments: object) -> list[tuple[object, ...]]:
    """Return the commands that install a release, with an additional option."""
    return [(*command, "--compile") for command in OF_A_RELEASE(*arguments)]


@pytest.mark.parametrize(
    ("module", "name", "other"),
    [
        (installing, "of_a_release", another_option),
        (ledger, "PROBES", ("-I", *places.PROBES[2:])),
    ],
)
@pytest.mark.usefixtures("checkout")
def test_a_release_that_would_be_installed_or_started_otherwise_is_not_current(
    module: ModuleType, name: str, other: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirm()
    monkeypatch.setattr(module, name, other)
    assert not is_current()


def test_no_place_of_the_checkout_is_in_the_fingerprint() -> None:
    assert not any(str(places.ROOT) in word for word in ledger._commands())  # noqa: SLF001


@pytest.mark.parametrize("entry", [b"", b"{", b"[1, 2", b"\xff\xff"])
@pytest.mark.usefixtures("checkout")
def test_a_damaged_entry_of_the_ledger_is_no_measurement(entry: bytes) -> None:
    confirm()
    (place,) = ledger.LEDGER.glob(f"linux-x86_64/{VERSION}.*")
    whole = place.read_bytes()
    for damaged in (entry, whole[:-9]):
        place.write_bytes(damaged)
        assert not is_current()
    place.unlink()
    place.mkdir()
    assert not is_current()
    place.rmdir()


def test_an_observation_that_is_written_again_has_another_stamp(checkout: Path) -> None:
    place = checkout / OBSERVATIONS / f"{VERSION}.json"
    before = ledger.stamp(place)
    assert before == ledger.stamp(place)
    Path(f"{place}.new").write_bytes(place.read_bytes())
    Path(f"{place}.new").replace(place)
    assert ledger.stamp(place) not in {before, None}
    assert ledger.stamp(place.with_name("9.9.9.json")) is None
