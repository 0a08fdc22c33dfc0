"""The command that publishes: read observations, say what is wrong, write the site."""

from __future__ import annotations

import argparse
import errno
import os
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from report import places
from report.errors import HistoryError, OptionError, SiteError
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
            f"site/ was not written, what was there is untouched: {error}; {_remedy(error)}"
        ) from error
    return 0


def _remedy(error: OSError) -> str:
    """Return what to do about a site that can't be written."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "make room for it there"
    if error.errno == errno.ENOTDIR:
        return "move away what is in its place"
    return "let the report write to the folder that site/ is in"


SHALLOW = (
    "this clone has no whole history, and would give that of its last fetch; get it with "
    "`git fetch --unshallow`"
)


def _date(folder: Path) -> str | None:
    """Return the day of the last commit of the observations; None where no history tells it."""
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        return _day(epoch)
    if not (places.ROOT / ".git").exists():  # the history of a folder above is another's
        return None
    try:
        return _last_commit(folder)
    except HistoryError as error:
        complain(f"the site has no date: {error}, or set SOURCE_DATE_EPOCH")
        return None


def _last_commit(folder: Path) -> str | None:
    if _git("rev-parse", "--is-shallow-repository") != "false":
        raise HistoryError(SHALLOW)
    log = ("log", "-1", "--no-show-signature", "--no-color", "--encoding=UTF-8", "--format=%cs")
    try:
        return date.fromisoformat(_git(*log, "--", str(folder))).isoformat()
    except ValueError:  # there is none
        return None


def _git(*words: str) -> str:
    """Return what git prints about the checkout, and about no other; raises HistoryError.

    It is given the repository: one that it finds itself it refuses where the checkout is another
    user's, as in a container. What it lacks it may not fetch.
    """
    variables = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    where = (f"--git-dir={places.ROOT / '.git'}", f"--work-tree={places.ROOT}")
    try:
        done = subprocess.run(
            ["git", *where, *words],
            cwd=places.ROOT,
            env={**variables, "GIT_ALLOW_PROTOCOL": "none"},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise HistoryError(f"git can't be run ({error.strerror}); install it") from error
    if done.returncode:
        last = done.stderr.strip().rpartition("\n")[2]
        raise HistoryError(f"git can't read the history ({last}); mend that")
    return done.stdout.strip()


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
