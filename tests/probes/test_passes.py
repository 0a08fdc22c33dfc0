"""Test the two passes over the symbols: their order, and a crash in either of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from report.evidence import State, decode
from tests.support import fake
from tests.support.fake import SYMBOL

if TYPE_CHECKING:
    from pathlib import Path

# A TensorFlow with a Keras, which writes each seed call to a file, and an initializer that runs a
# statement before or after Keras's first call.
KERAS = """
import os
def _note(name):
    with open({calls!r}, "a") as calls:
        calls.write(name + "\\n")
_seed = set_random_seed
def set_random_seed(seed):
    _note("tensorflow")
    _seed(seed)
class _Utils(object):
    called = False
    def set_random_seed(self, seed):
        _note("keras")
        _Utils.called = True
        _seed(seed)
class _Keras(object):
    utils = _Utils()
keras = _Keras()
_draws = random_uniform_initializer
def random_uniform_initializer():
    if _Utils.called is {after}:
        {body}
    return _draws()
"""


def environment(folder: Path, *, after: bool = False, body: str = "pass") -> fake.Environment:
    """Return an environment with this Keras, whose calls are written to ``folder``."""
    source = KERAS.format(calls=str(folder / "calls"), after=after, body=body)
    return fake.Environment(folder / "environment", fake.WORKING + source)


def test_what_needs_no_set_random_seed_of_keras_is_asked_before_its_first_call(
    out: Path, tmp_path: Path
) -> None:
    assert environment(tmp_path).run(out).returncode == 0
    calls = (tmp_path / "calls").read_text(encoding="utf-8").split()
    assert set(calls) == {"tensorflow", "keras"}
    assert calls == sorted(calls, reverse=True)
    repeat = fake.answer(out)["evidence"]["weights"]["repeat"]
    assert repeat == {"tf": True, "keras": True}


@pytest.mark.parametrize("after", [False, True], ids=["first pass", "second pass"])
@pytest.mark.parametrize("once", [False, True], ids=["always", "once"])
def test_a_crash_in_either_pass_is_of_its_symbol_alone(
    out: Path, tmp_path: Path, *, after: bool, once: bool
) -> None:
    whole, crashed = tmp_path / "whole", tmp_path / "crashed"
    whole.mkdir()
    crashed.mkdir()
    assert environment(whole).run(out).returncode == 0
    expected = decode.observation(fake.observation(out)).answers
    out.unlink()
    body, mark = "__import__('ctypes').string_at(0)", str(crashed / "mark")
    if once:
        body = f"if not os.path.exists({mark!r}): open({mark!r}, 'w').close(); {body}"
    assert environment(crashed, after=after, body=body).run(out).returncode == 0
    found = decode.observation(fake.observation(out)).answers
    assert len(found) == len(expected)
    for answer, other in zip(found, expected, strict=True):
        if answer.symbol.name == SYMBOL and not once:
            assert (answer.state, answer.reason) == (State.FAILED, "killed by SIGSEGV")
        else:
            assert answer == other
