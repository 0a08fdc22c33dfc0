"""Test unexpected weights from a release, and damage to the child process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import fake
from tests.support.fake import SYMBOL, answer, release

if TYPE_CHECKING:
    from pathlib import Path

# A draw, as a NumPy expression, and the reason that is recorded instead.
NO_WEIGHTS = {
    "another shape": (
        "np.zeros((7, 5), 'float32')",
        "its weights has the shape (7, 5), where (180, 320) was asked for",
    ),
    "an axis too many": (
        "np.zeros((1, *shape), 'float32')",
        "its weights has the shape (1, 180, 320), where (180, 320) was asked for",
    ),
    "one number": (
        "np.float32(0.5)",
        "its weights has the shape (), where (180, 320) was asked for",
    ),
    "nothing": (
        "np.zeros((0, *shape[1:]), 'float32')",
        "its weights has the shape (0, 320), where (180, 320) was asked for",
    ),
    "complex numbers": (
        "np.random.uniform(-1, 1, shape) + 1j",
        "its weights holds complex128, no real numbers",
    ),
    "texts": ("np.full(shape, '1.5')", "its weights holds str96, no real numbers"),
    "objects": ("np.full(shape, None)", "its weights holds object, no real numbers"),
    "another shape after another seed": (
        "np.random.uniform(size=3 if np.random.get_state()[1][0] == 20150207 else shape)",
        "its weights has the shape (3,), where (180, 320) was asked for",
    ),
}


def drawing(weights: str) -> str:
    """Return the source of a TensorFlow with an initializer that draws these weights."""
    return f"""{fake.WORKING}
def random_uniform_initializer():
    return lambda shape: _Tensor({weights})
"""


@pytest.mark.parametrize(("weights", "reason"), NO_WEIGHTS.values(), ids=NO_WEIGHTS)
def test_what_is_not_the_weights_asked_for_is_no_measurement(
    weights: str, reason: str, out: Path, tmp_path: Path
) -> None:
    environment = fake.Environment(tmp_path / "environment", drawing(weights))
    done = environment.run(out)
    assert (done.returncode, done.stderr) == (0, "")
    found = answer(out)
    assert (found["state"], found["reason"]) == ("failed", reason)
    assert "evidence" not in found


@pytest.mark.parametrize("dtype", ["float64", "float16"])
def test_weights_of_any_real_type_are_measured(dtype: str, out: Path, tmp_path: Path) -> None:
    weights = f"np.random.uniform(-1, 1, shape).astype({dtype!r})"
    environment = fake.Environment(tmp_path / "environment", drawing(weights))
    assert environment.run(out).returncode == 0
    assert answer(out)["state"] == "observed"


def test_a_text_that_no_file_can_hold_is_written_without_it(out: Path, tmp_path: Path) -> None:
    done = release(tmp_path, r"raise ValueError('half \ud800 of it')").run(out)
    assert (done.returncode, done.stderr) == (0, "")
    assert answer(out)["reason"] == "ValueError: half ? of it"


def test_a_pipe_that_was_closed_is_no_answer_of_the_release(
    whole: bytes, out: Path, tmp_path: Path
) -> None:
    environment = release(tmp_path, "os.closerange(3, 64)")
    out.parent.mkdir(parents=True)
    out.write_bytes(whole)
    done = environment.run(out)
    assert done.returncode == 1
    assert f"nothing could be sent, when asked for {SYMBOL}" in done.stderr
    assert out.read_bytes() == whole


def test_a_copy_of_the_process_says_nothing(whole: bytes, out: Path, tmp_path: Path) -> None:
    """What a forked process goes on with is no second answer."""
    environment = release(tmp_path, "os.fork()")
    done = environment.run(out)
    assert (done.returncode, done.stderr) == (0, "")
    assert out.read_bytes() == whole
