"""Test house rules that no other tool checks: access to evidence, and the size of modules."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING

import pytest

from report import places

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REPORT = places.ROOT / "report"
# Modules with other JSON formats: the published data, and the recorded accuracy.
OTHER_FORMATS = ("evidence/", "site/exports/", "site/picker.py", "site/pages/about.py")
# Keys of TensorFlow's or a package's own data that are in the schema too.
OTHER_NAMES = {
    ("matrix/index.py", "keras"),  # of a release's packages
    ("story/program.py", "numpy"),  # the same
    ("verdict/agreement.py", "mean"),  # of an operation's constants
}

# The maximum number of lines of a module, by folder.
LIMITS = {"tests": 300, "report": 250, "probes": 250, "benchmarks": 250}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Yield the path and the syntax tree of each module that may use records of evidence only."""
    for path in sorted(REPORT.rglob("*.py")):
        name = path.relative_to(REPORT).as_posix()
        if not name.startswith(OTHER_FORMATS):
            yield name, parsed(path)


def parsed(path: Path) -> ast.Module:
    """Return a module's syntax tree."""
    return ast.parse(path.read_text("utf-8"))


def keys(schema: object) -> Iterator[str]:
    """Yield every key in an observation's schema, at any depth."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for part in schema.values():
            yield from keys(part)


def read_by_key(tree: ast.Module) -> Iterator[str]:
    """Yield the constant keys in ``data["key"]`` and ``data.get("key")``."""
    for node in ast.walk(tree):
        found: ast.expr | None = None
        if isinstance(node, ast.Subscript):
            found = node.slice
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found = node.args[0] if node.func.attr == "get" and node.args else None
        if isinstance(found, ast.Constant) and isinstance(found.value, str):
            yield found.value


def test_no_key_of_an_observation_is_read_outside_report_evidence() -> None:
    known = set(keys(json.loads(places.CONTRACT.read_text("utf-8"))))
    assert {"call_path", "histogram", "resolved", "weights_std"} <= known
    found = {(name, key) for name, tree in modules() for key in read_by_key(tree) if key in known}
    assert found == OTHER_NAMES, (
        "read it from a record of report.evidence; if it is a key of other data, "
        "add it to OTHER_NAMES"
    )


def test_no_value_is_of_any_type_outside_report_evidence() -> None:
    found = {
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == "Any"
    }
    assert found == set(), "give the value its type, a record of report.evidence"


@pytest.mark.parametrize(("folder", "limit"), LIMITS.items())
def test_no_module_is_over_its_limit(folder: str, limit: int) -> None:
    sizes = {
        path.relative_to(places.ROOT).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in (places.ROOT / folder).rglob("*.py")
    }
    assert sizes
    longer = {name: size for name, size in sizes.items() if size > limit}
    assert longer == {}, f"divide it: a module of {folder}/ has at most {limit} lines"


def test_a_package_is_imported_by_its_face_alone() -> None:
    found = {
        path.relative_to(REPORT).as_posix(): node.module
        for path in REPORT.rglob("*.py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("report.")
        if len(node.module.split(".")) > 2
        if node.module.split(".")[1] != path.relative_to(REPORT).parts[0]
    }
    remedies = [
        f"{name}: import it from {'.'.join(module.split('.')[:2])}, or add it to its __all__"
        for name, module in found.items()
    ]
    assert remedies == []
