"""The page Reliability names tests that exist, and every test of faults is on it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from report.site.pages.reliability import FAULTS

TESTS = Path(__file__).resolve().parent
FAULTY = sorted(path.stem for path in TESTS.glob("test_fault_*.py"))
NAMED = sorted({name for fault in FAULTS for name in fault.tests})


def defined(module: str) -> set[str]:
    """Return the names of the tests in a module."""
    tree = ast.parse((TESTS / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return {function.name for function in functions if function.name.startswith("test_")}


@pytest.mark.parametrize("name", NAMED)
def test_a_named_test_exists(name: str) -> None:
    module, _, test = name.partition("::")
    assert test in defined(module)


@pytest.mark.parametrize("module", [*FAULTY, "test_nox"])
def test_every_test_of_a_fault_is_named(module: str) -> None:
    assert {f"{module}::{test}" for test in defined(module)} <= set(NAMED)


def test_a_fault_has_words_and_tests_of_its_own() -> None:
    assert len({fault.fault for fault in FAULTS}) == len(FAULTS)
    for fault in FAULTS:
        assert fault.tests
        assert fault.outcome.endswith(".")
