"""Test the environment of a release: made anew, complete, and removed afterwards."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import time
from typing import TYPE_CHECKING

import pytest

from tests.support import fake, small
from tests.support.checkout import copied, running, start

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.small import Checkout

# Imported for as long as a test needs.
SLOW = "import time\ntime.sleep(600)\n"
PATIENCE = 60  # seconds


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """Return a checkout with two small releases."""
    return small.checkout(tmp_path_factory.mktemp("small"))


def wait(until: Callable[[], object]) -> None:
    """Wait until a condition is true."""
    end = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_an_environment_goes_with_its_observation(checkout: Checkout) -> None:
    done = checkout.run(small.ONE)
    assert done.returncode == 0, done.stdout
    assert checkout.observed(small.ONE)["release"]["version"] == small.ONE
    assert not checkout.environment(small.ONE).exists()
    assert "the observation is current" in checkout.run(small.ONE).stdout


def test_an_edit_in_one_environment_is_in_no_other(checkout: Checkout) -> None:
    assert checkout.run(small.ONE, "--force", "--keep").returncode == 0
    module = checkout.packages(small.ONE) / f"{small.SHARED}.py"
    assert module.read_text("utf-8") == "whole = True\n"
    with module.open("a", encoding="utf-8") as file:
        file.write("whole = False\n")
    for version in (small.ONE, small.OTHER):
        assert checkout.run(version, "--force", "--keep").returncode == 0
        module = checkout.packages(version) / f"{small.SHARED}.py"
        assert module.read_text("utf-8") == "whole = True\n"


def test_what_is_left_of_an_environment_is_not_taken_for_whole(checkout: Checkout) -> None:
    assert checkout.run(small.ONE, "--force", "--keep").returncode == 0
    whole = checkout.observation(small.ONE).read_bytes()
    for gone in ("tensorflow", "pyvenv.cfg", "bin"):
        packages = checkout.packages(small.ONE)
        (packages / f"{small.SHARED}.py").unlink()
        if gone == "tensorflow":
            shutil.rmtree(packages / gone)
        else:
            place = checkout.environment(small.ONE) / gone
            place.rename(place.with_name("elsewhere"))
        assert list(packages.glob("tensorflow_cpu-*.dist-info"))  # by which uv goes
        done = checkout.run(small.ONE, "--force", "--keep")
        assert done.returncode == 0, done.stdout
        assert checkout.observation(small.ONE).read_bytes() == whole


def test_a_lock_that_is_edited_meanwhile_is_not_what_was_installed(
    checkout: Checkout, tmp_path: Path
) -> None:
    goes_on = tmp_path / "goes on"
    patience = f"import os, time\nwhile not os.path.exists({str(goes_on)!r}): time.sleep(0.01)\n"
    checkout.install(small.OTHER, patience + fake.WORKING.replace(fake.VERSION, small.OTHER))
    lock = checkout.root / "probes" / "locks" / f"{small.OTHER}.txt"
    installed = hashlib.sha256(lock.read_bytes()).hexdigest()
    with checkout.start(small.OTHER, "--force") as run:
        wait(lambda: _asking(checkout.root))
        lock.write_text(lock.read_text("utf-8") + "# edited\n", "utf-8")
        goes_on.touch()
        said, _ = run.communicate(timeout=PATIENCE)
    assert run.returncode == 0, said
    assert checkout.observed(small.OTHER)["release"]["lock"] == installed
    checkout.install(small.OTHER, fake.WORKING.replace(fake.VERSION, small.OTHER))


def waits(second: subprocess.Popen[str], environment: Path) -> None:
    """Wait until nox prints that it waits for an environment."""
    assert second.stdout
    sentence = f"another nox uses .nox/{environment.name}; this one waits until that has ended"
    assert any(sentence in line for line in second.stdout)


def test_a_second_nox_waits_and_touches_nothing(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOX_PARALLEL", "1")  # whose sentences come at once
    environment = checkout.environment(small.OTHER)
    environment.mkdir(parents=True, exist_ok=True)
    mark = environment / "of the first nox"
    mark.touch()
    with environment.with_name(f"{environment.name}.lock").open("w") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        with checkout.start(small.OTHER, "--force") as second:
            waits(second, environment)
            assert mark.exists()
            fcntl.flock(first, fcntl.LOCK_UN)
            said, _ = second.communicate(timeout=PATIENCE)
    assert second.returncode == 0, said
    assert not environment.exists()


def test_a_second_report_waits_and_touches_nothing(tmp_path: Path) -> None:
    checkout = copied(tmp_path / "checkout")
    mark = checkout / ".nox" / "report" / "of the first nox"
    mark.parent.mkdir(parents=True)
    mark.touch()
    with (checkout / ".nox" / "report.lock").open("w") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        with start(checkout, "-s", "report", "--", "--help", NOX_PARALLEL="1") as second:
            waits(second, mark.parent)
            assert mark.exists()
            fcntl.flock(first, fcntl.LOCK_UN)
            said, _ = second.communicate(timeout=PATIENCE)
    assert second.returncode == 0, said
    assert not mark.exists()


def test_two_at_once_from_nothing_both_have_what_they_need(tmp_path: Path) -> None:
    """Nox makes and clears an environment of its own before any lock of ours can be taken."""
    checkout = copied(tmp_path / "checkout")
    both = [start(checkout, "-s", "explain", "--", "--help") for _ in range(2)]
    for run in both:
        said, _ = run.communicate(timeout=PATIENCE)
        assert run.returncode == 0, said
        assert "usage: python -m report explain" in said


@pytest.mark.parametrize("target", ["/nonexistent", "/usr"])
def test_what_is_left_of_an_environment_and_stays_is_named(checkout: Checkout, target: str) -> None:
    place = checkout.environment(small.ONE)
    shutil.rmtree(place, ignore_errors=True)
    place.symlink_to(target)
    done = checkout.run(small.ONE, "--force")
    place.unlink()
    assert done.returncode == 1
    assert f"{place}: it is a link, not a folder; " in done.stdout
    assert "Traceback" not in done.stdout


def test_a_probe_that_wrote_nothing_has_measured_nothing(checkout: Checkout) -> None:
    entry = checkout.root / ".nox" / "measured" / "linux-x86_64" / f"{small.ONE}.txt"
    entry.unlink(missing_ok=True)
    supervisor = checkout.root / "probes" / "__main__.py"
    original = supervisor.read_text("utf-8")
    supervisor.write_text("def main():\n    pass\n", encoding="utf-8")
    done = checkout.run(small.ONE, "--force")
    supervisor.write_text(original, encoding="utf-8")
    assert done.returncode == 1
    assert f"{small.ONE}: the probe ended and wrote nothing" in done.stdout
    assert not entry.exists()


@pytest.mark.parametrize("count", [1, 4], ids=["alone", "beside others"])
def test_sigterm_to_nox_alone_ends_the_probe(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setenv("NOX_PARALLEL", str(count))
    before = checkout.observation(small.OTHER).read_bytes()
    checkout.install(small.OTHER, SLOW)
    with checkout.start(small.OTHER, "--force") as run:
        wait(lambda: _asking(checkout.root))
        os.kill(run.pid, signal.SIGTERM)
        said, _ = run.communicate(timeout=PATIENCE)
    assert run.returncode != 0
    assert "Traceback" not in said
    wait(lambda: not running(str(checkout.root)))
    assert checkout.observation(small.OTHER).read_bytes() == before


def _asking(root: Path) -> list[int]:
    return running(str(root), "probes.child_main")


def test_the_lock_is_held_until_the_last_process_has_ended(checkout: Checkout) -> None:
    environment = checkout.environment(small.OTHER)
    checkout.install(small.OTHER, SLOW)
    with checkout.start(small.OTHER, "--force") as run:
        wait(lambda: _asking(checkout.root))
        (supervisor,) = running(str(environment), "--out")
        for nox in set(running(str(checkout.root))) - {supervisor, *_asking(checkout.root)}:
            os.kill(nox, signal.SIGKILL)
        run.kill()
        run.communicate()
    with environment.with_name(f"{environment.name}.lock").open("w") as lock:
        with pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.kill(supervisor, signal.SIGKILL)
        wait(lambda: not running(str(checkout.root)))
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
