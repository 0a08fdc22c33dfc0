"""`python -m report`: read observations, write site/; `--check` only looks."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from report import load, page
from report.errors import ReportError
from report.matrix import build
from report.model import Status


def main(arguments: list[str] | None = None) -> int:
    """Write the site and say what it holds; return the exit code."""
    options = _options(arguments)
    try:
        matrix = build(load.ROOT, options.platform, options.measured)
    except ReportError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    for sentence in (*matrix.problems, *options.lacking):
        print(sentence, file=sys.stderr)
    observed = sum(release.status is Status.OBSERVED for release in matrix.releases)
    print(f"{observed} of {len(matrix.releases)} releases observed, ", end="")
    print(f"{len(options.measured)} of them measured here, {len(matrix.changes)} changes")
    if not options.check:
        page.build(matrix, load.ROOT / "site")
        print(f"wrote {Path('site/index.html')}")
    return 1 if matrix.problems else 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m report", description=__doc__)
    parser.add_argument("--platform", default="linux-x86_64", help="which observations to read")
    parser.add_argument("--check", action="store_true", help="write nothing, only look")
    parser.add_argument("--measured", nargs="*", default=[], help="releases measured here")
    parser.add_argument("--lacking", nargs="*", default=[], help="what this machine lacks")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
