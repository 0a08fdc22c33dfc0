"""Inject faults: a fake TensorFlow, small file systems, hostile environment variables."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import venv
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import pytest

from probes.setup.places import PROBES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parents[2]
VERSION = "9.9.9"
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
# A TensorFlow with just enough for the probes of initializers in eager mode.
WORKING = f"""
import sys, types
import numpy as np
__version__ = "{VERSION}"
float32 = "float32"
class _Tensor(object):
    def __init__(self, array):
        self._array = array
    def numpy(self):
        return self._array
def executing_eagerly():
    return True
class Graph(object):
    def __init__(self):
        raise NotImplementedError("no graphs")
def set_random_seed(seed):
    np.random.seed(seed % 2**32)
def zeros_initializer():
    return lambda shape: _Tensor(np.zeros(shape, "float32"))
def random_uniform_initializer():
    return lambda shape: _Tensor(np.random.uniform(-1, 1, shape).astype("float32"))
"""
SYMBOL = "tf.random_uniform_initializer"  # a symbol of the fake TensorFlow
# Symbols that run a statement when used, such as one that crashes the interpreter.
BROKEN = {
    "tf.layers.conv2d": """
class _Layers(object):
    @property
    def conv2d(self):
        {body}
    def __getattr__(self, name):
        raise AttributeError("no attribute '%s'" % name)
layers = _Layers()
""",
    "tf.variance_scaling_initializer": """
def variance_scaling_initializer():
    {body}
""",
}


class Environment:
    """A virtual environment with NumPy, and a ``tensorflow`` made of the given source."""

    def __init__(self, folder: Path, source: str = WORKING) -> None:
        """Create the environment in ``folder``, which must not exist yet."""
        venv.create(folder, symlinks=True, with_pip=False)
        self.python = folder / "bin" / "python"
        (self.site,) = folder.glob("lib/python*/site-packages")
        installed = Path(np.__file__).parent.parent
        for name in ("numpy", "numpy.libs", f"numpy-{np.__version__}.dist-info"):
            # symlinks, not a .pth file, which would be decoded in the user's locale
            (self.site / name).symlink_to(installed / name)
        (self.site / "tensorflow").mkdir()
        (self.site / "tensorflow" / "__init__.py").write_text(source, encoding="utf-8")
        (self.site / f"tensorflow-{VERSION}.dist-info").mkdir()
        (self.site / f"tensorflow-{VERSION}.dist-info" / "RECORD").touch()
        self.lock = folder / "lock.txt"
        packages = f"numpy=={np.__version__}\ntensorflow=={VERSION}\n"
        self.lock.write_text(packages, encoding="utf-8")

    def command(self, out: Path, *, deadline: float = 30, checkout: Path = ROOT) -> list[str]:
        """Return the command that nox runs to write ``out``."""
        return [
            *(str(self.python), *PROBES[:-1], str(checkout), "--version", VERSION),
            *("--distribution", "tensorflow", "--python", PYTHON, "--lock", str(self.lock)),
            *("--out", str(out), "--deadline", str(deadline)),
        ]

    def start(
        self,
        out: Path,
        *,
        deadline: float = 30,
        env: Mapping[str, str] | None = None,
        checkout: Path = ROOT,
    ) -> subprocess.Popen[str]:
        """Start the supervisor as nox does, to write ``out``."""
        return subprocess.Popen(
            self.command(out, deadline=deadline, checkout=checkout),
            cwd=checkout,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(
        self,
        out: Path,
        *,
        deadline: float = 30,
        env: Mapping[str, str] | None = None,
        checkout: Path = ROOT,
    ) -> subprocess.CompletedProcess[str]:
        """Run the supervisor as nox does, to write ``out``, and wait until it ends."""
        with self.start(out, deadline=deadline, env=env, checkout=checkout) as process:
            printed, errors = process.communicate(timeout=60)
        return subprocess.CompletedProcess(process.args, process.returncode, printed, errors)


def release(folder: Path, body: str, *, once: bool = False) -> Environment:
    """Return an environment whose ``SYMBOL`` runs a statement, each time or only ``once``."""
    if once:
        mark = str(folder / "mark")
        body = f"if not os.path.exists({mark!r}): open({mark!r}, 'w').close(); {body}"
    else:
        body = body.replace("while True: pass", "\n        while True: pass")
    source = f"""
