"""Test that a symbol's name must match its path and arguments."""

from __future__ import annotations

from typing import Any

import pytest

from report.evidence import decode
from report.evidence.consistency import contradictions
from tests.support import roots

VERSIONS = ("0.12.1", "1.15.5", "2.22.0rc0")
LAYER = "tf.keras.layers.Dense"
CALL = "tf.keras.initializers.TruncatedNormal(stddev=0.1)"


@pytest.mark.parametrize("version", VERSIONS)
def test_real_symbols_are_named_after_their_calls(version: str) -> None:
    assert list(contradictions(decode.observation(roots.committed(version)))) == []


# the symbol, its changed fields, the field that is refused
MISNAMED = [
    (LAYER, {"path": "tf.layers.dense"}, "path: tf.layers.dense, of a symbol named"),
    (LAYER, {"arguments": {"stddev": 0.1}}, "arguments: "),
    (CALL, {"arguments": {}}, "arguments: {}, of a symbol named"),
    (CALL, {"arguments": {"stddev": 9.0}}, "arguments: {'stddev': 9.0}, of a symbol named"),
]


@pytest.mark.parametrize(("name", "change", "expected"), MISNAMED)
def test_a_symbol_of_another_call_is_refused(
    name: str, change: dict[str, Any], expected: str
) -> None:
    data = roots.committed("1.15.5")
    (place,) = (i for i, symbol in enumerate(data["symbols"]) if symbol["name"] == name)
    data["symbols"][place].update(change)
    (flaw,) = contradictions(decode.observation(data))
    assert flaw.startswith(f"symbols/{place}/{expected}")
