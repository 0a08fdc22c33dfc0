"""A stored observation, and the reader's message if it refuses one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from report.errors import ObservationError
from report.evidence import reader
from tests.support import samples

if TYPE_CHECKING:
    from pathlib import Path

AGAIN = '; measure it again with nox -s "probe(1.0.1)" -- --force'


def valid(**changed: object) -> bytes:
    """Return the bytes of a valid observation, with some fields changed."""
    return json.dumps(samples.observation(**changed)).encode()


VALID = valid()


def refusal(path: Path) -> str:
    """Return the message with which the reader refuses a file."""
    with pytest.raises(ObservationError) as caught:
        reader.observation(path, "1.0.1")
    return str(caught.value)
