"""The table of the kinds of evidence in which two releases can differ.

A new kind needs a row in ``KINDS``; its runs, changes, lane and page, and its entries in the feed,
the CSV and the JSON, follow from that.

The value of a kind with numbers is relative: it names the epoch of a cell (``epochs.py``).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from report.evidence import Decides, Evidence, Reuse, Seeded, State, Unseeded
from report.verdict import NO_LAW, Alike, Relation, alike, numbers

if TYPE_CHECKING:
    from report.matrix.records import Cell


class Level(IntEnum):
    """How much a change matters: SEEDED is numbers and reuse, FINE warnings and spelling."""

    LAW = 0
    SEEDED = 1
    EXISTENCE = 2
    FINE = 3


class Kind(msgspec.Struct, frozen=True, eq=False):
    """A kind of evidence. Instances compare by identity.

    ``key`` is the stable identifier used in data, URLs and ids; ``title`` and ``question`` are
    shown on pages. ``read`` returns the value of an observed cell as text; None if this kind was
    not recorded or does not apply. ``level`` says how much a change matters. ``samples`` returns
    the draws by whose numbers two cells are compared; None for other kinds.
    """

    key: str
    title: str
    question: str
    read: Callable[[Cell], str | None]
    level: Level = Level.FINE
    samples: Callable[[Evidence], numbers.Samples] | None = None

    @property
    def page(self) -> str:
        """The URL of the kind's page, relative to the site's root; index.html for the laws."""
        return "index.html" if self in LAW else f"{self.key}.html"

    def value(self, cell: Cell) -> str | None:
        """Return a cell's value as text; None if it has none."""
        return self.read(cell) if cell.state is State.OBSERVED or self is EXISTENCE else None

    def bare(self, cell: Cell) -> str | None:
        """Return a cell's value without the epoch of its numbers; None if nothing is left."""
        return self.value(replace(cell, epochs={}))

    def relate(self, before: Cell, after: Cell) -> Relation | None:
        """Return how the numbers of two cells compare; None if the kind or neither cell has any."""
        if self.samples is None:
            return None
        was, now = before.evidence, after.evidence
        laws = {cell.law for cell in (before, after) if cell.law}
        return numbers.relation(
            self.samples(was),
            self.samples(now),
            (*was.measured, *now.measured),
            same_law=len(laws - NO_LAW) < 2,  # noqa: PLR2004 - two cells
        )


def _existence(cell: Cell) -> str | None:
    return {State.OBSERVED: "present", State.ABSENT: State.ABSENT.value}.get(cell.state)


def _law(cell: Cell) -> str | None:
    return cell.law


def _declared(cell: Cell) -> str | None:
    return str(cell.evidence.declared) if cell.evidence.declared else None


def _resolved(cell: Cell) -> str | None:
    resolved = cell.evidence.resolved
    return _call(resolved.class_name, msgspec.json.encode(resolved.config)) if resolved else None


@cache
def _call(class_name: str, config: bytes) -> str:
    arguments = sorted(json.loads(config).items())
    return f"{class_name}({', '.join(f'{key}={json.dumps(each)}' for key, each in arguments)})"


def _numbers(cell: Cell) -> str | None:
    epoch = cell.epochs.get(NUMBERS.key)
    return f"the numbers of {epoch}" if epoch else None


def _repeat(cell: Cell) -> str | None:
    repeat = cell.evidence.repeat
    if not repeat:
        return None
    tensorflow, keras = REPEATS[repeat.tf], REPEATS[repeat.keras]
    return f"tf.random.set_seed: {tensorflow}; keras.utils.set_random_seed: {keras}"


def _own_seed(cell: Cell) -> str | None:
    own, epoch = cell.evidence.own_seed, cell.epochs.get(OWN_SEED.key)
    if not own:
        return None
    return _DECIDES[own.decides] + (f"; the numbers of {epoch}" if epoch else "")


def _reuse(cell: Cell) -> str | None:
    return _reuse_text(cell.evidence.reuse) if cell.evidence.reuse else None


