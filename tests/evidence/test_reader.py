"""The loader: evidence or one clear sentence, whatever lies in the folder."""

from __future__ import annotations

import json
import os
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report import places
from report.errors import ObservationError
from report.evidence import reader, release_table
from report.matrix import build
from tests.support import fuzz_load, samples

ENTRY = release_table.Entry(
    version="1.0.1", distribution="tensorflow", python="3.6", cutoff="2017-03-22", tags=("tf1",)
)
STORED = sorted((places.ROOT / "observations").glob("*/*.json"))
AGAIN = '; measure it again with nox -s "probe(1.0.1)" -- --force'
MEASURED = "symbols/0/evidence/kernel/measured/0"


def valid(**changed: object) -> bytes:
    """Return a valid observation as it is stored, with some fields changed."""
    return json.dumps(samples.observation(**changed)).encode()


def with_value(place: str, value: object) -> bytes:
    """Return a valid observation with one value replaced, or added, at a place."""
    data: Any = samples.observation()
    *steps, last = (int(step) if step.isdigit() else step for step in place.split("/"))
    box = data
    for step in steps:
        box = box[step]
    box[last] = value
    return json.dumps(data).encode()


def nested(depth: int) -> list[Any]:
    """Return lists in lists."""
    value: list[Any] = []
    for _ in range(depth - 1):
        value = [value]
    return value


