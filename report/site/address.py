"""Check the URL at which the site will be published."""

from __future__ import annotations

import os
import re

from report.errors import OptionError
from report.text import short

LAST_PORT = 65535
# URLs that need no escaping in HTML, XML or Markdown.
_ADDRESS = re.compile(
    r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:(?P<port>[0-9]{1,9}))?"
    r"(/([a-z0-9._~@+,=-]|%[0-9a-f]{2})+)*/?",
    re.IGNORECASE,
)
# Patterns of what a site's URL must not have, each with what to write instead.
_FAULTS = (
    (r"(?!https?://)", "http or https only"),
    (r"[^/]*//[^/]*@", "no user and no password"),
    (r".*[?#]", "no query and no fragment"),
    (r".*\s", "write a space as %20"),
    (r".*/(\.|%2e){1,2}(/|$)", "no . or .. in the path"),
    (r"[^/]*//[^/]+/.*\.html?/?$", "the folder, not a page in it"),
)


def published_at(given: str | None) -> str:
    """Return the site's URL with a trailing slash, or an empty string if there is none.

    The option ``given`` overrides SITE_URL. Raise OptionError if it is not a usable URL.
    """
    name = "--address " if given is not None else "SITE_URL="
    address = (os.environ.get("SITE_URL", "") if given is None else given).strip()
    if not address:
        return ""
    if fault := _fault(address):
        raise OptionError(
            f"{name}{_shown(address)}: not the address of a folder on the web: {fault}; "
            "write one like https://example.org/initializers/"
        )
    return address.removesuffix("/") + "/"


def _fault(address: str) -> str | None:
    """Return what is wrong with a site's URL, or None if nothing is."""
    for pattern, fault in _FAULTS:
        if re.match(pattern, address, re.IGNORECASE | re.DOTALL):
            return fault
    found = _ADDRESS.fullmatch(address)
    if not found:
        return "in host and path ASCII letters, digits and ._~@+,=- only, and the rest as %XX"
    return None if 0 < int(found["port"] or 80) <= LAST_PORT else f"a port is 1 to {LAST_PORT}"


def _shown(address: str) -> str:
    """Return a refused URL without what may be a secret: user, password and query."""
    named = re.sub(r".*@", "…@", address, flags=re.DOTALL)
    return short(re.sub(r"([?#]).*", r"\1…", named, flags=re.DOTALL))
