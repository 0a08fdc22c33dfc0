"""Test that each number in a graph's constants is compared with the other evidence."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from report.evidence import Resolved, decode
from report.verdict import Accord
from report.verdict.agreement import agreement_of
from report.verdict.judge import verdict_of
from report.verdict.promises import UnreadableError, promised
from tests.support import roots
from tests.support.compared import LIMIT, SPREAD, compared, operation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from report.verdict import Agreement


@pytest.mark.parametrize("op", ["RandomUniform", "Qr", "StatelessTruncatedNormalV2"])
def test_one_value_of_an_operation_that_draws_is_not_compared(op: str) -> None:
    found = compared("zeros", operation("Zeros", op, value=0.0))
    assert (found.state, found.text) == (Accord.AGREE, "resolved zeros")


# law of the weights, the operation and its constants, the answer
TURNED = [
    ("glorot_uniform", "RandomUniform", {"min": LIMIT, "max": -LIMIT}, Accord.AGREE),
    ("glorot_uniform", "RandomUniform", {"min": LIMIT, "max": 0.0}, Accord.CONFLICT),
    ("glorot_uniform", "RandomUniform", {"min": 0.9, "max": LIMIT}, Accord.CONFLICT),
    (
        "glorot_normal_uncorrected",
        "TruncatedNormal",
        {"mean": 0.0, "stddev": -SPREAD},
        Accord.AGREE,
    ),
    (
        "glorot_normal_uncorrected",
        "TruncatedNormal",
        {"mean": 0.0, "stddev": -2 * SPREAD},
        Accord.CONFLICT,
    ),
]


@pytest.mark.parametrize(("law", "op", "constants", "state"), TURNED)
def test_a_range_that_is_turned_round_is_compared_too(
    law: str, op: str, constants: dict[str, float], state: Accord
) -> None:
    assert compared(law, operation("New", op, **constants)).state is state


def test_config_and_constants_are_compared_where_the_law_has_no_name() -> None:
    """0.1 % more is less than the weights show; the graph says it to the last digit."""
    data = roots.committed("1.4.1")
    name = "VarianceScaling(distribution='normal', mode='fan_avg', scale=0.773741304)"
    by_name = {one["name"]: one for one in data["symbols"]}
    (symbol,) = (by_name[each] for each in by_name if each.endswith(name))
    shared = by_name[symbol.get("same_as", symbol["name"])]
    evidence = copy.deepcopy(shared["evidence"]["weights"])
    assert compare(evidence, "1.4.1").state is Accord.AGREE
    evidence["resolved"]["config"]["scale"] *= 1.001
    found = compare(evidence, "1.4.1")
    assert found.state is Accord.CONFLICT
    assert "resolved TruncatedNormal(mean=0, stddev=" in found.text


def compare(evidence: dict[str, Any], version: str) -> Agreement:
    """Return the agreement of a role's weights with its other evidence."""
    found = decode.evidence(evidence, [])
    return agreement_of(verdict_of(found.measured), found, version)


# Keys that are not part of a law, such as a seed or a type.
NO_PART = {"seed", "dtype"}
MATRIX = {"Orthogonal", "orthogonal_initializer"}  # its constants are those of another draw


def mutations(resolved: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each change of a number in resolved evidence: a description and the result."""
    for part in ("config", "constants"):
        for key, value in resolved[part].items():
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if key in NO_PART or (part == "constants" and resolved["class"] in MATRIX):
                continue
            for other in (1.001 * value + 1e-4, -value - 0.3, 2 * value + 1) if number else ():
                changed = copy.deepcopy(resolved)
                changed[part][key] = other
                yield f"{part}/{key}={other}", changed


@pytest.mark.parametrize("version", ["0.12.1", "1.4.1", "1.10.1", "2.22.0rc0"])
def test_no_number_of_a_real_observation_can_change_and_still_agree(version: str) -> None:
    """Whatever agrees with a law has all its numbers: each is changed, one at a time."""
    survivors = []
    for symbol in roots.committed(version)["symbols"]:
        for role, evidence in symbol.get("evidence", {}).items():
            for what, resolved in mutations(
                evidence["resolved"] or {"class": "", "config": {}, "constants": {}}
            ):
                found = compare(evidence | {"resolved": resolved}, version)
                if found.state is Accord.AGREE and names(resolved, what, found.text, version):
                    survivors.append(f"{symbol['name']} {role}: {what}: {found.text}")
    assert survivors == []


def names(resolved: dict[str, Any], what: str, text: str, version: str) -> bool:
    """Tell whether an answer names what was changed; what can't be read is not compared."""
    if what.startswith("constants"):
        return True
    try:
        return f"resolved {promised(msgspec.convert(resolved, Resolved), version).text}" in text
    except UnreadableError:
        return False
