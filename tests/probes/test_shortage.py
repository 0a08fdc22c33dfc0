"""Test that a shortage of the machine's resources is never recorded as a release's failure."""

from __future__ import annotations

import errno
import shutil
import signal
import subprocess
import threading
from typing import TYPE_CHECKING

import pytest

from probes.run import failure, machine
from tests.support import fake
from tests.support.fake import SYMBOL, release

if TYPE_CHECKING:
    from pathlib import Path

LACKS = "this machine lacks what the release needs"
QEMU = shutil.which("qemu-x86_64")
IN_A_SMALL_SPACE = ("sh", "-c", 'ulimit -v 500000; exec "$@"', "sh")
ON_A_SMALL_STACK = ("sh", "-c", 'ulimit -s 256; exec "$@"', "sh")


def refused(command: list[str], out: Path) -> str:
    """Return the one sentence of a run that writes no observation."""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(b"as it was")
    done = subprocess.run(command, cwd=fake.ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{fake.VERSION}: {out} is unchanged: ")
    assert out.read_bytes() == b"as it was"
    return done.stderr


@pytest.mark.parametrize("module", ["_ctypes", "zlib"])
def test_a_python_without_a_module_that_every_release_imports_measures_none(
    module: str, out: Path, tmp_path: Path
) -> None:
    source = f"import {module}\n{fake.WORKING}"
    environment = fake.Environment(tmp_path / "environment", source)
    command = environment.command(out)
    start = command.index("-c") + 1
    command[start] = f"import sys; sys.modules[{module!r}] = None; {command[start]}"
    sentence = refused(command, out)
    assert f"{LACKS}: its Python can't import {module} (" in sentence
    assert len(sentence.splitlines()) == 1


def test_a_limit_of_memory_is_seen_before_a_release_is_imported(
    working: fake.Environment, out: Path
) -> None:
    sentence = refused([*IN_A_SMALL_SPACE, *working.command(out)], out)
    assert f"{LACKS}: 488 MiB of memory are allowed, and it needs 2048" in sentence
    assert "`ulimit -v`" in sentence


def test_a_limit_of_the_stack_is_seen_before_a_release_is_imported(
    working: fake.Environment, out: Path
) -> None:
    """In 128 or 256 KiB every symbol that draws was a crash of the release."""
    sentence = refused([*ON_A_SMALL_STACK, *working.command(out)], out)
    assert f"{LACKS}: 256 KiB of stack are allowed, and it needs 8192: raise" in sentence


def test_a_limit_of_threads_is_seen_before_a_release_is_imported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert machine.lacking("2.21.0") is None
    start = threading.Thread.start
    started: list[threading.Thread] = []

    def limited(self: threading.Thread) -> None:
        if len(started) == 3:
            raise RuntimeError("can't start new thread")
        started.append(self)
        start(self)

    monkeypatch.setattr(threading.Thread, "start", limited)
    sentence = machine.lacking("2.21.0")
    assert sentence is not None
    assert sentence.startswith("3 threads can be started, and it needs ")
    assert not any(thread.is_alive() for thread in started)


@pytest.mark.parametrize(
    ("version", "avx", "lacks"),
    [
        ("0.12.1", False, False),
        ("1.4.1", False, False),  # the last wheel that runs without
        ("1.5.1", False, True),
        ("2.22.0rc0", False, True),
        ("2.22.0rc0", True, False),
        ("2.22.0rc0", None, False),  # another architecture
    ],
)
def test_a_release_is_asked_only_on_a_processor_that_its_wheel_runs_on(
    *, version: str, avx: bool | None, lacks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "has_avx", lambda: avx)
    assert ("no AVX" in (machine.lacking(version) or "")) is lacks


def test_where_the_processor_can_not_be_asked_one_line_says_so_and_the_run_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(machine.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(machine.mmap, "mmap", refuse)
    assert machine.lacking("2.21.0") is None
    sentence = "2.21.0: the processor could not be asked for AVX: [Errno 13] Permission denied\n"
    assert capsys.readouterr().err == sentence


def test_another_architecture_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.platform, "machine", lambda: "aarch64")
    assert machine.has_avx() is None


def test_it_is_the_emulated_processor_that_answers(working: fake.Environment, out: Path) -> None:
    if QEMU is None:
        fake.unmet("qemu-x86_64 is not on this machine (on Debian: apt-get install qemu-user)")
    command = [str(QEMU), "-cpu", "Nehalem", *working.command(out)]
    assert f"{LACKS}: the processor has no AVX" in refused(command, out)
    ask = [str(working.python), "-c", "from probes.run import machine; print(machine.has_avx())"]
    newer = [str(QEMU), "-cpu", "SandyBridge", *ask]
    done = subprocess.run(newer, cwd=fake.ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


RAISED = {
    "a thread": 'raise RuntimeError("can\'t start new thread")',
    "a file": f"raise OSError({errno.EFBIG}, 'too large')",
    "a library": "raise ImportError('libfoo.so.1: cannot open shared object file')",
    "a newer library": 'raise ImportError("libc.so.6: version `GLIBC_2.29\' not found")',
    "a folder that code runs from": "raise ImportError('failed to map segment from shared object')",
    "an executable stack": "raise ImportError('x.so: cannot enable executable stack as it needs')",
    "room for its variables": "raise ImportError('cannot load any more object with static TLS')",
}


@pytest.mark.parametrize("body", RAISED.values(), ids=RAISED)
def test_an_error_that_tells_of_a_lack_is_known_behind_any_other(body: str) -> None:
    def fail() -> None:
        try:
            exec(body, {})  # noqa: S102 - as a release would
        except Exception as error:
            raise AttributeError("module 'tensorflow' has no attribute 'keras'") from error

    with pytest.raises(AttributeError) as raised:
        fail()
    assert failure.shortage(raised.value) is raised.value.__cause__
    assert failure.shortage(AttributeError("no attribute 'keras'")) is None


def test_what_a_release_says_of_itself_is_no_lack() -> None:
    for words in ("libfoo.so: undefined symbol: bar", "No module named 'numpy'", "(0 vs. 1)"):
        assert failure.shortage(ImportError(words)) is None


@pytest.mark.parametrize("kind", ["a thread", "a library"])
def test_a_lack_while_a_symbol_is_asked_ends_the_run(kind: str, out: Path, tmp_path: Path) -> None:
    environment = release(tmp_path, RAISED[kind])
    assert f"{LACKS} when asked for {SYMBOL}: " in refused(environment.command(out), out)


def test_a_lack_while_tensorflow_is_imported_ends_the_run(out: Path, tmp_path: Path) -> None:
    environment = fake.Environment(tmp_path / "environment", RAISED["a newer library"])
    sentence = refused(environment.command(out), out)
    assert f"{LACKS}: ImportError: libc.so.6: version `GLIBC_2.29' not found" in sentence


def test_a_lack_behind_a_missing_attribute_is_no_absence(out: Path, tmp_path: Path) -> None:
    source = f"""{fake.WORKING}
def __getattr__(name):
    if name == "keras":
        try:
            {RAISED["a thread"]}
        except RuntimeError:
            raise AttributeError(name)
    raise AttributeError(name)
"""
    environment = fake.Environment(tmp_path / "environment", source)
    assert LACKS in refused(environment.command(out), out)


ABORTS = """import os, sys
        sys.stderr.write("F tensorflow/env.cc:73] Check failed: ret == 0 (11 vs. 0)"
                         "Thread creation via pthread_create() failed.\\n")
        sys.stderr.flush()
        os.abort()"""
KILLED = f"import os; os.kill(os.getpid(), {int(signal.SIGILL)})"


@pytest.mark.parametrize("body", [ABORTS, KILLED], ids=["a thread", "an instruction"])
def test_a_crash_for_what_the_machine_lacks_is_no_evidence(
    body: str, out: Path, tmp_path: Path
) -> None:
    environment = release(tmp_path, body)
    sentence = refused(environment.command(out), out)
    assert f"when asked for {SYMBOL}" in sentence
    assert ("pthread_create() failed" in sentence) is (body is ABORTS)
