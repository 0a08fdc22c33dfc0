"""Test that what is observed does not depend on the processor."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.checkout import CI, OBSERVATIONS, ROOT, copied, nox

CPU = "Haswell"  # with AVX2 and without AVX-512
RELEASES = {"1.0.1": "3.6", "2.21.0": "3.11"}
# Processors that OpenBLAS has kernels for, and what these use (as /proc/cpuinfo calls it).
KERNELS = {"Nehalem": "sse4_2", "Sandybridge": "avx", "Haswell": "fma"}
STATISTICS = """
import json, sys
import numpy as np
from probes.kinds.measured import measure

found = []
for seed in range(4):
    for shape in (180, 320), (480, 120), (5, 5, 9, 256), (3, 3, 100, 64):
        draws = np.random.RandomState(seed).standard_normal((2, *shape)).astype("float32")
        found.append(measure(*draws))
    orthogonal = np.linalg.qr(draws[0].reshape(-1, 64))[0].astype("float32")
    found.append(measure(orthogonal, draws[1].reshape(-1, 64)))
matrix = np.random.RandomState(4).standard_normal((180, 320))
json.dump([found, matrix.dot(matrix.T).tolist()], sys.stdout)
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the checkout."""
    if not CI and shutil.which("qemu-x86_64") is None:
        pytest.skip("qemu-x86_64 is not on this machine")
    return copied(tmp_path_factory.mktemp("processors") / "check out")


@pytest.mark.parametrize("version", RELEASES)
def test_the_symbols_are_the_same_on_a_processor_that_is_emulated(
    checkout: Path, version: str
) -> None:
    # Only our statistics multiply matrices with OpenBLAS (the next test has its kernels). Those
    # of Haswell consist of FMA instructions, which take most of the time if they are emulated.
    command = ("-s", "elsewhere", "--", version, "--cpu", CPU, "--symbols")
    done = nox(checkout, *command, OPENBLAS_CORETYPE="Nehalem")
    if not CI and f"CPython {RELEASES[version]} is not on this machine" in done.stdout:
        pytest.skip(f"CPython {RELEASES[version]} is not on this machine")
    assert done.returncode == 0, done.stdout
    assert f"The same in all that was asked for: {version}" in done.stdout
    (place,) = (checkout / ".nox" / "observed" / CPU).glob(f"*/{version}.json")
    found, stored = (read(path) for path in (place, ROOT / OBSERVATIONS / place.name))
    assert found.pop("tutorial") is None
    assert stored.pop("tutorial")
    assert found == stored


def test_statistics_are_the_same_with_the_matrix_products_of_other_processors() -> None:
    flags = Path("/proc/cpuinfo").read_text("utf-8").split()
    kernels = [name for name, used in KERNELS.items() if used in flags]
    if not CI and len(kernels) < 2:
        pytest.skip("this processor runs the kernels of no two processors")
    statistics, products = zip(*map(with_kernels, kernels), strict=True)
    assert products[0] != products[-1]  # the kernels were used
    for name, found in zip(kernels, statistics, strict=True):
        assert found == statistics[0], name


def with_kernels(name: str) -> Any:  # noqa: ANN401 - JSON
    """Return statistics of weights, and a matrix product, computed with OpenBLAS's kernels."""
    variables = {**os.environ, "OPENBLAS_CORETYPE": name}
    command = [sys.executable, "-c", STATISTICS]
    return json.loads(subprocess.check_output(command, cwd=ROOT, env=variables))


def read(path: Path) -> dict[str, Any]:
    """Return the JSON of an observation."""
    data: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return data
