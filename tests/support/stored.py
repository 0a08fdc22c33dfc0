"""An observation as it is stored, and the sentence by which the reader refuses one."""

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
    """Return a valid observation as it is stored, with some fields changed."""
    return json.dumps(samples.observation(**changed)).encode()


VALID = valid()


def refusal(path: Path) -> str:
    """Return the sentence by which a file is refused."""
    with pytest.raises(ObservationError) as caught:
        reader.observation(path, "1.0.1")
    return str(caught.value)
