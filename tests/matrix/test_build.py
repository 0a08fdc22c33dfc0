"""The matrix over a root of its own: every cell is there, and a missing value has its reason."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from benchmarks.many import many
from report import __main__ as command
from report import places
from report.evidence import reader
from report.evidence.records import State, Status
from report.matrix import build
from report.matrix.index import Index
from report.matrix.kinds import MEASURED
from report.site.exports import readme
from report.verdict.records import Accord
from tests.support import samples

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from report.evidence.records import Release
    from report.matrix.records import Cell, Matrix

VERSIONS = ("1.0.1", "1.1.0", "1.2.1", "2.0.4", "2.1.4")
GONE = "2.1.4"
NOW = reader.PROTOCOL
REASON = "the registry no longer has it"
ROWS = [
    (samples.DENSE, "kernel"),
    (samples.DENSE, "bias"),
    (samples.VARIABLE, "kernel"),
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a root with five releases: four observed, and one that can't be had."""
    (tmp_path / "probes").mkdir()
    rows = [samples.row(version, tags=["tf1"]) for version in VERSIONS[:-1]]
    text = samples.table(*rows, samples.row(GONE, unavailable=REASON))
    (tmp_path / "probes" / "releases.toml").write_text(text, encoding="utf-8")
    for version in VERSIONS[:-1]:
        store(tmp_path, version)
    return tmp_path


def at(root: Path, version: str) -> Path:
    """Return the place of a release's observation."""
    return root / "observations" / samples.PLATFORM / f"{version}.json"


def store(root: Path, version: str, data: object = None) -> None:
    """Store an observation, a valid one if it is not given."""
    samples.store(at(root, version).parent, data or samples.observation(version), version)


def built(root: Path) -> Matrix:
    """Return the matrix of a root."""
    return build.build(root, samples.PLATFORM)


def release(found: Matrix, version: str) -> Release:
    """Return one release."""
    (one,) = (one for one in found.releases if one.version == version)
    return one


def cells(found: Matrix, version: str) -> list[Cell]:
    """Return one release's cells, in the order of the rows."""
    return [cell for row in found.rows for cell in row.cells if cell.release == version]


def assert_complete(found: Matrix) -> None:
    """Check that there is one cell for every symbol, role and release, and none is blank."""
    assert [(row.symbol.name, row.role) for row in found.rows] == ROWS
    for row in found.rows:
        told = [(cell.symbol, cell.role, cell.release) for cell in row.cells]
        assert told == [(row.symbol.name, row.role, version) for version in VERSIONS]
    for cell in (cell for row in found.rows for cell in row.cells):
        assert (cell.state is State.OBSERVED) == (cell.verdict is not None)
        assert (cell.state is State.OBSERVED) == (not cell.reason)


def test_one_cell_for_every_symbol_role_and_release(root: Path) -> None:
    found = built(root)
    assert_complete(found)
    assert found.problems == ()
    assert found.changes == ()
    assert (found.platform, found.protocol) == (samples.PLATFORM, reader.PROTOCOL)
    assert [one.version for one in found.releases] == list(VERSIONS)
    assert [one.status for one in found.releases] == [*[Status.OBSERVED] * 4, Status.UNAVAILABLE]


def test_a_release_keeps_what_the_table_and_its_observation_say(root: Path) -> None:
    one = release(build.build(root, samples.PLATFORM, ["1.1.0"]), "1.1.0")
    assert (one.series, one.python, one.distribution) == ("1.1", "3.6", "tensorflow")
    assert (one.tags, one.packages["numpy"]) == (("tf1",), "1.12.0")
    assert (one.recorded, one.stale, one.reason) == (False, False, None)


def test_only_what_was_measured_here_is_not_recorded(root: Path) -> None:
    found = build.build(root, samples.PLATFORM, ["1.1.0", "2.0.4"])
    assert [one.recorded for one in found.releases] == [True, False, True, False, True]


