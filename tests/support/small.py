"""A copy of the checkout whose newest releases are small fake wheels, which nox installs."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from probes.setup import interpreters
from tests.support import fake
from tests.support.checkout import OBSERVATIONS, copied, nox, start

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping

ONE, OTHER = "2.20.0", "2.21.0"  # of one Python version
SHARED = "six"  # a package that both releases need
MANY = 500  # files of a release, so that its installation takes a moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """A copy of the checkout, and the environment variables that nox needs in it."""

    root: Path
    variables: Mapping[str, str]

    def start(self, version: str, *options: str, own_group: bool = False) -> subprocess.Popen[str]:
        """Start the session of a release; ``options`` are for the probes."""
        arguments = (*self._session(version), *options)
        return start(self.root, *arguments, own_group=own_group, **self.variables)

    def run(self, version: str, *options: str) -> subprocess.CompletedProcess[str]:
        """Run the session of a release and wait; ``options`` are for the probes."""
        return nox(self.root, *self._session(version), *options, **self.variables)

    def environment(self, version: str) -> Path:
        """Return the path of a release's environment."""
        return self.root / ".nox" / f"probe-{version}"

    def packages(self, version: str) -> Path:
        """Return the path of the packages in a release's environment, which must exist."""
        (place,) = self.environment(version).glob("lib/python*/site-packages")
        return place

    def observation(self, version: str) -> Path:
        """Return the path of a release's observation."""
        return self.root / OBSERVATIONS / f"{version}.json"

    def observed(self, version: str) -> dict[str, Any]:
        """Return a release's observation, which must have succeeded."""
        data: dict[str, Any] = json.loads(self.observation(version).read_text("utf-8"))
        assert data["status"] == "observed"
        return data

    def install(self, version: str, source: str) -> None:
        """Make a wheel of a release from this source, and lock it for the next run."""
        release = f"__version__ = '{version}'\n{source}"
        files = {f"tensorflow/data/{number}.txt": str(number) for number in range(MANY)}
        files |= {"tensorflow/__init__.py": release}
        wheels = Path(self.variables["UV_FIND_LINKS"])
        pins = {
            f"tensorflow-cpu=={version}": wheel(wheels, "tensorflow_cpu", version, files, "numpy"),
            f"numpy=={np.__version__}": wheel(
                wheels, "numpy", np.__version__, {"numpy.pth": f"{wheels.with_name('numpy')}\n"}
            ),
            f"{SHARED}==1.0": wheel(wheels, SHARED, "1.0", {f"{SHARED}.py": "whole = True\n"}),
        }
        lock = "".join(f"{pin} --hash=sha256:{digest}\n" for pin, digest in pins.items())
        (self.root / "probes" / "locks" / f"{version}.txt").write_text(lock, "utf-8")

    def _session(self, version: str) -> tuple[str, ...]:
        return ("-s", f"probe({version})", "--")


def checkout(folder: Path, python: str = fake.PYTHON, **variables: str) -> Checkout:
    """Make a checkout with two small releases for a Python version, by default that of the tests.

    ``variables`` are additional environment variables for nox.
    """
    for name in ("bin", "wheels", "numpy"):
        (folder / name).mkdir(parents=True)
    for name in ("numpy", "numpy.libs"):  # the tests' NumPy, without their other packages
        (folder / "numpy" / name).symlink_to(Path(np.__file__).parent.with_name(name))
    found = sys.executable if python == fake.PYTHON else str(interpreters.find(python))
    (folder / "bin" / f"python{python}").symlink_to(os.path.realpath(found))
    made = Checkout(
        root=copied(folder / "checkout"),
        variables={
            "PATH": os.pathsep.join([str(folder / "bin"), os.environ["PATH"]]),
            "UV_FIND_LINKS": str(folder / "wheels"),
            "UV_OFFLINE": "1",  # UV_FIND_LINKS still works
            **variables,
        },
    )
    table = made.root / "probes" / "releases.toml"
    rows = table.read_text("utf-8").replace('python = "3.11"', f'python = "{python}"')
    table.write_text(rows, "utf-8")
    for version in (ONE, OTHER):
        made.install(version, fake.WORKING.replace(fake.VERSION, version))
    return made


def keep(checkout: Checkout, *versions: str) -> None:
    """Remove the observations of all other releases, which take time to report, and their dates."""
    for path in (checkout.root / OBSERVATIONS).iterdir():
        if path.stem not in versions:
            path.unlink()


def wheel(folder: Path, name: str, version: str, files: dict[str, str], *needs: str) -> str:
    """Write a wheel of ``files`` that requires ``needs``; return its SHA-256."""
    needed = "".join(f"Requires-Dist: {package}\n" for package in needs)
    info = f"{name}-{version}.dist-info"
    described = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needed}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    described[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*described, f"{info}/RECORD"])
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in described.items():
            archive.writestr(zipfile.ZipInfo(path), text)
    return hashlib.sha256(wheel.read_bytes()).hexdigest()
