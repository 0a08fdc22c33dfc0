"""What benchmarks compute, print and write; nothing here is timed."""

from __future__ import annotations

import ast
import configparser
import json
import xml.etree.ElementTree as ET
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import cmarkgfm  # type: ignore[import-untyped]
import pytest

from benchmarks import clock, configs, floor, goals, machine, measure, memory, peers, plot, scratch
from benchmarks import figures as stored
from benchmarks.__main__ import FEW, PARTS, main, table
from benchmarks.errors import BenchError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

RELEASE = floor.releases(["2.4.4"])[0]
IMPORT = {"seconds": [2.0, 2.0, 4.0], "cpu": [1.0, 1.0, 1.0], "peak": [100.0, 100.0, 100.0]}


def figures() -> dict[str, Any]:
    """Return figures that meet every goal, easy to reckon with."""
    probe = {"seconds": [2.4, 2.4, 4.8], "cpu": [1.5, 1.5, 1.5], "peak": [125.0, 125.0, 125.0]}
    return {
        "schema": 1,
        "date": "2026-11-24",
        "machine": {"cpu": "a <processor>", "cores": 2, "memory": 24 * 10**9, "kernel": "Linux 6"},
        "releases": ["1.0.1", "2.0.4"],
        "rounds": 3,
        "whole": {
            "floor": [100.0, 120.0, 90.0],
            "ours": [110.0, 126.0, 99.0],
            "floor_cpu": [50.0, 50.0, 50.0],
            "ours_cpu": [60.0, 60.0, 60.0],
        },
        "again": [1.5, 1.2, 2.0],
        "changed": {"version": "2.0.4", "ours": [9.0], "floor": [8.5]},
        "probe": {v: {"import": IMPORT, "tutorial": dict(probe)} for v in ("1.0.1", "2.0.4")},
        "disk": {"peak": 3 * 10**9, "end": 10**8, "left": 5 * 10**8},
        "growth": [{"releases": 1, "ours": [50.0]}, {"releases": 2, "ours": [100.0]}],
        "report": {"few": [0.5], "many": [4.0], "copies": 10, "failed": None},
        "commands": {"list": [0.3], "explain": [0.6]},
        "peers": [
            {
                "name": "tox",
                "imported": ["2.0.4"],
                "seconds": 60.0,
                "ours": 30.0,
                "reasons": [["ERROR: <no> wheel", 1]],
            }
        ],
    }


def line(data: dict[str, Any], what: str) -> goals.Line:
    """Return the one line of a table that begins so."""
    (found,) = (one for one in goals.lines(data) if one.what.startswith(what))
    return found


@pytest.mark.parametrize(
    ("what", "figure", "verdict"),
    [
        # the median of 1.1, 1.05 and 1.1, not the ratio of the medians
        ("2 releases from nothing", "1.10 × the floor", "met"),
        ("one probe, with the tutorial: time", "1.20 × an import", "met"),
        ("one probe, with the tutorial: memory", "1.25 × an import", "met"),
        ("one probe, the symbols alone: time", "not measured", ""),
        ("nothing to do", "0.50 × the goal", "met"),
        ("one release changed", "0.90 × what it needs", "met"),
        ("the report of 10 times", "8.00 ×", "met"),
        ("disk, peak", "0.50 × the goal", "met"),
        ("growth", "1.00 × from 1 to 2", "met"),
        ("tox", "2.00 × ours", ""),
    ],
)
def test_a_line_has_its_ratio_first_and_says_whether_the_goal_is_met(
    what: str, figure: str, verdict: str
) -> None:
    found = line(figures(), what)
    assert (found.figure, found.verdict) == (figure, verdict)


def test_how_far_the_turns_are_apart_is_told() -> None:
    detail = line(figures(), "2 releases from nothing").detail
    assert detail == "110 s; the floor 100 s; 1.05 to 1.10 × in 3 turns; processor time 1.20 ×"
    data = figures()
    data["whole"] = {kind: values[:1] for kind, values in data["whole"].items()}
    detail = line(data, "2 releases from nothing").detail
    assert detail == "110 s; the floor 100 s; in one turn; processor time 1.20 ×"


