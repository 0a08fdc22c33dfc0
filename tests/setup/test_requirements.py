"""Test that each session installs exactly what its program imports."""

from __future__ import annotations

import ast
import re
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.checkout import ROOT

if TYPE_CHECKING:
    from pathlib import Path

OWN = {"report", "probes", "benchmarks", "tests"}


def imported(module: Path) -> set[str]:
    """Return the third-party packages that a module imports."""
    names = set()
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(str(node.module))
    packages = {name.partition(".")[0] for name in names}
    return {name.replace("_", "-") for name in packages - OWN - sys.stdlib_module_names}


@pytest.mark.parametrize("group", ["report", "simulate", "tests", "types", "bench"])
def test_what_the_report_imports_is_installed_with_it(group: str) -> None:
    """A package that only its author has breaks every other machine."""
    text = (ROOT / "requirements" / f"{group}.txt").read_text("utf-8")
    installed = set(re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE))
    folders = ["report"] if group in {"report", "bench"} else ["report", "benchmarks/accuracy"]
    for module in sorted(path for each in folders for path in (ROOT / each).rglob("*.py")):
        assert imported(module) <= installed, module
