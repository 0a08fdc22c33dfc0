"""The Markdown edition: the short answer, the changes, and runs as rows.

Forty columns do not survive where Markdown is read, so a row's history is one cell.
One row a line and no padding: a new release touches only the rows that changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from report.evidence.records import State, Status
from report.matrix.kinds import MEASURED
from report.story import answer, stories, timeline, wording
from report.story.wording import CODE, STRONG, TEXT
from report.text import for_markdown as escaped
from report.text import for_markdown_code as code
from report.text import short
from report.verdict import families

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from report.matrix.index import Edition
    from report.matrix.records import Cell, Row, Run
    from report.story.wording import Piece


def say(pieces: Iterable[Piece]) -> str:
    """Write the pieces of a text as Markdown."""
    return "".join(_FORMS[kind](text) for kind, text in pieces)


def _strong(text: str) -> str:
    return f"**{escaped(text)}**"


_FORMS = {TEXT: escaped, CODE: code, STRONG: _strong}


def short_answer(edition: Edition) -> str:
    """Write the short answer, as the README shows it too."""
    lines = [say(answer.headline(edition)), ""]
    lines += [f"- {say(sentence)}" for sentence in answer.exceptions(edition)]
    for name, roles in answer.flagships(edition):
        history = "; ".join(f"{role} {say(story)}" for role, story in roles)
        lines.append(f"- {code(name)}: {history}.")
    return "\n".join(lines).strip() + "\n"


def page(edition: Edition) -> str:
    """Write the whole edition."""
    parts = [
        "# TensorFlow's default initializers, release by release",
        short_answer(edition),
        _provenance(edition),
        "## What changed, newest first",
        *_changes(edition),
    ]
    if edition.layers:
        parts += ["## Every symbol, run by run", _runs(edition, edition.layers)]
    if edition.initializers:
        parts += ["## What the initializers draw", _draws(edition, edition.initializers)]
    parts += ["## Codes and states", _legend(edition), "## Releases", _releases(edition)]
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def changes(edition: Edition) -> str:
    """Write the changes alone, for release notes."""
    return "\n\n".join(["# What changed, newest first", *_changes(edition)]) + "\n"


def _provenance(edition: Edition) -> str:
    seen, known = len(edition.observed), len(edition.matrix.releases)
    built = f", as of {escaped(edition.built)}" if edition.built else ""
    shown, wanted = code(edition.matrix.platform), edition.matrix.unobserved_platform
    mark = f"Nothing was observed on {code(wanted)}; shown is {shown}. " if wanted else ""
    return (
        f"{mark}{seen} of {wording.several(known, 'release')} observed on "
        f"{shown}{built}. The page with the proof behind every cell: "
        "[index.html](index.html). Data: [matrix.json](data/matrix.json), "
        "[schema](data/matrix.schema.json), [matrix.csv](data/matrix.csv)."
    )


def _changes(edition: Edition) -> Iterator[str]:
    moments = timeline.moments(edition)
    if not moments:
        yield wording.NO_CHANGE if timeline.compared(edition) else wording.NOTHING_COMPARED
    for moment in moments:
        keras = f" · {escaped(moment.keras)}" if moment.keras else ""
        lines = [f"- {say(event.pieces)}" for event in moment.events]
        yield f"### {escaped(moment.label)}{keras}\n\n" + "\n".join(lines)


def _runs(edition: Edition, rows: Sequence[Row]) -> str:
    lines = ["| Symbol | Role | What it is, and since when | Strip |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {_name(edition, row)} | {_told(edition, row)} | {_strip(edition, row)} |"
        for row in rows
    ]
    return "\n".join(lines)


def _draws(edition: Edition, rows: Sequence[Row]) -> str:
    lines = ["| Symbol | Role | What it draws, and since when |", "| --- | --- | --- |"]
    lines += [f"| {_name(edition, row)} | {_told(edition, row)} |" for row in rows]
    return "\n".join(lines)


def _name(edition: Edition, row: Row) -> str:
    page = f"symbol/{edition.slug(row.symbol.name)}.html"
    return f"[{code(short(row.symbol.name))}]({page}) | {escaped(row.role)}"


def _told(edition: Edition, row: Row) -> str:
    return "<br>".join(_run(edition, row, run) for run in edition.runs(row, MEASURED))


def _strip(edition: Edition, row: Row) -> str:
    alt = escaped(short(wording.plain(stories.story(edition, row)), 160))
    return f"![{alt}](strip/{edition.slug(row.symbol.name)}-{row.role}.svg)"


def _run(edition: Edition, row: Row, run: Run) -> str:
    span = edition.span(run.first, run.last)
    mark = wording.mark(edition, row, run.cells[0], run.value)
    said = f"*{mark.word}*{_why(edition, run.cells)}" if mark else code(run.value or "")
    since = f" (after {edition.label(run.after)})" if run.after and not run.exact else ""
    bold = f"**{escaped(span)}**" if run.changed else escaped(span)
    odd = [cell for cell in run.cells if cell.conflict]
    doubt = f" ≠ {wording.CONFLICT.word} in {_named(edition, odd)}" if odd else ""
    return f"{bold}{since}: {said}{doubt}"


def _why(edition: Edition, cells: Sequence[Cell]) -> str:
    """Say why a probe failed; why a release has no observation stands with the releases."""
    failed = [cell for cell in cells if cell.state is State.FAILED]
    own = [cell for cell in failed if edition.releases[cell.release].status is Status.OBSERVED]
    reasons = dict.fromkeys(short(cell.reason, 120) for cell in own)
    return f": {escaped('; '.join(reasons))}" if reasons else ""


def _named(edition: Edition, cells: Sequence[Cell]) -> str:
    return ", ".join(escaped(edition.label(cell.release)) for cell in cells)


def _legend(edition: Edition) -> str:
    names = dict.fromkeys(
        cell.verdict.name for row in edition.matrix.rows for cell in row.cells if cell.verdict
    )
    lines = ["| In the strips | Means |", "| --- | --- |"]
    lines += [f"| **{escaped(families.code(name))}** | {code(name)} |" for name in names]
    lines += [
        f"| {mark.glyph} | {mark.word}: {mark.meaning} |"
        for mark in (*wording.MARKS, *wording.NOTES)
    ]
    return "\n".join(lines)


def _releases(edition: Edition) -> str:
    lines = ["| Release | Python | Keras | Status |", "| --- | --- | --- | --- |"]
    for release in edition.matrix.releases:
        keras = release.packages.get("keras") or ("–" if release.packages else wording.NOT_RECORDED)  # noqa: RUF001
        notes = "".join(f", {note.word}" for note in wording.notes(edition, release))
        status = wording.STATUSES[release.status]
        status += notes if release.status is Status.OBSERVED else ""
        why = f": {escaped(short(release.reason, 200))}" if release.reason else ""
        lines.append(
            f"| {escaped(release.version)} | {escaped(release.python)} "
            f"| {escaped(keras)} | {escaped(status)}{why} |"
        )
    return "\n".join([*lines, "", 'Reproduce a column: `nox -s "probe(2.15.1)"`.'])
