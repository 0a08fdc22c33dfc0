"""Test faults of a run: kills, a full disk, two runs at once, user settings."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.support import fake

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM", "SIGINT"])
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process on SIGIO")
def test_no_child_survives_its_supervisor(how: str, out: Path, tmp_path: Path) -> None:
    pids_file = tmp_path / "pids"
    source = fake.spawning("while True: pass", pids_file)
    environment = fake.Environment(tmp_path / "environment", source)
    out.parent.mkdir(parents=True)
    out.write_bytes(b"old")
    with environment.start(out) as process:
        pids = fake.await_pids(pids_file, process)
        process.send_signal(getattr(signal, how))
        _, stderr = process.communicate(timeout=10)
    assert fake.all_gone(pids)
    assert process.returncode != 0
    assert out.read_bytes() == b"old"
    assert os.listdir(out.parent) == [out.name]  # noqa: PTH208 - names are enough
    if how != "SIGKILL":
        assert stderr == f"{fake.VERSION}: interrupted; {out} is unchanged\n"


# a program that starts the supervisor, as nox does, and waits for it
STARTS = "import subprocess, sys; subprocess.call(sys.argv[1:])"


@pytest.mark.parametrize("how", ["SIGKILL", "SIGTERM"])
def test_no_probe_survives_the_nox_that_started_it(how: str, out: Path, tmp_path: Path) -> None:
    pids_file = tmp_path / "pids"
    source = fake.spawning("while True: pass", pids_file)
    environment = fake.Environment(tmp_path / "environment", source)
    out.parent.mkdir(parents=True)
    out.write_bytes(b"old")
    command = [sys.executable, "-c", STARTS, *environment.command(out)]
    with subprocess.Popen(
        command, cwd=fake.ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as starter:
        pids = fake.await_pids(pids_file, starter)
        (supervisor,) = fake.children(starter.pid)
        starter.send_signal(getattr(signal, how))
        _, stderr = starter.communicate(timeout=10)  # until the supervisor has closed them too
    assert fake.all_gone([*pids, supervisor])
    assert stderr == (
        f"{fake.VERSION}: {out} is unchanged: the process that started this one has ended\n"
    )
    assert out.read_bytes() == b"old"


def test_no_probe_goes_on_where_nobody_reads_what_it_prints(out: Path, tmp_path: Path) -> None:
    pids_file = tmp_path / "pids"
    source = fake.spawning("while True: pass", pids_file)
    environment = fake.Environment(tmp_path / "environment", source)
    with environment.start(out) as process:
        pids = fake.await_pids(pids_file, process)
        assert process.stdout is not None
        process.stdout.close()  # as the nox that started the one that started it
        assert process.wait(timeout=10) == 1
        assert process.stderr is not None
        assert "the process that started this one has ended" in process.stderr.read()
    assert fake.all_gone(pids)


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


# a writer that is killed before the line of probes.run.files with a given number
DIES_BEFORE = """
import os, signal, sys
from probes.run import files
left = int(sys.argv[2])
def trace(frame, event, _):
    global left
    if frame.f_code.co_filename != files.__file__:
        return None
    left -= event == "line"
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return trace
sys.settrace(trace)
files.write(sys.argv[1], "new" * 100000)
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
    interpreter, *words = working.command(out)
    options = words[words.index("--version") :]
    command = [interpreter, "-c", DIES, *options]
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
def test_a_full_disk_is_reported_and_the_observation_before_is_untouched(
    where: str, working: fake.Environment, out: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "full disk" if where == "temporary files" else out.parent
    with fake.mounted(folder):
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(b"old")
        with pytest.raises(OSError, match="No space"):
            (folder / "filler").write_bytes(bytes(2**20))
        if folder != out.parent:  # enough space to begin, but not to end
            os.truncate(folder / "filler", (folder / "filler").stat().st_size - 8192)
        elsewhere = {"TMPDIR": str(folder)} if folder != out.parent else {}
        done = working.run(out, env=os.environ | elsewhere)
        assert done.returncode == 1
        assert done.stderr.startswith(f"{fake.VERSION}: {out} is unchanged: [Errno 28] No space")
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


def test_a_reason_names_no_place_in_any_script(tmp_path: Path) -> None:
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
    variables = tmp_path / "environment.json"
    source = f"import json, os\njson.dump(dict(os.environ), open({str(variables)!r}, 'w'))"
    fake.Environment(tmp_path / "environment", source).run(out, env={"GITHUB_TOKEN": "secret"})
    assert "secret" not in variables.read_text(encoding="utf-8")