import os
_draws = random_uniform_initializer
def random_uniform_initializer():
    if True:
        {body}
    return _draws()
"""
    return Environment(folder / "environment", WORKING + source)


def answer(out: Path, name: str = SYMBOL) -> dict[str, Any]:
    """Return the answer about one symbol in the observation ``out``."""
    found: dict[str, Any]
    (found,) = (symbol for symbol in observation(out)["symbols"] if symbol["name"] == name)
    return found


def spawning(then: str, pids: Path) -> str:
    """Return a TensorFlow that starts a process, writes both process ids, and runs ``then``."""
    return f"""
import os, subprocess, time
child = subprocess.Popen(["sleep", "600"])
with open({str(pids)!r} + ".new", "w") as out:
    out.write("%d %d" % (os.getpid(), child.pid))
os.rename({str(pids)!r} + ".new", {str(pids)!r})
{then}
"""


def await_pids(path: Path, process: subprocess.Popen[str]) -> list[int]:
    """Wait for the process ids that ``spawning`` writes, and return them; both must be alive."""
    while not path.exists():
        assert process.poll() is None
        time.sleep(0.02)
    pids = [int(pid) for pid in path.read_text(encoding="utf-8").split()]
    assert all(state(pid) for pid in pids)
    return pids


def all_gone(pids: list[int]) -> bool:
    """Return whether all processes end within two seconds."""
    for _ in range(40):
        if all(state(pid) is None for pid in pids):
            return True
        time.sleep(0.05)
    return False


def observation(out: Path) -> dict[str, Any]:
    """Return the observation ``out``, which must be complete."""
    data: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    assert data["release"]["version"] == VERSION
    return data


def state(pid: int) -> str | None:
    """Return the letter of a process's state; None if it has ended."""
    if sys.platform != "linux":
        return None
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return None
    letter = text.rsplit(")", 1)[1].split()[0]
    return None if letter in {"Z", "X"} else letter


def children(pid: int) -> list[int]:
    """Return the ids of a process's children (Linux)."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8")
    return [int(child) for child in text.split()]


def unmet(reason: str) -> NoReturn:
    """Skip a test whose requirement is not met; in CI fail it."""
    if os.environ.get("CI", "") not in {"", "0", "false"}:
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[Path]:
    """Mount a small file system on a folder; skip the test if that is not permitted."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", ",".join(("size=128k", *options)), "tmpfs", str(folder)]
    if sys.platform != "linux" or os.geteuid() != 0:
        unmet("only root on Linux may mount a small file system")
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        unmet(f"a small file system can't be mounted: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def make_read_only(folder: Path) -> None:
    """Make a mounted file system read-only, for root too."""
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)


def hostile_environment(home: Path) -> dict[str, str]:
    """Return a user's environment variables that must not affect a probe.

    ``home`` becomes a folder with modules that shadow packages.
    """
    (home / ".keras").mkdir()
    (home / ".keras" / "keras.json").write_text('{"floatx": "float64"}', encoding="utf-8")
    for name in ("tensorflow", "keras", "tf_keras"):
        (home / f"{name}.py").write_text("raise SystemExit('shadowed')\n", encoding="utf-8")
    (home / "startup.py").write_text("raise SystemExit('started')\n", encoding="utf-8")
    return {
        "CUDA_VISIBLE_DEVICES": "0",
        "HOME": str(home),
        "KERAS_BACKEND": "jax",
        "KERAS_HOME": str(home / ".keras"),
        "LANG": "C",
        "LC_ALL": "C",
        "PATH": os.defpath,
        "PYTHONHASHSEED": "7",
        "PYTHONPATH": str(home),
        "PYTHONSTARTUP": str(home / "startup.py"),
        "TF_DETERMINISTIC_OPS": "1",
        "TF_ENABLE_ONEDNN_OPTS": "1",
        "TF_FORCE_GPU_ALLOW_GROWTH": "true",
        "TF_USE_LEGACY_KERAS": "1",
        "XLA_FLAGS": "--xla_force_host_platform_device_count=4",
    }
