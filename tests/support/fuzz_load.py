"""Feed the report mutated observations: each is used or refused, and nothing else happens.

Run as ``python -m tests.support.fuzz_load [--count N] [--first N]``. Mutation N is the same on
every machine, so ``--first N --count 1`` shows a crash again.
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
from tests.support import samples

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Container = dict[str, Any] | list[Any]
    Place = tuple[Container, Any]  # a container, and a key or index that it holds

WHOLE, MUTATED = "1.0.1", "1.1.0"
VALID = json.dumps(samples.observation(MUTATED))
TEXTS = ("glorot_uniform", "VarianceScaling", "absent", "failed", "kernel", "weights", "fan_in")
HOSTILE: tuple[object, ...] = (
    *(None, True, False, 0, 1, -1, 2, 1.5, -0.0, 5e-324, 1e-30, 1e38, 1e308, 2**53, 10**30),
    *(float("nan"), float("inf"), float("-inf"), "", "0", "x" * 20_001, "\ud800", "\x00\x1b[2J"),
    *("</script>", *TEXTS),
    *([], {}, [[]], [None], [0], [2] * 400, {"": {}}, {"\udfff": 0}, {"scale": "2", "mode": []}),
)


def places(data: Container) -> list[Place]:
    """Return every place inside a JSON value."""
    found: list[Place] = []
    boxes = [data]
    for box in boxes:
        for key, item in box.items() if isinstance(box, dict) else enumerate(box):
            found.append((box, key))
            if isinstance(item, dict | list):
                boxes.append(item)
    return found


def hostile(draw: random.Random) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value that should not be where it is put."""
    return copy.deepcopy(draw.choice(HOSTILE))


def delete(draw: random.Random, data: dict[str, Any]) -> None:
    """Take one value away."""
    container, key = draw.choice(places(data))
    del container[key]


def replace(draw: random.Random, data: dict[str, Any]) -> None:
    """Put a hostile value in one's place."""
    container, key = draw.choice(places(data))
    container[key] = hostile(draw)


def change(draw: random.Random, data: dict[str, Any]) -> None:
    """Put another value of the same kind in one's place: often it is evidence as good."""
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
    """Copy one place's value to another place."""
    (source, at), (target, key) = (draw.choice(places(data)) for _ in range(2))
    target[key] = copy.deepcopy(source[at])


def insert(draw: random.Random, data: dict[str, Any]) -> None:
    """Add a value: a key that nobody knows, or one more item."""
    found = [data, *(box[key] for box, key in places(data) if isinstance(box[key], dict | list))]
    container = draw.choice(found)
    if isinstance(container, dict):
        container[draw.choice(("surprise", "", "\ud800", "mean", "bias"))] = hostile(draw)
    else:
        item = draw.choice((hostile(draw), *container[:1]))
        container.insert(draw.randint(0, len(container)), copy.deepcopy(item))


def bury(draw: random.Random, data: dict[str, Any]) -> None:
    """Wrap one value in brackets."""
    container, key = draw.choice(places(data))
    for _ in range(draw.choice((1, 20, 32, 250))):
        container[key] = [container[key]]


def truncate(draw: random.Random, content: bytearray) -> None:
    """End the file early."""
    del content[draw.randrange(len(content)) :]


def flip(draw: random.Random, content: bytearray) -> None:
    """Change some bytes."""
    for _ in range(draw.randint(1, 4)):
        content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)


def repeat(draw: random.Random, content: bytearray) -> None:
    """Write a part of the file twice."""
    start = draw.randrange(len(content))
    part = content[start : start + draw.randint(1, 400)]
    content[start:start] = part


def dig(draw: random.Random, content: bytearray) -> None:
    """Open more brackets than a parser can follow."""
    start = content.find(b": ", draw.randrange(len(content))) + 2
    content[start:start] = draw.choice((b"[", b'{"a": ')) * 100_000


IN_TREE: tuple[Callable[[random.Random, dict[str, Any]], None], ...] = (
    *(delete, replace, change, change, change, swap, insert, bury),
)
IN_BYTES: tuple[Callable[[random.Random, bytearray], None], ...] = (truncate, flip, repeat, dig)


def mutated(draw: random.Random) -> bytes:
    """Return a valid observation after some mutations of its tree, or one of its bytes."""
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
    """Give a root a table of two releases and the first one's observation; return the other's."""
    (root / "probes").mkdir()
    text = samples.table(samples.row(WHOLE), samples.row(MUTATED))
    (root / "probes" / "releases.toml").write_text(text, encoding="utf-8")
    folder = root / "observations" / samples.PLATFORM
    samples.store(folder, samples.observation(WHOLE), WHOLE)
    return folder / f"{MUTATED}.json"


def outcome(root: Path, path: Path, content: bytes) -> str:
    """Return what becomes of an observation: accepted or refused; raises what the report does."""
    path.write_bytes(content)
    found = build.build_matrix(root, samples.PLATFORM)
    if not found.problems:
        return "accepted"
    problem, *others = found.problems
    if others or not (problem.startswith(f"{path.name}: ") and problem.isprintable()):
        raise AssertionError(found.problems)
    return "refused"


def run(first: int, count: int) -> Counter[str]:
    """Count what becomes of some mutations, and show the first crash."""
    tally: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("error")
        path = prepare(Path(folder))
        for number in range(first, first + count):
            content = mutated(random.Random(number))  # noqa: S311 - to be repeated, not secret
            try:
                tally[outcome(Path(folder), path, content)] += 1
            except Exception:  # noqa: BLE001 - whatever it is, it is what was looked for
                if not tally["crashed"]:
                    sys.stderr.write(f"mutation {number}: {traceback.format_exc()}")
                tally["crashed"] += 1
            if number % 1000 == 0:
                verdict_of.cache_clear()  # hardly two mutations are equal
    return tally


def main(arguments: Sequence[str] | None = None) -> int:
    """Print how many were accepted, refused and crashed; return 1 if any crashed."""
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
