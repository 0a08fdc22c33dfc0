"""What probes/ promises: only the standard library, NumPy and TensorFlow, and no report."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from probes import catalogue
from report import simulate

PROBES = Path(__file__).resolve().parent.parent / "probes"
ALLOWED = {"numpy", "tensorflow", "probes"}
# The names of the standard library that CPython 3.6 already had, of those used here.
STANDARD = {
    "argparse", "collections", "contextlib", "datetime", "fcntl", "functools", "gc", "glob",
    "hashlib", "importlib", "inspect", "itertools", "json", "logging", "os", "pathlib", "platform",
    "random", "re", "select", "shutil", "signal", "subprocess", "sys", "tempfile", "traceback",
    "types", "warnings",
}  # fmt: skip


@pytest.mark.parametrize("module", sorted(PROBES.rglob("*.py")), ids=lambda path: path.name)
def test_a_probe_imports_nothing_else(module: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(str(node.module).split(".")[0])
    assert imported <= ALLOWED | STANDARD
    assert sys.stdlib_module_names >= STANDARD


def test_the_report_imports_no_probe() -> None:
    for module in (PROBES.parent / "report").glob("*.py"):
        assert "probes import" not in module.read_text(encoding="utf-8").replace("`", "")


def test_the_simulation_draws_at_the_shapes_that_the_probes_draw() -> None:
    drawn = {
        {"variable": None}.get(str(kind), kind): shapes
        for kind, shapes in catalogue.KERNEL_SHAPES.items()
        if kind != "orthogonal"  # recognised by an exact property, not by statistics
    }
    assert drawn == simulate.SHAPES


def test_every_symbol_is_asked_once() -> None:
    names = [symbol.name for symbol in catalogue.SYMBOLS]
    assert len(set(names)) == len(names)
