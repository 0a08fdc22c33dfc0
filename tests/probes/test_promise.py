"""Test that probes/ imports only the standard library, NumPy and TensorFlow."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from probes import catalogue

PROBES = Path(__file__).resolve().parents[2] / "probes"
ALLOWED = {"numpy", "tensorflow", "probes"}
# The modules of the standard library that the probes use; CPython 3.6 has all of them.
STANDARD = {
    "argparse", "collections", "contextlib", "ctypes", "datetime", "errno", "fcntl", "functools",
    "glob", "hashlib", "importlib", "inspect", "itertools", "json", "logging", "math", "mmap", "os",
    "pathlib", "platform", "random", "re", "resource", "select", "shlex", "shutil", "signal",
    "subprocess", "sys", "tempfile", "threading", "time", "traceback", "types", "typing",
    "warnings",
}  # fmt: skip


def imported(source: str) -> set[str]:
    """Return the top-level packages that a module imports; "." for a relative import."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." if node.level else str(node.module).split(".")[0])
    return found


@pytest.mark.parametrize(
    "module", sorted(PROBES.rglob("*.py")), ids=lambda path: str(path.relative_to(PROBES))
)
def test_a_probe_imports_nothing_else(module: Path) -> None:
    assert imported(module.read_text(encoding="utf-8")) <= ALLOWED | STANDARD
    assert sys.stdlib_module_names >= STANDARD


def test_the_report_imports_no_probe() -> None:
    modules = sorted((PROBES.parent / "report").rglob("*.py"))
    assert modules
    for module in modules:
        assert "probes" not in imported(module.read_text(encoding="utf-8")), module


@pytest.mark.parametrize(
    "line",
    [
        "import probes",
        "import probes.release.trials as w",
        "from probes import x",
        "from probes.x import y",
    ],
)
def test_an_import_is_seen_in_any_form(line: str) -> None:
    assert imported(f"def late():\n    {line}\n") == {"probes"}


def test_every_symbol_is_asked_once() -> None:
    names = [symbol.name for symbol in catalogue.SYMBOLS]
    assert len(set(names)) == len(names)
