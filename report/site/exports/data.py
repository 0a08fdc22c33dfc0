"""The matrix, its changes and the comparisons with other platforms as JSON with a schema.

Every cell is written out, and every range has both ends. Within a version of the format fields
are only added, never changed or removed. It is described by ``matrix.schema.json``, and by the
observation's schema for those kinds of evidence that it does not describe itself.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs
import msgspec

from report import places
from report.errors import ReportError
from report.evidence import State, decode, environment, reader
from report.matrix import Across, Cell, Change, Index, Kind, Move, once
from report.site.render import File
from report.story import numbers
from report.text import short
from report.verdict import Relation

VERSION = 3
NAMESPACE = uuid.UUID("7a0a3cf5-2f0b-5d8b-9d7f-0a2b54e3c9a1")
RELATION = ("degree", "largest", "cause")  # of a change of numbers


class ExportError(ReportError):
    """The exported data does not match its schema."""


def files(index: Index) -> Iterator[File]:
    """Yield the path and the text of every JSON file."""
    whole = matrix(index)
    alone = {"schema": VERSION, "changes": whole["changes"]}
    yield "data/matrix.json", json_lines(whole)
    yield "data/matrix.schema.json", json.dumps(schema(), indent=1) + "\n"
    yield "data/changes.json", json_lines(alone)


def matrix(index: Index) -> dict[str, Any]:
    """Return the whole matrix as plain data. Raise ExportError if it does not match its schema."""
    known: dict[int, dict[str, Any]] = {}
    data = {
        "schema": VERSION,
        "platform": index.matrix.platform,
        "unobserved_platform": index.matrix.unobserved_platform,
        "protocol": index.matrix.protocol,
        "built": index.built,
        "releases": [msgspec.to_builtins(release) for release in index.matrix.releases],
        "symbols": [msgspec.to_builtins(rows[0].symbol) for rows in index.named.values()],
        "cells": [_cell(index, cell, known) for row in index.matrix.rows for cell in row.cells],
        "changes": changes(index),
        "platforms": platforms(index),
        "problems": list(index.matrix.problems),
        "confirmation_problem": index.matrix.confirmation_problem,
    }
    for error in jsonschema_rs.Draft202012Validator(schema()).iter_errors(data):
        where = "/".join(str(step) for step in error.instance_path)
        raise ExportError(
            f"matrix.json breaks its schema at {where}: {short(error.message, 200)}. "
            f"Mend report/site/exports/data.py, or let {places.MATRIX_SCHEMA.name} grow."
        )
    return data


@cache
def schema() -> dict[str, Any]:
    """Return the schema of the data, with the kinds of evidence of the observation's schema."""
    found: dict[str, Any] = json.loads(places.MATRIX_SCHEMA.read_text("utf-8"))
    shared, known = reader.CONTRACT["$defs"], found["$defs"]
    for kind, value in shared["evidence"]["properties"].items():
        known["cell"]["properties"].setdefault(kind, {"anyOf": [value, {"type": "null"}]})
    while lacking := set(_DEFINITION.findall(json.dumps(found))) - known.keys():
        known.update({name: shared[name] for name in sorted(lacking)})
    return found


_DEFINITION = re.compile(r"#/\$defs/(\w+)")  # referred to


def _cell(index: Index, cell: Cell, known: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """Return one cell; ``known`` has evidence that several symbols share, by the object's id."""
    verdict, agreement = cell.verdict, cell.agreement
    if id(cell.evidence) not in known:
        known[id(cell.evidence)] = decode.plain(cell.evidence)
    evidence = known[id(cell.evidence)]
    if cell.state is not State.OBSERVED:
        evidence = dict.fromkeys(evidence) | {"measured": []}
    return {
        "symbol": cell.symbol,
        "role": cell.role,
        "release": cell.release,
        "state": cell.state.value,
        "reason": cell.reason,
        "declared": evidence["declared"],
        "measured": evidence["measured"],
        "verdict": verdict and verdict.name,
        "also": list(verdict.also) if verdict else [],
        "note": verdict and verdict.note,
        "at": [
            {"shape": list(shape), "verdict": name}
            for shape, name in (verdict.at if verdict else ())
        ],
        "agreement": agreement and agreement.state.value,
        "compared": agreement and agreement.text,
        "conflict": cell.conflict,
        **evidence,
        "epochs": cell.epochs,
        "page": index.anchor(cell),
    }


@once
def changes(index: Index) -> list[dict[str, Any]]:
    """Return every change as plain data."""
    return [_change(index, each) for each in index.matrix.changes]


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
        **_relation(change.relation),
    }


