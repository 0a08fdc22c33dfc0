"""What can end a benchmark: each error says what happened and what to do next."""

from __future__ import annotations


class BenchError(Exception):
    """Nothing was measured, and why; a figure that could mislead is never written."""

    exit_code = 2
