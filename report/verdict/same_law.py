"""Whether two draws are one law: by the law's identity, never by the name of a verdict."""

from __future__ import annotations

from report.verdict.families import NO_LAW
from report.verdict.records import Verdict


def same_law(one: Verdict | None, other: Verdict | None) -> bool:
    """Whether two draws were recognised as one law: by its identity, never by a verdict's name.

    What no law was recognised in is the same as nothing, not even as another of its kind.
    """
    if one is None or other is None or {one.name, other.name} & NO_LAW:
        return False
    return bool({one.name, *one.also} & {other.name, *other.also})
