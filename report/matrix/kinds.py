"""The table of the kinds of evidence in which two releases can differ.

A new kind needs a row in ``KINDS``; its runs, changes, lane and page, and its entries in the feed,
the CSV and the JSON, follow from that.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from report.evidence import State

if TYPE_CHECKING:
    from report.matrix.records import Cell


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A kind of evidence. Instances compare by identity.

    ``key`` is the stable identifier used in data, URLs and ids; ``title`` and ``question`` are
    shown on pages. ``read`` returns the value of an observed cell as text; None if this kind was
    not recorded or does not apply.
    """

    key: str
    title: str
    question: str
    read: Callable[[Cell], str | None]

    def __str__(self) -> str:
        return self.key

    @property
    def page(self) -> str:
        """The URL of the kind's page, relative to the site's root; index.html for the laws."""
        return "index.html" if self is MEASURED else f"{self.key}.html"

    def value(self, cell: Cell) -> str | None:
        """Return a cell's value as text; None if it has none."""
        return self.read(cell) if cell.state is State.OBSERVED or self is EXISTENCE else None


def _existence(cell: Cell) -> str | None:
    return {State.OBSERVED: "present", State.ABSENT: State.ABSENT.value}.get(cell.state)


def _law(cell: Cell) -> str | None:
    return cell.verdict.name if cell.verdict else None


def _declared(cell: Cell) -> str | None:
    return str(cell.declared) if cell.declared else None


def _resolved(cell: Cell) -> str | None:
    resolved = cell.evidence.resolved
    if not resolved:
        return None
    config = sorted(resolved.config.items())
    arguments = ", ".join(f"{key}={json.dumps(argument)}" for key, argument in config)
    return f"{resolved.class_name}({arguments})"


def _repeat(cell: Cell) -> str | None:
    repeat = cell.evidence.repeat
    return f"tf {_REPEATS[repeat.tf]}, keras {_REPEATS[repeat.keras]}" if repeat else None


def _reuse(cell: Cell) -> str | None:
    reuse = cell.evidence.reuse
    if not reuse:
        return None
    unseeded, seeded = _REUSES[reuse.unseeded], _REUSES[reuse.seeded]
    return f"without a seed: {unseeded}; with a seed: {seeded}"


def _scope(cell: Cell) -> str | None:
    scope = cell.evidence.scope
    return None if scope is None else _SCOPES[scope]


def _notices(cell: Cell) -> str | None:
    return "\n".join(cell.evidence.notices) or "silent"


_REPEATS = {True: "repeats", False: "differs", None: "does not apply"}
_REUSES = {True: "the same again", False: "new numbers", None: "does not apply"}
_SCOPES = {True: "yields to the scope", False: "keeps its own"}

EXISTENCE = Kind("existence", "Existence", "Does the release have it?", _existence)
MEASURED = Kind("measured", "Measured", "What do the weights look like?", _law)
DECLARED = Kind("declared", "Declared", "What does the signature say?", _declared)
RESOLVED = Kind("resolved", "Resolved", "Which initializer does it come to?", _resolved)
REPEAT = Kind("repeat", "Repeat", "Does the usual seed call repeat it?", _repeat)
REUSE = Kind(
    "reuse", "Reuse", "What does one initializer object give when it is used twice?", _reuse
)
SCOPE = Kind("scope", "Scope", "Does it yield to the initializer of a variable scope?", _scope)
NOTICES = Kind("notices", "Notices", "Does it warn?", _notices)
KINDS = [EXISTENCE, MEASURED, DECLARED, RESOLVED, REPEAT, REUSE, SCOPE, NOTICES]

# A law appears and disappears with its symbol: both share a lane and a page.
LAW = (MEASURED, EXISTENCE)
# The three kinds that must agree: the signature, what it resolves to, and the weights.
TO_AGREE = (DECLARED, RESOLVED, MEASURED)


def with_page() -> tuple[Kind, ...]:
    """Return the kinds that have a page and a lane of their own, ``MEASURED`` first."""
    return tuple(kind for kind in KINDS if kind is not EXISTENCE)


def lanes() -> tuple[Kind, ...]:
    """Return the kinds in the order of a symbol's page."""
    return (*TO_AGREE, *others(TO_AGREE))


def others(known: tuple[Kind, ...] = LAW) -> tuple[Kind, ...]:
    """Return the kinds with a page that are not in ``known``."""
    return tuple(kind for kind in with_page() if kind not in known)
