"""Put table and evidence together: one cell for every symbol, role and release."""

from __future__ import annotations

import hashlib
import math
from functools import partial
from typing import TYPE_CHECKING, Any

from report.evidence import reader, release_table
from report.evidence.records import Measurement, Release, State, Status, Style, Symbol
from report.matrix import history
from report.matrix.records import Cell, Matrix, Row
from report.verdict.agreement import agreement
from report.verdict.judge import judge

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from report.evidence.reader import Evidence
    from report.evidence.release_table import Entry


def build(
    root: Path, platform: str, measured: Collection[str] = (), only: str | None = None
) -> Matrix:
    """Return the matrix of one platform, of all symbols or of one.

    ``measured`` names the releases whose stored observation was made on this
    machine; all others are recorded elsewhere. Raises TableError where there is no
    table, and leaves everything that is wrong with an observation in ``problems``.
    """
    entries = release_table.read(root / "probes" / "releases.toml")
    evidence = reader.observations(root / "observations" / platform, entries)
    locks = root / "probes" / "locks"
    releases = tuple(
        _release(entry, evidence, locks, here=entry.version in measured) for entry in entries
    )
    rows = tuple(_rows(releases, evidence, only))
    return Matrix(
        platform=platform,
        protocol=reader.PROTOCOL,
        releases=releases,
        rows=rows,
        changes=tuple(change for row in rows for change in history.changes(row)),
        problems=(*evidence.problems.values(), *_outdated(releases)),
        tutorials={
            release.version: evidence.observations[release.version]["tutorial"]
            for release in releases
            if release.status is Status.OBSERVED
        },
        files=evidence.files,
    )


def _release(entry: Entry, evidence: Evidence, locks: Path, *, here: bool) -> Release:
    data = evidence.observations.get(entry.version)
    status, reason = _status(entry, evidence, data)
    return Release(
        version=entry.version,
        series=entry.series,
        distribution=entry.distribution,
        python=entry.python,
        cutoff=entry.cutoff,
        lock=data["release"].get("lock") if data else None,
        tags=entry.tags,
        status=status,
        reason=reason,
        packages=data["packages"] if data else {},
        recorded=not here,
        stale=data is not None and reader.older(data),
        old_lock=data is not None and data["release"]["lock"] != _lock(locks, entry, data),
    )


def _lock(locks: Path, entry: Entry, data: dict[str, Any]) -> str | None:
    """Return the digest of a release's lock today; what was recorded, where there are no locks."""
    if not locks.is_dir():
        recorded: str = data["release"]["lock"]
        return recorded
    path = locks / f"{entry.version}.txt"
    if not path.is_file():
        return None
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def _outdated(releases: tuple[Release, ...]) -> Iterator[str]:
    """Yield what to measure again: what a probe means has changed, or what is installed."""
    for release in releases:
        if release.stale and release.reason and release.status is Status.NOT_OBSERVED:
            yield release.reason
        elif release.old_lock and release.status is not Status.UNAVAILABLE:
            lock = f"probes/locks/{release.version}.txt"
            again = f'nox -s "probe({release.version})"'
            yield f"{release.version}.json: older lock: not measured under {lock}; {again}"


def _status(
    entry: Entry, evidence: Evidence, data: dict[str, Any] | None
) -> tuple[Status, str | None]:
    if entry.unavailable:
        return Status.UNAVAILABLE, entry.unavailable
    if entry.version in evidence.problems:
        return Status.NOT_OBSERVED, evidence.problems[entry.version]
    if data is None:
        return Status.NOT_OBSERVED, f'not run yet: nox -s "probe({entry.version})"'
    if reader.older(data):
        stale = f"stale: protocol {data['protocol']} is older than {reader.PROTOCOL}"
        again = f'nox -s "probe({entry.version})"'
        return Status.NOT_OBSERVED, f"{entry.version}.json: {stale}; {again}"
    if data["status"] == "failed":
        return Status.FAILED, data["reason"]
    return Status.OBSERVED, None


def _rows(releases: tuple[Release, ...], evidence: Evidence, only: str | None) -> Iterator[Row]:
    asked: dict[str, dict[str, dict[str, Any]]] = {}
    symbols: dict[str, Symbol] = {}
    for release in reversed(releases):  # the newest protocol's catalogue gives the order
        if release.status is not Status.OBSERVED:
            continue
        for answer in evidence.observations[release.version]["symbols"]:
            if only is not None and answer["name"] != only:
                continue
            asked.setdefault(answer["name"], {})[release.version] = answer
            symbols.setdefault(answer["name"], _symbol(answer))
    for name, symbol in symbols.items():
        for role in symbol.roles:
            cells = tuple(
                _cell(symbol, role, release, asked[name].get(release.version))
                for release in releases
            )
            yield Row(symbol=symbol, role=role, cells=cells)


def _symbol(answer: dict[str, Any]) -> Symbol:
    return Symbol(
        name=answer["name"],
        path=answer["path"],
        style=Style(answer["style"]),
        arguments=answer["arguments"],
        layer=answer["layer"],
        roles=tuple(answer["roles"]),
    )


def _cell(symbol: Symbol, role: str, release: Release, answer: dict[str, Any] | None) -> Cell:
    cell = partial(Cell, symbol=symbol.name, role=role, release=release.version)
    if release.status is not Status.OBSERVED:
        failed = release.status is Status.FAILED
        return cell(state=State.FAILED if failed else State.UNREACHED, reason=release.reason)
    if answer is None or role not in answer["roles"]:
        asked = "symbol" if answer is None else "role"
        return cell(state=State.UNREACHED, reason=f"this {asked} was not asked for")
    if answer["state"] != State.OBSERVED:
        return cell(state=State(answer["state"]), reason=answer["reason"])
    return _observed(cell, answer["evidence"][role], answer["notices"])


def _observed(cell: partial[Cell], evidence: dict[str, Any], notices: list[str]) -> Cell:
    measured = tuple(map(_measurement, evidence["measured"]))
    verdict = judge(measured)
    return cell(
        state=State.OBSERVED,
        declared=evidence["declared"],
        measured=measured,
        verdict=verdict,
        agreement=agreement(verdict, measured, evidence, cell.keywords["release"]),
        evidence={
            "resolved": evidence["resolved"],
            "call_path": evidence["call_path"],
            "numbers": evidence["numbers"],
            "repeat": evidence["repeat"],
            "scope": evidence["scope"],
            "reuse": evidence["reuse"],
            "notices": notices,
        },
    )


def _measurement(one: dict[str, Any]) -> Measurement:
    lists = {key: tuple(one[key] or ()) for key in ("shape", "histogram", "lag")}
    if one["finite"] < 1:
        shares = dict.fromkeys(("zeros", "distinct", "equal_columns", "equal_rows"), 0.0)
        return Measurement(**(one | lists | shares | dict.fromkeys(_MOMENTS, math.nan)))
    return Measurement(**(one | lists))


_MOMENTS = ("mean", "std", "min", "max")
