"""A line of a call path leads to the file in its repository, at its tag."""

from __future__ import annotations

import pytest

from report.evidence import Frame
from report.story import source

_TF, _KERAS = "tensorflow/tensorflow/blob/", "keras-team/keras/blob/"
FRAMES = (
    # distribution, version, file, address of the line below https://github.com/
    ("tensorflow", "1.15.5", "tensorflow_core/python/a.py", f"{_TF}v1.15.5/tensorflow/python/a.py"),
    ("tensorflow-cpu", "2.22.0rc0", "tensorflow/a.py", f"{_TF}v2.22.0-rc0/tensorflow/a.py"),
    ("keras", "2.6.0", "keras/a.py", f"{_KERAS}v2.6.0/keras/a.py"),
    ("keras", "2.15.0", "keras/src/a.py", f"{_KERAS}v2.15.0/keras/a.py"),
    ("keras", "3.3.3", "keras/src/a.py", f"{_KERAS}v3.3.3/keras/src/a.py"),
    ("tf_keras", "2.16.0", "tf_keras/src/a.py", "keras-team/tf-keras/blob/v2.16.0/tf_keras/a.py"),
)
UNLINKED = (
    # distribution, version, file: made by the build, or in no repository that is known
    ("tensorflow", "2.5.3", "tensorflow/python/ops/gen_random_ops.py"),
    ("tensorflow", "2.5.3", "tensorflow/_api/v1/a.py"),
    ("numpy", "1.19.5", "numpy/a.py"),
    ("tensorflow", "nightly", "tensorflow/a.py"),
    ("tensorflow", "2.5.3", "tensorflow/../../a.py"),
)


def framed(distribution: str, version: str, file: str) -> Frame:
    """Return a frame in the seventh line of a file."""
    return Frame(
        distribution=distribution,
        version=version,
        file=file,
        line=7,
        function="call",
        wrapper=False,
    )


@pytest.mark.parametrize(("distribution", "version", "file", "address"), FRAMES)
def test_a_frame_leads_to_its_line_at_its_tag(
    distribution: str, version: str, file: str, address: str
) -> None:
    frame = framed(distribution, version, file)
    assert source(frame) == f"https://github.com/{address}#L7"


@pytest.mark.parametrize(("distribution", "version", "file"), UNLINKED)
def test_a_file_in_no_repository_is_not_linked(distribution: str, version: str, file: str) -> None:
    frame = framed(distribution, version, file)
    assert source(frame) is None
