"""Faults, really injected: a TensorFlow that misbehaves, a killed run, a full disk, two at once."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from report import __main__ as command
from report import explain, load, matrix, readme
from report.model import State, Status
from tests import fake, samples

if TYPE_CHECKING:
    from pathlib import Path

ILLEGAL = """
import ctypes, mmap, platform
code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
code.write(b"\\x0f\\x0b" if platform.machine() == "x86_64" else b"\\x00" * 4)
ctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
"""
SPEAKS = "import sys; sys.stderr.write('\\x1b[2Jlast words\\n'); sys.stderr.flush()\n"
# what `import tensorflow` does, and how the reason begins
FATAL = {
    "raises": ("raise ImportError('libcublas.so.8.0 is missing')", "exit code 1"),
    "exits": ("import sys; sys.exit(0)", "exit code 0"),
    "aborts": ("import os; os.abort()", "killed by SIGABRT"),
    "illegal instruction": (ILLEGAL, "killed by SIGILL"),
    "segmentation fault": ("import ctypes; ctypes.string_at(0)", "killed by SIGSEGV"),
    "hangs": ("import time; time.sleep(600)", "deadline: nothing heard for 1 s"),
}
SYMBOL = {
    "crashes": ("import ctypes; ctypes.string_at(0)", "killed by SIGSEGV"),
    "hangs": ("import time; time.sleep(600)", "deadline: nothing heard for 1 s"),
    "exits": ("import os; os._exit(7)", "exit code 7"),
}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Return the place of the observation."""
    return tmp_path / "observations" / samples.PLATFORM / f"{fake.VERSION}.json"


@pytest.fixture(scope="module")
def working(tmp_path_factory: pytest.TempPathFactory) -> fake.Environment:
    """Return an environment whose TensorFlow works."""
    return fake.Environment(tmp_path_factory.mktemp("working") / "environment")


