"""Convert an accepted observation from JSON to records, and evidence back to JSON."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from report.evidence.records import Answer, Evidence, Network, Observation, State, Symbol

_MOMENTS = ("mean", "std", "min", "max")


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
    """Return the evidence of one role of a symbol with these notices."""
    return msgspec.convert(data | {"notices": notices}, Evidence)


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
