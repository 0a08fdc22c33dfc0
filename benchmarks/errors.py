"""The errors of a benchmark; each message says what happened and what to do next."""

from __future__ import annotations


class BenchError(Exception):
    """A benchmark can't be run, or failed."""

    exit_code = 2
