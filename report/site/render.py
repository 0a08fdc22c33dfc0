"""Rendering of templates, and the variables that every page gets.

Evidence is untrusted text: everything that a template prints is escaped for HTML, and control
characters are shown as escapes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from report import places
from report.matrix import Index, with_page
from report.story import Mark, marks, source, wording
from report.text import clean

_BREAK = re.compile(r"(?<=[._(])(?![\d)]|$)")
SHORT = 20  # a name that fits in any column
# Links in the footer of every page, in reading order.
BEHIND = (
    ("Reading a cell", "about.html#cell"),
    ("Method", "about.html#method"),
    ("How this can mislead you", "about.html#mislead"),
)


File = tuple[str, str]  # path in the site, text


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    path: str
    place: int
    shown: Callable[[Index], bool]


_menu: list[_Entry] = []


def in_menu(
    title: str, path: str, *, place: int, shown: Callable[[Index], bool] = lambda _: True
) -> None:
    """Add a page to the menu of every page; a module of `report.site.pages` calls this.

    Entries are ordered by ``place``; ``shown`` returns whether the site has the page.
    """
    _menu.append(_Entry(title=title, path=path, place=place, shown=shown))


def page(index: Index, path: str, template: str, **values: object) -> File:
    """Return a page: its path and its rendered template."""
    common = {
        "page": path,
        "root": "../" * path.count("/"),  # leads to the site's root
        "matrix": index.matrix,
        "built": index.built,
        "seen": len(index.observed),
        "no_change": wording.NO_CHANGE,
        "nothing_compared": wording.NOTHING_COMPARED,
        "behind": BEHIND,
        "kinds": with_page(),
        "menu": menu(index),
        "address": index.address,
        "canonical": canonical(index, path),
    }
    return path, filled(f"pages/{template}.jinja", **common | values)


def canonical(index: Index, path: str) -> str:
    """Return the URL of a page; empty if the site's URL is unknown."""
    return index.address and index.address + ("" if path == "index.html" else path)


def menu(index: Index) -> list[tuple[str, str]]:
    """Return the title and the path of each page in the menu."""
    entries = sorted(_menu, key=lambda entry: entry.place)
    return [(entry.title, entry.path) for entry in entries if entry.shown(index)]


def filled(template: str, **values: object) -> str:
    """Return a rendered template."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(places.TEMPLATES),
        auto_reload=False,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_printed,
    )
    environment.filters["breakable"] = _breakable
    environment.filters["chip"] = _chip
    environment.filters["source"] = source
    environment.filters["lead"] = _lead
    environment.filters["several"] = wording.several
    environment.globals["statuses"] = marks.STATUSES
    environment.globals["marks"] = marks.STATES
    environment.globals["notes"] = marks.NOTES
    environment.globals["unrecorded"] = marks.SILENT
    return environment


def _printed(value: object) -> object:
    """Escape control characters in a value, unless it is a macro's output, which has none."""
    if isinstance(value, str) and not value.isprintable() and not isinstance(value, Markup):
        return clean(value)
    return value


def _lead(markup: Markup) -> Markup:
    """Return the first paragraph of markup, without its closing tag."""
    return markup.partition("</p>")[0]


@cache
def _chip(mark: Mark) -> Markup:
    """Return a mark as HTML, rendered once: pages show few different ones, thousands of times."""
    chip: Markup = _environment().get_template("parts/macros.jinja").module.chip(mark)  # type: ignore[attr-defined]
    return chip


@cache
def _breakable(text: str) -> Markup:
    """Let long words break after their dots, underscores and brackets, but in no number."""
    if len(text) <= SHORT:
        return Markup.escape(clean(text))
    words = (
        _BREAK.sub("<wbr>", Markup.escape(word)) if len(word) > SHORT else Markup.escape(word)
        for word in clean(text).split(" ")
    )
    return Markup(" ".join(words))  # noqa: S704 - each word is escaped
