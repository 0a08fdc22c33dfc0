"""`python -m report`: read observations, write site/; `--check` only looks."""

from __future__ import annotations

import argparse
import gc
import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from report import load, page, readme
from report.edition import Edition
from report.errors import ReportError, SiteError
from report.matrix import build
from report.model import Status

if TYPE_CHECKING:
    from pathlib import Path

    from report.model import Matrix


def main(arguments: list[str] | None = None) -> int:
    """Write the site and say what it holds; return the exit code."""
    options = _options(arguments)
    try:
        matrix = build(load.ROOT, options.platform, options.measured)
        _say(matrix, options)
        return max(_published(matrix, options), 1 if matrix.problems else 0)
    except ReportError as error:
        print(error, file=sys.stderr)
        return error.exit_code


def _say(matrix: Matrix, options: argparse.Namespace) -> None:
    for sentence in (*matrix.problems, *options.lacking):
        print(sentence, file=sys.stderr)
    observed = sum(release.status is Status.OBSERVED for release in matrix.releases)
    print(f"{observed} of {len(matrix.releases)} releases observed, ", end="")
    print(f"{len(options.measured)} of them measured here, {len(matrix.changes)} changes")


def _published(matrix: Matrix, options: argparse.Namespace) -> int:
    path, edition = load.ROOT / "README.md", Edition(matrix=matrix)
    if options.readme:
        readme.write(path, edition)
    if options.check:
        if readme.is_true(path, edition):
            return 0
        print(
            "README.md: the short answer, or its picture, is not what the observations say; ",
            file=sys.stderr,
        )
        print("write it with `python -m report --readme`", file=sys.stderr)
        return 1
    folder = load.ROOT / "observations" / options.platform
    try:
        page.build(matrix, load.ROOT / "site", built=_date(folder), observations=folder)
    except OSError as error:
        raise SiteError(
            f"site/ was not written, what was there is untouched: {error}; make room for it there"
        ) from error
    print("wrote site/index.html")
    return 0


def _date(folder: Path) -> str | None:
    """Return the day of the last commit of the observations; None outside a checkout."""
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        return datetime.fromtimestamp(int(epoch), UTC).date().isoformat()
    command = ["git", "log", "-1", "--format=%cs", "--", str(folder)]
    try:
        done = subprocess.run(command, cwd=load.ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() or None


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m report", description=__doc__)
    parser.add_argument("--platform", default="linux-x86_64", help="which observations to read")
    parser.add_argument("--check", action="store_true", help="write nothing, only look")
    parser.add_argument("--readme", action="store_true", help="write the README's short answer")
    parser.add_argument("--measured", nargs="*", default=[], help="releases measured here")
    parser.add_argument("--lacking", nargs="*", default=[], help="what this machine lacks")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    gc.disable()  # all that is read stays in use to the end, so that there is nothing to collect
    code = main()
    sys.stdout.flush()
    os._exit(code)  # without taking apart, object by object, what was read