VALID = valid()
# content, and the message between the file's name and what to do next
REFUSED = {
    "truncated": (VALID.partition(b"x86")[0], "not JSON: Unterminated string starting at"),
    "not JSON": (b"<html>", "not JSON: Expecting value: line 1 column 1"),
    "binary": (b"\x89PNG\r\n\x1a\n\x00", "not JSON: 'utf-8' codec can't decode byte 0x89"),
    "invalid UTF-8": (
        VALID.replace(b"1.12.0", b"1.\xff"),
        "not JSON: 'utf-8' codec can't decode byte 0xff",
    ),
    "another encoding": (b"\xef\xbb\xbf" + VALID, "not JSON: Unexpected UTF-8 BOM"),
    "not an object": (b"[]", "not an object"),
    "duplicate key": (b'{"schema": 1, "schema": 1}', "not JSON: the key 'schema' stands twice"),
    "deeper than a parser goes": (b"[" * 100_000, "not JSON: maximum recursion depth"),
    "deeper than evidence goes": (
        with_value("packages/numpy", nested(40)),
        f"packages/numpy{'/0' * 30}: nested deeper than 32 levels",
    ),
    "5,000 digits": (
        VALID.replace(b'"schema": 2', b'"schema": ' + b"9" * 5000),
        "not JSON: Exceeds the limit (4300 digits)",
    ),
    "60 digits": (with_value(f"{MEASURED}/count", 10**60), f"{MEASURED}/count: 1{'0' * 60} is not"),
    "not exact in a double": (
        with_value("symbols/0/evidence/kernel/call_path/1/line", 2**53),
        "symbols/0/evidence/kernel/call_path/1/line: 9007199254740992 is not a number",
    ),
    "NaN": (with_value(f"{MEASURED}/mean", float("nan")), f"{MEASURED}/mean: nan is not a number"),
    "Infinity": (with_value(f"{MEASURED}/max", float("inf")), f"{MEASURED}/max: inf is not a"),
    "-Infinity": (with_value(f"{MEASURED}/min", -float("inf")), f"{MEASURED}/min: -inf is not a"),
    "infinity in digits": (  # a schema alone would take it for the null that kurtosis may be
        with_value(f"{MEASURED}/kurtosis", 7.25).replace(b"7.25", b"1e999"),
        f"{MEASURED}/kurtosis: inf is not a number that evidence can hold",
    ),
    "more than a float32": (with_value(f"{MEASURED}/std", 4e38), f"{MEASURED}/std: 4e+38 is not a"),
    "half a character": (
        with_value("symbols/0/notices", ["\ud800"]),
        "symbols/0/notices/0: half a surrogate pair is not text",
    ),
    "half a character in a key": (
        with_value("packages/\udc00", "1"),
        r"packages/\udc00: half a surrogate pair is not text",
    ),
    "no schema": (valid(schema=None), "schema: missing or not a whole number"),
    "a schema that is true": (
        valid(protocol=True),
        "protocol: missing or not a whole number",
    ),
    "unknown key": (
        valid(surprise=1),
        "the file: Additional properties are not allowed ('surprise' was unexpected)",
    ),
    "unknown key inside": (
        with_value("symbols/0/evidence/bias/surprise", 1),
        "symbols/0/evidence/bias: Additional properties are not allowed ('surprise' was",
    ),
    "hostile key": (
        valid(**{"\x1b[2J\u202e\n": 1}),
        r"the file: Additional properties are not allowed ('\u001b[2J\u202e\u000a' was unexpected)",
    ),
    "a text of 1 MB": (
        valid(platform="x" * 1_000_000),
        f'platform: "{"x" * 89}…',
    ),
    "a value of another type": (
        with_value("release/python", "three"),
        r'release/python: "three" does not match "^3\.[0-9]+$"',
    ),
    "failed without a reason": (
        valid(status="failed", symbols=[], tutorial=None),
        'reason: null is not of type "string"',
    ),
    "another release": (
        json.dumps(samples.observation("1.1.0")).encode(),
        "release/version: holds an observation of 1.1.0",
    ),
    "a symbol twice": (
        valid(symbols=[samples.variable(), samples.variable()]),
        "symbols: tf.get_variable stands twice",
    ),
    "a role twice": (
        with_value("symbols/1/roles", ["kernel", "kernel"]),
        "symbols/1/roles: one stands twice",
    ),
    "a role without evidence": (
        with_value("symbols/1/roles", ["kernel", "bias"]),
        "symbols/1/evidence: not of the roles kernel, bias",
    ),
    "evidence without a role": (
        with_value("symbols/0/roles", ["bias"]),
        "symbols/0/evidence: not of the roles bias",
    ),
    "a count of another shape": (
        with_value(f"{MEASURED}/shape", [240, 481]),
        f"{MEASURED}/count: not the product of the shape",
    ),
    "a histogram of other weights": (
        with_value(f"{MEASURED}/histogram", [240 * 480 - 1]),
        f"{MEASURED}/histogram: does not add up to the count",
    ),
    "a range turned round": (
        with_value(f"{MEASURED}/max", -1),
        f"{MEASURED}/min: above the max",
    ),
    "two draws of one shape": (
        with_value(
            "symbols/0/evidence/kernel/measured/1",
            samples.dense()["evidence"]["kernel"]["measured"][0],
        ),
        "symbols/0/evidence/kernel/measured: both are of the shape [240, 480]",
    ),
    "one draw where two are promised": (
        with_value(
            "symbols/0/evidence/kernel/measured",
            samples.dense()["evidence"]["kernel"]["measured"][:1],
        ),
        "symbols/0/evidence/kernel/measured: [{",
    ),
    "a kurtosis of other weights": (
        with_value(f"{MEASURED}/kurtosis", 7),
        f"{MEASURED}/kurtosis: 7, where the histogram allows 1.",
    ),
    "no range beside a spread": (
        with_value(f"{MEASURED}/min", samples.dense()["evidence"]["kernel"]["measured"][0]["max"]),
        f"{MEASURED}/mean: ",
    ),
    "a spread above the range": (
        with_value(f"{MEASURED}/std", 0.3),
        f"{MEASURED}/std: 0.3, where the histogram allows ",
    ),
    "zeros where there are none": (
        with_value(f"{MEASURED}/zeros", 0.5),
        f"{MEASURED}/zeros: 0.5 of 115200, where the histogram allows ",
    ),
    "a huge file": (VALID + b" " * reader.LARGEST, "more than 8,000,000 bytes"),
}
NEWER = {
    "schema": "schema 9 is newer than 2, which this report reads; update the checkout",
    "protocol": f"protocol 9 is newer than {reader.PROTOCOL}, which this report reads; "
    "update the checkout",
}