@pytest.fixture(scope="module")
def whole(working: fake.Environment, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return what is observed of it where nothing is wrong."""
    out = tmp_path_factory.mktemp("whole") / f"{fake.VERSION}.json"
    done = working.run(out)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [s["state"] for s in fake.observation(out)["symbols"]].count("observed") == 2
    return out.read_bytes()


@pytest.mark.parametrize(("body", "expected"), FATAL.values(), ids=FATAL)
def test_a_release_that_fails_on_import_is_failed_with_its_last_words(
    body: str, expected: str, out: Path, tmp_path: Path
) -> None:
    environment = fake.Environment(tmp_path / "environment", SPEAKS + body)
    done = environment.run(out, deadline=1)
    data = load.observation(out, fake.VERSION)
    assert (data["status"], data["symbols"], data["tutorial"]) == ("failed", [], None)
    first, *last = data["reason"].splitlines()
    assert first == expected
    assert "last words" in last[0]
    assert str(tmp_path) not in data["reason"]
    assert str(fake.ROOT) not in data["reason"]
    assert done.returncode == 1
    assert f"{fake.VERSION} was not observed: {expected}" in done.stderr
    assert "\x1b" not in done.stderr  # it would move the terminal's cursor


def test_another_release_than_promised_is_failed(out: Path, tmp_path: Path) -> None:
    environment = fake.Environment(tmp_path / "environment", '__version__ = "9.9.8"')
    assert environment.run(out).returncode == 1
    assert fake.observation(out)["reason"] == "TensorFlow 9.9.8 is installed, not 9.9.9"


def test_a_failed_release_harms_no_other(out: Path, tmp_path: Path) -> None:
    environment = fake.Environment(tmp_path / "environment", "import os; os.abort()")
    samples.store(out.parent, samples.observation("1.0.1"))
    environment.run(out)
    (tmp_path / "probes").mkdir()
    rows = [samples.row(version, tags=["tf1"]) for version in ("1.0.1", fake.VERSION)]
    (tmp_path / "probes" / "releases.toml").write_text(samples.table(*rows), encoding="utf-8")
    found = matrix.build(tmp_path, samples.PLATFORM)
    assert [release.status for release in found.releases] == [Status.OBSERVED, Status.NOT_OBSERVED]
    assert found.problems == ()
    for row in found.rows:
        assert [cell.state for cell in row.cells] == [State.OBSERVED, State.FAILED]
        assert "killed by SIGABRT" in (row.cells[1].reason or "")


@pytest.mark.parametrize("broken", [(name,) for name in fake.BROKEN] + [tuple(fake.BROKEN)])
@pytest.mark.parametrize("how", SYMBOL)
def test_only_the_symbol_that_crashes_or_hangs_is_failed(
    how: str, broken: tuple[str, ...], whole: bytes, out: Path, tmp_path: Path
) -> None:
    body, expected = SYMBOL[how]
    source = fake.WORKING + "".join(fake.BROKEN[name].format(body=body) for name in broken)
    environment = fake.Environment(tmp_path / "environment", source)
    assert environment.run(out, deadline=1).returncode == 0
    data = load.observation(out, fake.VERSION)
    failed = [symbol for symbol in data["symbols"] if symbol["state"] == "failed"]
    assert {one["name"]: one["reason"] for one in failed} == dict.fromkeys(broken, expected)
    clean = json.loads(whole)["symbols"]
    assert [s["name"] for s in data["symbols"]] == [s["name"] for s in clean]
    observed = [symbol for symbol in clean if symbol["state"] == "observed"]
    assert [symbol for symbol in data["symbols"] if symbol["state"] == "observed"] == observed


def test_what_a_release_prints_or_does_at_exit_reaches_no_result(
    whole: bytes, out: Path, tmp_path: Path
) -> None:
    noise = """
import atexit, os, threading, time
line = '{"end": true}\\n{"symbol": {"name": "tf.layers.dense", "state": "observed"}}\\n'
os.write(1, line.encode() * 1000)
os.write(2, b"\\xff\\x00 not text \\x1b[2J" * 1000)
threading.Thread(target=lambda: [os.write(2, b"thread\\n") for _ in range(1000)]).start()
atexit.register(lambda: (os.write(1, line.encode()), os.abort()))
"""
    environment = fake.Environment(tmp_path / "environment", fake.WORKING + noise)
    done = environment.run(out)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert out.read_bytes() == whole


def spawning(then: str, told: Path) -> str:
    """Return a TensorFlow that starts a process, tells both process ids, and does more."""
    return f"""
import os, subprocess, time
child = subprocess.Popen(["sleep", "600"])
with open({str(told)!r} + ".new", "w") as out:
    out.write("%d %d" % (os.getpid(), child.pid))
os.rename({str(told)!r} + ".new", {str(told)!r})
{then}
"""


def all_gone(pids: list[int]) -> bool:
    """Tell whether all these processes end within two seconds."""
    for _ in range(40):
        if all(fake.state(pid) is None for pid in pids):
            return True
        time.sleep(0.05)
    return False


def test_a_hang_is_killed_with_all_its_children(out: Path, tmp_path: Path) -> None:
    told = tmp_path / "pids"
    source = spawning("time.sleep(600)", told)
    fake.Environment(tmp_path / "environment", source).run(out, deadline=1)
    assert fake.observation(out)["reason"].startswith("deadline")
    assert all_gone([int(pid) for pid in told.read_text(encoding="utf-8").split()])


@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM", "SIGINT"])
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process on SIGIO")
def test_no_child_survives_its_supervisor(how: str, out: Path, tmp_path: Path) -> None:
    told = tmp_path / "pids"
    environment = fake.Environment(tmp_path / "environment", spawning("while True: pass", told))
    out.parent.mkdir(parents=True)
    out.write_bytes(b"old")
    with environment.start(out) as process:
        while not told.exists():
            assert process.poll() is None
            time.sleep(0.02)
        pids = [int(pid) for pid in told.read_text(encoding="utf-8").split()]
        assert all(fake.state(pid) for pid in pids)
        process.send_signal(getattr(signal, how))
        _, stderr = process.communicate(timeout=10)
    assert all_gone(pids)
    assert process.returncode != 0
    assert out.read_bytes() == b"old"
    assert os.listdir(out.parent) == [out.name]  # noqa: PTH208 - names are enough
    if how != "SIGKILL":
        assert stderr == f"{fake.VERSION}: interrupted; {out} is as it was\n"


def test_killed_at_any_moment_the_observation_is_old_or_new(
    working: fake.Environment, whole: bytes, out: Path, tmp_path: Path
) -> None:
    out.parent.mkdir(parents=True)
    homes = tmp_path / "homes"
    homes.mkdir()
    here = os.environ | {"TMPDIR": str(homes)}
    moments = random.Random(5)  # noqa: S311 - any moment will do
    seen = set()
    began = time.monotonic()
    working.run(out)
    lasts = time.monotonic() - began
    for kill in range(10):
        out.write_bytes(b"old")
        how = signal.SIGKILL if kill % 2 else signal.SIGINT
        with working.start(out, env=here) as process:
            time.sleep(lasts * moments.uniform(0.05, 1.1))
            process.send_signal(how)
            process.wait(timeout=10)
        seen.add(out.read_bytes())
        assert seen <= {b"old", whole}
    assert b"old" in seen
    assert working.run(out, env=here).returncode == 0
    assert out.read_bytes() == whole
    assert os.listdir(out.parent) == [out.name]  # noqa: PTH208
    assert os.listdir(homes) == []  # noqa: PTH208 - nor has a killed run left a home


# a writer that dies before the line of ours that it is told
DIES_BEFORE = """
import os, signal, sys
from probes import __main__ as supervisor
left = int(sys.argv[2])
def trace(frame, event, _):
    global left
    if frame.f_code.co_filename != supervisor.__file__:
        return None
    left -= event == "line"
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return trace
sys.settrace(trace)
supervisor._write(sys.argv[1], "new" * 100000)
"""


def test_killed_before_any_line_of_the_writing_the_file_is_whole(out: Path) -> None:
    out.parent.mkdir(parents=True)
    out.write_bytes(b"old")
    new, line, code = b"new" * 100_000, 0, -signal.SIGKILL
    while code == -signal.SIGKILL:
        command_line = [sys.executable, "-c", DIES_BEFORE, str(out), str(line)]
        code = subprocess.run(command_line, cwd=fake.ROOT, check=False).returncode
        assert out.read_bytes() == (new if code == 0 else b"old")
        line += 1
    assert code == 0
    assert line > 10
    assert os.listdir(out.parent) == [out.name]  # noqa: PTH208


# a supervisor that dies in the middle of the file
DIES = """
import os, signal, sys
from probes import __main__ as supervisor
fsync = os.fsync
os.fsync = lambda handle: (os.ftruncate(handle, 999), os.kill(os.getpid(), signal.SIGKILL))
supervisor.main()
"""


def test_what_a_killed_writer_left_is_removed_and_a_living_ones_is_not(
    working: fake.Environment, whole: bytes, out: Path
) -> None:
    out.parent.mkdir(parents=True)
    out.write_bytes(b"old")
    options = ["--version", fake.VERSION, "--distribution", "tensorflow", "--out", str(out)]
    lock = ["--lock", "probes/locks/1.0.1.txt"]
    command = [str(working.python), "-c", DIES, *options, *lock]
    done = subprocess.run(command, cwd=fake.ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert out.read_bytes() == b"old"
    (torn,) = out.parent.glob(".*.part")
    assert torn.stat().st_size == 999
    living = out.parent / f".{out.name}.{os.getpid()}.abc.part"
    living.touch()
    assert working.run(out).returncode == 0
    assert out.read_bytes() == whole
    assert sorted(out.parent.iterdir()) == sorted([living, out])


@pytest.mark.parametrize("where", ["observations", "temporary files"])
def test_a_full_disk_is_told_and_the_observation_before_is_untouched(
    where: str, working: fake.Environment, out: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "full disk" if where == "temporary files" else out.parent
    with fake.mounted(folder):
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(b"old")
        with pytest.raises(OSError, match="No space"):
            (folder / "filler").write_bytes(bytes(2**20))
        if folder != out.parent:  # room to begin, and not to end
            os.truncate(folder / "filler", (folder / "filler").stat().st_size - 8192)
        elsewhere = {"TMPDIR": str(folder)} if folder != out.parent else {}
        done = working.run(out, env=os.environ | elsewhere)
        assert done.returncode == 1
        assert done.stderr.startswith(f"{fake.VERSION}: {out} is as it was: [Errno 28] No space")
        assert len(done.stderr.splitlines()) == 1
        assert out.read_bytes() == b"old"
        assert {path.name for path in out.parent.iterdir()} <= {out.name, "filler"}


def test_two_supervisors_at_once_leave_one_whole_file(
    working: fake.Environment, whole: bytes, out: Path
) -> None:
    processes = [working.start(out) for _ in range(4)]
    torn = set()
    while any(process.poll() is None for process in processes):
        if out.exists():
            torn.add(out.read_bytes())
        time.sleep(0.005)
    for process in processes:
        assert process.communicate() == ("", "")
        assert process.returncode == 0
    assert torn <= {whole}
    assert out.read_bytes() == whole
    assert os.listdir(out.parent) == [out.name]  # noqa: PTH208


def test_a_users_environment_changes_no_byte(whole: bytes, tmp_path: Path) -> None:
    environment = fake.Environment(tmp_path / "Größe 測試" / "environment")
    out = tmp_path / "Größe 測試" / f"{fake.VERSION}.json"
    with fake.mounted(tmp_path / "home") as home:
        hostile = fake.hostile_environment(home)
        fake.make_read_only(home)
        done = environment.run(out, env=hostile)
        assert (done.returncode, done.stderr) == (0, "")
        assert out.read_bytes() == whole


def test_a_reason_names_no_place_whatever_its_letters(tmp_path: Path) -> None:
    source = "raise ImportError(__file__)"
    environment = fake.Environment(tmp_path / "Größe 測試" / "environment", source)
    reasons = set()
    for locale in ("C", "C.UTF-8"):
        out = tmp_path / f"{fake.VERSION}.json"
        environment.run(out, env={"LC_ALL": locale, "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"})
        reasons.add(fake.observation(out)["reason"])
    (reason,) = reasons
    assert reason.endswith("ImportError: tensorflow/__init__.py")
    assert "Größe" not in reason


def test_a_probe_gets_no_secret(out: Path, tmp_path: Path) -> None:
    told = tmp_path / "environment.json"
    source = f"import json, os\njson.dump(dict(os.environ), open({str(told)!r}, 'w'))"
    fake.Environment(tmp_path / "environment", source).run(out, env={"GITHUB_TOKEN": "secret"})
    assert "secret" not in told.read_text(encoding="utf-8")


# Pages and the terminal


NO_TUTORIAL = {"state": "failed", "reason": "not asked", "networks": []}


def lay_out(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a root with one observed release, which the command line reads from now on."""
    (root / "probes").mkdir()
    table = samples.table(samples.row("1.0.1", tags=["tf1"]))
    (root / "probes" / "releases.toml").write_text(table, encoding="utf-8")
    observed = samples.observation("1.0.1", tutorial=NO_TUTORIAL)
    samples.store(root / "observations" / samples.PLATFORM, observed)
    (root / "README.md").write_text(f"{readme.BEGIN}\n{readme.END}\n", encoding="utf-8")
    monkeypatch.setattr(load, "ROOT", root)
    return root


def test_a_site_that_can_not_be_replaced_is_told_and_stays_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = lay_out(tmp_path, monkeypatch)
    with fake.mounted(root / "site") as site:  # a mount point can't be renamed
        (site / "index.html").write_text("old", encoding="utf-8")
        assert command.main([]) == 4
        assert (site / "index.html").read_text(encoding="utf-8") == "old"
        assert not list(root.glob(".site-*"))
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert said[0].startswith("site/ was not written, what was there is untouched: ")
    assert command.main([]) == 0
    assert (root / "site" / "index.html").stat().st_size > 1000


def test_a_read_only_disk_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with fake.mounted(tmp_path) as folder:
        root = lay_out(folder, monkeypatch)
        fake.make_read_only(folder)
        assert command.main([]) == 4
        assert not (root / "site").exists()
    assert "Read-only file system" in capsys.readouterr().err


def test_a_full_disk_leaves_the_pages_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with fake.mounted(tmp_path) as folder:
        site = lay_out(folder, monkeypatch) / "site"
        site.mkdir()
        (site / "index.html").write_text("old", encoding="utf-8")
        assert command.main([]) == 4
        assert [path.name for path in site.iterdir()] == ["index.html"]
        assert (site / "index.html").read_text(encoding="utf-8") == "old"
        assert not list(folder.glob(".site-*"))
    assert "No space left on device" in capsys.readouterr().err


def test_a_build_killed_at_any_moment_leaves_whole_pages_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = lay_out(tmp_path, monkeypatch)
    assert command.main([]) == 0
    site = root / "site"
    whole = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
    start = f"from pathlib import Path; from report import load; load.ROOT = Path({str(root)!r})\n"
    start += "from report.__main__ import main; main([])"
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", start], cwd=fake.ROOT, check=True)
    lasts = time.monotonic() - began
    for moment in (0.6, 0.75, 0.9):
        with subprocess.Popen([sys.executable, "-c", start], cwd=fake.ROOT) as process:
            time.sleep(lasts * moment)
            process.kill()
        found = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}
        assert found in (whole, {})  # none, if killed between the two renames