@cache
def _reuse_text(reuse: Reuse) -> str:
    parts = [f"without a seed: {_likenesses(reuse.unseeded)}"]
    if reuse.seeded:
        parts.append(f"with a seed: {_likenesses(reuse.seeded)}")
    return "; ".join([*parts, *(["it warns"] if reuse.warns else [])])


def _likenesses(draws: Unseeded | Seeded) -> str:
    """Return how much an object's first draw is like others, as "the same again, …"."""
    others: dict[Alike, list[str]] = {}
    for other, text in _OTHERS.items():
        if hasattr(draws, other):
            others.setdefault(alike(getattr(draws, other)), []).append(text)
    if len(others) == 1:
        return f"{next(iter(others))} each time"
    return ", ".join(f"{how} {' and '.join(others[how])}" for how in Alike if how in others)


def _scope(cell: Cell) -> str | None:
    scope = cell.evidence.scope
    return None if scope is None else _SCOPES[scope]


def _notices(cell: Cell) -> str | None:
    return "\n".join(cell.evidence.notices) or "silent"


REPEATS = {True: "yes", False: "no", None: "not there"}
_DECIDES = {
    Decides.OWN: "its own seed alone decides",
    Decides.BOTH: "its own seed and the global one decide",
    Decides.NEITHER: "neither seed repeats it",
}
_OTHERS = {
    "again": "again",
    "shape": "at another shape",
    "object": "in another object",
    "object_shape": "in another object at another shape",
    "copy": "in a copy",
    "seed": "with another seed",
}
_SCOPES = {True: "yields to the scope", False: "keeps its own"}

EXISTENCE = Kind("existence", "Existence", "Does the release have it?", _existence, Level.EXISTENCE)
MEASURED = Kind("measured", "Measured", "What do the weights look like?", _law, Level.LAW)
DECLARED = Kind("declared", "Declared", "What does the signature say?", _declared)
RESOLVED = Kind("resolved", "Resolved", "Which initializer does it come to?", _resolved)
NUMBERS = Kind(
    "numbers",
    "Numbers",
    "After one seed call, are they the same numbers as in the release before?",
    _numbers,
    Level.SEEDED,
    numbers.after_seed_calls,
)
REPEAT = Kind(
    "repeat",
    "Repeat",
    "Does the usual seed call, in 1.x tf.set_random_seed, repeat them?",
    _repeat,
    Level.SEEDED,
)
OWN_SEED = Kind(
    "own_seed",
    "Own seed",
    "Does an initializer's own seed decide alone, and are the numbers the same?",
    _own_seed,
    Level.SEEDED,
    numbers.after_own_seed,
)
REUSE = Kind(
    "reuse",
    "Reuse",
    "What does one initializer object give when it is used twice?",
    _reuse,
    Level.SEEDED,
)
SCOPE = Kind("scope", "Scope", "Does it yield to the initializer of a variable scope?", _scope)
NOTICES = Kind("notices", "Notices", "Does it warn?", _notices)
KINDS = [EXISTENCE, MEASURED, DECLARED, RESOLVED, NUMBERS, REPEAT, OWN_SEED, REUSE, SCOPE, NOTICES]

# A law appears and disappears with its symbol: both share a lane and a page.
LAW = (MEASURED, EXISTENCE)
# The three kinds that must agree: the signature, what it resolves to, and the weights.
TO_AGREE = (DECLARED, RESOLVED, MEASURED)


def fine() -> tuple[Kind, ...]:
    """Return the kinds of warnings and spelling."""
    return tuple(kind for kind in KINDS if kind.level is Level.FINE)


def others() -> tuple[Kind, ...]:
    """Return the kinds that are not about the law."""
    return tuple(kind for kind in KINDS if kind not in LAW)


def with_page() -> tuple[Kind, ...]:
    """Return the kinds that have a page and a lane of their own."""
    return (MEASURED, *others())


def lanes() -> tuple[Kind, ...]:
    """Return the kinds in the order of a symbol's page."""
    return (*TO_AGREE, *(kind for kind in others() if kind not in TO_AGREE))