def refusal(path: Path) -> str:
    """Return the sentence by which a file is refused."""
    with pytest.raises(ObservationError) as caught:
        reader.observation(path, "1.0.1")
    return str(caught.value)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the place of the observation of 1.0.1, where nothing is yet."""
    folder = tmp_path / samples.PLATFORM
    folder.mkdir()
    return folder / "1.0.1.json"


@pytest.mark.parametrize(("content", "expected"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_names_file_field_and_what_to_do(
    content: bytes, expected: str, path: Path
) -> None:
    path.write_bytes(content)
    said = refusal(path)
    assert said.startswith(f"1.0.1.json: {expected}")
    assert said.endswith(AGAIN)
    assert said.isprintable()
    assert len(said) < 300


def test_a_long_message_keeps_its_end(path: Path) -> None:
    path.write_bytes(REFUSED["one draw where two are promised"][0])
    assert refusal(path).endswith(f" has less than 2 items{AGAIN}")


def test_every_fault_has_a_message_of_its_own() -> None:
    expected = [message for _, message in REFUSED.values()]
    assert len(set(expected)) == len(expected)


@pytest.mark.parametrize("key", NEWER)
def test_what_is_newer_is_not_measured_again(key: str, path: Path) -> None:
    path.write_bytes(valid(**{key: 9}))
    assert refusal(path) == f"1.0.1.json: {NEWER[key]}"


@pytest.mark.parametrize("key", ["schema", "protocol"])
def test_of_an_older_observation_the_envelope_is_read(key: str, path: Path) -> None:
    numbers = {"schema": reader.SCHEMA, "protocol": reader.PROTOCOL}
    path.write_bytes(valid(symbols="of another shape", **{key: numbers[key] - 1}))
    assert reader.older(reader.observation(path, "1.0.1"))
    path.write_bytes(valid(release={}, **{key: numbers[key] - 1}))
    assert "release: " in refusal(path)


@pytest.mark.parametrize(
    "data",
    [samples.observation(), samples.failed("1.0.1", "SIGILL: …"), samples.observation(protocol=1)],
)
def test_what_is_written_is_read(data: dict[str, Any], path: Path) -> None:
    samples.store(path.parent, data)
    assert reader.observation(path, "1.0.1") == data


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)
NUMBERS = st.floats(-1e38, 1e38) | st.integers(1 - 2**53, 2**53 - 1)


@settings(deadline=None, max_examples=50)
@given(notices=st.lists(TEXT), constants=st.dictionaries(TEXT, NUMBERS), config=TEXT)
def test_any_text_and_number_is_read_as_it_was_written(
    notices: list[str],
    constants: dict[str, float],
    config: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Dump then load is identity."""
    data = json.loads(VALID)
    data["symbols"][0]["notices"] = notices
    data["symbols"][0]["evidence"]["kernel"]["resolved"]["constants"] = constants
    data["symbols"][0]["evidence"]["kernel"]["resolved"]["config"] = {config: [config]}
    stored = samples.store(tmp_path_factory.getbasetemp() / samples.PLATFORM, data)
    assert reader.observation(stored, "1.0.1") == data


