"""Test how nox finds or downloads a release's Python, and its message if it is missing."""

from __future__ import annotations

import os
import tomllib
from typing import TYPE_CHECKING

import pytest

from tests.support.checkout import ROOT, copied, nox

if TYPE_CHECKING:
    from pathlib import Path

ROWS = tomllib.loads((ROOT / "probes" / "releases.toml").read_text("utf-8"))["releases"]
PYTHONS = sorted({row["python"] for row in ROWS}, key=lambda python: int(python.split(".")[1]))
ON_3_9 = "2.5.3"
OLD, MIDDLE, NEW = "1.0.1", "2.2.3", "2.21.0"  # on CPython 3.6, 3.8 and 3.11
# Environment variables with which neither pyenv nor uv has an interpreter.
NOWHERE = dict.fromkeys(("PYENV_ROOT", "XDG_DATA_HOME", "UV_PYTHON_INSTALL_DIR"), "/nonexistent")
NEVER = {"UV_PYTHON_DOWNLOADS": "never"}
# An interpreter that only reports its version.
INTERPRETER = "#!/bin/sh\necho {name} {python}\n"
# A uv that prints its arguments, and installs an interpreter that only reports its version.
UV = """#!/bin/sh
case "$*" in
  "self version"*) echo '{"version": "0.13.9"}' ;;
  "python install"*)
    echo "uv was asked: $*"
    while [ "$1" != --install-dir ]; do case "$1" in 3.*) python=$1 ;; esac; shift; done
    mkdir -p "$2/cpython-$python.1-linux/bin"
    printf '#!/bin/sh\necho cpython %s\n' "$python" >"$2/cpython-$python.1-linux/bin/python$python"
    chmod +x "$2/cpython-$python.1-linux/bin/python$python" ;;
  *) echo "uv was asked: $*"; exit 7 ;;
esac
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the checkout in which nothing was measured."""
    return copied(tmp_path_factory.mktemp("interpreters") / "checkout")


def interpreter(program: Path, python: str, name: str = "cpython") -> None:
    """Make a program that reports to be this interpreter."""
    program.write_text(INTERPRETER.format(name=name, python=python), encoding="utf-8")
    program.chmod(0o755)


def folder(place: Path, *pythons: str) -> dict[str, str]:
    """Return the environment variables of a machine that has only these interpreters."""
    place.mkdir(parents=True, exist_ok=True)
    for python in pythons:
        interpreter(place / f"python{python}", python)
    for program in ("sh", "mkdir", "chmod"):
        (place / program).symlink_to(f"/bin/{program}")
    return {"PATH": str(place), **NOWHERE}


@pytest.fixture
def uv(tmp_path: Path) -> dict[str, str]:
    """Return the environment variables of a machine with a fake uv."""
    program = tmp_path / "our uv"
    program.write_text(UV, encoding="utf-8")
    program.chmod(0o755)
    return {"UV": str(program), "UV_PYTHON_DOWNLOADS": ""}


def how_to_get(python: str) -> str:
    return f"CPython {python} is not on this machine: get it with `pyenv install {python}`"


def test_off_ci_a_release_without_its_interpreter_is_skipped(
    checkout: Path, tmp_path: Path
) -> None:
    variables = folder(tmp_path, *PYTHONS[1:]) | NEVER
    done = nox(checkout, "-s", f"probe({OLD})", CI=None, **variables)
    assert done.returncode == 0
    assert f"probe({OLD}) skipped: {how_to_get('3.6')}" in done.stdout


def test_in_ci_a_release_without_its_interpreter_fails(checkout: Path, tmp_path: Path) -> None:
    variables = folder(tmp_path, *PYTHONS[1:]) | NEVER
    done = nox(checkout, "-s", f"probe({OLD})", CI="true", **variables)
    assert done.returncode != 0
    assert how_to_get("3.6") in done.stdout


def test_a_release_needs_its_own_interpreter_alone(
    checkout: Path, tmp_path: Path, uv: dict[str, str]
) -> None:
    variables = folder(tmp_path, "3.11") | uv
    done = nox(checkout, "-s", f"probe({NEW})", CI="true", **variables)
    assert "is not on this machine" not in done.stdout
    assert f"uv was asked: venv --quiet --python {tmp_path}/python3.11" in done.stdout


def test_without_any_interpreter_nothing_is_called_a_success(
    checkout: Path, tmp_path: Path
) -> None:
    variables = folder(tmp_path) | NEVER
    done = nox(checkout, "-s", f"probe({OLD})", f"probe({NEW})", CI=None, **variables)
    assert done.returncode != 0
    assert how_to_get("3.6") in done.stdout
    assert how_to_get("3.11") in done.stdout
    assert f"probe({OLD}): success" not in done.stdout


@pytest.mark.parametrize(
    ("have", "ci", "fails"),
    [
        (PYTHONS, "true", False),
        (PYTHONS[1:], None, False),
        (PYTHONS[1:], "true", True),
        ([], None, True),
    ],
)
def test_interpreters_says_what_is_missing(
    checkout: Path,
    tmp_path: Path,
    have: list[str],
    ci: str | None,
    fails: bool,  # noqa: FBT001
) -> None:
    done = nox(checkout, "-s", "interpreters", CI=ci, **folder(tmp_path, *have), **NEVER)
    assert (done.returncode != 0) == fails
    for python in PYTHONS:
        assert (how_to_get(python) in done.stdout) == (python not in have)
        needing = ", ".join(row["version"] for row in ROWS if row["python"] == python)
        assert (f"; it is needed for {needing}\n" in done.stdout) == (python not in have)
    assert not (checkout / ".nox" / "pythons").exists()


