"""The processors on which releases were run in an emulator: other ones of the x86-64 kind.

Every byte compared was that of the stored observations, which a processor with AVX-512 gave.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from report.story import wording


class Processor(msgspec.Struct, frozen=True, kw_only=True):
    """A release that was run on an emulated processor, and what of it was compared."""

    release: str
    name: str
    extensions: str
    emulator: str
    day: date
    compared: str


PROCESSORS = tuple(
    Processor(
        release=release,
        name=name,
        extensions=extensions,
        emulator="QEMU 7.2",
        day=date(2026, 11, day),
        compared="all symbols",
    )
    for release, name, extensions, day in (
        ("1.0.1", "Haswell", "AVX2", 27),
        ("1.8.0", "Haswell", "AVX2", 26),
        ("2.9.3", "Haswell", "AVX2", 26),
        ("2.21.0", "Haswell", "AVX2", 27),
        ("2.21.0", "SandyBridge", "AVX alone", 26),
    )
)


def names() -> str:
    """Return the emulated processors with their vector instructions, as text."""
    return _and(f"{each.name} ({each.extensions})" for each in PROCESSORS)


def tried() -> str:
    """Return the releases that were run on an emulated processor, as text."""
    return _and(each.release for each in PROCESSORS)


def _and(texts: Iterable[str]) -> str:
    """Return different texts as an enumeration: a, b and c."""
    return wording.plain(wording.listed(list(dict.fromkeys(texts))))
