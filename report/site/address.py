"""The address that a site is published at, by which what leaves the site names its pages."""

from __future__ import annotations

import os
import re

from report.errors import OptionError
from report.text import short

VARIABLE = "SITE_URL"
# What needs no escape in HTML, XML, Markdown and the address of a badge.
_ADDRESS = re.compile(
    r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(/[a-z0-9._~%@+,=-]+)*/?", re.IGNORECASE
)


def published_at(given: str | None) -> str:
    """Return the address of a site, which ends in a slash; empty where none is given.

    What is given goes before the environment's. Raises OptionError where it is no address.
    """
    name = "--address " if given is not None else f"{VARIABLE}="
    address = (os.environ.get(VARIABLE, "") if given is None else given).strip()
    if not address:
        return ""
    if not _ADDRESS.fullmatch(address):
        raise OptionError(
            f"{name}{short(address)}: not the address of a folder on the web; "
            "write one like https://example.org/initializers/"
        )
    return address.removesuffix("/") + "/"
