"""Read the GitHub workflows, and run their shell scripts as a runner does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from tests.support.checkout import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
WORKFLOWS: dict[str, Any] = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in FILES}
# A `uvx` that runs the nox of the tests' environment instead of downloading one.
SHIM = f'#!/bin/sh\nshift 3\nexec "{sys.executable}" -m nox "$@"\n'


def step(workflow: str, job: str, name: str) -> dict[str, Any]:
    """Return the step of a job with the id ``name``."""
    (found,) = (one for one in WORKFLOWS[workflow]["jobs"][job]["steps"] if one.get("id") == name)
    return dict(found)


def scripts(workflow: str) -> list[str]:
    """Return all shell scripts of a workflow."""
    jobs = WORKFLOWS[workflow]["jobs"].values()
    return [one["run"] for job in jobs for one in job["steps"] if "run" in one]


def shim(folder: Path) -> Path:
    """Write the `uvx` of ``SHIM`` to a new folder; return the folder, for PATH."""
    folder.mkdir()
    (folder / "uvx").write_text(SHIM, encoding="utf-8")
    (folder / "uvx").chmod(0o755)
    return folder


def run(checkout: Path, script: str, **variables: str | None) -> dict[str, str]:
    """Run a shell script in a checkout, which must succeed; return its outputs as ``exits``."""
    return exits(0, checkout, script, **variables)


def exits(code: int, checkout: Path, script: str, **variables: str | None) -> dict[str, str]:
    """Run a shell script in a checkout, which must exit with ``code``; return its outputs.

    The output ``summary`` is the step summary. Nox runs with the tests' Python, as the workflow's
    may not be installed.
    """
    files = {name: checkout.parent / f"{checkout.name} {name}" for name in ("output", "summary")}
    for path in files.values():
        path.write_text("", encoding="utf-8")
    own: Mapping[str, str | None] = os.environ | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "UV_CACHE_DIR": str(ROOT / ".nox" / "cache"),
        "UV_CONSTRAINT": "requirements/tests.txt",
        "UV_PYTHON": sys.executable,
        "GITHUB_OUTPUT": str(files["output"]),
        "GITHUB_STEP_SUMMARY": str(files["summary"]),
        "GITHUB_WORKSPACE": str(checkout),
    }
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=checkout,
        env={name: value for name, value in (dict(own) | variables).items() if value is not None},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    outputs = files["output"].read_text("utf-8").splitlines()
    named = dict(line.split("=", 1) for line in outputs)
    return named | {"summary": files["summary"].read_text("utf-8")}
