"""The Markdown edition: the short answer, the changes, and runs as rows.

Forty columns do not survive where Markdown is read, so a row's history is one cell.
One row a line and no padding: a new release touches only the rows that changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from report.evidence import State, Status
from report.matrix import MEASURED, Cell, Index, Row, Run
from report.story import CODE, STRONG, TEXT, Piece, answer, marks, timeline, wording
from report.text import for_markdown as escaped
from report.text import for_markdown_code as code
from report.text import short
from report.verdict import families

# Sphinx would take a page of the site for a file to be downloaded, or miss it; it lies beside.
RELATIVE = "---\nmyst:\n  all_links_external: true\n---"


def say(pieces: Iterable[Piece]) -> str:
    """Write the pieces of a text as Markdown."""
    return "".join(_FORMS[kind](text) for kind, text in pieces)


def _strong(text: str) -> str:
    return f"**{escaped(text)}**"


_FORMS = {TEXT: escaped, CODE: code, STRONG: _strong}


def short_answer(index: Index) -> str:
    """Write the short answer, as the README shows it too."""
    lines = [say(answer.headline(index)), ""]
    lines += [f"- {say(sentence)}" for sentence in answer.exceptions(index)]
    for name, roles in answer.flagships(index):
        history = "; ".join(f"{role} {say(story)}" for role, story in roles)
        lines.append(f"- {code(name)}: {history}.")
    return "\n".join(lines).strip() + "\n"


def page(index: Index) -> str:
    """Write the whole edition."""
    parts = [
        RELATIVE,
        "# TensorFlow's default initializers, release by release",
        short_answer(index),
        _provenance(index),
        "## What changed, newest first",
        *_changes(index, "###"),
    ]
    if index.layers:
        parts += ["## Every symbol, run by run", _runs(index, index.layers)]
    if index.initializers:
        parts += ["## What the initializers draw", _draws(index, index.initializers)]
    parts += ["## Codes and states", _legend(index), "## Releases", _releases(index)]
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def changes(index: Index) -> str:
    """Write the changes alone, for release notes."""
    return "\n\n".join(["# What changed, newest first", *_changes(index, "##")]) + "\n"


def _provenance(index: Index) -> str:
    seen, known = len(index.observed), len(index.matrix.releases)
    built = f", as of {escaped(index.built)}" if index.built else ""
    shown, wanted = code(index.matrix.platform), index.matrix.unobserved_platform
    mark = f"Nothing was observed on {code(wanted)}; shown is {shown}. " if wanted else ""
    return (
        f"{mark}{seen} of {wording.several(known, 'release')} observed on "
        f"{shown}{built}. The page with the proof behind every cell: "
        "[index.html](index.html). Data: [matrix.json](data/matrix.json), "
        "[schema](data/matrix.schema.json), [matrix.csv](data/matrix.csv)."
    )


def _changes(index: Index, mark: str) -> Iterator[str]:
    """Yield the changes of each release below a heading of its own, which the mark begins."""
    changes_by_release = timeline.changes_by_release(index)
    if not changes_by_release:
        yield wording.NO_CHANGE if timeline.compared(index) else wording.NOTHING_COMPARED
    for brought in changes_by_release:
        keras = f" · {escaped(brought.keras)}" if brought.keras else ""
        lines = [f"- {say(event.pieces)}" for event in brought.events]
        yield f"{mark} {escaped(brought.label)}{keras}\n\n" + "\n".join(lines)


def _runs(index: Index, rows: Sequence[Row]) -> str:
    lines = ["| Symbol | Role | What it is, and since when | Strip |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {_name(index, row)} | {_history(index, row)} | {_strip(index, row)} |" for row in rows
    ]
    return "\n".join(lines)


def _draws(index: Index, rows: Sequence[Row]) -> str:
    lines = ["| Symbol | Role | What it draws, and since when |", "| --- | --- | --- |"]
    lines += [f"| {_name(index, row)} | {_history(index, row)} |" for row in rows]
    return "\n".join(lines)


def _name(index: Index, row: Row) -> str:
    page = f"symbol/{index.slug(row.symbol.name)}.html"
    return f"[{code(short(row.symbol.name))}]({page}) | {escaped(row.role)}"


def _history(index: Index, row: Row) -> str:
    return "<br>".join(_run(index, row, run) for run in index.runs(row, MEASURED))


def _strip(index: Index, row: Row) -> str:
    alt = escaped(short(wording.plain(wording.history_of(index, row)), 160))
    return f"![{alt}](strip/{index.slug(row.symbol.name)}-{row.role}.svg)"


def _run(index: Index, row: Row, run: Run) -> str:
    span = index.span(run.first, run.last)
    mark = marks.of_state(index, row, run.cells[0], run.value)
    said = f"*{mark.text}*{_why(index, run.cells)}" if mark else code(run.value or "")
    since = f" (after {index.label(run.after)})" if run.after and not run.exact else ""
    bold = f"**{escaped(span)}**" if run.changed else escaped(span)
    odd = [cell for cell in run.cells if cell.conflict]
    doubt = f" ≠ {marks.CONFLICT.text} in {_named(index, odd)}" if odd else ""
    return f"{bold}{since}: {said}{doubt}"


def _why(index: Index, cells: Sequence[Cell]) -> str:
    """Say why a probe failed; why a release has no observation stands with the releases."""
    failed = [cell for cell in cells if cell.state is State.FAILED]
    own = [cell for cell in failed if index.releases[cell.release].status is Status.OBSERVED]
    reasons = dict.fromkeys(short(cell.reason, 120) for cell in own)
    return f": {escaped('; '.join(reasons))}" if reasons else ""


def _named(index: Index, cells: Sequence[Cell]) -> str:
    return ", ".join(escaped(index.label(cell.release)) for cell in cells)


def _legend(index: Index) -> str:
    names = dict.fromkeys(
        cell.verdict.name for row in index.matrix.rows for cell in row.cells if cell.verdict
    )
    lines = ["| In the strips | Means |", "| --- | --- |"]
    lines += [f"| **{escaped(families.code(name))}** | {code(name)} |" for name in names]
    lines += [
        f"| {mark.code} | {mark.text}: {mark.meaning} |" for mark in (*marks.STATES, *marks.NOTES)
    ]
    return "\n".join(lines)


def _releases(index: Index) -> str:
    lines = ["| Release | Python | Keras | Status |", "| --- | --- | --- | --- |"]
    for release in index.matrix.releases:
        keras = release.packages.get("keras") or ("–" if release.packages else marks.SILENT.text)  # noqa: RUF001
        notes = "".join(f", {note.text}" for note in marks.of_release(index, release))
        status = marks.STATUSES[release.status]
        status += notes if release.status is Status.OBSERVED else ""
        why = f": {escaped(short(release.reason, 200))}" if release.reason else ""
        lines.append(
            f"| {escaped(release.version)} | {escaped(release.python)} "
            f"| {escaped(keras)} | {escaped(status)}{why} |"
        )
    return "\n".join([*lines, "", 'Reproduce a column: `nox -s "probe(2.15.1)"`.'])
