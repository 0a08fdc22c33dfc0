"""The Markdown edition of the report: the short answer, the changes, and each row's history.

Forty columns are too wide for Markdown, so a row's history is a single cell. Tables are not
padded, so that a new release changes only the lines of rows that changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from report.evidence import Release, State, Status, platforms
from report.matrix import MEASURED, Index, Row, Run
from report.site.exports import embed
from report.site.render import File
from report.story import answer, changes, confirmations, marks, wording
from report.text import for_markdown as escaped
from report.text import for_markdown_code as code
from report.text import short
from report.verdict import families

# Without this, Sphinx takes a link to one of the site's pages for a download or a broken link.
RELATIVE = "---\nmyst:\n  all_links_external: true\n---"


def short_answer(index: Index) -> str:
    """Return the short answer, which the README shows as well."""
    lines = [wording.markdown(answer.headline(index)), ""]
    lines += [f"- {wording.markdown(sentence)}" for sentence in answer.exceptions(index)]
    for symbol in answer.flagships(index):
        history = "; ".join(f"{role} {wording.markdown(history)}" for role, history in symbol.roles)
        lines.append(f"- {code(symbol.name)}: {history}.")
    return "\n".join(lines).strip() + "\n"


def files(index: Index) -> Iterator[File]:
    """Yield the whole edition, and a file with only the changes, for release notes."""
    yield "matrix.md", page(index)
    yield "changes.md", "\n\n".join(["# What changed, newest first", *_changes(index, "##")]) + "\n"


def page(index: Index) -> str:
    """Return the whole edition."""
    parts = [
        "" if index.address else RELATIVE,
        "# TensorFlow's default initializers, release by release",
        short_answer(index),
        _provenance(index),
        "## What changed, newest first",
        *_changes(index, "###"),
    ]
    if index.layers:
        titles = ["Symbol", "Role", "What it is, and since when", "Strip"]
        shown = [(*_row(index, row), _strip(index, row)) for row in index.layers]
        parts += ["## Every symbol, run by run", _table(titles, shown)]
    if index.initializers:
        drawn = [_row(index, row) for row in index.initializers]
        titles = ["Symbol", "Role", "What it draws, and since when"]
        parts += ["## What the initializers draw", _table(titles, drawn)]
    parts += ["## Codes and states", _legend(index), "## Releases", _releases(index)]
    commands = platforms.commands("2.15.1", index.matrix.platform)
    parts += [f"Reproduce a column: {platforms.OR.join(map(code, commands))}."]
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (titles, ["---"] * len(titles), *rows)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _provenance(index: Index) -> str:
    at = index.address
    built = f", as of {escaped(index.built)}" if index.built else ""
    shown, wanted = code(index.matrix.platform), index.matrix.unobserved_platform
    mark = f"Nothing was observed on {code(wanted)}; shown is {shown}. " if wanted else ""
    return (
        f"{mark}{len(index.observed)} of {wording.several(len(index.releases), 'release')} "
        f"observed on {shown}{built}. The page with the proof behind every cell: "
        f"[index.html]({at}index.html). Data: [matrix.json]({at}data/matrix.json), "
        f"[schema]({at}data/matrix.schema.json), [matrix.csv]({at}data/matrix.csv)."
    )


def _changes(index: Index, mark: str) -> Iterator[str]:
    """Yield the changes of each release under a heading; ``mark`` is "##" or "###".

    Headings begin with a letter, as scripts of Sphinx themes use their ids as CSS selectors.
    """
    changes_by_release = changes.by_release(index, changes.TOLD)
    if not changes_by_release:
        compared = changes.compared(index, changes.TOLD)
        yield wording.NO_CHANGE if compared else wording.NOTHING_COMPARED
    for release in changes_by_release:
        keras = f" · {escaped(release.keras)}" if release.keras else ""
        lines = [f"- {wording.markdown(event.pieces)}" for event in release.events]
        yield f"{mark} TensorFlow {escaped(release.label)}{keras}\n\n" + "\n".join(lines)


def _row(index: Index, row: Row) -> tuple[str, str, str]:
    """Return a row's symbol and role, and its history with a line for each run."""
    page = f"{index.address}{index.page(row.symbol.name)}"
    name = f"[{code(short(row.symbol.name))}]({page})"
    runs = (_run(index, row, run) for run in row.runs[MEASURED])
    return name, escaped(row.role), "<br>".join(runs)


def _strip(index: Index, row: Row) -> str:
    words = escaped(short(wording.plain(wording.history_of(index, row)), 160))
    return f"![{words}]({index.address}strip/{embed.stem(index, row)}.svg)"


def _run(index: Index, row: Row, run: Run) -> str:
    span = index.span(run.first, run.last)
    mark = marks.of_state(index, row, run.cells[0], MEASURED)
    value = f"*{mark.text}*{_failure(index, run)}" if mark else code(run.value or "")
    since = f" (after {index.label(run.after)})" if run.after and not run.exact else ""
    bold = f"**{escaped(span)}**" if run.changed else escaped(span)
    odd = [escaped(index.label(cell.release)) for cell in run.cells if cell.conflict]
    doubt = f" {marks.CONFLICT.code} {marks.CONFLICT.text} in {', '.join(odd)}" if odd else ""
    return f"{bold}{since}: {value}{doubt}"


def _failure(index: Index, run: Run) -> str:
    """Return why probes failed in observed releases; the table of releases has other reasons."""
    reasons = dict.fromkeys(
        short(cell.reason, 120)
        for cell in run.cells
        if cell.state is State.FAILED and cell.release in index.seen
    )
    return f": {escaped('; '.join(reasons))}" if reasons else ""


def _legend(index: Index) -> str:
    cells = (cell for row in index.matrix.rows for cell in row.cells)
    laws = dict.fromkeys(cell.verdict.name for cell in cells if cell.verdict)
    rows = [(f"**{escaped(families.code(law))}**", code(law)) for law in laws]
    signs = (*marks.STATES, *marks.NOTES)
    rows += [(mark.code, f"{mark.text}: {mark.meaning}") for mark in signs]
    return _table(("In the strips", "Means"), rows)


def _releases(index: Index) -> str:
    return _table(
        ("Release", "Python", "Keras", "Status", "Last confirmed"),
        [_release(index, release) for release in index.matrix.releases],
    )


def _release(index: Index, release: Release) -> tuple[str, ...]:
    keras = release.packages.get("keras") or ("–" if release.packages else marks.SILENT.text)  # noqa: RUF001
    status = marks.STATUSES[release.status]
    if release.status is Status.OBSERVED:
        status = ", ".join((status, *(note.text for note in marks.of_release(index, release))))
    why = f": {escaped(short(release.reason, 200))}" if release.reason else ""
    confirmed = confirmations.day(release)
    names = (release.version, release.python, keras)
    return *map(escaped, names), escaped(status) + why, escaped(confirmed)
