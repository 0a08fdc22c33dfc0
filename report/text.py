"""Foreign text made harmless: one clean-up, and on it an escape for each medium.

What a release returns is untrusted. None of it may steer a reader's screen, end an element, start a
formula or break a table.
"""

from __future__ import annotations

import re
import unicodedata
from html import escape

_STEERING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~$@!&])")
_TICKS = re.compile(r"`+")
_FORMULAS = ("=", "+", "-", "@", "\N{MINUS SIGN}")
_BREAKS = ("\t", "\r", "\n")
CONTINUED = 4  # spaces before a line that goes on


def clean(text: str) -> str:
    """Show characters that would steer the reader's screen or break XML as their escapes."""
    if text.isprintable():  # as nearly all are, and far sooner seen
        return text
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def short(text: str | None, limit: int = 90) -> str:
    """Return a text as one clean line, cut where it would burst one."""
    line = clean(" ".join((text or "")[: 4 * limit].split()))
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def one_line(text: str) -> str:
    """Return a text of which every character is seen, those that are not printable as escapes."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in clean(text))


def for_svg(text: str) -> str:
    """Return a text that SVG shows as it is."""
    return escape(clean(text))


def for_markdown(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    return _MARKDOWN.sub(r"\\\1", clean(text.replace("\n", " ")))


def for_markdown_code(text: str) -> str:
    """Return a code span that holds any text, in a table too."""
    line = clean(" ".join(text.split()))
    if not line:
        return ""
    if "|" in line or "\\" in line:
        return for_markdown(line)
    longest = max((len(ticks) for ticks in _TICKS.findall(line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def for_spreadsheet(field: object) -> str:
    """Return a field that a spreadsheet won't take for a formula.

    What decides is the first character that can be seen: spreadsheets drop spaces and line
    ends before it, and read full-width signs as the common ones.
    """
    plain = "" if field is None else clean(str(field))
    first = next((char for char in plain if unicodedata.category(char)[0] not in "CZ"), "")
    formula = unicodedata.normalize("NFKC", first)[:1] in _FORMULAS
    return f"'{plain}" if formula or plain[:1] in _BREAKS else plain


def for_terminal(text: str) -> str:
    """Return a text that can't move a terminal's cursor.

    What follows a line break of its own is indented, so that it is never taken for a line of ours.
    """
    lines = text.replace("\r\n", "\n").replace("\t", " ").split("\n")
    indent = " " * (len(lines[0]) - len(lines[0].lstrip(" ")) + CONTINUED)
    return f"\n{indent}".join(map(one_line, lines))
