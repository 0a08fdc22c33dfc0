"""Figures of a benchmark that meet every goal, and the table rows made of them."""

from __future__ import annotations

from typing import Any

from benchmarks import floor, goals

RELEASE = floor.releases(["2.4.4"])[0]
IMPORT = {"seconds": [2.0, 2.0, 4.0], "cpu": [1.0, 1.0, 1.0], "peak": [100.0, 100.0, 100.0]}


def figures() -> dict[str, Any]:
    """Return figures that meet every goal, in round numbers."""
    probe = {"seconds": [2.4, 2.4, 4.8], "cpu": [1.5, 1.5, 1.5], "peak": [125.0, 125.0, 125.0]}
    return {
        "schema": 1,
        "date": "2026-11-24",
        "machine": {"cpu": "a <processor>", "cores": 2, "memory": 24 * 10**9, "kernel": "Linux 6"},
        "releases": ["1.0.1", "2.0.4"],
        "rounds": 3,
        "whole": {
            "floor": [100.0, 120.0, 90.0],
            "ours": [110.0, 126.0, 99.0],
            "floor_cpu": [50.0, 50.0, 50.0],
            "ours_cpu": [60.0, 60.0, 60.0],
        },
        "again": [1.5, 1.2, 2.0],
        "changed": {"version": "2.0.4", "ours": [9.0], "floor": [8.5]},
        "probe": {v: {"import": IMPORT, "tutorial": dict(probe)} for v in ("1.0.1", "2.0.4")},
        "disk": {"peak": 3 * 10**9, "end": 10**8, "left": 5 * 10**8},
        "growth": [{"releases": 1, "ours": [50.0]}, {"releases": 2, "ours": [100.0]}],
        "report": {"few": [0.5], "many": [4.0], "copies": 10, "failed": None},
        "commands": {"list": [0.3], "explain": [0.6]},
        "peers": [
            {
                "name": "tox",
                "imported": ["2.0.4"],
                "seconds": 60.0,
                "ours": 30.0,
                "reasons": [["ERROR: <no> wheel", 1]],
            }
        ],
    }


def line(data: dict[str, Any], what: str) -> goals.Line:
    """Return the one line of the table whose ``what`` begins with the argument."""
    (found,) = (one for one in goals.lines(data) if one.what.startswith(what))
    return found