@settings(deadline=None, max_examples=150)
@given(draw=st.randoms(use_true_random=False))
def test_a_mutated_observation_is_accepted_or_refused(
    draw: Random, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The loader raises an ObservationError of one printable line, or returns what is written."""
    content = fuzz_load.mutated(draw)
    stored = tmp_path_factory.getbasetemp() / f"{fuzz_load.MUTATED}.json"
    stored.write_bytes(content)
    try:
        found = reader.observation(stored, fuzz_load.MUTATED)
    except ObservationError as error:
        said = str(error)
        assert said.startswith(f"{stored.name}: ")
        assert said.isprintable()
    else:
        assert found == json.loads(content)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@settings(deadline=None, max_examples=50)
@given(content=st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_nothing_else_is_evidence(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Bytes and JSON that nobody mutated from an observation are all refused."""
    stored = tmp_path_factory.getbasetemp() / "1.0.1.json"
    stored.write_bytes(content)
    assert refusal(stored).startswith("1.0.1.json: ")


def test_a_link_is_not_followed(path: Path, tmp_path: Path) -> None:
    outside = samples.store(tmp_path / "elsewhere", samples.observation())
    path.symlink_to(outside)
    assert refusal(path) == "1.0.1.json: a symbolic link; put the file itself there"


def test_a_link_to_nowhere_is_refused(path: Path) -> None:
    path.symlink_to(path)
    assert refusal(path).startswith("1.0.1.json: a symbolic link")


def test_a_folder_is_refused(path: Path) -> None:
    path.mkdir()
    assert refusal(path) == "1.0.1.json: not a file; see what is there"


def test_a_pipe_is_not_waited_for(path: Path) -> None:
    os.mkfifo(path)
    assert refusal(path) == "1.0.1.json: not a file; see what is there"


def test_a_file_larger_than_memory_is_not_read_to_its_end(path: Path) -> None:
    path.touch()
    os.truncate(path, 2**36)  # sparse: 64 GiB that take no place
    assert refusal(path) == f"1.0.1.json: more than 8,000,000 bytes{AGAIN}"


def test_a_file_that_vanished_is_refused(path: Path) -> None:
    assert refusal(path) == "1.0.1.json: not a file; see what is there"


def test_a_file_that_may_not_be_read_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path.write_bytes(VALID)
    monkeypatch.setattr(Path, "open", forbidden)  # root may read whatever a test forbids
    expected = "1.0.1.json: cannot be read: Permission denied; see what is there"
    assert refusal(path) == expected


def test_a_folder_is_read_to_its_end(path: Path) -> None:
    path.write_bytes(VALID)
    for name in ("0.9.0", "1.0.1.part", "\udcff"):  # the last is no text in any encoding
        (path.parent / f"{name}.json").write_bytes(VALID)
    (path.parent / "notes.txt").write_bytes(b"no observation")
    found = reader.observations(path.parent, (ENTRY,))
    unknown = "no release of this name in releases.toml; add its row or remove the file"
    assert list(found.observations) == ["1.0.1"]
    assert list(found.problems.values()) == [
        f"0.9.0.json: {unknown}",
        f"1.0.1.part.json: {unknown}",
        rf"\udcff.json: {unknown}",
    ]


def test_a_problem_belongs_to_the_release_of_its_file(path: Path) -> None:
    path.write_bytes(b"")
    found = reader.observations(path.parent, (ENTRY,))
    assert found.observations == {}
    assert list(found.problems) == ["1.0.1"]


def test_evidence_of_another_platform_is_refused(path: Path) -> None:
    path.write_bytes(valid(platform="darwin-arm64"))
    found = reader.observations(path.parent, (ENTRY,))
    assert found.observations == {}
    assert list(found.problems.values()) == [
        f"1.0.1.json: platform: holds an observation of darwin-arm64{AGAIN}"
    ]


def test_a_platform_is_written_in_either_case(path: Path) -> None:
    path.write_bytes(valid(platform="Linux-X86_64"))
    assert reader.observations(path.parent, (ENTRY,)).problems == {}


def test_no_folder_is_no_observation(tmp_path: Path) -> None:
    assert reader.observations(tmp_path / "none", (ENTRY,)) == reader.Stored()


def test_observations_are_stored() -> None:
    assert STORED


@pytest.mark.parametrize("stored", STORED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_stored_observation_is_evidence(stored: Path) -> None:
    assert reader.observation(stored, stored.stem)["platform"] == stored.parent.name


def test_a_mutation_is_the_same_again() -> None:
    one, two = ([fuzz_load.mutated(Random(n)) for n in range(40)] for _ in range(2))  # noqa: S311
    assert one == two
    assert len(set(one)) > 30


def test_a_short_fuzz_run_finds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert fuzz_load.main(["--count", "60"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("60 mutations: ")
    assert said.out.endswith(" 0 crashed\n")
    assert said.err == ""


def test_a_fuzz_run_tells_of_a_crash(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise KeyError("evidence")

    monkeypatch.setattr(build, "build", crash)
    assert fuzz_load.main(["--count", "2", "--first", "7"]) == 1
    said = capsys.readouterr()
    assert said.out == "2 mutations: 0 accepted, 0 refused, 2 crashed\n"
    assert said.err.startswith("mutation 7: Traceback")
