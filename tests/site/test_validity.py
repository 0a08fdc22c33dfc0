"""The published pages conform to HTML, as html-validate reads it.

Its recommended rules hold, with two exceptions in html-validate.json. ``valid-id`` is
relaxed to what HTML itself says of an id: ids name releases and symbols, so they hold dots.
``long-title`` is off: a question's page has the question as its title, word for word, and
two of the questions are longer than the 70 characters that some search boxes show.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from probes.setup import checkers
from tests.support import fake

pytestmark = pytest.mark.browser
CONFIG = Path(__file__).parents[1] / "html-validate.json"
KINDS = ("*", "symbol/*", "release/*", "compare/*", "answer/*")
MOST = 12


def validator() -> str:
    """Return the path of html-validate; skip the test without it, or fail it in CI."""
    named = os.environ.get("HTML_VALIDATE", "node_modules/.bin/html-validate")
    found = shutil.which(named)
    if found is None:
        how = f"no html-validate at {named}; set HTML_VALIDATE or run: npm ci --prefix tests/node"
        fake.unmet(os.environ.get(checkers.MISSING, how))
    return str(Path(found).absolute())


def complaints(pages: list[Path]) -> list[tuple[str, str, str]]:
    """Return html-validate's messages, each with its page and rule."""
    done = subprocess.run(
        [validator(), "--config", str(CONFIG), "--formatter", "json", *map(str, pages)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    return [
        (Path(page["filePath"]).name, found["ruleId"], found["message"])
        for page in json.loads(done.stdout)
        for found in page["messages"]
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_pages_of_each_kind_are_valid(published: Path, kind: str) -> None:
    """The heaviest dozen of each kind: they hold all that the lighter ones do."""
    pages = sorted(published.glob(f"{kind}.html"), key=lambda path: -path.stat().st_size)
    assert pages
    assert complaints(pages[:MOST]) == []


def test_what_is_wrong_is_found(tmp_path: Path) -> None:
    """The exceptions leave the rules that matter in force."""
    page = tmp_path / "wrong.html"
    page.write_text(
        '<!DOCTYPE html>\n<html lang="en"><head><title>a</title></head>'
        '<body><p id="a"><div id="a"></div></p><img src="a.png"></body></html>\n',
        encoding="utf-8",
    )
    assert {"no-dup-id", "wcag/h37"} <= {rule for _, rule, _ in complaints([page])}
