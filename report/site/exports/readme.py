"""The README's short answer, between markers, and its picture: written and checked."""

from __future__ import annotations

from pathlib import Path

from report.errors import ReportError
from report.matrix import Index
from report.site.exports import embed, markdown
from report.text import for_markdown

PICTURE = "docs/answer.svg"
BEGIN, END = "<!-- answer: begin -->", "<!-- answer: end -->"


def is_true(readme: Path, index: Index) -> bool:
    """Return whether the README's short answer and picture match the observations."""
    text = _text(readme)
    picture = readme.parent / PICTURE
    drawn = picture.read_text(encoding="utf-8") if picture.is_file() else ""
    return _replaced(readme, text, index) == text and drawn == embed.picture(index)


def write(readme: Path, index: Index) -> None:
    """Write the short answer and the picture. Raise ReportError if the markers are missing."""
    text = _replaced(readme, _text(readme), index)
    picture = readme.parent / PICTURE
    try:
        picture.parent.mkdir(exist_ok=True)
        _replace(picture, embed.picture(index))
        _replace(readme, text)
    except OSError as error:
        raise ReportError(f"{readme.name}: can't be written: {error}; make it writable") from error


def _replace(path: Path, text: str) -> None:
    """Replace a file atomically: the README's other text can't be generated again."""
    whole = path.resolve()
    new = whole.with_name(f".{whole.name}.new")
    try:
        new.write_text(text, encoding="utf-8", newline="\n")
        if whole.exists():
            new.chmod(whole.stat().st_mode)
        new.replace(whole)
    finally:
        new.unlink(missing_ok=True)


def _text(readme: Path) -> str:
    try:
        return readme.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise ReportError(f"{readme.name}: can't be read: {error}; restore it") from error


def _replaced(readme: Path, text: str, index: Index) -> str:
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ReportError(
            f"{readme.name}: the markers {BEGIN} and {END} are missing; put them back"
        )
    image = f"![{for_markdown(embed.words(index))}]({PICTURE})"
    return f"{before}{BEGIN}\n{markdown.short_answer(index)}\n{image}\n{END}{after}"
