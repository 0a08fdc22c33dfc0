"""The three questions that people ask, answered from what every release did.

Facts only, by release and range; `templates/question.jinja` and the part of each question
lay them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from report import paths
from report.model import Aspect, State
from report.network import broken, per_release, signals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from report.edition import Edition
    from report.model import Cell, Row
    from report.paths import Step

DEFAULTS = (
    "tf.layers.conv2d",
    "tf.layers.dense",
    "tf.compat.v1.layers.conv2d",
    "tf.compat.v1.layers.dense",
    "tf.keras.layers.Conv2D",
    "tf.keras.layers.Dense",
)
WALK = "tf.layers.dense"
TRUNCATED = "truncated_normal(stddev=0.1)"
XAVIER = "tf.contrib.layers.xavier_initializer(uniform=False)"
REPLACEMENTS = (
    "tf.glorot_normal_initializer",
    "tf.compat.v1.glorot_normal_initializer",
    "tf.keras.initializers.GlorotNormal",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question people type into a search box, and the template that answers it.

    ``trained`` says that the answer needs the observations of the tutorial network.
    """

    slug: str
    title: str
    template: str
    trained: bool

    @property
    def address(self) -> str:
        """Where the page is, from the site's root."""
        return f"answer/{self.slug}.html"


QUESTIONS = (
    Question(
        slug="default-initializer",
        title="What is the default kernel initializer of tf.layers.conv2d and tf.layers.dense?",
        template="default.jinja",
        trained=False,
    ),
    Question(
        slug="nan-with-truncated-normal",
        title="Why do I get NaN with truncated_normal(stddev=0.1), when the default works?",
        template="nan.jinja",
        trained=True,
    ),
    Question(
        slug="xavier-with-relu",
        title="Should I use Xavier, or something else, with ReLU?",
        template="xavier.jinja",
        trained=True,
    ),
)


def answerable(edition: Edition) -> list[Question]:
    """Return the questions that the observations at hand can answer."""
    trained = {signal.initializer for signal in signals(edition) if signal.ends}
    seen = trained >= {"default", TRUNCATED}
    return [question for question in QUESTIONS if seen or not question.trained]


def stories(edition: Edition, names: Sequence[str]) -> list[tuple[str, str, list[str]]]:
    """Return, for each symbol, its name, its page and its runs in words by role."""
    return [
        (name, f"symbol/{edition.slug(name)}.html", [_story(edition, row) for row in rows])
        for name in names
        if (rows := [row for row in edition.matrix.rows if row.symbol.name == name])
    ]


def _story(edition: Edition, row: Row) -> str:
    runs = edition.runs(row, Aspect.VERDICT)
    said = [
        f"{run.value} in {edition.span(run.first, run.last)}"
        for run in runs
        if run.state is State.OBSERVED
    ]
    return f"{row.role}: {'; '.join(said) or 'in no release that was observed'}"


def first_cell(edition: Edition, symbol: str, role: str) -> Cell | None:
    """Return the oldest cell in which a symbol was observed."""
    row = edition.rows.get((symbol, role))
    return next((c for c in row.cells if c.state is State.OBSERVED), None) if row else None


def walk(cell: Cell | None) -> tuple[Step, ...]:
    """Return the steps of a call path that decide something: wrappers left out."""
    frames = (cell.evidence.get("call_path") if cell else None) or ()
    return tuple(paths.step(frame) for frame in frames if not frame["wrapper"])


def scope_yields(edition: Edition) -> list[str]:
    """Name the symbols whose default yields to a variable scope, in any release."""
    return [
        row.symbol.name
        for row in edition.layers
        if row.role == "kernel" and any(cell.evidence.get("scope") for cell in row.cells)
    ]


def facts(edition: Edition) -> dict[str, object]:
    """Return everything that the three pages print."""
    cell = first_cell(edition, WALK, "kernel")
    found = signals(edition)
    return {
        "signals": found,
        "per_release": list(per_release(edition)),
        "by_hand": broken(edition, TRUNCATED, "by_hand"),
        "stable": broken(edition, TRUNCATED, "stable"),
        "spreads": {signal.initializer: signal.spread for signal in found},
        "default_by_hand": broken(edition, "default", "by_hand"),
        "defaults": stories(edition, DEFAULTS),
        "xavier": stories(edition, (XAVIER,)),
        "replacements": stories(edition, REPLACEMENTS),
        "walk_symbol": WALK,
        "walk_release": cell.release if cell else None,
        "walk": walk(cell),
        "yielding": scope_yields(edition),
        "truncated": TRUNCATED,
        "rates": sorted({rate for signal in found for _, rate, _ in signal.ends}),
        "trained": [signal.initializer for signal in found if signal.ends],
    }