def test_a_cell_holds_the_evidence_of_its_role(root: Path) -> None:
    kernel, bias, _ = cells(built(root), "1.0.1")
    assert kernel.verdict is not None
    assert bias.verdict is not None
    assert (kernel.verdict.name, bias.verdict.name) == ("glorot_uniform", "zeros")
    assert [one.shape for one in kernel.measured] == list(samples.SHAPES)
    assert str(kernel.declared) == "kernel_initializer='glorot_uniform'"
    assert kernel.agreement is not None
    assert (kernel.agreement.state, kernel.conflict) == (Accord.AGREE, None)
    assert kernel.evidence.resolved is not None
    assert kernel.evidence.resolved.class_name == "GlorotUniform"


def test_one_symbol_alone_is_as_it_is_among_all(root: Path) -> None:
    every = built(root).rows
    alone = build.build(root, samples.PLATFORM, only=samples.VARIABLE).rows
    assert [row.symbol.name for row in alone] == [samples.VARIABLE]
    assert alone == every[-1:]


def test_the_networks_are_kept_of_what_was_observed(root: Path) -> None:
    fail(root)
    found = built(root).networks
    assert list(found) == ["1.0.1", "1.2.1", "2.0.4"]
    kept = samples.observation("1.0.1")["tutorial"]["networks"]
    assert [network.initializer for network in found["1.0.1"]] == [n["initializer"] for n in kept]
    assert found["1.0.1"][0].loss.by_hand == kept[0]["loss"]["by_hand"]


def test_the_newest_release_gives_the_order(root: Path) -> None:
    extra = samples.variable() | dict.fromkeys(("name", "path"), "tf.contrib.old")
    store(root, "1.0.1", samples.observation("1.0.1", symbols=[extra, samples.variable()]))
    turned = samples.observation("2.0.4", symbols=[samples.variable(), samples.dense()])
    store(root, "2.0.4", turned)
    names = [row.symbol.name for row in built(root).rows]
    assert names == [samples.VARIABLE, samples.DENSE, samples.DENSE, "tf.contrib.old"]


def test_the_order_of_rows_changes_nothing_else(root: Path) -> None:
    symbols = [
        samples.dense("he_uniform"),
        samples.variable("he_normal"),
        samples.blank(
            samples.dense() | dict.fromkeys(("name", "path"), "tf.layers.Dense"),
            "absent",
            "not yet",
        ),
    ]
    found = set()
    for order in permutations(symbols):
        store(root, "1.2.1", samples.observation("1.2.1", symbols=order))
        found.add(frozenset(built(root).changes))
    (changes,) = found
    measured = {change for change in changes if change.kind is MEASURED}
    assert {(change.symbol, change.after_release, change.after) for change in measured} == {
        (samples.DENSE, "1.2.1", "he_uniform"),
        (samples.DENSE, "2.0.4", "glorot_uniform"),
        (samples.VARIABLE, "1.2.1", "he_normal"),
        (samples.VARIABLE, "2.0.4", "glorot_uniform"),
    }


def remove(root: Path) -> None:
    """Take the observation of 1.1.0 away."""
    at(root, "1.1.0").unlink()


def rename(root: Path) -> None:
    """Give the observation of 1.1.0 the name of another release."""
    at(root, "1.0.1").rename(at(root, "1.1.0"))
    store(root, "1.0.1")


def tear(root: Path) -> None:
    """Cut the observation of 1.1.0 short."""
    at(root, "1.1.0").write_bytes(at(root, "1.1.0").read_bytes()[:-9])


def age(root: Path) -> None:
    """Make the observation of 1.1.0 one of the protocol before."""
    store(root, "1.1.0", samples.observation("1.1.0", protocol=NOW - 1))


def fail(root: Path) -> None:
    """Make 1.1.0 a release whose probe failed."""
    store(root, "1.1.0", samples.failed("1.1.0", "SIGILL: …"))


