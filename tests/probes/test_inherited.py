"""Test that a release inherits no user settings from the process that starts it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from tests.support import fake
from tests.support.checkout import copied
from tests.support.fake import SYMBOL, release

if TYPE_CHECKING:
    from pathlib import Path

# A release that writes what it finds in its process.
LOOKS = """{working}
import json, os, resource, signal
mask = os.umask(0)
os.umask(mask)
found = dict(
    umask=mask,
    core=resource.getrlimit(resource.RLIMIT_CORE)[0],
    stack=resource.getrlimit(resource.RLIMIT_STACK)[0],
    files=sorted(os.listdir(".")),
    modules=sorted(sys.modules),
    steered=os.environ.get("KERAS_BACKEND"),
    blocked=sorted(signal.pthread_sigmask(signal.SIG_BLOCK, ())),
)
json.dump(found, open({found!r}, "w"))
"""
# Starts a command with SIGCHLD ignored and another signal blocked.
DEAF = """
import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
os.execv(sys.argv[1], sys.argv[1:])
"""
DEAFLY = [sys.executable, "-c", DEAF]
AFTER = ["sh", "-c", 'umask 0777; ulimit -S -s 1024; ulimit -S -c 4096; exec "$@"', "sh"]


def around(start: list[str], out: Path, tmp_path: Path, custom: str | None = None) -> Any:  # noqa: ANN401
    """Return what a release finds in its process if ``start`` starts the supervisor."""
    found_file = tmp_path / "found.json"
    source = LOOKS.format(working=fake.WORKING, found=str(found_file))
    environment = fake.Environment(tmp_path / "environment", source)
    if custom is not None:
        (environment.site / "sitecustomize.py").write_text(custom, encoding="utf-8")
    out.parent.mkdir(parents=True)
    command = [*start, *environment.command(out)]
    done = subprocess.run(command, cwd=fake.ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(found_file.read_text(encoding="utf-8"))


def test_umask_and_limits_are_those_of_every_run(out: Path, tmp_path: Path) -> None:
    found = around(AFTER, out, tmp_path)
    assert (found["umask"], found["core"], found["stack"]) == (0o022, 0, 8 * 2**20)
    assert found["files"] == ["output"]


# A release that imports an optional package, as many import pandas.
TAKES = """{working}
for name in ("pandas", "tests", "report"):
    try:
        __import__(name)
    except ImportError:
        continue
    raise RuntimeError(name + " is no package of this environment")
"""


def test_a_file_beside_the_probes_reaches_neither_the_release_nor_the_supervisor(
    whole: bytes, out: Path, tmp_path: Path
) -> None:
    """Keras 3 asked for pandas, and all that it drew was a RecursionError."""
    checkout = copied(tmp_path / "checkout")
    for name in ("pandas", "json", "resource", "select"):
        (checkout / f"{name}.py").write_text("raise SystemExit('of the user')", encoding="utf-8")
    environment = fake.Environment(tmp_path / "environment", TAKES.format(working=fake.WORKING))
    done = environment.run(out, checkout=checkout)
    assert (done.returncode, done.stderr) == (0, "")
    assert out.read_bytes() == whole


def test_no_signal_is_held_back(out: Path, tmp_path: Path) -> None:
    assert around(DEAFLY, out, tmp_path)["blocked"] == []


def test_what_customises_a_users_python_does_not_reach_a_release(out: Path, tmp_path: Path) -> None:
    custom = "import os; os.environ['KERAS_BACKEND'] = 'jax'"
    found = around([], out, tmp_path, custom)
    assert found["steered"] is None
    assert "sitecustomize" not in found["modules"]


def test_how_a_release_ended_is_known_where_that_was_to_be_ignored(
    out: Path, tmp_path: Path
) -> None:
    environment = release(tmp_path, "import os; os.kill(os.getpid(), 9)")
    command = [*DEAFLY, *environment.command(out)]
    done = subprocess.run(command, cwd=fake.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"killed by SIGKILL, when asked for {SYMBOL}" in done.stderr
    assert not out.exists()
