"""Test that only a complete environment without other packages is measured."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support import fake

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def add(environment: fake.Environment) -> None:
    """Install a package that is not in the lock, such as a seeded pip."""
    (environment.site / "pip-24.0.dist-info").mkdir()


def lose(environment: fake.Environment) -> None:
    """Remove a package's installed metadata."""
    (environment.site / f"tensorflow-{fake.VERSION}.dist-info").rename(environment.site / "gone")


def replace(environment: fake.Environment) -> None:
    """Install another version than the locked one, as a user's override does."""
    info = environment.site / f"tensorflow-{fake.VERSION}.dist-info"
    info.rename(environment.site / "tensorflow-9.9.8.dist-info")


def double(environment: fake.Environment) -> None:
    """Install two versions of one package, as an interrupted upgrade does."""
    (environment.site / "tensorflow-9.9.8.dist-info").mkdir()


def lock_more(environment: fake.Environment) -> None:
    """Add a package to the lock that is not installed."""
    with environment.lock.open("a", encoding="utf-8") as lock:
        lock.write("six==1.17.0 \\\n    --hash=sha256:00\n")


def open_up(environment: fake.Environment) -> None:
    """Make packages outside of the environment visible in it."""
    outside = environment.lock.parent / "outside"
    (outside / "PyYAML-6.0.egg-info").mkdir(parents=True)
    (environment.site / "outside.pth").write_text(f"{outside}\n", encoding="utf-8")


FAULTS: dict[Callable[[fake.Environment], None], str] = {
    add: "pip: 24.0 installed, no version locked",
    lose: "tensorflow: no version installed, 9.9.9 locked",
    replace: "tensorflow: 9.9.8 installed, 9.9.9 locked",
    double: "tensorflow: 9.9.8 and 9.9.9 installed, 9.9.9 locked",
    lock_more: "six: no version installed, 1.17.0 locked",
    open_up: "pyyaml: 6.0 installed, no version locked",
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_packages_that_are_not_the_locks_are_not_measured(
    fault: Callable[[fake.Environment], None], tmp_path: Path
) -> None:
    out = tmp_path / "observation.json"
    out.write_bytes(b"as it was")
    environment = fake.Environment(tmp_path / "environment")
    fault(environment)
    done = environment.run(out)
    assert (done.returncode, done.stdout) == (1, "")
    assert "the environment is not the one to be measured: " in done.stderr
    assert FAULTS[fault] in done.stderr
    assert out.read_bytes() == b"as it was"


def test_a_python_that_is_not_the_rows_is_not_measured(tmp_path: Path) -> None:
    out = tmp_path / "observation.json"
    environment = fake.Environment(tmp_path / "environment")
    command = environment.command(out)
    command[command.index("--python") + 1] = "3.6"
    done = subprocess.run(command, cwd=fake.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"Python {fake.PYTHON} runs, not 3.6" in done.stderr
    assert not out.exists()


def test_a_python_of_no_environment_is_not_measured(tmp_path: Path) -> None:
    out = tmp_path / "observation.json"
    environment = fake.Environment(tmp_path / "environment")
    command = [str(environment.python.resolve()), *environment.command(out)[1:]]
    done = subprocess.run(command, cwd=fake.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "the Python that runs is no environment's own" in done.stderr
    assert not out.exists()
