"""The matrix as data: JSON with its schema, and the changes alone.

Nothing is implied or inherited: every cell is written out, and every range names both
of its ends. The format may grow and never change; ``matrix.schema.json`` describes it.
"""

from __future__ import annotations

import json
import uuid
from functools import cache
from typing import Any

import jsonschema_rs
import msgspec

from report import places
from report.errors import ReportError
from report.evidence import Release, State, decode, environment
from report.matrix import Cell, Change, Index
from report.text import short

VERSION = 2
NAMESPACE = uuid.UUID("7a0a3cf5-2f0b-5d8b-9d7f-0a2b54e3c9a1")


class ExportError(ReportError):
    """The data to be published does not match its own schema."""


def matrix(index: Index) -> dict[str, Any]:
    """Return the whole matrix as plain data, and refuse to if it breaks the schema."""
    data = {
        "schema": VERSION,
        "platform": index.matrix.platform,
        "unobserved_platform": index.matrix.unobserved_platform,
        "protocol": index.matrix.protocol,
        "built": index.built,
        "releases": [_release(release) for release in index.matrix.releases],
        "symbols": _symbols(index),
        "cells": [_cell(index, cell) for row in index.matrix.rows for cell in row.cells],
        "changes": changes(index),
        "problems": list(index.matrix.problems),
    }
    for error in _validator().iter_errors(data):
        where = "/".join(str(step) for step in error.instance_path)
        raise ExportError(
            f"matrix.json breaks its schema at {where}: {short(error.message, 200)}. "
            f"Mend report/site/exports/data.py, or let {places.MATRIX_SCHEMA.name} grow."
        )
    return data


def changes(index: Index) -> list[dict[str, Any]]:
    """Return every change as plain data, each with an id that a rebuild keeps."""
    return [_change(index, change) for change in index.matrix.changes]


def text(data: dict[str, Any]) -> str:
    """Write data as JSON with one record a line, so that a diff reads."""
    parts = []
    for key, value in data.items():
        if isinstance(value, list) and value:
            lines = ",\n".join(_dump(item) for item in value)
            parts.append(f"{_dump(key)}:[\n{lines}\n]")
        else:
            parts.append(f"{_dump(key)}:{_dump(value)}")
    return "{" + ",\n".join(parts) + "}\n"


def _dump(value: object) -> str:
    """Write JSON without spaces. NaN would become null, but no observation may hold it."""
    return msgspec.json.encode(value).decode("utf-8")


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json.loads(places.MATRIX_SCHEMA.read_text("utf-8")))


def _release(release: Release) -> dict[str, Any]:
    return {
        "version": release.version,
        "series": release.series,
        "distribution": release.distribution,
        "python": release.python,
        "cutoff": release.cutoff,
        "lock": release.lock,
        "status": release.status.value,
        "reason": release.reason,
        "packages": dict(release.packages),
        "tags": list(release.tags),
        "recorded": release.recorded,
        "stale": release.stale,
        "old_lock": release.old_lock,
    }


def _symbols(index: Index) -> list[dict[str, Any]]:
    symbols = {row.symbol.name: row.symbol for row in index.matrix.rows}
    return [
        {
            "name": symbol.name,
            "path": symbol.path,
            "style": symbol.style.value,
            "arguments": dict(symbol.arguments),
            "layer": symbol.layer,
            "roles": list(symbol.roles),
        }
        for symbol in symbols.values()
    ]


def _cell(index: Index, cell: Cell) -> dict[str, Any]:
    verdict, agreement, evidence = cell.verdict, cell.agreement, _evidence(cell)
    return {
        "symbol": cell.symbol,
        "role": cell.role,
        "release": cell.release,
        "state": cell.state.value,
        "reason": cell.reason,
        "declared": evidence.pop("declared"),
        "measured": evidence.pop("measured"),
        "verdict": verdict.name if verdict else None,
        "also": list(verdict.also) if verdict else [],
        "note": verdict.note if verdict else None,
        "at": [{"shape": list(shape), "verdict": name} for shape, name in verdict.at]
        if verdict
        else [],
        "agreement": agreement.state.value if agreement else None,
        "compared": agreement.text if agreement else None,
        "conflict": cell.conflict,
        **evidence,
        "page": index.anchor(cell),
    }


def _evidence(cell: Cell) -> dict[str, Any]:
    """Return what was recorded; null where nothing was, and no measurement."""
    recorded = decode.plain(cell.evidence)
    if cell.state is State.OBSERVED:
        return recorded
    return dict.fromkeys(recorded) | {"measured": []}


def identity(platform: str, change: Change) -> str:
    """Return a change's id: made of what changed and where, and of no wording."""
    releases = (change.before_release, change.after_release)
    environments = (environment(version, platform) for version in releases)
    parts = (change.symbol, change.role, change.kind.key, *environments)
    return str(uuid.uuid5(NAMESPACE, json.dumps(parts)))


def _change(index: Index, change: Change) -> dict[str, Any]:
    return {
        "symbol": change.symbol,
        "role": change.role,
        "aspect": change.kind.key,
        "before": {"release": change.before_release, "value": change.before},
        "after": {"release": change.after_release, "value": change.after},
        "exact": change.exact,
        "id": identity(index.matrix.platform, change),
        "page": index.edge(change),
    }
