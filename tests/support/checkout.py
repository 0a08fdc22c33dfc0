"""Copy the checkout, and run nox in the copy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.repository import files

if TYPE_CHECKING:
    from types import ModuleType

    import pytest

ROOT = Path(__file__).resolve().parents[2]
CI = os.environ.get("CI", "") not in {"", "0", "false"}
OBSERVATIONS = Path("observations") / "linux-x86_64"


def copied(copy: Path) -> Path:
    """Copy the checkout to a new folder, without ignored files; return the folder."""
    with tempfile.TemporaryDirectory() as empty:
        names = files(ROOT, Path(empty))
    for name in names:
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy / name)
    return copy


def move(copy: Path, monkeypatch: pytest.MonkeyPatch, *modules: ModuleType) -> None:
    """Let modules of probes.setup work on a copy of the checkout."""
    for module in modules:
        for name in ("ROOT", "LOCKS", "OBSERVATIONS", "LEDGER", "CONTRACT"):
            if hasattr(module, name):
                place = copy / getattr(module, name).relative_to(ROOT)
                monkeypatch.setattr(module, name, place)


def start(
    checkout: Path, *arguments: str, own_group: bool = False, **environment: str | None
) -> subprocess.Popen[str]:
    """Start nox in a checkout; environment variables that are None are removed.

    Both output streams are merged. With ``own_group`` nox is in a process group of its own. All
    copies share one uv cache.
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
    """Run nox in a checkout and wait until it ends."""
    with start(checkout, *arguments, own_group=False, **environment) as process:
        output, _ = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, output, "")


def running(*words: str) -> list[int]:
    """Return the ids of the processes whose command line has all these words."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes()
        except OSError:  # the process has ended
            continue
        if all(word.encode() in line for word in words):
            found.append(int(process.name))
    return found
