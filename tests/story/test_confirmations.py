"""Test the sentences about when observations were last confirmed."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from report.evidence import Confirmed
from report.matrix import Index
from report.story import confirmations, marks
from tests.support import world

QEMU = "qemu-aarch64 7.2.22"
RELEASE = world.RELEASES[0]
ALL_OF_THREE = "On record are confirmations of 3 of 3 observations"
FILES = {release.version: b"{}" for release in world.RELEASES[:3]}


def on(
    day: str,
    where: str = "local",
    commit: str | None = "f560ad1b2c3d",
    emulator: str | None = None,
) -> Confirmed:
    """Return a confirmation of a day."""
    return Confirmed(
        date=date.fromisoformat(day),
        where=where,
        python="3.6.15",
        commit=commit,
        emulator=emulator,
        observation="0123456789abcdef",
    )


@pytest.mark.parametrize(
    ("confirmed", "words"),
    [
        (None, marks.SILENT.text),
        (on("2026-11-26"), "2026-11-26, locally, CPython 3.6.15, commit f560ad1b2c3d"),
        (on("2026-11-26", commit=None), "2026-11-26, locally, CPython 3.6.15"),
        (
            on("2026-11-20", "GitHub Actions run 123", "f560ad1 with changes"),
            "2026-11-20, by GitHub Actions run 123, CPython 3.6.15, commit f560ad1 with changes",
        ),
        (
            on("2026-11-27", commit=None, emulator=QEMU),
            "2026-11-27, locally, emulated by qemu-aarch64 7.2.22, CPython 3.6.15",
        ),
    ],
)
def test_of_a_release(confirmed: Confirmed | None, words: str) -> None:
    assert confirmations.of_release(replace(RELEASE, confirmed=confirmed)) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((), "No confirmation is on record yet."),
        (("2026-11-26",) * 3, f"{ALL_OF_THREE}, of 2026-11-26."),
        (("2026-11-26",), "On record are confirmations of 1 of 3 observations, of 2026-11-26."),
        (
            ("2026-11-26", "2026-11-20", "2026-11-22"),
            f"{ALL_OF_THREE}, the oldest of 2026-11-20 and the newest of 2026-11-26.",
        ),
    ],
)
def test_of_all(days: tuple[str, ...], words: str) -> None:
    known = [on(day) for day in days] + [None] * (len(world.RELEASES) - len(days))
    releases = tuple(
        replace(release, confirmed=confirmed)
        for release, confirmed in zip(world.RELEASES, known, strict=True)
    )
    matrix = replace(world.matrix([], releases), files=FILES)
    assert confirmations.of_all(Index(matrix=matrix)) == words


def test_those_that_were_emulated_are_counted() -> None:
    known = [on("2026-11-27"), *[on("2026-11-27", emulator=QEMU)] * 2]
    releases = [
        replace(release, confirmed=confirmed)
        for release, confirmed in zip(world.RELEASES[:3], known, strict=True)
    ]
    matrix = replace(world.matrix([], releases), files=FILES)
    assert confirmations.of_all(Index(matrix=matrix)) == (
        f"{ALL_OF_THREE}, of 2026-11-27, 2 of them emulated by {QEMU}."
    )


def test_the_day_says_what_was_emulated() -> None:
    words = {
        None: marks.SILENT.text,
        on("2026-11-27"): "2026-11-27",
        on("2026-11-27", emulator=QEMU): f"2026-11-27, emulated by {QEMU}",
    }
    for confirmed, expected in words.items():
        assert confirmations.day(replace(RELEASE, confirmed=confirmed)) == expected
