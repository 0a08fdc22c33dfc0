"""A copy of the checkout, and nox run in it as a user would."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support.repository import files

ROOT = Path(__file__).resolve().parents[2]
CI = os.environ.get("CI", "") not in {"", "0", "false"}
OBSERVATIONS = Path("observations") / "linux-x86_64"


def copied(copy: Path) -> Path:
    """Copy the checkout to a new folder, without what git ignores."""
    with tempfile.TemporaryDirectory() as empty:
        names = files(ROOT, Path(empty))
    for name in names:
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy / name)
    return copy


def start(
    checkout: Path, *arguments: str, own_group: bool = False, **environment: str | None
) -> subprocess.Popen[str]:
    """Start nox in a checkout; a variable that is None is not in its environment.

    What it says on both streams is one text. Signals to a group of its own reach nothing else.
    What it downloads is kept for the next copy.
    """
    variables = {"UV_CACHE_DIR": str(ROOT / ".nox" / "cache")} | os.environ | environment
    return subprocess.Popen(
        [sys.executable, "-m", "nox", *arguments],
        cwd=checkout,
        env={name: value for name, value in variables.items() if value is not None},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=own_group,
    )


def nox(
    checkout: Path, *arguments: str, **environment: str | None
) -> subprocess.CompletedProcess[str]:
    """Run nox in a checkout to its end."""
    with start(checkout, *arguments, own_group=False, **environment) as process:
        said, _ = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, said, "")


def running(*words: str) -> list[int]:
    """Return the ids of the processes whose command line has all these words."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes()
        except OSError:  # it has ended
            continue
        if all(word.encode() in line for word in words):
            found.append(int(process.name))
    return found