# Any use of a socket ends the process.
CLOSED = """
import sys
from pathlib import Path
sys.addaudithook(lambda event, _: sys.exit(event) if event.startswith("socket.") else None)
from report import load
load.ROOT = Path(sys.argv[1])
from report.__main__ import main
sys.exit(main([]))
"""


def test_the_report_opens_no_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = lay_out(tmp_path, monkeypatch)
    for start, code in ((CLOSED, 0), (CLOSED.replace("main([])", "socket()"), 1)):
        source = start.replace(
            "from report.__main__", "from socket import socket\nfrom report.__main__"
        )
        command_line = [sys.executable, "-c", source, str(root)]
        done = subprocess.run(command_line, cwd=fake.ROOT, capture_output=True, check=False)
        assert done.returncode == code
    assert (root / "site" / "index.html").exists()


CURSOR = "\x1b[2J\x1b[H\x9b2J\r\b\u202e\x07"


def test_hostile_text_does_not_move_the_terminals_cursor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = lay_out(tmp_path, monkeypatch)
    folder = root / "observations" / samples.PLATFORM
    layer = samples.dense()
    layer["evidence"]["kernel"]["declared"]["default"] = CURSOR
    layer["evidence"]["kernel"]["call_path"][0]["function"] = CURSOR
    samples.store(folder, samples.observation("1.0.1", symbols=[layer]))
    assert explain.main([samples.DENSE]) == 0
    samples.store(folder, samples.observation("1.0.1", **{CURSOR: 1}))
    assert command.main(["--check"]) == 1
    said = capsys.readouterr()
    assert "declared" in said.out
    assert "1.0.1.json" in said.err
    assert all(line.isprintable() for text in said for line in text.split("\n"))