def _relation(relation: Relation | None) -> dict[str, Any]:
    """Return how much the numbers of two releases differ, and why."""
    if relation is None:
        return dict.fromkeys(RELATION)
    cause = relation.cause and {
        "reasons": [reason.value for reason in relation.cause.reasons],
        "before": msgspec.to_builtins(relation.cause.before),
        "after": msgspec.to_builtins(relation.cause.after),
    }
    return {"degree": relation.degree.value, "largest": relation.largest, "cause": cause}


@once
def platforms(index: Index) -> list[dict[str, Any]]:
    """Return the comparison with each other platform as plain data.

    ``here`` is the platform whose matrix is published, ``there`` the other one.
    """
    return [
        {
            "platform": across.other.platform,
            "compared": list(across.releases),
            "releases": list(_releases(across)),
            "differences": [_difference(move) for move in across.moves],
            "others": [
                {"release": release, "field": field, "cells": cells}
                for release, fields in across.others.items()
                for field, cells in sorted(fields.items())
            ],
            "problems": list(across.problems),
        }
        for across in index.across
    ]


def _releases(across: Across) -> Iterator[dict[str, Any]]:
    """Yield the status on both platforms of each release that either has, oldest first."""
    here, there = (
        {release.version: release.status.value for release in matrix.releases}
        for matrix in (across.shown, across.other)
    )
    for version in across.versions:
        yield {"release": version, "here": here.get(version), "there": there.get(version)}


def _difference(move: Move) -> dict[str, Any]:
    relation = move.relation
    return {
        "symbol": move.symbol,
        "role": move.role,
        "release": move.release,
        "aspect": move.kind.key if move.kind else "state",
        "here": _value(move.kind, move.before),
        "there": _value(move.kind, move.after),
        "degree": relation and relation.degree.value,
        "largest": relation and relation.largest,
    }


def _value(kind: Kind | None, cell: Cell | None) -> str | None:
    """Return a cell's value, of numbers with their digests; its state and why, if it has none.

    None is the value of a cell that was not asked for, or has none of this kind.
    """
    if cell is None:
        return None
    if kind is None:
        return f"{cell.state}: {cell.reason}" if cell.reason else cell.state.value
    if kind.samples is None:
        return kind.value(cell)
    drawn = (each for each in kind.samples(cell.evidence).values())
    parts = (f"{one.call}{one.call and ': '}{numbers.draws(one.draws)}" for one in drawn)
    return "; ".join(part for part in (kind.bare(cell), *parts) if part) or None


def identity(platform: str, change: Change) -> str:
    """Return a change's id, which is the same in every build, as it contains no wording."""
    releases = (change.before_release, change.after_release)
    environments = (environment(version, platform) for version in releases)
    parts = (change.symbol, change.role, change.kind.key, *environments)
    return str(uuid.uuid5(NAMESPACE, json.dumps(parts)))


def json_lines(data: dict[str, Any]) -> str:
    """Return data as JSON with one record per line, for readable diffs."""
    parts = []
    for key, value in data.items():
        if isinstance(value, list) and value:
            lines = ",\n".join(_dump(item) for item in value)
            parts.append(f"{_dump(key)}:[\n{lines}\n]")
        else:
            parts.append(f"{_dump(key)}:{_dump(value)}")
    return "{" + ",\n".join(parts) + "}\n"


def _dump(value: object) -> str:
    """Return a value as compact JSON. NaN would become null, but observations have none."""
    return msgspec.json.encode(value).decode("utf-8")
