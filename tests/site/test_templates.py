"""Test that templates contain no logic beyond layout."""

from __future__ import annotations

import re

import pytest

from report import places
from report.evidence import State, Status

FILES = sorted(path for path in places.TEMPLATES.rglob("*.*") if path.suffix != ".png")
DECIDED = re.compile(rf"(==|!=) *[\"']({'|'.join([*State, *Status, 'weights'])})[\"']")


@pytest.mark.parametrize("name", [str(path.relative_to(places.TEMPLATES)) for path in FILES])
def test_a_line_is_short_and_compares_no_evidence(name: str) -> None:
    for line in (places.TEMPLATES / name).read_text("utf-8").splitlines():
        assert len(line) <= 160
        assert not (name.endswith(".jinja") and DECIDED.search(line))


def test_a_module_of_pages_has_the_template_of_its_name_and_every_template_is_used() -> None:
    modules = list((places.ROOT / "report/site/pages").glob("[a-z]*.py"))
    named = {
        (path.stem, name)
        for path in modules
        for name in re.findall(r'"(\w+)"', path.read_text("utf-8"))
    }
    templates = {path.stem for path in (places.TEMPLATES / "pages").glob("*.jinja")}
    assert {(path.stem, path.stem) for path in modules} <= named
    assert {path.stem for path in modules} <= templates
    assert templates <= {name for _, name in named}
