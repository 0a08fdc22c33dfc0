"""Templates lay out and decide nothing: what a page needs is a field."""

from __future__ import annotations

import re

import pytest

from report import places
from report.evidence.records import State, Status

FILES = sorted(path for path in places.TEMPLATES.rglob("*") if path.is_file())
DECIDED = re.compile(rf"(==|!=) *[\"']({'|'.join([*State, *Status, 'weights'])})[\"']")


@pytest.mark.parametrize("name", [str(path.relative_to(places.TEMPLATES)) for path in FILES])
def test_a_line_is_short_and_compares_no_evidence(name: str) -> None:
    for line in (places.TEMPLATES / name).read_text("utf-8").splitlines():
        assert len(line) <= 160
        assert not (name.endswith(".jinja") and DECIDED.search(line))


def test_every_kind_of_page_has_its_template_and_every_template_is_of_a_page() -> None:
    modules = {path.stem for path in (places.ROOT / "report/site/pages").glob("[a-z]*.py")}
    templates = {path.stem for path in (places.TEMPLATES / "pages").iterdir()}
    assert templates - {"questions"} == modules  # the list of questions is beside them
