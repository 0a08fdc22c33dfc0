"""The answer for one symbol in the terminal, from the committed observations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from report import explain, load
from report.matrix import build
from report.model import Accord

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest


def said(arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return what is printed for these arguments."""
    assert explain.main(list(arguments)) == 0
    return capsys.readouterr().out.splitlines()


def test_the_walk_that_one_does_by_hand_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(["tf.get_variable"], capsys)
    kernel = lines[: lines.index("")]
    assert kernel[0] == "tf.get_variable, kernel"
    assert "  1.0.1 to 1.15.5: glorot_uniform" in kernel
    assert "    declared  initializer=None" in kernel
    walk = [line.rpartition(" ")[2] for line in kernel if line.startswith("    path ")]
    assert walk.index("get_variable") < walk.index("_get_default_initializer")
    assert walk[0] == "get_variable"
    assert walk[-1] == "__call__"


def test_dense_of_1_0_leads_through_get_variable_to_the_choice() -> None:
    """The answer of the old question, as one finds it by reading TensorFlow's sources."""
    matrix = build(load.ROOT, "linux-x86_64", only="tf.layers.dense")
    cell = next(cell for cell in matrix.rows[0].cells if cell.release == "1.0.1")
    walk = [(frame["file"], frame["function"]) for frame in cell.evidence["call_path"]]
    scope = "tensorflow/python/ops/variable_scope.py"
    assert walk[0] == ("tensorflow/python/layers/core.py", "dense")
    assert walk.index((scope, "get_variable")) < walk.index((scope, "_get_default_initializer"))
    assert walk[-1] == ("tensorflow/python/ops/init_ops.py", "__call__")
    assert cell.agreement is not None
    assert cell.agreement.state is Accord.AGREE


def test_removal_is_told_in_the_words_of_the_release(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(["tf.compat.v1.layers.dense"], capsys)
    assert any("absent" in line and "not available with Keras 3" in line for line in lines)


def test_an_unknown_symbol_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain.main(["tf.layers.nothing"]) == 2
    assert "tf.layers.nothing: no such symbol" in capsys.readouterr().err


def test_a_text_that_steers_the_terminal_is_made_harmless(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    matrix = build(load.ROOT, "linux-x86_64", only="tf.get_variable")
    row = matrix.rows[0]
    cells = tuple(
        replace(cell, reason="\x1b[2Jgone\r") if cell.reason else cell for cell in row.cells
    )
    hostile = replace(matrix, rows=(replace(row, cells=cells),))
    monkeypatch.setattr(explain, "build", lambda *_, **__: hostile)
    lines = said(["tf.get_variable"], capsys)
    assert any("gone" in line for line in lines)
    assert all(line.isprintable() for line in lines)
