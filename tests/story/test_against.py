"""Test what moved since a git revision, with real repositories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cmarkgfm  # type: ignore[import-untyped]
import html5lib  # type: ignore[import-untyped]
import pytest

from probes.kinds.measured import measure
from report import __main__ as command
from report import places
from report.evidence import State, Status
from report.matrix.kinds import KINDS
from report.story import marks, moved
from tests.support import samples, whole
from tests.support.repository import git
from tests.support.samples import DENSE, SHAPES, VARIABLE, weights

if TYPE_CHECKING:
    from pathlib import Path

VERSIONS = ("1.0.1", "1.1.0", "1.2.1")
NETWORKS = {"state": "failed", "reason": "not asked", "networks": []}


def observed(version: str, kernel: str = "glorot_uniform", **changed: object) -> dict[str, Any]:
    """Return an observation whose layer starts with a law."""
    symbols = [samples.variable(), samples.dense(kernel)]
    return samples.observation(version, **{"symbols": symbols, "tutorial": NETWORKS} | changed)


def table(root: Path, *versions: str) -> None:
    """Write the table of releases."""
    rows = samples.table(*(samples.row(version, tags=["tf1"]) for version in versions))
    (root / "probes" / "releases.toml").write_text(rows, encoding="utf-8")


def store(root: Path, data: object, version: str) -> None:
    """Store an observation of a release."""
    samples.store(root / "observations" / samples.PLATFORM, data, version)


def commit(root: Path) -> None:
    """Commit all files."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "data")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a checkout of three observed releases, all committed."""
    made = tmp_path / "checkout"
    (made / "probes").mkdir(parents=True)
    table(made, *VERSIONS)
    for version in VERSIONS:
        store(made, observed(version), version)
    git(made, "init", "--quiet")
    commit(made)
    monkeypatch.setattr(places, "ROOT", made)
    return made


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """Return the output of ``against`` for the last commit."""
    assert command.main(["against", *(arguments or ("HEAD",))]) == 0
    caught = capsys.readouterr()
    assert caught.err == ""
    return caught.out.splitlines()


def headings(lines: list[str]) -> list[str]:
    """Return the headings of the sections in an output."""
    return [line.removeprefix("## ") for line in lines if line.startswith("## ")]


