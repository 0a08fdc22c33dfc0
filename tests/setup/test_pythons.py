"""Test that the checks run with the Python that runs nox, whatever ran them before."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from nox.virtualenv import UV

from probes.setup import interpreters
from tests.support import fake
from tests.support.checkout import copied, nox

if TYPE_CHECKING:
    from pathlib import Path

OLDER = "3.9"


def test_an_environment_of_another_python_is_made_anew(tmp_path: Path) -> None:
    """After an upgrade of Python the checks went on with the old one, and said nothing."""
    older = interpreters.find(OLDER)
    if older is None:
        fake.unmet(f"CPython {OLDER} is not on this machine")
    checkout = copied(tmp_path / "checkout")
    environment = checkout / ".nox" / "lint"
    subprocess.run([UV, "venv", "--quiet", "--python", str(older), environment], check=True)
    assert python(environment) == OLDER
    done = nox(checkout, "-s", "lint", "--install-only")
    assert done.returncode == 0, done.stdout
    assert python(environment) == fake.PYTHON


def python(environment: Path) -> str:
    """Return the minor version of an environment's Python."""
    code = "import sys; print('{}.{}'.format(*sys.version_info))"
    done = subprocess.run(
        [environment / "bin" / "python", "-c", code], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
