"""The HTML pages: one module per kind of page, with a function `pages` that yields them.

To add a kind, add a module here, which is found by itself, and a template in templates/pages/. A
page in the menu is declared in its module by `render.in_menu`; any other needs a link that leads to
it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules

from report.matrix import Index
from report.site.render import File

PAGES: tuple[Callable[[Index], Iterator[File]], ...] = tuple(
    import_module(f"{__name__}.{module.name}").pages for module in iter_modules(__path__)
)


def files(index: Index) -> Iterator[File]:
    """Yield the path and the text of every page."""
    for pages in PAGES:
        yield from pages(index)
