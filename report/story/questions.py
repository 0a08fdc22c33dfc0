"""The three questions that people ask, answered from what every release did.

Facts only, by release and range; `templates/pages/question.jinja` and the part of each question
lay them out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from report.evidence import State
from report.matrix import DECLARED, MEASURED, SCOPE, Cell, Index, Kind, present
from report.story import wording
from report.story.call_path import steps
from report.story.network import Layer, Signal, broken, per_release, signals
from report.story.wording import Piece

DEFAULTS = (
    "tf.layers.conv2d",
    "tf.layers.dense",
    "tf.compat.v1.layers.conv2d",
    "tf.compat.v1.layers.dense",
    "tf.keras.layers.Conv2D",
    "tf.keras.layers.Dense",
)
EXAMPLE = "tf.layers.dense"  # whose call path is shown
TRUNCATED = "truncated_normal(stddev=0.1)"
XAVIER = "tf.contrib.layers.xavier_initializer(uniform=False)"
REPLACEMENTS = (
    "tf.glorot_normal_initializer",
    "tf.compat.v1.glorot_normal_initializer",
    "tf.keras.initializers.GlorotNormal",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question people type into a search box; its template has the name of its slug."""

    slug: str
    title: str

    @property
    def address(self) -> str:
        """Where the page is, from the site's root."""
        return f"answer/{self.slug}.html"


QUESTIONS = (
    Question(
        slug="default-initializer",
        title="What is the default kernel initializer of tf.layers.conv2d and tf.layers.dense?",
    ),
    Question(
        slug="nan-with-truncated-normal",
        title="Why do I get NaN with truncated_normal(stddev=0.1), when the default works?",
    ),
    Question(
        slug="xavier-with-relu",
        title="Should I use Xavier, or something else, with ReLU?",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A symbol that answers a question: its name, its page, and the history of each role."""

    name: str
    href: str
    roles: tuple[tuple[str, tuple[Piece, ...]], ...]


def answerable(index: Index) -> list[Question]:
    """Return the questions that the observations at hand can answer.

    That of NaN needs a network whose loss broke, that of Xavier one that was fed under the
    default and another initializer.
    """
    trained = _trained(index)
    can = {
        "default-initializer": bool(histories(index, DEFAULTS)),
        "nan-with-truncated-normal": trained and broken(index, TRUNCATED, "by_hand")[0] > 0,
        "xavier-with-relu": trained,
    }
    return [question for question in QUESTIONS if can[question.slug]]


def _trained(index: Index) -> bool:
    trained = {signal.initializer for signal in signals(index) if signal.ends}
    return trained >= {"default", TRUNCATED}


def histories(index: Index, names: Sequence[str], kind: Kind = MEASURED) -> list[History]:
    """Return the history in one kind of every symbol of which it was observed."""
    found = []
    for name in names:
        rows = [row for row in index.matrix.rows if row.symbol.name == name]
        roles = [
            (row.layer_role, tuple(wording.history_of(index, row, kind)))
            for row in rows
            if any(kind.value(cell) is not None for cell in present(row.cells))
        ]
        if roles:
            page = f"symbol/{index.slug(name)}.html"
            found.append(History(name=name, href=page, roles=tuple(roles)))
    return found


def _oldest(index: Index, symbol: str, role: str) -> Cell | None:
    """Return the oldest cell in which a symbol was observed."""
    row = index.rows.get((symbol, role))
    return next((c for c in row.cells if c.state is State.OBSERVED), None) if row else None


def facts(index: Index) -> dict[str, object]:
    """Return everything that the three pages print."""
    cell = _oldest(index, EXAMPLE, "kernel")
    found = signals(index)
    kernels = [row.symbol.name for row in index.layers if row.role == "kernel"]
    return {
        "signals": found,
        "per_release": list(per_release(index)),
        "by_hand": broken(index, TRUNCATED, "by_hand"),
        "stable": broken(index, TRUNCATED, "stable"),
        "spreads": {signal.initializer: signal.spread for signal in found},
        "gains": _gains(found),
        "default_by_hand": broken(index, "default", "by_hand"),
        "defaults": histories(index, DEFAULTS),
        "declared": histories(index, DEFAULTS, DECLARED),
        "scopes": histories(index, kernels, SCOPE),
        "xavier": histories(index, (XAVIER,)),
        "replacements": histories(index, REPLACEMENTS),
        "laws": {
            cell.verdict.name for row in index.matrix.rows for cell in row.cells if cell.verdict
        },
        "example": EXAMPLE,
        "example_release": cell.release if cell else None,
        "call_path": [step for step in steps(cell) if not step.wrapper] if cell else [],
        "truncated": TRUNCATED,
        "rates": sorted({rate for signal in found for _, rate, _ in signal.ends}),
        "trained": [signal.initializer for signal in found if signal.ends],
    }


def _gains(found: Sequence[Signal]) -> list[Layer]:
    """Return what the layer with the largest gain does to the signal under the cut normal law."""
    layers = [layer for one in found if one.initializer == TRUNCATED for layer in one.layers]
    return sorted(layers, key=lambda layer: -layer.gain.high)[:1]