def test_a_goal_is_not_met_where_one_release_alone_is_far_off() -> None:
    data = figures()
    data["probe"]["1.0.1"]["tutorial"] |= {"seconds": [9.0] * 3}
    found = line(data, "one probe, with the tutorial: time")
    assert found.verdict == "not met"
    assert "with 1.0.1" in found.detail


def test_a_peer_that_imports_nothing_is_not_fast() -> None:
    data = figures()
    data["peers"][0] |= {"imported": [], "seconds": 0, "ours": 0}
    assert line(data, "tox").figure == "imports 0 of 2"


def test_a_report_that_fails_meets_no_goal() -> None:
    data = figures()
    data["report"] |= {"many": [], "failed": "index.html is too heavy"}
    found = line(data, "the report of 10 times")
    assert (found.verdict, found.detail) == ("not met", "index.html is too heavy")


@pytest.mark.parametrize("part", sorted(figures().keys() - {"releases", "schema"}))
def test_what_was_not_measured_is_never_shown_as_a_result(part: str) -> None:
    data, whole = figures(), goals.lines(figures())
    del data[part]
    if part == "again":
        del data["changed"]
    for one in goals.lines(data):
        assert one in whole or (one.figure, one.verdict) == (goals.NOT_MEASURED, "")


def test_the_table_is_aligned() -> None:
    head, rule, *body = table(goals.lines(figures())).splitlines()
    starts = [0, *(index for index in range(1, len(rule)) if rule[index - 1 : index + 1] == " -")]
    assert [head[start:].split("  ")[0] for start in starts][:3] == ["what", "ratio", "goal"]
    for row in body:
        assert all(row[start - 2 : start].strip() == "" for start in starts[1:])


def test_a_missing_file_is_no_figures_and_a_foreign_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "performance.json"
    assert stored.read(path) is None
    path.write_text(json.dumps(figures()), encoding="utf-8")
    assert stored.read(path) == figures()
    for text in ("{", "[]", '{"schema": 2}'):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(stored.FiguresError, match="run nox -s bench"):
            stored.read(path)


def test_the_page_in_the_checkout_is_made_of_the_figures_there_and_names_no_place() -> None:
    data = stored.read()
    assert data is not None
    plotted = stored.STORED.with_suffix(".svg").exists()
    page = stored.STORED.with_suffix(".md").read_text("utf-8")
    assert page == stored.page(data, plotted=plotted)
    assert "/tmp" not in json.dumps(data)  # noqa: S108 - looked for, not used


def test_the_page_has_a_row_for_each_line_and_shows_foreign_text_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "performance.json"
    stored.write(path, figures())
    assert json.loads(path.read_text("utf-8")) == figures()
    assert path.with_suffix(".svg").exists()
    made = cmarkgfm.github_flavored_markdown_to_html(path.with_suffix(".md").read_text("utf-8"))
    assert made.count("<tr>") == len(goals.lines(figures())) + 1
    assert "a &lt;processor&gt;, 2 cores, 24 GB" in made
    assert "ERROR: &lt;no&gt; wheel" in made
    assert 'src="performance.svg"' in made
    stored.write(path, {**figures(), "growth": []})
    assert not path.with_suffix(".svg").exists()
    assert "performance.svg)" not in path.with_suffix(".md").read_text("utf-8")


def test_the_plot_is_the_same_bytes_each_time() -> None:
    first = plot.draw(figures())
    assert first is not None
    assert first == plot.draw(figures())
    assert ET.fromstring(first).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - ours


def test_a_line_is_fitted_through_points_and_needs_two() -> None:
    assert plot.line([(1, 3.0), (2, 5.0), (3, 7.0)]) == pytest.approx((2, 1))
    assert plot.draw({"growth": [{"releases": 2, "ours": [1.0]}]}) is None


