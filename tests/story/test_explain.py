"""Test the answer about one symbol in the terminal, with the committed observations."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from report import __main__ as command
from report import places
from report.evidence import State, platforms, reader
from report.matrix import Index
from report.matrix.build import build_matrix
from report.story import explain, marks
from report.verdict import Accord
from tests.support import samples, world

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from report.matrix import Matrix

built = cache(build_matrix)


@pytest.fixture(autouse=True)
def _built_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Build the matrix of one folder and platform once for all tests of this file."""
    monkeypatch.setattr(explain, "build_matrix", built)


def explained(arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return the output of ``explain`` for these arguments."""
    assert command.main(["explain", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


def test_the_walk_that_one_does_by_hand_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    lines = explained(["tf.get_variable"], capsys)
    kernel = lines[: lines.index("")]
    assert kernel[0] == "tf.get_variable, kernel"
    assert "  1.0.1 to 1.15.5: glorot_uniform" in kernel
    assert "    declared  initializer=None" in kernel
    calls = [line.rpartition(" ")[2] for line in kernel if line.startswith("    path ")]
    assert calls.index("get_variable") < calls.index("_get_default_initializer")
    assert calls[0] == "get_variable"
    assert calls[-1] == "__call__"


def test_dense_of_1_0_leads_through_get_variable_to_the_choice(real: Matrix) -> None:
    """The answer of the old question, as one finds it by reading TensorFlow's sources."""
    index = Index(matrix=real)
    cell = index.cell(index.rows["tf.layers.dense", "kernel"], "1.0.1")
    calls = [(frame.file, frame.function) for frame in cell.evidence.call_path]
    scope = "tensorflow/python/ops/variable_scope.py"
    assert calls[0] == ("tensorflow/python/layers/core.py", "dense")
    assert calls.index((scope, "get_variable")) < calls.index((scope, "_get_default_initializer"))
    assert calls[-1] == ("tensorflow/python/ops/init_ops.py", "__call__")
    assert cell.agreement is not None
    assert cell.agreement.state is Accord.AGREE


def test_removal_is_told_in_the_words_of_the_release(capsys: pytest.CaptureFixture[str]) -> None:
    lines = explained(["tf.compat.v1.layers.dense"], capsys)
    assert any(
        marks.phrase(State.ABSENT) in line and "not available with Keras 3" in line
        for line in lines
    )


def test_what_was_and_what_is_are_joined_alike_in_every_kind(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = explained(["tf.keras.layers.Dense"], capsys)
    kinds = {line.split(": ")[1] for line in lines if line.startswith("    in ") and " → " in line}
    assert {"existence", "resolved", "numbers", "repeat", "reuse"} <= kinds
    assert not [line for line in lines if " -> " in line]


XAVIER = "tf.contrib.layers.xavier_initializer"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (XAVIER, [f"{XAVIER}(uniform=True), weights", f"{XAVIER}(uniform=False), weights"]),
        ("tf.keras.layers.Dense()", ["tf.keras.layers.Dense, kernel"]),
        ("tf.layers.conv2d", ["tf.layers.conv2d, kernel", "tf.layers.conv2d, bias"]),
    ],
)
def test_what_stands_before_the_bracket_is_explained_whole(
    typed: str, shown: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    lines = explained([typed], capsys)
    assert set(shown) <= set(lines)
    assert any(line.startswith("    measured  ") for line in lines)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (f"{XAVIER}_conv2d", f"{XAVIER}(uniform=True), weights: "),
        ("xavier", f"{XAVIER}(uniform=False), weights: "),
        ("tf.initializers.GlorotUniform", "tf.initializers.glorot_uniform, weights: "),
        ("tf.initializers.GlorotUniform", "tf.keras.initializers.GlorotUniform, weights: "),
    ],
)
def test_of_several_that_may_be_meant_each_is_a_line(
    typed: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    head, blank, *lines = explained([typed], capsys)
    assert head.startswith(f"{typed} itself was not asked; ")
    assert blank == ""
    (line,) = [each for each in lines if each.startswith(shown)]
    assert "glorot_" in line


@pytest.mark.parametrize("typed", ["tensorflow.keras.layers.Dense", "TF.keras.layers.dense"])
def test_another_spelling_of_a_symbol_that_was_asked_is_not_said_to_be_none(
    typed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    head, blank, *_ = explained([typed], capsys)
    assert (head, blank) == (f"{typed} is taken for tf.keras.layers.Dense", "")


def test_a_misspelt_symbol_is_refused_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["explain", "tf.layers.conv3d"]) == 2
    expected = "tf.layers.conv3d: no such symbol; did you mean tf.layers.conv2d or "
    assert capsys.readouterr().err.startswith(expected)


def test_what_is_like_nothing_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["explain", "zzzzqq"]) == 2
    expected = "zzzzqq: no such symbol; probes/catalogue.py lists them\n"
    assert capsys.readouterr().err == expected


