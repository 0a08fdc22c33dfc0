"""Test the reason of a crash: the line of the cause, and the same in each run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from probes.run.failure import crash_reason
from report import __main__ as command
from report import places
from report.text import for_terminal
from tests.support import fake, samples
from tests.support.fake import SYMBOL, answer, release

if TYPE_CHECKING:
    from pathlib import Path

WHY = "Check failed: 1 == 2 (1 vs. 2) no shape"
# What is printed at the end of a crash; {0} and {1} differ from run to run.
PRINTED = {
    "TensorFlow 1": (
        "2026-0{0}-18 21:29:3{0}.31079{1}: F tensorflow/core/shape.cc:7{0}] " + WHY,
        "F tensorflow/core/shape.cc:7{0}] " + WHY,
    ),
    "absl": (
        "F0000 00:00:17213{0}8172.31079{1}   {0}{1}345 shape.cc:77] " + WHY,
        "F shape.cc:77] " + WHY,
    ),
    "glog": ("F071{0} 21:29:32.31079{1} 1{0}345 shape.cc:77] " + WHY, "F shape.cc:77] " + WHY),
    "C++": (
        "terminate called after throwing an instance of 'std::out_of_range'\n  what():  no key",
        "terminate called after throwing an instance of 'std::out_of_range'\nwhat():  no key",
    ),
    "C": (
        "*** Error in `python': double free or corruption (out): 0x0000{0}f{1}b98 ***",
        "*** Error in `python': double free or corruption (out): 0x… ***",
    ),
    "an assertion": (
        "python: shape.c:12: check: Assertion `rank > 0' failed.",
        "python: shape.c:12: check: Assertion `rank > 0' failed.",
    ),
}
STACK = """Fatal Python error: Aborted

Thread 0x00007f{0}78a57e7{1} (most recent call first):
  File "/usr/lib/python3.9/threading.py", line 302 in wait

Current thread 0x00007f8{0}9a57e7{1} (most recent call first):
""" + "".join(
    f'  File "site-packages/tensorflow/x.py", line {n} in f\n'
    f"    @     0x7f8{{0}}9a57e{n:02}  tensorflow::internal::LogMessageFatal\n"
    f"/lib/x86_64-linux-gnu/libc.so.6(gsignal+0x{n}1)[0x7f8{{0}}9a57e{n:02}]\n"
    for n in range(12)
)


def filled(text: str, first: int) -> str:
    """Return what one of two runs prints."""
    return text.replace("{0}", str(first)).replace("{1}", str(first + 3))


@pytest.mark.parametrize(("printed", "reason"), PRINTED.values(), ids=PRINTED)
def test_the_line_that_says_why_is_kept_behind_a_long_stack(printed: str, reason: str) -> None:
    text = filled(f"words before\n{printed}\n{STACK}", 1)
    ending, *lines = crash_reason("killed by SIGABRT", text).splitlines()
    assert ending == "killed by SIGABRT"
    assert "\n".join(lines) == f"{filled(reason, 1)}\nFatal Python error: Aborted"


@pytest.mark.parametrize("kind", [kind for kind in PRINTED if kind != "TensorFlow 1"])
def test_two_runs_give_one_reason(kind: str) -> None:
    runs = (filled(f"{PRINTED[kind][0]}\n{STACK}", first) for first in (1, 2))
    assert len({crash_reason("killed by SIGABRT", text) for text in runs}) == 1


def test_where_no_line_says_why_the_last_words_are_kept_without_the_stack() -> None:
    text = filled(f"first\nlast words of object <x at 0x7f{{0}}0123>\n{STACK[27:]}", 1)
    assert crash_reason("exit code 3", text) == "exit code 3\nfirst\nlast words of object <x>"


CRASHES = f"""import faulthandler, os, sys
        faulthandler.enable()
        sys.stderr.write("F x.cc:7] {WHY}, at %#x\\n" % id(object()))
        sys.stderr.flush()
        os.abort()"""


def test_a_crash_recorded_twice_gives_the_same_bytes(out: Path, tmp_path: Path) -> None:
    environment = release(tmp_path, CRASHES)
    assert environment.run(out).returncode == 0
    before = out.read_bytes()
    reason = answer(out)["reason"]
    assert reason.splitlines() == [
        "killed by SIGABRT",
        f"F x.cc:7] {WHY},",
        "Fatal Python error: Aborted",
    ]
    out.unlink()
    assert environment.run(out).returncode == 0
    assert out.read_bytes() == before
    assert answer(out)["name"] == SYMBOL


def test_a_reason_of_many_lines_is_shown_as_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "probes").mkdir()
    table = samples.table(samples.row("1.0.1"))
    (tmp_path / "probes" / "releases.toml").write_text(table, encoding="utf-8")
    reason = f"killed by SIGABRT\nF x.cc:7]\t{WHY}\r\n1.0.1: a sentence of ours\x1b[2J"
    broken = samples.blank(samples.dense(), "failed", reason)
    folder = tmp_path / "observations" / samples.PLATFORM
    samples.store(folder, samples.observation("1.0.1", symbols=[broken]))
    monkeypatch.setattr(places, "ROOT", tmp_path)
    assert command.main(["explain", samples.DENSE]) == 0
    lines = capsys.readouterr().out.splitlines()
    start = next(n for n, line in enumerate(lines) if line.endswith("killed by SIGABRT"))
    shown = [f"      F x.cc:7] {WHY}", "      1.0.1: a sentence of ours\\u001b[2J"]
    assert lines[start + 1 : start + 3] == shown


def test_no_line_of_a_foreign_text_begins_where_ours_do() -> None:
    assert for_terminal("a: b\nc: d") == "a: b\n    c: d"
    assert for_terminal("  a: b\n\nc\r") == "  a: b\n      \n      c\\u000d"


def test_the_supervisor_indents_further_lines_of_a_foreign_text(out: Path, tmp_path: Path) -> None:
    source = "raise ImportError('first\\n9.9.9: second\\tcolumn')"
    done = fake.Environment(tmp_path / "environment", source).run(out)
    _, second = done.stderr.splitlines()
    assert second == "    9.9.9: second column"
