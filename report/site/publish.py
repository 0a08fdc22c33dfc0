"""The command that publishes: read observations, say what is wrong, write the site."""

from __future__ import annotations

import argparse
import os
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from report import places
from report.errors import OptionError, SiteError
from report.evidence import platforms
from report.evidence.records import Status
from report.matrix.build import build
from report.matrix.index import Edition
from report.site import page
from report.site.exports import readme
from report.terminal import complain, say

if TYPE_CHECKING:
    from pathlib import Path

    from report.matrix.records import Matrix

DESCRIPTION = "Read the observations and write site/, the matrix as HTML, Markdown and data."


def command(arguments: list[str] | None = None) -> int:
    """Write the site, or only look with ``--check``; return the exit code.

    The code is 1 where the README is not true, or an observation can't be used.
    """
    options = _options(arguments)
    choice = platforms.choose(places.ROOT, options.platform)
    built = None if options.check else _date(places.ROOT / "observations" / choice.shown)
    matrix = build(places.ROOT, choice.shown, options.measured)
    _check_measured(matrix, options.measured)
    matrix = replace(matrix, unobserved_platform=choice.unobserved)
    for sentence in (choice.sentence, *matrix.problems, *options.lacking):
        if sentence:
            complain(sentence)
    code = _published(matrix, options, built)
    say(_summary(matrix, options.measured))
    if not options.check:
        say("wrote site/index.html")
    return max(code, 1 if matrix.problems else 0)


def _check_measured(matrix: Matrix, measured: list[str]) -> None:
    known = [release.version for release in matrix.releases]
    unknown = [version for version in measured if version not in known]
    if unknown:
        raise OptionError(
            f"--measured {' '.join(unknown)}: not in the table of releases, "
            f"which has {', '.join(known)}"
        )


def _summary(matrix: Matrix, measured: list[str]) -> str:
    observed = sum(release.status is Status.OBSERVED for release in matrix.releases)
    return (
        f"{observed} of {len(matrix.releases)} releases observed, "
        f"{len(measured)} of them measured here, {len(matrix.changes)} changes"
    )


def _published(matrix: Matrix, options: argparse.Namespace, built: str | None) -> int:
    path, edition = places.ROOT / "README.md", Edition(matrix=matrix)
    if options.readme:
        readme.write(path, edition)
    if options.check:
        if readme.is_true(path, edition):
            return 0
        complain(
            "README.md: the short answer, or its picture, is not what the observations say; "
            "write it with `python -m report --readme`"
        )
        return 1
    try:
        page.build(matrix, places.ROOT / "site", built=built)
    except OSError as error:
        raise SiteError(
            f"site/ was not written, what was there is untouched: {error}; make room for it there"
        ) from error
    return 0


SHALLOW = (
    "the site has no date: this clone has no whole history, and would give that of its last fetch; "
    "get it with `git fetch --unshallow`, or set SOURCE_DATE_EPOCH"
)


def _date(folder: Path) -> str | None:
    """Return the day of the last commit of the observations; None where no history tells it."""
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        return _day(epoch)
    if _git("rev-parse", "--is-shallow-repository") != "false":
        if _git("rev-parse", "--is-inside-work-tree") == "true":
            complain(SHALLOW)
        return None
    day = _git("log", "-1", "--no-show-signature", "--no-color", "--format=%cs", "--", str(folder))
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError:
        return None


def _git(*words: str) -> str:
    """Return what git prints about the checkout; nothing where it can't."""
    try:
        done = subprocess.run(
            ["git", *words], cwd=places.ROOT, capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _day(epoch: str) -> str:
    """Return the day of a number of seconds since 1970, as builds that repeat give it."""
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError) as error:
        raise OptionError(
            f"SOURCE_DATE_EPOCH={epoch}: not a number of seconds since 1970; mend or unset it"
        ) from error


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m report", description=DESCRIPTION)
    parser.add_argument("--platform", help="which observations to read (default: this machine's)")
    parser.add_argument("--check", action="store_true", help="write nothing, only look")
    parser.add_argument("--readme", action="store_true", help="write the README's short answer")
    parser.add_argument("--measured", nargs="*", default=[], help="releases measured here")
    parser.add_argument("--lacking", nargs="*", default=[], help="what this machine lacks")
    return parser.parse_args(arguments)