def test_help_says_what_may_be_typed(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["explain", "--help"]) == 0
    printed = capsys.readouterr().out
    assert "a public path, or a part of one" in printed
    assert "--platform" in printed


def test_another_platform_is_an_error_that_lists_what_there_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command.main(["explain", "--platform", "nonsense", "tf.layers.dense"]) != 0
    printed = capsys.readouterr()
    assert printed.out == ""
    there = "linux-aarch64, linux-x86_64"
    assert printed.err == f"--platform nonsense: nothing was observed there; there is {there}\n"


def test_a_machine_without_observations_is_told_whose_are_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platforms, "machine", lambda: "darwin-arm64")
    assert command.main(["explain", "tf.get_variable"]) == 0
    printed = capsys.readouterr()
    assert printed.err == "nothing was observed on darwin-arm64; shown is linux-x86_64\n"
    assert printed.out.startswith("tf.get_variable, kernel\n")


@pytest.mark.parametrize("folder", [None, samples.PLATFORM])
def test_no_observation_is_told(
    folder: str | None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "probes").mkdir()
    table = samples.table(samples.row("1.0.1"))
    (tmp_path / "probes" / "releases.toml").write_text(table, encoding="utf-8")
    if folder:
        older = samples.observation(protocol=reader.PROTOCOL - 1)
        samples.store(tmp_path / "observations" / folder, older)
    monkeypatch.setattr(places, "ROOT", tmp_path)
    monkeypatch.setattr(platforms, "machine", lambda: samples.PLATFORM)
    assert command.main(["explain", "tf.layers.dense"]) != 0
    *lines, last = capsys.readouterr().err.splitlines()
    assert last == f"no release was observed on {samples.PLATFORM}; `nox` measures some"
    assert [line.partition(";")[0] for line in lines] == ["not used: 1 observation"][: bool(folder)]


def test_an_observation_that_can_not_be_used_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "probes").mkdir()
    table = samples.table(samples.row("1.0.1"), samples.row("1.1.0"))
    (tmp_path / "probes" / "releases.toml").write_text(table, encoding="utf-8")
    folder = tmp_path / "observations" / samples.PLATFORM
    samples.store(folder, samples.observation())
    samples.store(folder, "damaged", "1.1.0")
    monkeypatch.setattr(places, "ROOT", tmp_path)
    assert command.main(["explain", "tf.layers.dense", "--platform", samples.PLATFORM]) == 0
    printed = capsys.readouterr()
    assert printed.err == "not used: 1 observation; `nox -s report` says why\n"
    assert "  1.0.1: glorot_uniform" in printed.out


# Standard output


def run(
    stdout: int | None, what: str = "tf.layers.dense", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Explain a symbol with another standard output, which is closed if None."""
    close = (lambda: os.close(1)) if stdout is None else None
    return subprocess.run(
        [sys.executable, "-m", "report", "explain", what],
        cwd=places.ROOT,
        env=os.environ | environment,
        stdout=stdout,
        stderr=subprocess.PIPE,
        preexec_fn=close,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("buffered", ["", "1"])
def test_a_reader_that_has_seen_enough_is_no_error(buffered: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = run(writer, PYTHONUNBUFFERED=buffered)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("buffered", ["", "1"])
@pytest.mark.parametrize("how", ["closed", "full"])
def test_an_answer_that_nobody_can_read_is_told(how: str, buffered: str) -> None:
    full = os.open("/dev/full", os.O_WRONLY) if how == "full" else None
    done = run(full, PYTHONUNBUFFERED=buffered)
    if full is not None:
        os.close(full)
    why = "No space left on device" if full else "closed"
    assert why in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.returncode == 4


def test_help_that_nobody_can_read_is_told() -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    done = run(full, "--help", PYTHONUNBUFFERED="")
    os.close(full)
    assert done.stderr == (
        "standard output: No space left on device; what was to be printed is lost\n"
    )
    assert done.returncode == 4


def test_a_terminal_without_the_letters_is_no_error() -> None:
    done = run(subprocess.DEVNULL, PYTHONIOENCODING="ascii:strict", LC_ALL="C", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, "")


# Text


def test_why_a_symbol_is_not_there_is_said_of_each_release(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = explained(["tf.layers.Conv2D"], capsys)
    assert "  0.12.1: not there: module 'tensorflow' has no attribute 'layers'" in lines
    (later,) = {line for line in lines if line.startswith("  1.0.1 to 1.3.0: not there: ")}
    assert "tensorflow.python.layers.layers" in later


def test_a_text_that_steers_the_terminal_is_made_harmless(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, real: Matrix
) -> None:
    (row,) = Index(matrix=real).named["tf.get_variable"]
    cells = (replace(cell, reason="\x1b[2Jgone\r") if cell.reason else cell for cell in row.cells)
    hostile = replace(real, rows=(world.with_cells(row, cells),))
    monkeypatch.setattr(explain, "build_matrix", lambda *_, **__: hostile)
    lines = explained(["tf.get_variable"], capsys)
    assert any("gone" in line for line in lines)
    assert all(line.isprintable() for line in lines)
