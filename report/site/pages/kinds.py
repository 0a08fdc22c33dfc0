"""The kinds of pages: each is one function that yields its files.

``PAGES`` lists them. Adding a kind of page is adding a function and a template.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from report import places
from report.matrix import kinds
from report.matrix.index import WEIGHTS
from report.matrix.kinds import MEASURED
from report.site import assets, columns, drawings, table
from report.site.exports import atom, badges, change_table, data, markdown
from report.site.pages import evidence, question, release
from report.site.render import render
from report.story import answer, questions, stories, timeline
from report.verdict.dependence import COMPARED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from report.matrix.index import Edition
    from report.matrix.records import Row
    from report.site.columns import Column

RECENT = 6
File = tuple[str, str]


def files(edition: Edition) -> Iterator[File]:
    """Yield every file of the site: its path and its text."""
    for pages in PAGES:
        yield from pages(edition)


def _front(edition: Edition) -> Iterator[File]:
    moments = timeline.moments(edition)
    yield (
        "index.html",
        render(
            edition,
            "index.jinja",
            root="",
            reach=_reach(edition),
            headline=answer.headline(edition),
            exceptions=answer.exceptions(edition),
            flagships=[
                (name, f"symbol/{edition.slug(name)}.html", stories)
                for name, stories in answer.flagships(edition)
            ],
            recent=moments[:RECENT],
            earlier=moments[RECENT:],
            compared=timeline.compared(edition),
            grid=table.Layout(edition, edition.layers, MEASURED).grid(),
            unseen=[release for release in edition.matrix.releases if release.status != "observed"],
            stale=[release for release in edition.matrix.releases if release.stale],
            relocked=[release for release in edition.observed if release.old_lock],
            questions=questions.answerable(edition),
            page="index.html",
        ),
    )


def _reach(edition: Edition) -> str:
    """Name the first and the last release that was observed."""
    seen = edition.observed
    return edition.span(seen[0].version, seen[-1].version) if seen else ""


def _aspects(edition: Edition) -> Iterator[File]:
    for kind in kinds.others((MEASURED,)):
        yield (
            kind.page,
            render(
                edition,
                "aspect.jinja",
                root="",
                title=kind.title,
                question=kind.question,
                moments=timeline.moments(edition, (kind,)),
                compared=timeline.compared(edition, (kind,)),
                grid=table.Layout(edition, edition.layers, kind).grid(),
                page=kind.page,
            ),
        )


def _initializers(edition: Edition) -> Iterator[File]:
    if edition.initializers:
        yield (
            "initializers.html",
            render(
                edition,
                "initializers.jinja",
                root="",
                moments=timeline.moments(edition, weights=True),
                compared=timeline.compared(edition, weights=True),
                grid=table.Layout(edition, edition.initializers, MEASURED).grid(),
                page="initializers.html",
            ),
        )


def _symbols(edition: Edition) -> Iterator[File]:
    for name, rows in edition.named:
        shared = evidence.columns(edition, rows)
        slug = edition.slug(name)
        yield (
            f"symbol/{slug}.html",
            render(
                edition,
                "symbol.jinja",
                root="../",
                name=name,
                slug=slug,
                columns=shared,
                majors=list(columns.majors(edition.matrix.releases)),
                parts=[_part(edition, row, shared) for row in rows],
                pins=[
                    (row.symbol.name, f"{edition.slug(row.symbol.name)}.html")
                    for row in edition.pins
                    if row.symbol.name.startswith(f"{name}(")
                ],
                page="",
            ),
        )


def _layers(edition: Edition) -> Iterator[File]:
    for name, rows in edition.named:
        if rows[0].role == WEIGHTS:
            continue
        slug = edition.slug(name)
        for row in rows:
            yield f"strip/{slug}-{row.role}.svg", drawings.strip(edition, row)
            yield f"badge/{slug}-{row.role}.json", badges.data(badges.badge(edition, row))


def _part(edition: Edition, row: Row, shared: tuple[Column, ...]) -> dict[str, object]:
    """Return what a symbol's page shows of one role."""
    return {
        "role": row.role,
        "story": stories.story(edition, row),
        "lanes": list(evidence.lanes(edition, row, shared)),
        "sections": evidence.sections(edition, row),
        "picture": f"{edition.slug(row.symbol.name)}-{row.role}",
        "embed": badges.embed(edition, row),
    }


def _about(edition: Edition) -> Iterator[File]:
    simulated = json.loads(places.SIMULATION.read_text("utf-8"))
    figures = {
        "draws": f"{simulated['draws']:,}",
        "wrong": f"{simulated['wrong']:,}",
        "below": f"{1 / simulated['wrong_share_below']:,.0f}",
        "off": f"{100 * simulated['off']:g}",
        "tried": f"{sum(2 * family['draws'] for family in _scaled(simulated)):,}",
        "noticed": f"{sum(f['narrow'] + f['wide'] for f in _scaled(simulated)):,}",
        "compared": COMPARED,
        "tests": len(simulated["tests"]),
        "tested": f"{sum(each['tested'] for each in simulated['tests']):,}",
        "rejected": f"{sum(each['rejected'] for each in simulated['tests']):,}",
        "disguises": len(simulated["disguises"]),
        "disguised": f"{sum(each['draws'] for each in simulated['disguises']):,}",
        "seen": f"{sum(each['noticed'] for each in simulated['disguises']):,}",
    }
    yield (
        "about.html",
        render(
            edition,
            "about.jinja",
            root="",
            page="about.html",
            figures=figures,
        ),
    )


def _scaled(simulated: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the families that have a scale to be wrong about."""
    return [family for family in simulated["families"] if family["narrow"] is not None]


def _data(edition: Edition) -> Iterator[File]:
    yield "data/matrix.json", data.text(data.matrix(edition))
    yield "data/matrix.schema.json", places.MATRIX_SCHEMA.read_text("utf-8")
    changes = {"schema": data.VERSION, "changes": data.changes(edition)}
    yield "data/changes.json", data.text(changes)
    yield "data/matrix.csv", data.table(edition)
    yield "data/changes.csv", change_table.table(edition)
    feed = atom.feed(edition)
    if feed:
        yield "data/changes.atom", feed
    yield "matrix.md", markdown.page(edition)
    yield "changes.md", markdown.changes(edition)


# The dearest first, as two processes share them.
PAGES: tuple[Callable[[Edition], Iterator[File]], ...] = (
    _symbols,
    _data,
    _layers,
    release.releases,
    release.comparisons,
    _aspects,
    _front,
    _initializers,
    question.pages,
    _about,
    assets.files,
)
