"""Test that each state has its own glyph and word wherever it is shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from report.evidence import State, Status
from report.matrix import build, history
from report.matrix.index import Index
from report.matrix.kinds import KINDS, MEASURED
from report.site.exports import embed
from report.site.table import Layout
from report.story import Codes, marks, wording
from tests.support import roots, samples, world

if TYPE_CHECKING:
    from pathlib import Path

    from report.matrix.records import Cell, Row

WORDS = ("probe failed: as it is said", "SIGILL", "no Python", "1.1.0.json: probe failed")


def rooted(folder: Path, reason: str, *, failed: bool) -> Path:
    """Return a checkout of two releases, the second failed or unavailable for a reason."""
    more = {} if failed else {"unavailable": reason}
    roots.table(folder, samples.table(samples.row("1.0.1"), samples.row("1.1.0", **more)))
    roots.store(folder, "1.0.1")
    if failed:
        roots.store(folder, "1.1.0", samples.failed("1.1.0", reason))
    return folder


@pytest.mark.parametrize("reason", WORDS)
@pytest.mark.parametrize("failed", [True, False])
def test_no_words_of_a_reason_decide_a_state(tmp_path: Path, reason: str, failed: bool) -> None:  # noqa: FBT001
    found = build.build_matrix(rooted(tmp_path, reason, failed=failed), samples.PLATFORM)
    last = found.releases[-1]
    assert (last.status, last.reason) == (
        Status.FAILED if failed else Status.UNAVAILABLE,
        reason,
    )
    expected = State.FAILED if failed else State.UNREACHED
    assert {row.cells[-1].state for row in found.rows} == {expected}


NAME = "keras.layers.Dense"
LETTERS = {
    "-": State.ABSENT,
    "!": State.FAILED,
    "?": State.UNREACHED,
    "o": State.NOT_INSTALLED,
}
VERSIONS = [release.version for release in world.RELEASES]
OPEN = tuple(replace(one, status=Status.OBSERVED, reason=None) for one in world.RELEASES)


def cell(letter: str, version: str) -> Cell:
    """Return the cell of a letter; a and b are two laws."""
    if letter in LETTERS:
        return world.blank(NAME, "kernel", version, LETTERS[letter], "as it is")
    law = {"a": "glorot_uniform", "b": "he_normal"}[letter]
    return world.observed(NAME, "kernel", version, law)


def row(timeline: str) -> Row:
    """Return a row of the five releases 1.0, 1.1, 2.0, 2.1 and 2.2.0rc0."""
    cells = [cell(letter, version) for letter, version in zip(timeline, VERSIONS, strict=True)]
    return world.row(NAME, "kernel", cells)


def index(timeline: str) -> Index:
    """Return the index of a matrix of one row, all of whose releases were observed."""
    return Index(matrix=world.matrix([row(timeline)], OPEN))


# timeline, its changes as kind and edge (= exact, ~ in a gap)
WITHOUT_PACKAGE = [
    ("ooaaa", []),  # a package came: nothing appeared in it
    ("aaooo", []),  # a package left: nothing was removed from it
    ("aoaaa", []),
    ("aobbb", ["measured 1.0.1~2.0.4"]),  # as across any release that says nothing
    ("oo-aa", ["existence 2.0.4=2.1.4"]),
    ("-oaaa", ["existence 1.0.1~2.0.4"]),
]


@pytest.mark.parametrize(("timeline", "expected"), WITHOUT_PACKAGE)
def test_what_is_not_installed_is_compared_with_nothing(timeline: str, expected: list[str]) -> None:
    found = [
        f"{one.kind.key} {one.before_release}{'=' if one.exact else '~'}{one.after_release}"
        for one in history.changes(row(timeline))
    ]
    assert found == expected
    for kind in KINDS:
        for run in row(timeline).runs[kind]:
            assert run.state is not State.NOT_INSTALLED or not (run.changed or run.value)


def test_not_installed_is_shown_in_words_of_its_own() -> None:
    known = index("ooaaa")
    (only,) = known.layers
    first = next(iter(Layout(known, Codes(MEASURED)).boxes(only)))
    assert (first.code, first.text, first.size) == (
        marks.NOT_INSTALLED.code,
        marks.NOT_INSTALLED.text,
        2,
    )
    assert first.style.split()[0] == marks.NOT_INSTALLED.style
    left = index("aaooo")
    badge = embed.badge(left, left.layers[0])
    assert (badge.get("isError"), badge["color"]) == (True, embed.GREY)
    assert badge["message"] == f"{marks.NOT_INSTALLED.text} in 2.2.0rc0"


# timeline, the history of its row in words
GONE, MISSING, NOT_INSTALLED = (
    marks.GONE.text,
    marks.phrase(State.ABSENT),
    marks.phrase(State.NOT_INSTALLED),
)
STORIES = [
    ("aaaaa", "glorot_uniform in every release, 1.0 – 2.2.0rc0"),  # noqa: RUF001
    ("aaa??", "glorot_uniform seen from 1.0 to 2.0"),  # it is not known whether it ended
    ("?aaaa", "glorot_uniform seen from 1.1 to 2.2.0rc0"),  # not known where it began
    ("!aaaa", "glorot_uniform seen from 1.1 to 2.2.0rc0"),
    ("aaa?a", "glorot_uniform from 1.0 to 2.2.0rc0 (not seen in 2.1)"),
    ("-aaaa", "glorot_uniform since 1.1"),
    ("-?aaa", "glorot_uniform after 1.0, by 2.0"),
    ("-?aa?", "glorot_uniform after 1.0, by 2.0, to 2.1"),
    ("-?a??", "glorot_uniform after 1.0, by 2.0, seen only in 2.0"),  # not "by 2.0" and ever since
    ("-?a?!", "glorot_uniform after 1.0, by 2.0, seen only in 2.0"),
    ("-?a?b", "glorot_uniform after 1.0, by 2.0, he_normal after 2.0, by 2.2.0rc0"),
    ("-aa?a", "glorot_uniform from 1.1 to 2.2.0rc0 (not seen in 2.1)"),
    ("aabbb", "glorot_uniform from 1.0 to 1.1, he_normal since 2.0"),
    ("aa?bb", "glorot_uniform from 1.0 to 1.1, he_normal after 1.1, by 2.1"),
    ("aab??", "glorot_uniform from 1.0 to 1.1, he_normal in 2.0"),
    ("aab--", f"glorot_uniform from 1.0 to 1.1, he_normal in 2.0, {GONE} from 2.1"),
    ("aa?--", f"glorot_uniform from 1.0 to 1.1, {GONE} after 1.1, by 2.1"),
    ("?????", "in no release that was observed"),
    ("-----", "in no release that was observed"),
    ("ooaaa", f"{NOT_INSTALLED} from 1.0 to 1.1, glorot_uniform since 2.0"),
    ("o?aaa", f"{NOT_INSTALLED} in 1.0, glorot_uniform after 1.0, by 2.0"),
    ("oo-aa", f"{NOT_INSTALLED} from 1.0 to 1.1, glorot_uniform since 2.1"),
    ("oo-??", f"{NOT_INSTALLED} from 1.0 to 1.1, {MISSING} in 2.0"),
    ("aaooo", f"glorot_uniform from 1.0 to 1.1, {NOT_INSTALLED} since 2.0"),
    ("aao--", f"glorot_uniform from 1.0 to 1.1, {NOT_INSTALLED} in 2.0, {MISSING} since 2.1"),
    ("a???a", "glorot_uniform from 1.0 to 2.2.0rc0 (not seen in 1.1, 2.0 and 2.1)"),
]


@pytest.mark.parametrize(("timeline", "sentence"), STORIES)
def test_a_history_says_what_was_seen_and_where_nobody_looked(timeline: str, sentence: str) -> None:
    known = index(timeline)
    assert wording.plain(wording.history_of(known, known.layers[0])) == sentence


@given(st.text("ab-!?o", min_size=5, max_size=5))
def test_a_history_holds_of_every_release_that_it_names(timeline: str) -> None:
    known = index(timeline)
    sentence = wording.plain(wording.history_of(known, row(timeline)))
    labels = {known.label(version): at for at, version in enumerate(VERSIONS)}
    for start in re.findall(r"since (\S+?)(?:,|$)", sentence):
        at = labels[start]
        assert timeline[at - 1] not in f"!?{timeline[at]}"
        assert set(timeline[at:]) == {timeline[at]}
    # "after A, by B" as the last word is a range that goes on
    for start in re.findall(rf"(?<!{re.escape(GONE)}) after \S+, by (\S+)$", sentence):
        assert set(timeline[labels[start] :]) == {timeline[labels[start]]}
    for start in re.findall(rf"{re.escape(GONE)} from (\S+?)(?:,|$)", sentence):
        assert timeline[labels[start] - 1] in "ab"
        assert timeline[labels[start]] == "-"
    for before, after in re.findall(r"after (\S+), by (\S+?)(?:,| \(|$)", sentence):
        between = timeline[labels[before] + 1 : labels[after]]
        assert between
        assert set(between) <= {"!", "?"}
        assert timeline[labels[before]] != timeline[labels[after]]
    assert ("in every release" in sentence) == (timeline in {"aaaaa", "bbbbb", "ooooo"})
    for one in history.ranges(row(timeline).runs[MEASURED]):
        first, last = VERSIONS.index(one.first), VERSIONS.index(one.last)
        within = timeline[first : last + 1]
        assert set(within) - {"!", "?"} == {timeline[first]} == {timeline[last]}
        assert len(one.cells) == len(within)


def test_a_history_names_the_releases_whose_evidence_disagrees() -> None:
    cells = list(row("aaaaa").cells)
    cells[1] = world.observed(NAME, "kernel", VERSIONS[1], "glorot_uniform", conflict="which two")
    known = Index(matrix=world.matrix([world.row(NAME, "kernel", cells)], OPEN))
    sentence = wording.plain(wording.history_of(known, known.layers[0]))
    assert sentence.endswith(f"({marks.CONFLICT.text} in 1.1)")
    (one,) = history.ranges(known.layers[0].runs[MEASURED])
    assert [cell.release for cell in one.cells if cell.conflict] == ["1.1.0"]


@pytest.mark.parametrize(
    ("timeline", "sentence"), [("a?-?-", "after 1.0, by 2.0"), ("aa---", "from")]
)
def test_a_badge_says_when_a_symbol_was_removed_not_when_it_was_last_looked_at(
    timeline: str, sentence: str
) -> None:
    known = index(timeline)
    assert str(embed.badge(known, known.layers[0])["message"]).startswith(f"{GONE} {sentence}")