class Fault(NamedTuple):
    """What happens to 1.1.0, and what its cells say then; ``blamed`` if a file is to blame."""

    make: Callable[[Path], None]
    state: State
    reason: str
    blamed: bool


FAULTS = [
    Fault(remove, State.UNREACHED, 'not run yet: nox -s "probe(1.1.0)"', blamed=False),
    Fault(fail, State.FAILED, "SIGILL: …", blamed=False),
    Fault(rename, State.UNREACHED, "1.1.0.json: release/version: holds an", blamed=True),
    Fault(tear, State.UNREACHED, "1.1.0.json: not JSON: ", blamed=True),
    Fault(age, State.UNREACHED, f"1.1.0.json: stale: protocol {NOW - 1} is older", blamed=True),
]


@pytest.fixture(params=FAULTS, ids=lambda fault: fault.make.__name__)
def fault(request: pytest.FixtureRequest, root: Path) -> Fault:
    """Return a fault that has happened to the root."""
    one: Fault = request.param
    one.make(root)
    return one


def test_a_release_without_evidence_says_why(fault: Fault, root: Path) -> None:
    found = built(root)
    assert_complete(found)
    one = release(found, "1.1.0")
    status = Status.FAILED if fault.make is fail else Status.NOT_OBSERVED
    assert (one.status, one.stale) == (status, fault.make is age)
    assert one.reason is not None
    assert one.reason.startswith(fault.reason)
    assert found.problems == ((one.reason,) if fault.blamed else ())
    for cell in cells(found, "1.1.0"):
        assert (cell.state, cell.reason) == (fault.state, one.reason)
    others = [cell for version in ("1.0.1", "1.2.1", "2.0.4") for cell in cells(found, version)]
    assert {cell.state for cell in others} == {State.OBSERVED}


@pytest.mark.usefixtures("fault")
def test_a_gap_is_neither_change_nor_sameness(root: Path) -> None:
    assert built(root).changes == ()
    symbols = [samples.dense("he_uniform")]
    store(root, "1.0.1", samples.observation("1.0.1", symbols=symbols))
    edges = [change for change in built(root).changes if change.kind is MEASURED]
    assert [(one.before_release, one.after_release, one.exact) for one in edges] == [
        ("1.0.1", "1.2.1", False)
    ]


def test_an_unavailable_release_says_why(root: Path) -> None:
    found = built(root)
    one = release(found, GONE)
    assert (one.status, one.reason) == (Status.UNAVAILABLE, REASON)
    for cell in cells(found, GONE):
        assert (cell.state, cell.reason) == (State.UNREACHED, REASON)


def test_a_stale_observation_of_an_unavailable_release_is_no_problem(root: Path) -> None:
    store(root, GONE, samples.observation(GONE, protocol=NOW - 1))
    found = built(root)
    assert (release(found, GONE).reason, found.problems) == (REASON, ())


# what is stored of tf.layers.dense, state and reason of its cells
ANSWERS: list[tuple[list[dict[str, Any]], State, str]] = [
    (
        [samples.blank(samples.dense(), "absent", "no attribute 'dense'")],
        State.ABSENT,
        "no attribute 'dense'",
    ),
    (
        [samples.blank(samples.dense(), "failed", "deadline")],
        State.FAILED,
        "deadline",
    ),
    ([], State.UNREACHED, "this symbol was not asked for"),
]


@pytest.mark.parametrize(("answer", "state", "reason"), ANSWERS)
def test_a_symbol_without_evidence_says_why(
    answer: list[dict[str, Any]], state: State, reason: str, root: Path
) -> None:
    data = samples.observation("1.1.0", symbols=[*answer, samples.variable()])
    store(root, "1.1.0", data)
    found = built(root)
    assert_complete(found)
    kernel, bias, other = cells(found, "1.1.0")
    assert (kernel.state, kernel.reason) == (bias.state, bias.reason) == (state, reason)
    assert other.state is State.OBSERVED


