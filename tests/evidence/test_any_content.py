"""Test with arbitrary content that the reader accepts a file or raises one sentence."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from report.errors import ObservationError
from report.evidence import reader
from report.matrix import build
from tests.support import fuzz_load, samples
from tests.support.stored import VALID, refusal

if TYPE_CHECKING:
    import pytest

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
        message = str(error)
        assert message.startswith(f"{stored.name}: ")
        assert message.isprintable()
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


def test_a_mutation_is_the_same_again() -> None:
    one, two = ([fuzz_load.mutated(Random(n)) for n in range(40)] for _ in range(2))  # noqa: S311
    assert one == two
    assert len(set(one)) > 30


def test_a_short_fuzz_run_finds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert fuzz_load.main(["--count", "60"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("60 mutations: ")
    assert printed.out.endswith(" 0 crashed\n")
    assert printed.err == ""


def test_a_fuzz_run_tells_of_a_crash(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise KeyError("evidence")

    monkeypatch.setattr(build, "build_matrix", crash)
    assert fuzz_load.main(["--count", "2", "--first", "7"]) == 1
    printed = capsys.readouterr()
    assert printed.out == "2 mutations: 0 accepted, 0 refused, 2 crashed\n"
    assert printed.err.startswith("mutation 7: Traceback")
