"""The kinds of pages: a module for each, named like its template, that has a function `pages`.

To add one is to add a module here and a template in templates/pages/.
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
    """Yield every page: its path in the site, and its text."""
    for pages in PAGES:
        yield from pages(index)
