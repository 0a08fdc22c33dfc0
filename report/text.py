"""Escape untrusted text: one function that cleans it, and on top of it one for each medium.

Text from a release is untrusted. It must not control a terminal, close an element, start a
spreadsheet formula or break a table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable
from functools import lru_cache
from html import escape

_STEERING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~$@!&])")
_TICKS = re.compile(r"`+")
_FORMULAS = ("=", "+", "-", "@", "\N{MINUS SIGN}")
_BREAKS = ("\t", "\r", "\n")
LEAD = 40  # characters of an excerpt before the first difference
CONTINUED = 4  # spaces of indentation of a continuation line


def clean(text: str) -> str:
    """Return a text with control, bidirectional and invalid XML characters as escapes."""
    if text.isprintable():  # the usual case, and much faster
        return text
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def short(text: str | None, limit: int = 90) -> str:
    """Return a text as one clean line of at most ``limit`` characters."""
    line = clean(" ".join((text or "")[: 4 * limit].split()))
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def excerpt(text: str, other: str, limit: int = 90) -> str:
    """Return a text; if it is long, the part around its first difference from the other one."""
    if len(text) <= limit:
        return text
    pairs = enumerate(zip(text, other, strict=False))
    same = next((place for place, (one, two) in pairs if one != two), min(len(text), len(other)))
    start = max(0, same - LEAD) if text != other else 0
    return short(f"…{text[start:]}" if start else text, limit)


def one_line(text: str) -> str:
    """Return a text with every character that is not printable as an escape."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in clean(text))


def dimensions(shape: Iterable[int]) -> str:
    """Return a shape as text: 240\N{MULTIPLICATION SIGN}480."""
    return "\N{MULTIPLICATION SIGN}".join(map(str, shape))


def for_svg(text: str) -> str:
    """Return a text escaped for SVG."""
    return escape(clean(text))


def for_markdown(text: str) -> str:
    """Return a text escaped for Markdown, on one line."""
    return _MARKDOWN.sub(r"\\\1", clean(text.replace("\n", " ")))


def for_markdown_code(text: str) -> str:
    """Return a Markdown code span of any text; escaped text if a table would break the span."""
    line = clean(" ".join(text.split()))
    if not line:
        return ""
    if "|" in line or "\\" in line:
        return for_markdown(line)
    longest = max((len(ticks) for ticks in _TICKS.findall(line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


@lru_cache(4096, typed=True)
def for_spreadsheet(field: Hashable) -> str:
    """Return a field as text that a spreadsheet won't evaluate as a formula.

    The first visible character decides: spreadsheets skip spaces and line breaks before it, and
    read full-width signs as ASCII ones.
    """
    plain = "" if field is None else clean(str(field))
    first = next((char for char in plain if unicodedata.category(char)[0] not in "CZ"), "")
    formula = unicodedata.normalize("NFKC", first)[:1] in _FORMULAS
    return f"'{plain}" if formula or plain[:1] in _BREAKS else plain


def for_terminal(text: str) -> str:
    """Return a text without terminal control characters.

    Lines after the first are indented, so that none looks like a line of the program's own.
    """
    lines = text.replace("\r\n", "\n").replace("\t", " ").split("\n")
    indent = " " * (len(lines[0]) - len(lines[0].lstrip(" ")) + CONTINUED)
    return f"\n{indent}".join(map(one_line, lines))
