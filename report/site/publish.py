"""The commands `site` and `check`: read the observations, report problems, write the site."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from report import places
from report.errors import HistoryError, OptionError, SiteError
from report.evidence import Choice, Status, platforms, revision
from report.matrix import Across, Index, Matrix, across, build_matrix
from report.site import exports, pages, table
from report.site.address import published_at
from report.site.exports import readme as short_answer
from report.site.pages.missing import PATH as MISSING
from report.site.render import File, filled
from report.site.staging import staged
from report.story import wording
from report.terminal import complain, say

CARD = "card.png"  # the preview that other services show for a link to the site


def site(
    platform: str | None,
    measured: Sequence[str],
    lacking: Sequence[str],
    *,
    readme: bool = False,
    address: str | None = None,
) -> int:
    """Write the site, and the README's short answer if asked; return the exit code.

    ``measured`` names the releases that were measured on this machine, ``lacking`` holds a
    sentence for each interpreter that is missing on it, and ``address`` is the URL at which the
    site will be published. The code is 1 if an observation can't be used.
    """
    where = published_at(address)
    choice = platforms.choose(places.ROOT, platform)
    built = _date(places.ROOT / "observations" / choice.shown)
    if choice.shown != platforms.machine():
        measured = ()  # of another platform than the one that is shown
    matrix, others = _read(choice, measured)
    for sentence in lacking:
        complain(sentence)
    if readme:
        short_answer.write(places.ROOT / "README.md", _committed(matrix, others))
    try:
        write_site(matrix, places.ROOT / "site", built=built, address=where, others=others)
    except OSError as error:
        raise SiteError(
            f"site/ was not written, what was there is untouched: {error}; {_remedy(error)}"
        ) from error
    say(_summary(matrix, measured))
    say("wrote site/index.html")
    return 0 if _is_fine(matrix, others) else 1


def check(platform: str | None) -> int:
    """Check the README and the observations; return the exit code, 1 if either has a problem."""
    matrix, others = _read(platforms.choose(places.ROOT, platform))
    true = short_answer.is_true(places.ROOT / "README.md", _committed(matrix, others))
    if not true:
        complain(
            "README.md: the short answer, or its picture, is not what the observations say; "
            "write it with `nox -s report -- --readme`"
        )
    say(_summary(matrix, ()))
    return 0 if true and _is_fine(matrix, others) else 1


def _read(choice: Choice, measured: Sequence[str] = ()) -> tuple[Matrix, tuple[Across, ...]]:
    """Return the matrix and its comparisons with other platforms; print what is wrong with them."""
    matrix = build_matrix(places.ROOT, choice.shown, measured)
    _check_measured(matrix, measured)
    others = across.with_others(places.ROOT, matrix)
    wrong = (*matrix.problems, matrix.confirmation_problem)
    for sentence in (choice.sentence, *wrong, *(s for each in others for s in each.problems)):
        if sentence:
            complain(sentence)
    return replace(matrix, unobserved_platform=choice.unobserved), others


def _committed(matrix: Matrix, others: Sequence[Across]) -> Index:
    """Return the index for the README, which has the project's own platform if it was observed."""
    every = (matrix, *(each.other for each in others))
    own = (each for each in every if each.platform == platforms.COMMITTED)
    return Index(matrix=next(own, matrix))


def _is_fine(matrix: Matrix, others: Sequence[Across]) -> bool:
    """Return whether every observation of every platform can be used."""
    return not matrix.problems and not any(each.other.problems for each in others)


def _check_measured(matrix: Matrix, measured: Sequence[str]) -> None:
    known = [release.version for release in matrix.releases]
    unknown = [version for version in measured if version not in known]
    if unknown:
        raise OptionError(
            f"--measured {' '.join(unknown)}: not in the table of releases, "
            f"which has {', '.join(known)}"
        )


def _summary(matrix: Matrix, measured: Sequence[str]) -> str:
    missing = [each.version for each in matrix.releases if each.status is not Status.OBSERVED]
    observed = len(matrix.releases) - len(missing)
    confirmed = sum(release.confirmed is not None for release in matrix.releases)
    return (
        f"{observed} of {len(matrix.releases)} releases observed, "
        f"{len(measured)} of them measured here, {confirmed} with a confirmation on record, "
        f"{wording.several(len(matrix.changes), 'change')}"
        + (f"; not observed: {', '.join(missing)}" if missing else "")
    )


def _remedy(error: OSError) -> str:
    """Return advice for an error in writing the site."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "make room for it there"
    if error.errno == errno.ENOTDIR:
        return "move away what is in its place"
    return "let the report write to the folder that site/ is in"


def write_site(
    matrix: Matrix,
    site: Path,
    *,
    built: str | None = None,
    address: str = "",
    others: tuple[Across, ...] = (),
) -> None:
    """Write the whole site, including unchanged copies of the accepted observations.

    ``built`` is the date of the last commit of the observations, ``address`` the site's URL, and
    ``others`` are the comparisons with other platforms.
    """
    index = Index(matrix=matrix, built=built, address=address, across=others)
    with staged(site) as folder:
        for path, text in files(index):
            _write(folder / path, text.encode("utf-8"))
        _write(folder / "objects.inv", exports.inventory(index))
        _write(folder / CARD, (places.TEMPLATES / "assets" / CARD).read_bytes())
        for version, content in matrix.files.items():
            _write(folder / "data" / "observations" / f"{version}.json", content)


def files(index: Index) -> Iterator[File]:
    """Yield the path and the text of every generated text file."""
    yield from _assets(index)
    yield from exports.files(index)
    found = []
    for path, text in pages.files(index):
        found.append(path)
        yield path, text
    if index.address:
        yield "sitemap.xml", exports.sitemap(index, [each for each in found if each != MISSING])


def _assets(index: Index) -> Iterator[File]:
    """Yield the style sheets, the icon and the scripts; column widths depend on the releases."""
    folder = places.TEMPLATES / "assets"
    widths = filled("assets/columns.css.jinja", **table.sizes(index))
    yield "style.css", (folder / "style.css").read_text("utf-8") + widths
    for name in ("proof.css", "icon.svg", "report.js", "compare.js"):
        yield name, (folder / name).read_text("utf-8")


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _date(folder: Path) -> str | None:
    """Return the date of the last commit of the observations, or None if it is unknown."""
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        return _day(epoch)
    try:
        return revision.last_day(folder)
    except HistoryError as error:
        complain(f"the site has no date: {error}, or set SOURCE_DATE_EPOCH")
        return None


def _day(epoch: str) -> str:
    """Return the date of ``SOURCE_DATE_EPOCH``, which reproducible builds set."""
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError) as error:
        raise OptionError(
            f"SOURCE_DATE_EPOCH={epoch}: not a number of seconds since 1970; mend or unset it"
        ) from error