def test_the_nox_of_the_peers_is_python_and_says_version_and_python() -> None:
    text = configs.naive_nox(RELEASE, "/place")["noxfile.py"]
    constants = {node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)}
    assert {"tensorflow==2.4.4", "3.8", "virtualenv", configs.script("/place")} <= constants


def test_the_tox_of_the_peers_is_read_by_its_format() -> None:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(configs.tox(RELEASE, "/place")["tox.ini"])
    release = parser["testenv:release"]
    assert release["base_python"] == "python3.8"
    assert release["deps"] == "tensorflow==2.4.4"
    assert release["commands"] == f'python -c "{configs.script("/place")}"'


def test_the_asv_of_the_peers_is_json_and_its_benchmark_python() -> None:
    files = configs.asv(RELEASE, "/place")
    settings = json.loads(files["asv.conf.json"])
    assert settings["pythons"] == ["3.8"]
    assert settings["matrix"] == {"req": {"tensorflow": ["2.4.4"]}}
    spaces: dict[str, Any] = {}
    exec(files["benchmarks/imports.py"], spaces)  # noqa: S102 - the text under test
    assert spaces["timeraw_import"]() == configs.script("/place")


def test_what_a_peer_runs_leaves_a_mark_only_after_the_import() -> None:
    first, second = ast.parse(configs.script("/place")).body
    assert ast.unparse(first) == "import tensorflow"
    assert f"/place/{configs.MARK}" in ast.unparse(second)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Traceback\n\x1b[31mImportError: no x in /a/b/c.py\x1b[0m\n", "ImportError: no x in …"),
        ("ERROR: none for tensorflow==2.4.4\nfailed", "ERROR: none for tensorflow==…"),
        ("nox > RuntimeError: too old\nnox > failed", "RuntimeError: too old"),
        ("ValueError: x\nProcessError: … returned non-zero exit status 1", "ValueError: x"),
        ("only words", "only words"),
        ("", "exit code 3"),
    ],
)
def test_a_reason_is_the_last_error_without_place_and_version(said: str, expected: str) -> None:
    run = clock.Run(seconds=1, cpu=1, code=3, said=said)
    assert peers.reason(run, RELEASE) == expected


def test_reasons_are_counted_the_most_frequent_first() -> None:
    texts = ["b", "too old for 3.6", None, "too old for 3.7", "a"]
    found = [peers.Attempt(seconds=1, reason=text) for text in texts]
    assert peers.reasons(found)[0] == ("too old for 3.6", 2)


def test_the_default_releases_are_in_the_table() -> None:
    assert tuple(row.version for row in floor.releases(FEW)) == FEW
    with pytest.raises(BenchError, match=r"no such release: 9\.9"):
        floor.releases(["9.9"])


@pytest.mark.parametrize(("count", "expected"), [(40, [10, 20]), (5, [2]), (2, []), (8, [2, 4])])
def test_growth_starts_with_a_quarter_and_a_half(count: int, expected: list[int]) -> None:
    assert measure.sizes(count) == expected