def test_nothing_moved(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = git(root, "rev-parse", "HEAD")[:12]
    assert printed(capsys) == [
        "# What moved since `HEAD`",
        "",
        f"The evidence is the same, byte for byte, as on `linux-x86_64` in {head}: 3 observations.",
    ]


def test_the_law_comes_first_and_then_the_other_kinds_in_the_order_of_their_table(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for version in VERSIONS[1:]:
        store(root, observed(version, "he_uniform"), version)
    lines = printed(capsys)
    assert lines[2].endswith("2 cells moved, 2 of them in law.")
    assert lines[2].startswith("1 of 3 observations are the same, byte for byte, as on ")
    assert headings(lines) == ["Measured: 2 cells", "Declared: 2 cells", "Resolved: 2 cells"]
    row = f"- `{DENSE}` kernel, 1.1.0, 1.2.1: "
    assert f"{row}`glorot_uniform` → `he_uniform`" in lines
    assert f"{row}`GlorotUniform(seed=null)` → `HeUniform(seed=null)`" in lines


def test_every_kind_of_the_table_has_its_section() -> None:
    assert {*moved.LAW_FIRST} == {*KINDS}
    assert [kind for kind in KINDS if kind is not moved.LAW_FIRST[0]] == [*moved.LAW_FIRST[1:]]


def test_neighbours_are_a_range_and_a_release_between_ends_it(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for version in VERSIONS:
        store(root, observed(version, "he_uniform"), version)
    assert f"- `{DENSE}` kernel, 1.0.1 to 1.2.1: `glorot_uniform` → `he_uniform`" in printed(capsys)
    assert moved.ranges(["a", "c", "d", "e"], "abcdef") == "a, c to e"


def test_two_draws_that_no_law_fits_are_never_said_to_be_the_same(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nameless = observed("1.0.1", "half_uniform")
    store(root, nameless, "1.0.1")
    commit(root)
    drawn = [measure(weights("half_uniform", each, at), None) for at, each in enumerate(SHAPES)]
    nameless["symbols"][1]["evidence"]["kernel"]["measured"] = drawn
    store(root, nameless, "1.0.1")
    (line,) = [each for each in printed(capsys) if "`unrecognised`" in each]
    assert line.startswith(f"- `{DENSE}` kernel, 1.0.1: `unrecognised` (")
    assert line.count("`unrecognised`") == 2


def test_numbers_that_moved_are_compared_and_their_epochs_are_not(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = observed("1.0.1")  # the later releases have another epoch now, and the same numbers
    kernel = data["symbols"][1]["evidence"]["kernel"]
    kernel["numbers"] = whole.OTHER["numbers"]
    kernel["own_seed"] = whole.OTHER["own_seed"]
    store(root, data, "1.0.1")
    lines = printed(capsys)
    assert headings(lines) == ["Numbers: 1 cell", "Own seed: 1 cell"]
    assert f"- `{DENSE}` kernel, 1.0.1: other numbers" in lines
    assert lines[-1].startswith(f"- `{DENSE}` kernel, 1.0.1: `its own seed alone decides` → ")
    assert lines[-1].endswith("; other numbers")


def test_of_a_seed_call_that_moved_the_fact_is_named(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = observed("1.2.1")
    data["symbols"][1]["evidence"]["kernel"]["repeat"] = {"tf": True, "keras": False}
    store(root, data, "1.2.1")
    (line,) = [each for each in printed(capsys) if each.startswith("- ")]
    moved = "repeat after keras.utils.set_random_seed: not there → no"
    assert line.replace("\\", "") == f"- `{DENSE}` kernel, 1.2.1: {moved}"


# What has no value, and what came or went


def test_a_symbol_that_went_moved_in_existence_alone(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = samples.blank(samples.dense(), "absent", "no attribute 'dense'")
    store(root, observed("1.2.1", symbols=[samples.variable(), gone]), "1.2.1")
    lines = printed(capsys)
    assert headings(lines) == ["Existence: 2 cells"]
    was, now = marks.BY_STATE[State.OBSERVED].text, marks.BY_STATE[State.ABSENT].text
    assert f"- `{DENSE}` kernel, 1.2.1: {was}, `glorot_uniform` → {now}" in lines


@pytest.mark.parametrize("state", ["failed", "not-installed"])
def test_a_cell_that_lost_its_value_is_no_change_of_a_kind(
    state: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = samples.blank(samples.dense(), state, "it `broke` | <b>")
    store(root, observed("1.2.1", symbols=[samples.variable(), lost]), "1.2.1")
    lines = printed(capsys)
    assert headings(lines) == ["Not compared: 2 cells"]
    (line,) = [each for each in lines if f"`{DENSE}` kernel" in each]
    assert line.endswith(r"(it \`broke\` \| \<b\>)")


def test_a_symbol_that_was_not_asked_for_before_is_no_change_of_a_kind(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store(root, observed("1.2.1", symbols=[samples.variable()]), "1.2.1")
    commit(root)
    store(root, observed("1.2.1"), "1.2.1")
    lines = printed(capsys)
    assert headings(lines) == ["Not compared: 2 cells"]
    assert f"- `{DENSE}` kernel, 1.2.1: not asked for → there, `glorot_uniform`" in lines
    commit(root)
    lines = printed(capsys, "HEAD~2")
    assert len(lines) == 3
    lines = printed(capsys, "HEAD~1")
    assert f"- `{DENSE}` kernel, 1.2.1: not asked for → there, `glorot_uniform`" in lines


def test_a_release_that_fails_is_one_line(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store(root, samples.failed("1.2.1", "ImportError: no"), "1.2.1")
    lines = printed(capsys)
    assert headings(lines) == ["Releases"]
    assert lines[-1].endswith(f"→ {marks.FAILED.text} (ImportError: no)")
    assert "No cell moved." in lines[2]


def test_an_observation_that_is_refused_is_said_to_be(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "observations" / samples.PLATFORM / "1.2.1.json").write_text("{", encoding="utf-8")
    lines = printed(capsys)
    assert headings(lines) == ["Releases", "Observations that can't be used"]
    assert "not JSON" in lines[-1]


def test_a_new_release_is_said_with_what_it_brought(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table(root, *VERSIONS, "1.3.0")
    store(root, observed("1.3.0", "he_uniform"), "1.3.0")
    lines = printed(capsys)
    assert headings(lines) == ["Releases", "New in 1.3.0"]
    row = f"- `{DENSE}` kernel, measured in 1.3.0: `glorot_uniform` → `he_uniform`"
    assert lines[lines.index("## New in 1.3.0") + 2] == row


def test_a_release_that_is_gone_is_said(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "observations" / samples.PLATFORM / "1.2.1.json").unlink()
    was = f"- 1.2.1: {marks.STATUSES[Status.OBSERVED]} with numpy 1.12.0"
    assert printed(capsys)[-1].startswith(f"{was} → {marks.UNSEEN.text} (not run yet")
    table(root, *VERSIONS[:2])
    assert printed(capsys)[-1] == f"{was} → not in the table"


def test_a_row_that_is_no_longer_its_observation_s_makes_it_useless(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = (root / "probes" / "releases.toml").read_text("utf-8")
    first, _, rest = rows.partition('python = "3.6"')
    (root / "probes" / "releases.toml").write_text(f'{first}python = "3.7"{rest}', "utf-8")
    lines = printed(capsys)
    assert lines[2].startswith("The evidence is the same, byte for byte")
    assert headings(lines) == ["Releases", "Observations that can't be used"]


def test_an_observation_that_differs_in_no_cell_is_named_with_what_differs(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = observed("1.2.1")
    data["symbols"][1]["evidence"]["kernel"]["call_path"][0][1] = 7
    data["release"]["lock"] = "1e" * 32
    store(root, data, "1.2.1")
    lines = printed(capsys)
    assert headings(lines) == ["What else differs"]
    assert lines[-1] == "- 1.2.1: `call_path` in 1 cell, `release`"


# Long lists


def test_a_long_list_is_folded_and_shown_whole_by_github(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = ([named(n, f"{age} {n}") for n in range(50)] for age in ("old", "new"))
    store(root, observed("1.2.1", symbols=old), "1.2.1")
    commit(root)
    store(root, observed("1.2.1", symbols=new), "1.2.1")
    text = "\n".join(printed(capsys))
    page = html5lib.parse(
        cmarkgfm.github_flavored_markdown_to_html(text, cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE),
        namespaceHTMLElements=False,
    )
    assert len(page.findall(".//body/ul/li")) == moved.OPEN
    assert len(page.findall(".//details/ul/li")) == 50 - moved.OPEN


def named(number: int, default: str) -> dict[str, Any]:
    """Return a layer with another name and another declared default."""
    layer = {**samples.dense(), "name": f"tf.layers.l{number}", "path": f"tf.layers.l{number}"}
    layer["evidence"]["kernel"]["declared"]["default"] = default
    return layer


def test_cells_that_moved_alike_are_one_line(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    symbols = [samples.variable("he_uniform"), samples.dense("he_uniform")]
    store(root, observed("1.2.1", symbols=symbols), "1.2.1")
    line = f"- `{VARIABLE}` and `{DENSE}` kernel, 1.2.1: `glorot_uniform` → `he_uniform`"
    assert line in printed(capsys)


def test_what_is_too_long_for_a_summary_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moved, "LARGEST", 100)
    lines = ["## Law", "", *(f"- {number:08}" for number in range(20)), "", "## Other", "", "- x"]
    kept = list(moved.limited(lines))
    assert "## Other" in kept
    assert sum(line.startswith("- ") for line in kept) + 13 == 21
    assert kept[-1] == "13 lines of these lists are left out: they are too long."
