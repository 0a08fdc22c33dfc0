"""Test the reader's messages: each refusal names the file, the field and what to do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from report.evidence import reader
from tests.support import samples
from tests.support.stored import AGAIN, VALID, refusal, valid

if TYPE_CHECKING:
    from pathlib import Path

LAYER, VARIABLE = samples.dense(), samples.variable()
SHARED = [LAYER, samples.shared(LAYER, "tf.compat.v1.layers.dense")]
MEASURED = "symbols/0/evidence/kernel/measured/0"


def with_value(place: str, value: object) -> bytes:
    """Return a valid observation with one value replaced or added, at a path."""
    data: Any = samples.observation()
    *steps, last = (int(step) if step.isdigit() else step for step in place.split("/"))
    box = data
    for step in steps:
        box = box[step]
    box[last] = value
    return json.dumps(data).encode()


def nested(depth: int) -> list[Any]:
    """Return nested arrays."""
    value: list[Any] = []
    for _ in range(depth - 1):
        value = [value]
    return value


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
    "duplicate key": (b'{"schema": 1, "schema": 1}', "not JSON: the key 'schema' is there twice"),
    "deeper than a parser goes": (b"[" * 100_000, "not JSON: maximum recursion depth"),
    "deeper than evidence goes": (
        with_value("packages/numpy", nested(40)),
        f"packages/numpy{'/0' * 30}: nested deeper than 32 levels",
    ),
    "5,000 digits": (
        VALID.replace(b'"schema": %d' % reader.SCHEMA, b'"schema": ' + b"9" * 5000),
        "not JSON: Exceeds the limit (4300 digits)",
    ),
    "60 digits": (with_value(f"{MEASURED}/count", 10**60), f"{MEASURED}/count: 1{'0' * 60} is not"),
    "not exact in a double": (
        with_value("symbols/0/evidence/kernel/call_path/1/1", 2**53),
        "symbols/0/evidence/kernel/call_path/1/1: 9007199254740992 is not a number",
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
    "a line that is no whole number": (
        with_value("symbols/0/evidence/kernel/call_path/1/1", 12.0),
        "Expected `int`, got `float` - at `$.call_path[1][1]`",
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
        "symbols: tf.get_variable is there twice",
    ),
    "a role twice": (
        with_value("symbols/1/roles", ["kernel", "kernel"]),
        "symbols/1/roles: one is there twice",
    ),
    "a role without evidence": (
        with_value("symbols/1/roles", ["kernel", "bias"]),
        "symbols/1/evidence: not of the roles kernel, bias",
    ),
    "evidence without a role": (
        with_value("symbols/0/roles", ["bias"]),
        "symbols/0/evidence: not of the roles bias",
    ),
    "the evidence of a later symbol": (
        valid(symbols=SHARED[::-1]),
        "tf.compat.v1.layers.dense: same_as: no earlier symbol tf.layers.dense is observed",
    ),
    "the evidence of a symbol that is absent": (
        valid(symbols=[samples.blank(VARIABLE, "absent", "gone"), samples.shared(VARIABLE, "v")]),
        "v: same_as: no earlier symbol tf.get_variable is observed",
    ),
    "the evidence of a symbol with other roles": (
        valid(symbols=[LAYER, samples.shared(VARIABLE, "v") | {"same_as": "tf.layers.dense"}]),
        "symbols/1/evidence: not of the roles kernel",
    ),
    "evidence of its own and of another symbol": (
        valid(symbols=[LAYER, {**SHARED[1], "evidence": LAYER["evidence"]}]),
        "symbols/1: ",
    ),
    "draws that are not of the seed call": (
        with_value("symbols/0/evidence/kernel/repeat/tf", value=False),
        "symbols/0/evidence/kernel/repeat/tf: False, where there are draws after that call",
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
    key: f"{key} 9 is newer than {ours}, which this report reads; update the checkout"
    for key, ours in (("schema", reader.SCHEMA), ("protocol", reader.PROTOCOL))
}


@pytest.mark.parametrize(("content", "expected"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_names_file_field_and_what_to_do(
    content: bytes, expected: str, path: Path
) -> None:
    path.write_bytes(content)
    message = refusal(path)
    assert message.startswith(f"1.0.1.json: {expected}")
    assert message.endswith(AGAIN)
    assert message.isprintable()
    assert len(message) < 300


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
    assert reader.observation(path, "1.0.1")[key] == numbers[key] - 1
    path.write_bytes(valid(release={}, **{key: numbers[key] - 1}))
    assert "release: " in refusal(path)