@pytest.mark.parametrize("size", [1, 2, 10, 20, 40])
def test_a_choice_of_releases_is_spread_and_has_its_size(size: int) -> None:
    rows = floor.releases()
    chosen = [rows.index(row) for row in measure.spread(rows, size)]
    assert len(set(chosen)) == size
    assert {later - first for first, later in pairwise(chosen)} <= {40 // size}


def test_the_share_of_releases_in_a_run_is_that_of_their_sessions() -> None:
    assert measure.share(90.0, {"a": 1.0, "b": 2.0}, ["b"]) == pytest.approx(60)
    assert measure.share(90.0, {"a": 1.0, "b": 2.0}, []) == 0


def test_a_command_tells_time_and_end(tmp_path: Path) -> None:
    run = clock.timed(["python3", "-c", "import sys; print('x'); sys.exit(3)"], folder=tmp_path)
    assert (run.code, run.said) == (3, "x\n")
    assert run.seconds > 0
    with pytest.raises(BenchError, match="exit code 3"):
        run.wanted("it")


HOLDS = """
import os, time
held = bytearray(b"x") * {held}  # written to, or it would be no memory
twin = os.fork()
more = bytearray(b"x") * {held} if twin and {more} else None
time.sleep(0.5)
os._exit(0) if not twin else os.wait()
"""


@pytest.mark.parametrize(("more", "times"), [(False, 1), (True, 2)])
def test_memory_is_that_of_all_processes_and_a_shared_page_counts_once(
    tmp_path: Path,
    more: bool,  # noqa: FBT001
    times: int,
) -> None:
    held, python = 50_000_000, 20_000_000
    with memory.Memory() as watched:
        clock.timed(["python3", "-c", HOLDS.format(held=held, more=more)], folder=tmp_path)
    assert times * held < watched.peak < times * held + python


def test_a_contender_gets_nothing_of_a_surrounding_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NOX_CURRENT_SESSION", "bench")
    monkeypatch.setenv("VIRTUAL_ENV", "/somewhere")
    monkeypatch.setenv("PATH", "/a/shims:/b")
    given = clock.variables({"ADDED": "1"})
    assert not {"NOX_CURRENT_SESSION", "VIRTUAL_ENV"} & given.keys()
    assert (given["PATH"], given["ADDED"]) == ("/b", "1")


def test_without_room_nothing_starts_and_what_is_retired_goes_first(tmp_path: Path) -> None:
    place = scratch.Scratch(tmp_path / "bench", rest=0)
    first, second = place.fresh("a", 1), place.fresh("b", 1)
    place.retire(first)
    with pytest.raises(BenchError, match="make room"):
        place.room(10**18)
    assert not first.exists()
    assert second.exists()
    with pytest.raises(BenchError, match="remove it"):
        scratch.Scratch(tmp_path / "bench", rest=0)
    place.remove()
    assert list(tmp_path.iterdir()) == []


def test_what_is_linked_twice_is_held_once(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(100_000))
    before = scratch.held(tmp_path)
    (tmp_path / "b").hardlink_to(tmp_path / "a")
    assert scratch.held(tmp_path) == before >= 100_000


def test_an_unknown_release_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["9.9"]) == BenchError.exit_code
    assert capsys.readouterr().err == "no such release: 9.9; see releases.toml\n"


@pytest.fixture
def again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Run one part, which measures nothing, after figures were stored; return what is stored."""
    output = tmp_path / "performance.json"
    where = ["--scratch", str(tmp_path / "bench"), "--output", str(output)]

    def run(part: str, versions: Sequence[str], **before: object) -> dict[str, Any]:
        if before:
            stored = json.loads(output.read_text("utf-8")) | before
            output.write_text(json.dumps(stored), "utf-8")
        monkeypatch.setitem(PARTS, part, lambda bench: bench.figures.update({part: []}))
        assert main([*versions, "--only", part, *where]) == 0
        found: dict[str, Any] = json.loads(output.read_text("utf-8"))
        return found

    return run


def test_a_part_measured_again_leaves_the_others_of_the_same_day_and_releases(
    again: Callable[..., dict[str, Any]],
) -> None:
    first = again("growth", [RELEASE.version])
    assert again("growth", [RELEASE.version], disk={}) == first | {"disk": {}}
    assert "disk" not in again("growth", FEW)


def test_peers_stay_with_the_run_that_they_are_of(again: Callable[..., dict[str, Any]]) -> None:
    again("growth", [RELEASE.version])
    tox = {"name": "tox", "imported": [], "seconds": 0, "ours": 0, "reasons": []}
    for _ in range(2):
        kept = again("growth", FEW, peers=[tox])
        assert kept["peers_run"]["releases"] == [RELEASE.version]
        assert line(kept, "tox").figure == "imports 0 of 1"
    anew = again("peers", FEW)
    assert anew["peers"] == []
    assert "peers_run" not in anew


def test_the_machine_has_no_name() -> None:
    assert machine.describe().keys() == {"cpu", "cores", "memory", "kernel"}
