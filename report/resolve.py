"""Do declared, resolved and measured tell one story? A conflict is named, never hidden.

What an initializer's class and config promise is compared with the measured verdict
up to how a normal law is cut (``glorot_normal`` stands for all its variants: which
one a release draws is what is measured). The constants of the graph are exact, and
are compared with the verdict's law to the digits of a float32.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from report import families

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from report.model import Measurement, Verdict

_NAMED = {
    name.replace("_", ""): name
    for name in (
        "glorot_uniform",
        "glorot_normal",
        "he_uniform",
        "he_normal",
        "lecun_uniform",
        "lecun_normal",
        "uniform_unit_scaling",
        "orthogonal",
        "zeros",
        "ones",
    )
}
# VarianceScaling(scale, mode): the family that the pair is known as.
_SCALED = {
    (1.0, "fan_avg"): "glorot",
    (2.0, "fan_in"): "he",
    (1.0, "fan_in"): "lecun",
    (1.0, "fan_out"): "fan_out",
}
_EXACT = 1e-6  # relative; a float32 holds 7 digits


def agreement(
    verdict: Verdict | None, measured: Sequence[Measurement], evidence: Mapping[str, Any]
) -> tuple[str | None, str | None]:
    """Return ("agree", None), or ("conflict", which two disagree and how)."""
    if verdict is None:
        return None, None
    names = (verdict.name, *verdict.also)
    resolved, declared = evidence["resolved"], evidence["declared"]
    promised = promise(resolved) if resolved else None
    if promised and not _among(promised, names):
        return "conflict", f"resolved {promised}, measured {verdict.name}"
    if resolved and (wrong := _constants(verdict.name, measured[0].shape, resolved)):
        return "conflict", f"resolved {wrong}, measured {verdict.name}"
    said = _NAMED.get(_plain(declared["default"])) if declared else None
    if said and promised and not _among(said, (promised,)):
        return "conflict", f"declared {said}, resolved {promised}"
    return "agree", None


def promise(resolved: Mapping[str, Any]) -> str | None:
    """Return the family that class and config name; None where they name none."""
    config = resolved["config"]
    plain = _plain(resolved["class"])
    if plain == "variancescaling":
        mode = str(config.get("mode", "")).lower()
        scaled = _SCALED.get((_number(config.get("scale")), mode))
        law = "uniform" if "uniform" in str(config.get("distribution")) else "normal"
        return f"{scaled}_{law}" if scaled else None
    if plain == "variancescalinginitializer":  # tf.contrib.layers: a closure
        mode = str(config.get("mode", "")).lower()
        scaled = _SCALED.get((_number(config.get("factor")), mode))
        law = "uniform" if config.get("uniform") else "normal"
        return f"{scaled}_{law}" if scaled else None
    return _NAMED.get(plain.removesuffix("initializer"))


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


def _plain(name: str) -> str:
    return name.strip("'<>").removesuffix(" object").replace("_", "").lower()


def _among(promised: str, names: Sequence[str]) -> bool:
    return any(name == promised or name.startswith(f"{promised}_") for name in names)


def _constants(name: str, shape: tuple[int, ...], resolved: Mapping[str, Any]) -> str | None:
    """Return what the graph's constants say where the verdict's law says otherwise."""
    constants = resolved["constants"]
    if name in {families.UNRECOGNISED, "orthogonal"}:
        return None
    law = families.law(name, shape)
    expected = {
        "uniform": {"min": law.support[0], "max": law.support[1]},
        "normal": {"stddev": law.scale, "mean": law.center},
        "constant": {"value": law.center},
    }[law.form.kind]
    for key, value in expected.items():
        if key in constants and not math.isclose(
            constants[key], value, rel_tol=_EXACT, abs_tol=_EXACT * law.scale
        ):
            return f"{resolved['op']} {key}={constants[key]:g}"
    return None