def test_a_role_that_was_not_asked_for_says_so(root: Path) -> None:
    older = samples.dense()
    older["roles"] = ["kernel"]
    del older["evidence"]["bias"]
    store(root, "1.0.1", samples.observation("1.0.1", symbols=[older, samples.variable()]))
    kernel, bias, _ = cells(built(root), "1.0.1")
    assert kernel.state is State.OBSERVED
    assert (bias.state, bias.reason) == (State.UNREACHED, "this role was not asked for")


def test_where_nothing_was_observed_there_are_no_rows_and_a_reason(root: Path) -> None:
    found = build.build(root, "plan9-mips")
    assert (found.rows, found.changes, found.problems) == ((), (), ())
    assert all(one.reason for one in found.releases)
    assert not any(one.status is Status.OBSERVED for one in found.releases)


@pytest.fixture
def check(root: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Return the command check over the root."""
    monkeypatch.setattr(places, "ROOT", root)
    (root / "README.md").write_text(f"{readme.BEGIN}\n{readme.END}\n", encoding="utf-8")

    def run(*more: str) -> int:
        if (root / "probes" / "releases.toml").exists():
            readme.write(root / "README.md", Index(matrix=built(root)))
        return command.main(["check", "--platform", samples.PLATFORM, *more])

    return run


def test_check_finds_nothing_wrong(
    check: Callable[..., int], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check() == 0
    said = capsys.readouterr()
    assert said.out == "4 of 5 releases observed, 0 of them measured here, 0 changes\n"
    assert said.err == ""
    assert not (root / "site").exists()


def test_check_tells_of_every_file_that_is_to_blame(
    fault: Fault, check: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert check() == (1 if fault.blamed else 0)
    said = capsys.readouterr()
    assert said.out.startswith("3 of 5 releases observed, ")
    assert [line[:12] for line in said.err.splitlines()] == ["1.1.0.json: "] * fault.blamed


def test_check_tells_of_a_readme_that_says_something_else(
    check: Callable[..., int], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check() == 0
    path = root / "README.md"
    true = path.read_text(encoding="utf-8")
    assert "zeros" in true
    path.write_text(true.replace("zeros", "ones"), encoding="utf-8")
    assert command.main(["check", "--platform", samples.PLATFORM]) == 1
    assert "python -m report site --readme" in capsys.readouterr().err
    path.write_text("no markers\n", encoding="utf-8")
    assert command.main(["check", "--platform", samples.PLATFORM]) == 2
    assert readme.BEGIN in capsys.readouterr().err


def test_check_tells_of_a_picture_that_shows_something_else(
    check: Callable[..., int], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check() == 0
    picture = root / readme.PICTURE
    drawn = picture.read_text(encoding="utf-8")
    for other in (drawn.replace("1.0", "1.1"), None):
        if other is None:
            picture.unlink()
        else:
            picture.write_text(other, encoding="utf-8")
        assert command.main(["check", "--platform", samples.PLATFORM]) == 1
        assert "python -m report site --readme" in capsys.readouterr().err


def test_check_tells_of_a_file_that_no_release_has(
    check: Callable[..., int], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store(root, "9.9.9")
    assert check() == 1
    assert capsys.readouterr().err.startswith("9.9.9.json: no release of this name")


def test_check_without_a_table_says_so(
    check: Callable[..., int], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "probes" / "releases.toml").unlink()
    assert check() == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "releases.toml: not a table of releases" in said.err


def test_copies_of_the_releases_are_read_as_well_and_change_nothing(tmp_path: Path) -> None:
    once = build.build(places.ROOT, samples.PLATFORM, only="tf.layers.dense")
    thrice = build.build(many(tmp_path / "root", 3), samples.PLATFORM, only="tf.layers.dense")
    assert len(thrice.releases) == 3 * len(once.releases)
    assert len(thrice.problems) == 3 * len(once.problems)
    said = [[(c.role, c.kind, c.before, c.after) for c in m.changes] for m in (once, thrice)]
    assert said[0] == said[1]
