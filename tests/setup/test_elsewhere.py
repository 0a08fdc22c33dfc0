"""Test the measuring on another processor or platform, under an emulator."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from probes.catalogue import NETWORK
from probes.setup import debian, elsewhere, emulation, table
from probes.setup.places import OBSERVATIONS, PLATFORM, ROOT, TABLE
from tests.support import fake, small
from tests.support.checkout import CI, nox

if TYPE_CHECKING:
    from tests.support.small import Checkout

ARM = "linux-aarch64"
DATA = tomllib.loads(TABLE.read_text("utf-8"))
ROWS_ON = {
    name: table.rows_on(name, DATA["releases"], DATA["platforms"]) for name in (PLATFORM, ARM)
}
WITH_MAC = ROWS_ON | {"darwin-arm64": ROWS_ON[PLATFORM]}
# Executes an instruction that no processor has.
ILLEGAL = """
import ctypes, mmap
code = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
code.write(b"\\x0f\\x0b")
ctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
"""
needs_x86 = pytest.mark.skipif(
    not CI and (PLATFORM != "linux-x86_64" or not shutil.which("qemu-x86_64")),
    reason="not Linux on x86-64, or without qemu-x86_64",
)
needs_apt = pytest.mark.skipif(
    not CI and not (shutil.which("qemu-aarch64") and shutil.which("apt-get")),
    reason="without qemu-aarch64 or apt-get",
)


@needs_x86
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("2.21.0", "give either --cpu and a processor, such as Haswell, or --platform and one of"),
        (f"2.21.0 --cpu Haswell --platform {ARM}", f"or --platform and one of: {ARM}"),
        ("2.21.0 --platform linux-riscv64", f"or --platform and one of: {ARM}"),
        (f"2.21.0 --platform {PLATFORM}", f"or --platform and one of: {ARM}"),
        (f"2.9.3 --platform {ARM}", f"2.9.3: no release of the table for {ARM}, which are 2.12.1"),
        (f"2.11.1 --platform {ARM}", f"2.11.1 can't be had on {ARM}: it requires tensorflow-cpu-"),
        ("9.9.9 --cpu Haswell", f"9.9.9: no release of the table for {PLATFORM}, which are 0.12.1"),
        ("2.21.0 --cpu Hasswell", "Hasswell is no processor that qemu-x86_64 knows: `qemu-x86_64 "),
        ("2.21.0 --cpu help", "help is no processor that qemu-x86_64 knows"),
        ("2.21.0 --platform darwin-arm64", "darwin-arm64 can't be emulated: QEMU's user emulation"),
        ("2.21.0 --cpu", "--cpu: expected one argument"),
        ("2.21.0 --cpus Haswell", "unrecognized arguments: --cpus"),
        (f"--symbols --platform {ARM}", "--symbols leaves an observation incomplete"),
    ],
)
def test_what_can_not_be_done_is_a_sentence(words: str, sentence: str) -> None:
    with pytest.raises(emulation.EmulationError) as caught:
        elsewhere.read(words.split(), WITH_MAC, NETWORK)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


@needs_x86
def test_a_platform_without_any_release_is_a_sentence() -> None:
    rows = [row | {"unavailable": "why"} for row in ROWS_ON[ARM]]
    with pytest.raises(emulation.EmulationError, match=f"no release can be had on {ARM}"):
        elsewhere.read(["--platform", ARM], ROWS_ON | {ARM: rows}, NETWORK)


@needs_x86
def test_without_versions_all_that_can_be_had_are_meant() -> None:
    asked = elsewhere.read(["--cpu", "Haswell"], ROWS_ON, NETWORK)
    assert [row["version"] for row in asked.rows] == [row["version"] for row in ROWS_ON[PLATFORM]]
    other = table.rows_on(ARM, DATA["releases"], DATA["platforms"])
    known = [row["version"] for row in other if "unavailable" not in row]
    assert known[0] == "2.12.1"
    assert {row["distribution"] for row in other} == {"tensorflow"}


def test_a_missing_emulator_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(emulation.EmulationError, match="qemu-aarch64 is not on this machine: inst"):
        elsewhere.read(["2.21.0", "--platform", ARM], ROWS_ON, NETWORK)


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (None, "the Python of another platform is Debian's, and apt-get is not on this machine"),
        (
            "echo reading; echo 'E: Unable to locate package python3.11'; echo; exit 100",
            f"CPython 3.11 for {ARM} can't be had: apt-get: E: Unable to locate package python3.11",
        ),
        ("exit 1", f"CPython 3.11 for {ARM} can't be had: apt-get: no output"),
        ("exit 0", f"CPython 3.11 for {ARM} can't be had: apt-get: it downloaded nothing"),
        (
            """case "$*" in *update) echo 'W: Failed to fetch it'; exit 0;; esac; exit 1""",
            f"CPython 3.11 for {ARM} can't be had: apt-get: W: Failed to fetch it",
        ),
    ],
)
def test_an_interpreter_that_can_not_be_had_is_a_sentence(
    script: str | None, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if script:
        (tmp_path / "apt-get").write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(debian, "NOX", tmp_path / ".nox")
    with pytest.raises(emulation.EmulationError) as caught:
        debian.interpreter(ARM, "3.11", emulation.Emulator("/usr/bin/qemu-aarch64"))
    assert str(caught.value) == sentence
    assert not (tmp_path / ".nox" / "roots" / f"{ARM}-3.11").exists()


@needs_apt
def test_debians_python_runs_emulated_and_this_machine_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def printed(*command: str) -> str:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    before = printed("dpkg", "--print-foreign-architectures"), printed("dpkg", "--get-selections")
    monkeypatch.setattr(debian, "NOX", tmp_path / "a folder" / ".nox")
    root = tmp_path / "a folder" / ".nox" / "roots" / f"{ARM}-3.11"
    (root / "usr" / "bin").mkdir(parents=True)  # left by a run that was killed
    python = debian.interpreter(ARM, "3.11", emulation.of("aarch64"))
    assert python == debian.interpreter(ARM, "3.11", emulation.of("aarch64"))
    link = tmp_path / "python"
    link.symlink_to(python)
    source = "import ctypes, platform, ssl, sys, zlib; print(platform.machine(), sys.executable)"
    assert printed(str(link), "-c", source) == f"aarch64 {link}\n"
    again = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])"
    assert printed(str(link), "-c", again, source).startswith("aarch64 ")
    after = printed("dpkg", "--print-foreign-architectures"), printed("dpkg", "--get-selections")
    assert after == before


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """Return a checkout with small releases."""
    return small.checkout(tmp_path_factory.mktemp("else where"))


def run(checkout: Checkout, *words: str) -> str:
    """Run the session for the small release, which must fail without a traceback."""
    done = nox(checkout.root, "-s", "elsewhere", "--", small.ONE, *words, **checkout.variables)
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stdout
    return str(done.stdout)


@needs_x86
@pytest.mark.parametrize(
    ("cpu", "source", "sentence"),
    [
        ("Haswell", ILLEGAL, "`killed by SIGILL` means that the release uses an instruction"),
        ("Nehalem", "", "the processor has no AVX, or the system disables it"),
        ("Haswell", "raise ImportError('not here')\n", "ImportError: not here"),
    ],
)
def test_what_fails_under_an_emulator_is_no_evidence(
    checkout: Checkout, cpu: str, source: str, sentence: str
) -> None:
    place = checkout.observation(small.ONE)
    place.unlink(missing_ok=True)  # so that no probe notices a loss
    checkout.install(small.ONE, source + fake.WORKING.replace(fake.VERSION, small.ONE))
    said = run(checkout, "--cpu", cpu)
    assert sentence in said
    assert not place.exists()
    assert not list((checkout.root / ".nox").glob("elsewhere-*/bin"))


@needs_x86
@pytest.mark.parametrize("what", ["lock", "interpreter", "install"])
def test_what_was_not_measured_leaves_nothing_to_compare(checkout: Checkout, what: str) -> None:
    checkout.install(small.ONE, fake.WORKING.replace(fake.VERSION, small.ONE))
    lock = checkout.root / "probes" / "locks" / f"{small.ONE}.txt"
    rows = checkout.root / TABLE.relative_to(ROOT)
    stored, whole, table_text = checkout.observation(small.ONE), lock.read_text(), rows.read_text()
    stored.write_bytes((ROOT / OBSERVATIONS / PLATFORM / stored.name).read_bytes())
    before = stored.read_bytes()
    if what == "lock":
        lock.unlink()
    elif what == "install":
        lock.write_text(whole.replace("sha256:", "sha256:0000")[:-5], "utf-8")
    else:
        rows.write_text(table_text.replace(f'"{fake.PYTHON}"', '"3.99"'), "utf-8")
    try:
        said = run(checkout, "--cpu", "Haswell")
    finally:
        lock.write_text(whole, "utf-8")
        rows.write_text(table_text, "utf-8")
    sentences = {
        "lock": f"{small.ONE}.txt is missing: nox -s lock -- {small.ONE}",
        "interpreter": "CPython 3.99 is not on this machine",
        "install": "uv ended with exit code",
    }
    assert sentences[what] in said
    assert stored.read_bytes() == before
    assert not list((checkout.root / ".nox").glob(f"observed/*/*/{small.ONE}.json"))


class Refused(Exception):  # noqa: N818 - of a session
    """An error of the session."""


class Session:
    """A session of nox that only fails."""

    def error(self, sentence: str) -> None:
        """Raise Refused."""
        raise Refused(sentence)


class Environment:
    """An environment in which one symbol fails; the probes end with exit code 0 nevertheless."""

    python = installed = "unused"

    def run(self, *command: object) -> None:
        """Write the stored observation, in which one symbol failed."""
        place = OBSERVATIONS / PLATFORM / "2.21.0.json"
        data = json.loads(place.read_text("utf-8"))
        data["symbols"][7] |= {"state": "failed", "reason": "killed by SIGSEGV"}
        Path(str(command[command.index("--out") + 1])).write_text(json.dumps(data), "utf-8")


@needs_x86
def test_a_symbol_that_fails_under_an_emulator_is_no_evidence(tmp_path: Path) -> None:
    asked = elsewhere.read(["2.21.0", "--cpu", "Haswell"], ROWS_ON, NETWORK)
    out = tmp_path / "2.21.0.json"
    with pytest.raises(
        Refused, match=r"2\.21\.0: tf\.\S+ failed .*, which is not evidence.*SIGSEGV"
    ):
        elsewhere._run(Session(), Environment(), asked.rows[0], asked, out)  # noqa: SLF001


class Idle(Environment):
    """An environment whose Python ends at once, with exit code 0."""

    folder = Path("idle")

    def run(self, *command: object) -> None:
        """Write nothing."""

    def install_release(self, *_: object) -> None:
        """Install nothing."""

    def remove(self) -> None:
        """Remove nothing."""


@needs_x86
def test_probes_that_wrote_nothing_have_measured_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_SCRATCH", "_OBSERVED"):
        monkeypatch.setattr(elsewhere, name, tmp_path / name)
    monkeypatch.setattr(elsewhere, "_install", lambda *_: None)
    asked = elsewhere.read(["2.21.0", "--cpu", "Haswell"], ROWS_ON, NETWORK)
    with pytest.raises(Refused, match="the probe ended and wrote nothing"):
        elsewhere.measure(Session(), Idle(), lambda _: "uv", asked.rows[0], asked)
    assert not list((tmp_path / "_OBSERVED").rglob("*.json"))


def test_the_emulator_is_named_by_program_and_version() -> None:
    if not CI and not shutil.which("qemu-x86_64"):
        pytest.skip("qemu-x86_64 is not on this machine")
    name, _, version = emulation.of("x86_64").version().partition(" ")
    assert name == "qemu-x86_64"
    assert version.split(".")[0].isdigit()
    assert os.sep not in name
