"""Convert an accepted observation from JSON to records, and evidence back to JSON."""

from __future__ import annotations

import math
from typing import Any

import msgspec
from msgspec.structs import replace

from report.evidence.records import (
    Answer,
    Evidence,
    Measurement,
    Network,
    Observation,
    Resolved,
    State,
    Symbol,
)

_MOMENTS = ("mean", "std", "min", "max")
_SHARES = ("zeros", "distinct", "equal_columns", "equal_rows")
_LISTS = ("histogram", "lag")


def observation(data: dict[str, Any]) -> Observation:
    """Return an observation from its JSON data, which has the current schema and protocol."""
    networks = (data["tutorial"] or {"networks": ()})["networks"]
    known: dict[str, dict[str, Evidence]] = {}
    answers = [_answer(symbol, known) for symbol in data["symbols"]]
    return replace(
        envelope(data),
        failure=data["reason"] if data["status"] == "failed" else None,
        answers=tuple(answers),
        networks=msgspec.convert(networks, tuple[Network, ...]),
    )


def envelope(data: dict[str, Any]) -> Observation:
    """Return an observation with only the fields that every schema and protocol has."""
    return Observation(
        protocol=data["protocol"], lock=data["release"]["lock"], packages=data["packages"]
    )


def _answer(data: dict[str, Any], known: dict[str, dict[str, Evidence]]) -> Answer:
    """Return one answer; ``known`` has the evidence of the symbols before it, by name and role."""
    name, notices = data["name"], data.get("notices", [])
    if (other := data.get("same_as")) is not None:
        if not known.get(other):
            raise msgspec.ValidationError(f"{name}: same_as: no earlier symbol {other} is observed")
        found = {
            role: one if one.notices == tuple(notices) else replace(one, notices=tuple(notices))
            for role, one in known[other].items()
        }
    else:
        roles = data.get("evidence", {})
        found = {role: evidence(one, notices) for role, one in roles.items()}
    known[name] = found
    return Answer(
        symbol=msgspec.convert(data, Symbol),
        state=State(data["state"]),
        reason=data["reason"],
        evidence=found,
    )


def evidence(data: dict[str, Any], notices: list[str]) -> Evidence:
    """Return the evidence of one role; moments are NaN if a weight is not finite."""
    measured = [_measured(one) for one in data.get("measured", ())]
    return msgspec.convert(data | {"measured": measured, "notices": notices}, Evidence)


def measurement(data: dict[str, Any]) -> Measurement:
    """Return the statistics of one draw; moments are NaN if a weight is not finite."""
    return msgspec.convert(_measured(data), Measurement)


def resolved(data: dict[str, Any]) -> Resolved:
    """Return the record of the initializer that was called."""
    return msgspec.convert(data, Resolved)


def _measured(data: dict[str, Any]) -> dict[str, Any]:
    if data["finite"] == 1:
        return data
    unknown = dict.fromkeys(_SHARES, 0.0) | dict.fromkeys(_MOMENTS, math.nan)
    return data | unknown | dict.fromkeys(_LISTS, ())


def plain(found: Evidence) -> dict[str, Any]:
    """Return evidence as a dictionary, as in an observation, plus its symbol's notices.

    A frame of the call path is a dictionary, and a statistic that is not defined is None.
    """
    data: dict[str, Any] = msgspec.to_builtins(found)
    data["call_path"] = [msgspec.structs.asdict(frame) for frame in found.call_path]
    for one in data["measured"]:
        if one["finite"] < 1:
            one.update(dict.fromkeys(_MOMENTS))
    return data
