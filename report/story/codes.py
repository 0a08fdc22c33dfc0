"""The short codes of cells: the theory's for laws, letters for any other value."""

from __future__ import annotations

from dataclasses import dataclass

from report.matrix import MEASURED, STORY, Cell, Index, Kind, Row
from report.story import wording
from report.story.wording import Mark
from report.text import short
from report.verdict import families

LONGEST = 400
SILENT = "silent"
# What a kind of law is filled with in pictures that stand alone, on white.
HUES = {"uniform": "#8fc1f4", "normal": "#ffe2a8", "constant": "#f1f3f5", "other": "#c98fc4"}
FILLS = "".join(f".{kind}{{fill:{hue}}}" for kind, hue in HUES.items())
TINTS = tuple(HUES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the legend: a code or glyph and what it stands for."""

    code: str
    text: str
    style: str
    meaning: str = ""


class Codes:
    """The short codes of one table: the theory's for verdicts, letters for any other value."""

    def __init__(self, kind: Kind) -> None:
        """Start a table's codes; letters follow the order in which values are met."""
        self.kind = kind
        self.met: dict[str, Entry] = {}

    def entry(self, value: str) -> Entry:
        """Return a value's code, word and tint."""
        if value not in self.met:
            law = self.kind is MEASURED
            self.met[value] = self._law(value) if law else self._letter(value)
        return self.met[value]

    def _law(self, value: str) -> Entry:
        return Entry(code=families.code(value), text=value, style=families.kind(value))

    def _letter(self, value: str) -> Entry:
        met = len(self.met)
        text = short(value, LONGEST)
        style = "constant" if value == SILENT else TINTS[met % len(TINTS)]
        return Entry(code=letters(met), text=text, style=style)


def entry(index: Index, row: Row, cell: Cell, codes: Codes | None = None) -> Entry:
    """Return what a row says in one release: a value (its law by default) or a state without."""
    codes = codes or Codes(MEASURED)
    value = codes.kind.value(cell)
    mark = wording.mark(index, row, cell, value)
    if mark:
        return Entry(code=mark.glyph, text=mark.word, style=mark.style)
    return codes.entry(value or "")


def letters(index: int) -> str:
    """Count in letters: A to Z, then AA, AB and on."""
    rest, last = divmod(index, 26)
    return (letters(rest - 1) if rest else "") + chr(ord("A") + last)


def note(cell: Cell, kind: Kind) -> Mark | None:
    """Return what is to be said of a value beside its name."""
    if kind in STORY and cell.conflict:
        return wording.CONFLICT
    several = kind is MEASURED and cell.verdict and cell.verdict.also
    return wording.SEVERAL if several else None