def test_a_session_fetches_what_it_needs_into_the_checkout_and_says_so(
    tmp_path: Path, uv: dict[str, str]
) -> None:
    checkout = copied(tmp_path / "checkout")
    pythons = checkout / ".nox" / "pythons"
    done = nox(checkout, "-s", f"probe({MIDDLE})", **folder(tmp_path / "bin") | uv)
    said = done.stdout.splitlines()
    assert said.count("nox > CPython 3.8 is not on this machine: uv fetches it into .nox") == 1, (
        done.stdout
    )
    (asked,) = (line for line in said if line.startswith("uv was asked: python install"))
    assert asked == (
        "uv was asked: python install --no-bin 3.8 "
        f"--install-dir {pythons} --cache-dir {checkout}/.nox/shared"
    )
    assert f"--python {pythons}/cpython-3.8.1-linux/bin/python3.8" in done.stdout
    assert [place.name for place in pythons.iterdir()] == ["cpython-3.8.1-linux"]


def test_why_uv_could_not_fetch_it_is_seen_and_the_users_patience_is_kept(
    checkout: Path, tmp_path: Path
) -> None:
    script = """case "$*" in
      *version*) echo '{"version": "0.13.9"}' ;;
      *--quiet*) exit 1 ;;
      *) echo "error: no route to host in $UV_HTTP_TIMEOUT s, tried $UV_HTTP_RETRIES"; exit 1 ;;
    esac"""
    program = tmp_path / "uv"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    variables = folder(tmp_path / "bin") | {"UV": str(program), "UV_PYTHON_DOWNLOADS": ""}
    session = f"probe({MIDDLE})"
    done = nox(checkout, "--install-only", "-s", session, UV_HTTP_TIMEOUT="77", **variables)
    assert "error: no route to host in 77 s, tried 0" in done.stdout


def test_interpreters_fetches_what_uv_has_and_the_machine_lacks(
    tmp_path: Path, uv: dict[str, str]
) -> None:
    checkout = copied(tmp_path / "checkout")
    done = nox(
        checkout, "-s", "interpreters", CI=None, **folder(tmp_path / "bin", "3.7", "3.10") | uv
    )
    assert done.returncode == 0, done.stdout
    fetched = {
        python
        for python in PYTHONS
        if f"CPython {python} is not on this machine: uv fetches it into .nox" in done.stdout
    }
    assert fetched == {"3.8", "3.9", "3.11"}
    assert how_to_get("3.6") in done.stdout


@pytest.mark.parametrize(
    ("name", "python", "says"),
    [
        ("cpython", "3.8", "is cpython 3.8"),
        ("pypy", "3.9", "is pypy 3.9"),
        ("", "", "does not run"),
    ],
)
def test_a_program_is_asked_what_it_is(
    checkout: Path, tmp_path: Path, name: str, python: str, says: str
) -> None:
    variables = folder(tmp_path, *(set(PYTHONS) - {"3.9"})) | NEVER
    interpreter(tmp_path / "python3.9", python, name)
    done = nox(checkout, "-s", f"probe({ON_3_9})", "interpreters", CI=None, **variables)
    assert f"{how_to_get('3.9')} or `uv python install 3.9` ({tmp_path}/python3.9 {says}" in (
        done.stdout
    )
    assert f"probe({ON_3_9}): skipped" in done.stdout


def test_a_program_that_does_not_run_is_no_interpreter_and_the_next_one_is_taken(
    checkout: Path, tmp_path: Path, uv: dict[str, str]
) -> None:
    variables = folder(tmp_path / "broken") | uv
    (tmp_path / "broken" / "python3.11").write_text("#!/nonexistent\n", encoding="utf-8")
    (tmp_path / "broken" / "python3.11").chmod(0o755)
    done = nox(checkout, "-s", f"probe({NEW})", CI=None, **(variables | NEVER))
    assert f"({tmp_path}/broken/python3.11 does not run)" in done.stdout
    variables["PATH"] += os.pathsep + folder(tmp_path / "good", "3.11")["PATH"]
    done = nox(checkout, "-s", f"probe({NEW})", CI=None, **variables)
    assert f"uv was asked: venv --quiet --python {tmp_path}/good/python3.11" in done.stdout


def test_a_lock_is_resolved_with_the_interpreter_of_its_release(
    checkout: Path, tmp_path: Path, uv: dict[str, str]
) -> None:
    done = nox(checkout, "-s", "lock", "--", NEW, **folder(tmp_path, "3.11") | uv)
    assert f" -p {tmp_path}/python3.11 --exclude-newer " in done.stdout
    done = nox(checkout, "-s", "lock", "--", OLD, **folder(tmp_path / "none") | uv)
    assert " -p 3.6 --exclude-newer " in done.stdout
