"""The commands that publish and check: read observations, say what is wrong, write the site."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from report import places
from report.errors import HistoryError, OptionError, SiteError
from report.evidence import Choice, Status, platforms, revision
from report.matrix import Index, Matrix, build_matrix
from report.site.exports import readme as short_answer
from report.site.write import write_site
from report.terminal import complain, say


def site(
    platform: str | None, measured: Sequence[str], lacking: Sequence[str], *, readme: bool = False
) -> int:
    """Write the site, and the README's short answer if asked; return the exit code.

    ``measured`` names the releases that were measured on this machine, and ``lacking`` says what
    it lacks. The code is 1 where an observation can't be used.
    """
    choice = platforms.choose(places.ROOT, platform)
    built = _date(places.ROOT / "observations" / choice.shown)
    matrix = _read(choice, measured, lacking)
    if readme:
        short_answer.write(places.ROOT / "README.md", Index(matrix=matrix))
    try:
        write_site(matrix, places.ROOT / "site", built=built)
    except OSError as error:
        raise SiteError(
            f"site/ was not written, what was there is untouched: {error}; {_remedy(error)}"
        ) from error
    say(_summary(matrix, measured))
    say("wrote site/index.html")
    return 1 if matrix.problems else 0


def check(platform: str | None) -> int:
    """Write nothing; return 1 where the README is not true, or an observation can't be used."""
    matrix = _read(platforms.choose(places.ROOT, platform), (), ())
    true = short_answer.is_true(places.ROOT / "README.md", Index(matrix=matrix))
    if not true:
        complain(
            "README.md: the short answer, or its picture, is not what the observations say; "
            "write it with `python -m report site --readme`"
        )
    say(_summary(matrix, ()))
    return 0 if true and not matrix.problems else 1


def _read(choice: Choice, measured: Sequence[str], lacking: Sequence[str]) -> Matrix:
    """Return the matrix, after a sentence for whatever is wrong with it, or missing here."""
    matrix = build_matrix(places.ROOT, choice.shown, measured)
    _check_measured(matrix, measured)
    for sentence in (choice.sentence, *matrix.problems, *lacking):
        if sentence:
            complain(sentence)
    return replace(matrix, unobserved_platform=choice.unobserved)


def _check_measured(matrix: Matrix, measured: Sequence[str]) -> None:
    known = [release.version for release in matrix.releases]
    unknown = [version for version in measured if version not in known]
    if unknown:
        raise OptionError(
            f"--measured {' '.join(unknown)}: not in the table of releases, "
            f"which has {', '.join(known)}"
        )


def _summary(matrix: Matrix, measured: Sequence[str]) -> str:
    observed = sum(release.status is Status.OBSERVED for release in matrix.releases)
    return (
        f"{observed} of {len(matrix.releases)} releases observed, "
        f"{len(measured)} of them measured here, {len(matrix.changes)} changes"
    )


def _remedy(error: OSError) -> str:
    """Return what to do about a site that can't be written."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "make room for it there"
    if error.errno == errno.ENOTDIR:
        return "move away what is in its place"
    return "let the report write to the folder that site/ is in"


def _date(folder: Path) -> str | None:
    """Return the day of the last commit of the observations; None where no history tells it."""
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        return _day(epoch)
    try:
        return revision.last_day(folder)
    except HistoryError as error:
        complain(f"the site has no date: {error}, or set SOURCE_DATE_EPOCH")
        return None


def _day(epoch: str) -> str:
    """Return the day of a number of seconds since 1970, as builds that repeat give it."""
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError) as error:
        raise OptionError(
            f"SOURCE_DATE_EPOCH={epoch}: not a number of seconds since 1970; mend or unset it"
        ) from error
