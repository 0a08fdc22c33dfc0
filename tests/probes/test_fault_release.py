"""Test faults of a release: failing imports, crashing symbols, unexpected output."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from report.evidence import State, Status, reader
from report.matrix import build
from tests.support import fake, samples

if TYPE_CHECKING:
    from pathlib import Path

ILLEGAL = """
import ctypes, mmap, platform
code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
code.write(b"\\x0f\\x0b" if platform.machine() == "x86_64" else b"\\x00" * 4)
ctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
"""
SPEAKS = "import sys; sys.stderr.write('\\x1b[2Jlast words\\n'); sys.stderr.flush()\n"
# what `import tensorflow` does, and the beginning of the reason
FATAL = {
    "exits": ("import sys; sys.exit(0)", "exit code 0"),
    "aborts": ("import os; os.abort()", "killed by SIGABRT"),
    "illegal instruction": (ILLEGAL, "killed by SIGILL"),
    "segmentation fault": ("import ctypes; ctypes.string_at(0)", "killed by SIGSEGV"),
    "is killed": ("import os; os.kill(os.getpid(), 9)", "killed by SIGKILL"),
    "hangs": ("import time; time.sleep(600)", "deadline: no processor time for 1 s"),
}
SYMBOL = {
    "crashes": ("import ctypes; ctypes.string_at(0)", "killed by SIGSEGV"),
    "hangs": ("import time; time.sleep(600)", "deadline: no processor time for 1 s"),
    "exits": ("import os; os._exit(7)", "exit code 7"),
}


def test_a_release_that_can_not_be_imported_is_failed_with_its_own_words(
    out: Path, tmp_path: Path
) -> None:
    source = SPEAKS + "raise ImportError('libcublas.so.8.0 is missing \\x1b[2J')"
    environment = fake.Environment(tmp_path / "environment", source)
    done = environment.run(out)
    data = reader.observation(out, fake.VERSION)
    assert (data["status"], data["symbols"], data["tutorial"]) == ("failed", [], None)
    assert data["reason"] == "ImportError: libcublas.so.8.0 is missing \x1b[2J"
    assert done.returncode == 1
    assert f"{fake.VERSION} was not observed: ImportError: libcublas" in done.stderr
    assert "\x1b" not in done.stderr  # it would move the terminal's cursor


@pytest.mark.parametrize(("body", "expected"), FATAL.values(), ids=FATAL)
def test_an_import_that_does_not_come_back_is_a_fault_of_this_run(
    body: str, expected: str, out: Path, tmp_path: Path
) -> None:
    environment = fake.Environment(tmp_path / "environment", SPEAKS + body)
    done = environment.run(out, deadline=1)
    assert done.returncode == 1
    begin = f"{fake.VERSION}: {out} is unchanged: import tensorflow did not return: {expected}"
    assert done.stderr.startswith(begin)
    assert "last words" in done.stderr
    assert "\x1b" not in done.stderr
    assert not out.exists()


def test_without_numpy_it_is_tensorflow_that_can_not_be_imported(out: Path, tmp_path: Path) -> None:
    environment = fake.Environment(tmp_path / "environment")
    (environment.site / "numpy").unlink()
    assert environment.run(out).returncode == 1
    assert fake.observation(out)["reason"] == "ModuleNotFoundError: No module named 'numpy'"


def test_another_release_than_promised_is_a_fault_of_this_run(out: Path, tmp_path: Path) -> None:
    environment = fake.Environment(tmp_path / "environment", '__version__ = "9.9.8"')
    done = environment.run(out)
    assert done.returncode == 1
    assert "TensorFlow 9.9.8 is installed, not 9.9.9" in done.stderr
    assert not out.exists()


def test_an_environment_without_tensorflow_is_a_fault_of_this_run(
    out: Path, tmp_path: Path
) -> None:
    environment = fake.Environment(tmp_path / "environment")
    (environment.site / "tensorflow" / "__init__.py").unlink()
    (environment.site / "tensorflow").rmdir()
    done = environment.run(out)
    assert done.returncode == 1
    assert "TensorFlow is not installed in this environment" in done.stderr
    assert not out.exists()


def test_a_failed_release_harms_no_other(out: Path, tmp_path: Path) -> None:
    environment = fake.Environment(tmp_path / "environment", "raise ImportError('broken')")
    samples.store(out.parent, samples.observation("1.0.1"))
    environment.run(out)
    (tmp_path / "probes").mkdir()
    pythons = {"1.0.1": "3.6", fake.VERSION: fake.PYTHON}
    rows = [samples.row(each, python=pythons[each], tags=["tf1"]) for each in pythons]
    (tmp_path / "probes" / "releases.toml").write_text(samples.table(*rows), encoding="utf-8")
    found = build.build_matrix(tmp_path, samples.PLATFORM)
    assert [release.status for release in found.releases] == [Status.OBSERVED, Status.FAILED]
    assert found.problems == ()
    for row in found.rows:
        assert [cell.state for cell in row.cells] == [State.OBSERVED, State.FAILED]
        assert "ImportError: broken" in (row.cells[1].reason or "")


@pytest.mark.parametrize("broken", [(name,) for name in fake.BROKEN] + [tuple(fake.BROKEN)])
@pytest.mark.parametrize("how", SYMBOL)
def test_only_the_symbol_that_crashes_or_hangs_is_failed(
    how: str, broken: tuple[str, ...], whole: bytes, out: Path, tmp_path: Path
) -> None:
    body, expected = SYMBOL[how]
    source = fake.WORKING + "".join(fake.BROKEN[name].format(body=body) for name in broken)
    environment = fake.Environment(tmp_path / "environment", source)
    assert environment.run(out, deadline=1).returncode == 0
    data = reader.observation(out, fake.VERSION)
    failed = [symbol for symbol in data["symbols"] if symbol["state"] == "failed"]
    assert {one["name"]: one["reason"] for one in failed} == dict.fromkeys(broken, expected)
    clean = json.loads(whole)["symbols"]
    assert [s["name"] for s in data["symbols"]] == [s["name"] for s in clean]
    observed = [symbol for symbol in clean if symbol["state"] == "observed"]
    assert [symbol for symbol in data["symbols"] if symbol["state"] == "observed"] == observed


def test_what_a_release_writes_to_any_descriptor_or_does_at_exit_reaches_no_result(
    whole: bytes, out: Path, tmp_path: Path
) -> None:
    writes = """
import atexit, os, threading, time
line = '{"end": true}\\n{"symbol": {"name": "tf.layers.dense", "state": "observed"}}\\n'
def write_everywhere(data):
    for descriptor in range(1, 64):
        try:
            os.write(descriptor, data)
        except OSError:
            pass
write_everywhere(line.encode() * 1000)
write_everywhere(b"\\xff\\x00 not text and no line \\x1b[2J" * 1000)
def go_on():
    while True:
        write_everywhere(b"thread")
        time.sleep(0.0001)
threading.Thread(target=go_on, daemon=True).start()
atexit.register(lambda: (write_everywhere(line.encode()), os.abort()))
"""
    environment = fake.Environment(tmp_path / "environment", fake.WORKING + writes)
    done = environment.run(out)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert out.read_bytes() == whole


def test_a_hang_is_killed_with_all_its_children(out: Path, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    source = fake.spawning("time.sleep(600)", pids)
    done = fake.Environment(tmp_path / "environment", source).run(out, deadline=1)
    assert "deadline: no processor time" in done.stderr
    assert fake.all_gone([int(pid) for pid in pids.read_text(encoding="utf-8").split()])
