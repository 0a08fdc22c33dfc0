"""Fuzz the report with mutated observations: each must be accepted or refused, without a crash.

Run as ``python -m tests.support.fuzz_load [--count N] [--first N]``. Mutation N is the same on
every machine, so ``--first N --count 1`` reproduces a crash.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from report.matrix import build
from report.verdict.judge import verdict_of
from tests.support import roots, samples

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Container = dict[str, Any] | list[Any]
    Place = tuple[Container, Any]  # a container, and a key or index that it holds

WHOLE, MUTATED = "1.0.1", "1.1.0"
LAYER = samples.dense()
SYMBOLS = [LAYER, samples.variable(), samples.shared(LAYER, "tf.compat.v1.layers.dense")]
VALID = json.dumps(samples.observation(MUTATED, symbols=SYMBOLS))
TEXTS = ("glorot_uniform", "VarianceScaling", "absent", "failed", "kernel", "weights", "fan_in")
HOSTILE: tuple[object, ...] = (
    *(None, True, False, 0, 1, -1, 2, 1.5, -0.0, 5e-324, 1e-30, 1e38, 1e308, 2**53, 10**30),
    *(float("nan"), float("inf"), float("-inf"), "", "0", "x" * 20_001, "\ud800", "\x00\x1b[2J"),
    *("</script>", *TEXTS),
    *([], {}, [[]], [None], [0], [2] * 400, {"": {}}, {"\udfff": 0}, {"scale": "2", "mode": []}),
)


def places(data: Container) -> list[Place]:
    """Return every place in a JSON value: its container, and the key or index there."""
    found: list[Place] = []
    boxes = [data]
    for box in boxes:
        for key, item in box.items() if isinstance(box, dict) else enumerate(box):
            found.append((box, key))
            if isinstance(item, dict | list):
                boxes.append(item)
    return found


def hostile(draw: random.Random) -> Any:  # noqa: ANN401 - any JSON value
    """Return a random value that is unlikely to be valid."""
    return copy.deepcopy(draw.choice(HOSTILE))


def delete(draw: random.Random, data: dict[str, Any]) -> None:
    """Delete a random value."""
    container, key = draw.choice(places(data))
    del container[key]


def replace(draw: random.Random, data: dict[str, Any]) -> None:
    """Replace a random value by a hostile one."""
    container, key = draw.choice(places(data))
    container[key] = hostile(draw)


def change(draw: random.Random, data: dict[str, Any]) -> None:
    """Replace a random value by another of the same type, which is often valid."""
    container, key = draw.choice(places(data))
    old = container[key]
    if isinstance(old, bool) or old is None:
        container[key] = draw.choice((True, False, None, "1.0"))
    elif isinstance(old, int | float):
        container[key] = old * draw.choice((0, 0.5, 0.999, 1.5, -1)) + draw.choice((0, 1))
    elif isinstance(old, str):
        container[key] = draw.choice(TEXTS)
    else:
        container[key] = dict(reversed(old.items())) if isinstance(old, dict) else old[::-1]


def swap(draw: random.Random, data: dict[str, Any]) -> None:
    """Copy a random value to another random place."""
    (source, at), (target, key) = (draw.choice(places(data)) for _ in range(2))
    target[key] = copy.deepcopy(source[at])


def insert(draw: random.Random, data: dict[str, Any]) -> None:
    """Add an unknown key to a random object, or an item to a random array."""
    found = [data, *(box[key] for box, key in places(data) if isinstance(box[key], dict | list))]
    container = draw.choice(found)
    if isinstance(container, dict):
        container[draw.choice(("surprise", "", "\ud800", "mean", "bias"))] = hostile(draw)
    else:
        item = draw.choice((hostile(draw), *container[:1]))
        container.insert(draw.randint(0, len(container)), copy.deepcopy(item))


def bury(draw: random.Random, data: dict[str, Any]) -> None:
    """Nest a random value in 1 to 250 arrays."""
    container, key = draw.choice(places(data))
    for _ in range(draw.choice((1, 20, 32, 250))):
        container[key] = [container[key]]


def truncate(draw: random.Random, content: bytearray) -> None:
    """Truncate the file."""
    del content[draw.randrange(len(content)) :]


def flip(draw: random.Random, content: bytearray) -> None:
    """Flip some bits."""
    for _ in range(draw.randint(1, 4)):
        content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)


def repeat(draw: random.Random, content: bytearray) -> None:
    """Duplicate a part of the file."""
    start = draw.randrange(len(content))
    part = content[start : start + draw.randint(1, 400)]
    content[start:start] = part


def dig(draw: random.Random, content: bytearray) -> None:
    """Insert more brackets than a parser can nest."""
    start = content.find(b": ", draw.randrange(len(content))) + 2
    content[start:start] = draw.choice((b"[", b'{"a": ')) * 100_000


IN_TREE: tuple[Callable[[random.Random, dict[str, Any]], None], ...] = (
    *(delete, replace, change, change, change, swap, insert, bury),
)
IN_BYTES: tuple[Callable[[random.Random, bytearray], None], ...] = (truncate, flip, repeat, dig)


def mutated(draw: random.Random) -> bytes:
    """Return a valid observation with one to three mutations of its JSON, or one of its bytes."""
    data = json.loads(VALID)
    if draw.random() < 1 / 4:
        content = bytearray(VALID.encode())
        draw.choice(IN_BYTES)(draw, content)
        return bytes(content)
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        draw.choice(IN_TREE)(draw, data)
        if not data:
            break
    return json.dumps(data).encode()


def prepare(root: Path) -> Path:
    """Make a checkout of two releases, the first observed; return the other observation's path."""
    roots.table(root, samples.table(samples.row(WHOLE), samples.row(MUTATED)))
    roots.store(root, WHOLE)
    return roots.at(root, MUTATED)


def outcome(root: Path, path: Path, content: bytes) -> str:
    """Return whether the report accepts or refuses an observation; raise what the report raises."""
    path.write_bytes(content)
    found = build.build_matrix(root, samples.PLATFORM)
    if not found.problems:
        return "accepted"
    problem, *others = found.problems
    if others or not (problem.startswith(f"{path.name}: ") and problem.isprintable()):
        raise AssertionError(found.problems)
    return "refused"


def run(first: int, count: int) -> Counter[str]:
    """Return the counts of the outcomes of some mutations, and print the first crash."""
    tally: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("error")
        path = prepare(Path(folder))
        for number in range(first, first + count):
            content = mutated(random.Random(number))  # noqa: S311 - to be repeated, not secret
            try:
                tally[outcome(Path(folder), path, content)] += 1
            except Exception:  # noqa: BLE001 - any exception is a crash
                if not tally["crashed"]:
                    sys.stderr.write(f"mutation {number}: {traceback.format_exc()}")
                tally["crashed"] += 1
            if number % 1000 == 0:
                verdict_of.cache_clear()  # else it would grow, as mutations are rarely equal
    return tally


def main(arguments: Sequence[str] | None = None) -> int:
    """Run some mutations and print the counts of their outcomes; return 1 if any crashed."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.fuzz_load", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="how many mutations")
    parser.add_argument("--first", type=int, default=0, help="the first one's number")
    options = parser.parse_args(arguments)
    tally = run(options.first, options.count)
    figures = ", ".join(f"{tally[key]:,} {key}" for key in ("accepted", "refused", "crashed"))
    sys.stdout.write(f"{tally.total():,} mutations: {figures}\n")
    return 1 if tally["crashed"] else 0


if __name__ == "__main__":
    sys.exit(main())
