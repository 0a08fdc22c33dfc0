"""The records of a judgement: the law of a cell, and whether its evidence agrees."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the measured weights come to.

    ``name`` is the initializer's standard name, or of ``families.NO_LAW``; ``also`` names
    the families that give the same law at every shape that was drawn; ``note`` says
    the nearest miss, or what is odd, where nothing fits. ``at`` says what each shape shows by
    itself, where that differs.
    """

    name: str
    also: tuple[str, ...] = ()
    note: str | None = None
    at: tuple[tuple[tuple[int, ...], str], ...] = ()


class Accord(StrEnum):
    """Whether declared and resolved agree with what was measured."""

    AGREE = "agree"
    CONFLICT = "conflict"
    NOT_COMPARED = "not compared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """An answer, and its text: what was compared, which two disagree, or why nothing was."""

    state: Accord
    text: str
