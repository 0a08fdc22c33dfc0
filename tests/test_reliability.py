"""Test that docs/reliability.md names all tests of faults, and no test that doesn't exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
FAULTY = sorted(
    ".".join(path.relative_to(TESTS).with_suffix("").parts)
    for path in TESTS.rglob("test_fault_*.py")
)
PAGE = (TESTS.parent / "docs" / "reliability.md").read_text(encoding="utf-8")
# a fault, its effect, and the tests that inject it: `module::test`
ROWS = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ")][2:]
NAMED = sorted(set(re.findall(r"`([^`\s]+::[^`\s]+)`", PAGE)))


def defined(module: str) -> set[str]:
    """Return the names of a module's tests."""
    tree = ast.parse((TESTS / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return {function.name for function in functions if function.name.startswith("test_")}


@pytest.mark.parametrize("name", NAMED)
def test_a_named_test_exists(name: str) -> None:
    module, _, test = name.partition("::")
    assert test in defined(module)


@pytest.mark.parametrize("module", [*FAULTY, "setup.test_nox"])
def test_every_test_of_a_fault_is_named(module: str) -> None:
    assert {f"{module}::{test}" for test in defined(module)} <= set(NAMED)


def test_a_fault_has_words_and_tests_of_its_own() -> None:
    assert len({fault for fault, _, _ in ROWS}) == len(ROWS) > 15
    for _, outcome, tests in ROWS:
        assert outcome.endswith(".")
        assert all(re.fullmatch(r"`\S+::\S+`", test) for test in tests.split("<br>"))
