"""Test which faults are evidence of a release, and which are the machine's or the probe's."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from report import places
from tests.support import fake
from tests.support.fake import SYMBOL, answer, release

if TYPE_CHECKING:
    from pathlib import Path

CRASHES = "import ctypes; ctypes.string_at(0)"
# Faults of the machine, and the words for them.
NO_EVIDENCE = {
    "the system has no memory left": ("import os; os.kill(os.getpid(), 9)", "killed by SIGKILL"),
    "another process ends it": ("import os; os.kill(os.getpid(), 15)", "killed by SIGTERM"),
    "it computes for too long": ("while True: pass", "more than 2.5 processor seconds"),
    "memory is refused": ("raise MemoryError", "this machine lacks what the release needs"),
    "the disk is full": ("raise OSError(28, 'No')", "this machine lacks what the release needs"),
}


@pytest.mark.parametrize("body", [CRASHES, "os._exit(3)", "import time; time.sleep(600)"])
def test_what_is_seen_once_is_no_evidence(
    body: str, whole: bytes, out: Path, tmp_path: Path
) -> None:
    done = release(tmp_path, body, once=True).run(out, deadline=1)
    assert (done.returncode, done.stderr) == (0, "")
    assert out.read_bytes() == whole


@pytest.mark.parametrize(("body", "words"), NO_EVIDENCE.values(), ids=NO_EVIDENCE)
def test_what_the_machine_or_somebody_did_is_no_evidence(
    body: str, words: str, out: Path, tmp_path: Path
) -> None:
    environment = release(tmp_path, body)
    out.parent.mkdir(parents=True)
    out.write_bytes(b"old")
    done = environment.run(out, deadline=0.5)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{fake.VERSION}: {out} is unchanged: ")
    assert words in done.stderr
    assert SYMBOL in done.stderr
    assert "Traceback" not in done.stderr
    assert out.read_bytes() == b"old"


def test_a_slow_symbol_is_not_a_hang(whole: bytes, out: Path, tmp_path: Path) -> None:
    slow = "[time.process_time() for _ in iter(lambda: time.process_time() < 3, False)]"
    slow = f"import time; {slow}"  # three times as long as the deadline
    assert release(tmp_path, slow, once=True).run(out, deadline=1).returncode == 0
    assert out.read_bytes() == whole


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (CRASHES, "killed by SIGSEGV, twice, at"),
        ("raise RecursionError('too deep')", "RecursionError: too deep, when asked for"),
    ],
)
def test_a_symbol_that_was_observed_before_does_not_become_failed(
    body: str, words: str, whole: bytes, out: Path, tmp_path: Path
) -> None:
    environment = release(tmp_path, body)
    out.parent.mkdir(parents=True)
    out.write_bytes(whole)
    done = environment.run(out)
    assert done.returncode == 1
    assert f"{words} {SYMBOL}, which was observed before" in done.stderr
    assert out.read_bytes() == whole


@pytest.mark.parametrize("part", ["protocol", "lock"])
def test_what_another_protocol_or_lock_observed_is_no_promise(
    part: str, whole: bytes, out: Path, tmp_path: Path
) -> None:
    environment = release(tmp_path, CRASHES)
    before = json.loads(whole)
    (before if part == "protocol" else before["release"])[part] = 3 if part == "protocol" else ""
    out.parent.mkdir(parents=True)
    out.write_text(json.dumps(before), encoding="utf-8")
    assert environment.run(out).returncode == 0
    assert (answer(out)["state"], answer(out)["reason"]) == ("failed", "killed by SIGSEGV")
    stored = out.read_bytes()
    assert environment.run(out).returncode == 0  # it was failed before
    assert out.read_bytes() == stored


def test_an_import_that_worked_before_is_a_fault_of_this_run(
    whole: bytes, out: Path, tmp_path: Path
) -> None:
    environment = fake.Environment(tmp_path / "environment", "raise ImportError('half of it')")
    out.parent.mkdir(parents=True)
    out.write_bytes(whole)
    done = environment.run(out)
    assert done.returncode == 1
    assert "which worked before: ImportError: half of it" in done.stderr
    assert out.read_bytes() == whole


def test_what_a_release_raises_is_its_answer(out: Path, tmp_path: Path) -> None:
    refusing = "def random_uniform_initializer(scale):\n    pass\n"
    environment = fake.Environment(tmp_path / "environment", fake.WORKING + refusing)
    assert environment.run(out).returncode == 0
    assert answer(out)["state"] == "failed"
    assert answer(out)["reason"].startswith("TypeError: random_uniform_initializer() missing 1")


def test_our_own_mistake_ends_the_run(
    working: fake.Environment, whole: bytes, out: Path, tmp_path: Path
) -> None:
    checkout = tmp_path / "checkout"
    shutil.copytree(fake.ROOT / "probes", checkout / "probes")
    contract = checkout / places.CONTRACT.relative_to(places.ROOT)
    contract.parent.mkdir(parents=True)
    shutil.copyfile(places.CONTRACT, contract)
    layers = checkout / "probes" / "release" / "layers.py"
    wrong = layers.read_text(encoding="utf-8").replace("symbol.keywords}", "symbol['keywords']}")
    layers.write_text(wrong, encoding="utf-8")
    out.parent.mkdir(parents=True)
    out.write_bytes(whole)
    done = working.run(out, checkout=checkout)
    assert done.returncode == 1
    assert f"the probe itself failed when asked for {SYMBOL}: TypeError: " in done.stderr
    assert "(probes/release/layers.py, line " in done.stderr
    assert out.read_bytes() == whole


def test_weights_that_are_no_numbers_are_measured_by_the_same_child(
    out: Path, tmp_path: Path
) -> None:
    imports = tmp_path / "imports"
    source = f"""
open({str(imports)!r}, "a").write("imported\\n")
def random_uniform_initializer():
    return lambda shape: _Tensor(np.full(shape, np.nan, "float32"))
"""
    environment = fake.Environment(tmp_path / "environment", fake.WORKING + source)
    done = environment.run(out)
    assert (done.returncode, done.stderr) == (0, "")
    found = answer(out)
    assert (found["state"], found["reason"]) == ("observed", None)
    assert [one["finite"] for one in found["evidence"]["weights"]["measured"]] == [0.0, 0.0]
    assert imports.read_text(encoding="utf-8") == "imported\n"


def test_what_is_not_installed_is_neither_absent_nor_failed(whole: bytes) -> None:
    states = {one["name"]: (one["state"], one["reason"]) for one in json.loads(whole)["symbols"]}
    for name in ("keras.layers.Dense", "tf_keras.layers.Dense"):
        package = name.split(".", maxsplit=1)[0]
        reason = f"the package {package} is not installed with this release"
        assert states[name] == ("not-installed", reason)
    assert states["tf.keras.layers.Dense"][0] == "absent"


def test_a_package_that_is_there_and_broken_is_failed(out: Path, tmp_path: Path) -> None:
    environment = fake.Environment(tmp_path / "environment")
    (environment.site / "keras.py").write_text("import nowhere_to_be_found", encoding="utf-8")
    assert environment.run(out).returncode == 0
    found = answer(out, "keras.layers.Dense")
    reason = "ModuleNotFoundError: No module named 'nowhere_to_be_found'"
    assert (found["state"], found["reason"]) == ("failed", reason)
